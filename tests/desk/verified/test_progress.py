"""Verifying what is new: from where an auditor ended, and never past what does not fit it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.verified.alarms import Verified
from cleangov_plugin.desk.verified.evidence import Evidence
from cleangov_plugin.desk.verified.progress import Begun, read_progress, write_progress
from cleangov_plugin.desk.verified.verifying import verify
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.store.leaf_reader import LeafReader, Leaves
from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import LOG


class Followed(Sealer):
    """A ledger that an auditor verifies again and again."""

    begun: Begun | None = None

    def look(self) -> Verified:
        evidence = Evidence(outside=self.outside, key=self.signer.verifier)
        with self.database.own_transaction(is_reading=True) as connection:
            found = verify(connection, evidence, self.begun)
        self.begun = found.reached or self.begun
        return found


@pytest.fixture
def log(engine: sa.Engine, tmp_path: Path) -> Iterator[Followed]:
    found = Followed(engine, tmp_path)
    found.write(0, 6)
    found.first_size = found.seal().size
    assert found.look().alarms == []
    yield found
    found.database.dispose()


def test_only_what_is_new_is_read(log: Followed, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    original = LeafReader.slices

    def counted(self: LeafReader, first: int, until: int | None) -> Iterator[Leaves]:
        for rows in original(self, first, until):
            read.extend(rows.idx)
            yield rows

    monkeypatch.setattr(LeafReader, "slices", counted)
    log.write(6, 9)
    size = log.seal().size
    found = log.look()
    assert found.alarms == []
    assert read == list(range(log.first_size, size))
    assert found.leaves == size
    assert [what.code for what in found.unchecked if what.code == "begun"] == ["begun"]
    assert log.look().alarms == [], "nothing new is no alarm"
    log.write(9, 11)
    again = log.look()
    assert (again.alarms, again.unsealed) == ([], 2)


def test_what_was_cut_off_or_rewritten_before_is_found_by_the_root(log: Followed) -> None:
    begun = log.begun
    assert begun is not None
    prefix = "" if log.engine.dialect.name == "sqlite" else "cleangov."
    with log.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM {prefix}cleangov_leaf WHERE idx >= 4")
    assert "ANCH" not in {alarm.detector.value for alarm in log.look().alarms}
    log.begun = Begun(size=begun.size - 1, hashes=(), kept=begun.kept)
    with pytest.raises(CleanGovError, match="gone on from"):
        log.look()
    hashes = tuple(bytes(32) for _ in begun.hashes)
    log.begun = Begun(size=begun.size, hashes=hashes, kept=begun.kept)
    assert {"head_root", "outside_root"} <= {alarm.code for alarm in log.look().alarms}


def test_a_gap_behind_what_was_verified_is_found(log: Followed) -> None:
    log.write(6, 9)
    prefix = "" if log.engine.dialect.name == "sqlite" else "cleangov."
    with log.engine.begin() as connection:
        rows = connection.exec_driver_sql(
            f"SELECT id FROM {prefix}cleangov_entry ORDER BY id DESC LIMIT 2"
        ).scalars()
        connection.exec_driver_sql(f"DELETE FROM {prefix}cleangov_entry WHERE id = {list(rows)[1]}")
    assert {alarm.detector.value for alarm in log.look().alarms} == {"STRM"}


def test_the_file_is_read_back_as_it_was_written(log: Followed, tmp_path: Path) -> None:
    path = tmp_path / "progress"
    assert read_progress(path) == {}
    assert log.begun is not None
    write_progress(path, {LOG: log.begun})
    (back,) = read_progress(path).values()
    assert (back.size, back.hashes) == (log.begun.size, log.begun.hashes)
    log.begun = back
    log.write(6, 8)
    log.seal()
    assert log.look().alarms == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"v": 2, "ledgers": {}}',
        '{"v": 1, "ledgers": []}',
        '{"v": 1, "ledgers": {"a": {"size": -1, "hashes": [], "kept": {}}}}',
        '{"v": 1, "ledgers": {"a": {"size": 1, "hashes": ["zz"], "kept": {}}}}',
        '{"v": 1, "ledgers": {"a": {"size": 1, "hashes": ["00"], "kept": {}}}}',
        '{"v": 1, "ledgers": {"a": {"size": 1, "hashes": [], "kept": []}}}',
        "[" * 100_000,
    ],
)
def test_a_file_that_says_what_cannot_be_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "progress"
    path.write_text(text)
    with pytest.raises(CleanGovError, match="progress"):
        read_progress(path)


def test_what_does_not_fit_the_checks_is_refused(log: Followed) -> None:
    assert log.begun is not None
    kept = json.loads(json.dumps(dict(log.begun.kept)))
    for name in kept:
        log.begun = Begun(
            size=log.begun.size, hashes=log.begun.hashes, kept={**kept, name: [["x"]]}
        )
        if name != "delay":
            with pytest.raises(CleanGovError, match="gone on from"):
                log.look()
