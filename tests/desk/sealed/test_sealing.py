"""Sealing on both databases: what is put in, what is published, and being killed anywhere."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.sealed import sealing
from cleangov_plugin.desk.sealed.heads import Recovery
from cleangov_plugin.desk.sealed.outside import Outside, signer_of
from cleangov_plugin.desk.sealed.sealing import seal
from cleangov_plugin.desk.verified.alarms import Verified
from cleangov_plugin.desk.verified.evidence import Evidence
from cleangov_plugin.desk.verified.verifying import verify
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.note import open_note, sign_note
from cleangov_plugin.ledger.tree import EMPTY_ROOT, root_of
from cleangov_plugin.ledger.tree_head import TreeHead, read_tree_head, write_tree_head
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.run import Busy
from cleangov_plugin.store.tree import hold_seal
from tests.store.samples import LOG, NOON, write_entry


class Sealer:
    """A ledger, and what is kept away from it."""

    #: Leaves after the first sealing, and after the last.
    first_size = size = 0

    def __init__(self, engine: sa.Engine, folder: Path) -> None:
        self.engine = engine
        self.database = Database(engine.url, patience_ms=2_000)
        self.outside = Outside(folder / "heads", LOG)
        signer = signer_of(folder / "keys", LOG, is_made=True)
        assert signer is not None
        self.signer = signer

    def write(self, first: int, last: int) -> None:
        with self.engine.begin() as connection:
            for number in range(first, last):
                write_entry(connection, number)
            # As a host whose clock runs: the samples all are of noon.
            prefix = "" if self.engine.dialect.name == "sqlite" else "cleangov."
            connection.exec_driver_sql(
                f"UPDATE {prefix}cleangov_entry SET ingested_at = recorded_at"
            )

    def seal(self) -> sealing.Sealed:
        return seal(self.database, self.outside, self.signer, lambda: NOON + timedelta(minutes=999))

    def verify(self) -> Verified:
        with self.database.own_transaction(is_reading=True) as connection:
            return verify(connection, Evidence(outside=self.outside, key=self.signer.verifier))

    def bodies(self) -> list[str]:
        """Answer the texts of all leaves in their order, by SQL that is not ours."""
        prefix = "" if self.engine.dialect.name == "sqlite" else "cleangov."
        query = (
            "SELECT COALESCE(f.meta, e.body)"
            f" FROM {prefix}cleangov_leaf f LEFT JOIN {prefix}cleangov_entry e"
            " ON e.log_id = f.log_id AND e.lane = f.lane AND e.no = f.no ORDER BY f.idx"
        )
        with self.engine.connect() as connection:
            return list(connection.exec_driver_sql(query).scalars())


@pytest.fixture
def sealer(engine: sa.Engine, tmp_path: Path) -> Any:
    found = Sealer(engine, tmp_path)
    yield found
    found.database.dispose()


def test_the_root_is_that_of_the_bodies_and_the_head_outside_says_so(sealer: Sealer) -> None:
    sealer.write(0, 10)
    done = sealer.seal()
    bodies = sealer.bodies()
    assert (done.added, done.size) == (10, len(bodies))
    assert len([body for body in bodies if '"subject":' in body]) == 10
    assert done.root == root_of(leaf_hash(body.encode()) for body in bodies).hex()
    head = read_tree_head(open_note(sealer.outside.head() or b"", [sealer.signer.verifier]).text)
    assert (head.size, head.root.hex(), head.origin) == (done.size, done.root, f"cleangov/{LOG}")
    found = sealer.verify()
    assert (found.leaves, found.unsealed, found.alarms, found.unchecked) == (done.size, 0, [], [])


def test_what_comes_later_is_added_and_nothing_is_sealed_twice(
    sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "SLICE", 100)
    sealer.write(0, 3)
    assert sealer.seal().added == 3
    assert sealer.seal().added == 0
    sealer.write(3, 270)
    assert sealer.verify().unsealed == 267
    done = sealer.seal()
    assert (done.added, done.size) == (267, len(sealer.bodies()))
    assert done.root == root_of(leaf_hash(body.encode()) for body in sealer.bodies()).hex()
    assert sealer.verify().alarms == []


def test_a_city_that_never_rests_has_a_signed_head_all_the_same(
    sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealer.write(0, 5)
    put_in, rounds = sealing._put_in, iter(range(5, 12))

    def and_more_comes(*words: Any) -> Any:
        done = put_in(*words)
        number = next(rounds, None)
        if number is not None:
            sealer.write(number, number + 1)
        return done

    monkeypatch.setattr(sealing, "_put_in", and_more_comes)
    sealed = sealer.seal()
    assert (sealed.added, sealed.is_done, sealer.outside.head() is not None) == (5, True, True)
    assert (sealer.verify().unsealed, sealer.verify().alarms) == (1, [])


def test_the_tiles_outside_are_those_of_the_standard(sealer: Sealer) -> None:
    sealer.write(0, 260)
    sealer.seal()
    own = sealer.outside.own
    hashes = [leaf_hash(body.encode()) for body in sealer.bodies()]
    rest = len(hashes) - 256
    assert (own / "tile/0/000").read_bytes() == b"".join(hashes[:256])
    assert (own / f"tile/0/001.p/{rest}").read_bytes() == b"".join(hashes[256:])
    assert (own / "tile/1/000.p/1").read_bytes() == root_of(hashes[:256])


def test_an_entry_of_an_earlier_number_that_is_committed_late_is_sealed_later(
    sealer: Sealer,
) -> None:
    if sealer.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    with sealer.engine.connect() as late, late.begin():
        write_entry(late, 1)
        sealer.write(2, 5)
        assert sealer.seal().added == 3
    assert sealer.seal().added == 1
    assert sealer.verify().alarms == []


@pytest.mark.parametrize("step", ["add_leaves", "save_tiles", "add_head", "published", "publish"])
def test_killed_at_any_step_it_never_signs_two_roots_for_one_size(
    sealer: Sealer, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    signed: dict[int, bytes] = {}
    original: Callable[..., None] = Outside.publish

    def publish(outside: Outside, note: bytes, tiles: Any) -> None:
        head = read_tree_head(open_note(note, [sealer.signer.verifier]).text)
        assert signed.setdefault(head.size, head.root) == head.root
        original(outside, note, tiles)

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Outside, "publish", publish)
    sealer.write(0, 5)
    sealer.seal()
    sealer.write(5, 9)
    with monkeypatch.context() as patched:
        where = Outside if step == "publish" else sealing.tree
        patched.setattr(where, step, dies)
        with pytest.raises(KeyboardInterrupt):
            sealer.seal()
    sealer.write(9, 12)
    done = sealer.seal()
    assert sealer.verify().alarms == []
    assert max(signed) == done.size == len(sealer.bodies())


def test_a_database_that_was_put_back_is_not_sealed(sealer: Sealer, tmp_path: Path) -> None:
    sealer.write(0, 5)
    size = sealer.seal().size
    other = Outside(tmp_path / "longer", LOG)
    sealer.write(5, 8)
    seal(sealer.database, other, sealer.signer, lambda: NOON)
    prefix = "" if sealer.engine.dialect.name == "sqlite" else "cleangov."
    with sealer.engine.begin() as connection:
        for table, column in (("leaf", "idx"), ("tree_head", "size - 1")):
            connection.exec_driver_sql(
                f"DELETE FROM {prefix}cleangov_{table} WHERE {column} >= {size}"
            )
        connection.exec_driver_sql(
            f"DELETE FROM {prefix}cleangov_entry WHERE substr(event_key, 9) >= 'E5'"
        )
    with pytest.raises(Recovery, match="leaves"):
        seal(sealer.database, other, sealer.signer, lambda: NOON)


def test_two_sealers_do_not_meet(sealer: Sealer) -> None:
    sealer.write(0, 2)
    if sealer.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer")
    with sealer.database.own_transaction() as connection:
        hold_seal(connection, LOG)
        with pytest.raises(Busy, match="another process"):
            sealer.seal()
    assert sealer.seal().added == 2


@pytest.mark.parametrize("log_id", ["a b", "../x", "城", "a+b", ".", "%2e"])
def test_any_ledger_has_a_folder_and_a_key_of_its_own(tmp_path: Path, log_id: str) -> None:
    outside = Outside(tmp_path / "heads", log_id)
    assert outside.own.parent == tmp_path / "heads"
    assert outside.own.name not in (".", "..")
    signer = signer_of(tmp_path / "keys", log_id, is_made=True)
    assert signer is not None
    assert read_tree_head(
        open_note(
            sign_note(write_tree_head(TreeHead(signer.name, 0, EMPTY_ROOT)), [signer]),
            [signer.verifier],
        ).text
    ).origin.startswith("cleangov/")
