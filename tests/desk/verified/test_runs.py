"""Looking at columns finds what looking at each entry finds, and nothing else."""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import cleangov_migrations
from cleangov_plugin.desk.verified.alarms import Alarm, Verified
from cleangov_plugin.desk.verified.checks import Run
from cleangov_plugin.desk.verified.evidence import Evidence
from cleangov_plugin.desk.verified.sorting import Sorter, one_by_one
from cleangov_plugin.desk.verified.verifying import verify
from cleangov_plugin.ledger.entry_code import CodeKey, Coder, epoch_of
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.store.leaf_reader import Leaves, leaf_slices
from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import LOG, NOON

KEY = CodeKey(log_id=LOG, epoch=epoch_of(NOON), first=NOON - timedelta(hours=1), key=bytes(32))


class Coded(Sealer):
    """A ledger whose entries have codes."""

    def edit(self, statement: str) -> None:
        prefix = "" if self.engine.dialect.name == "sqlite" else "cleangov."
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement.format(s=prefix))

    def give_codes(self) -> None:
        prefix = "" if self.engine.dialect.name == "sqlite" else "cleangov."
        table = f"{prefix}cleangov_entry"
        with self.engine.begin() as connection:
            for row in connection.exec_driver_sql(f"SELECT id, body FROM {table}").all():
                code = Coder(KEY).code(leaf_hash(row.body.encode()))
                query = sa.text(f"UPDATE {table} SET mac = :code WHERE id = :id")
                connection.execute(query, {"code": code, "id": row.id})

    def look(self) -> Verified:
        evidence = Evidence(outside=self.outside, key=self.signer.verifier, code_key=KEY)
        with self.database.own_transaction(is_reading=True) as connection:
            return verify(connection, evidence)


@pytest.fixture
def coded(engine: sa.Engine, tmp_path: Path) -> Iterator[Coded]:
    found = Coded(engine, tmp_path)
    found.write(0, 24)
    found.give_codes()
    found.size = found.seal().size
    found.write(24, 26)
    found.give_codes()
    yield found
    found.database.dispose()


def runs_of(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the entries of each run that a verification comes to."""
    lengths: list[int] = []
    original = Sorter.parts

    def counted(self: Sorter, rows: Leaves, hashes: list[bytes], found: Verified) -> object:
        parts = original(self, rows, hashes, found)
        lengths.extend(len(part) for part in parts if isinstance(part, Run))
        return parts

    monkeypatch.setattr(Sorter, "parts", counted)
    return lengths


def each_alone(self: Sorter, rows: Leaves, hashes: list[bytes]) -> object:
    return list(one_by_one(rows, hashes))


def test_a_clean_ledger_is_looked_at_in_runs(coded: Coded, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths = runs_of(monkeypatch)
    found = coded.look()
    assert (found.alarms, found.unsealed) == ([], 2)
    assert sum(lengths) == 24


EDITS = {
    "body": "UPDATE {s}cleangov_entry SET body = replace(body, 'decide', 'decidE') WHERE no = 9",
    "kind": "UPDATE {s}cleangov_entry SET kind = 'enf.case.filed' WHERE no = 9",
    "subject": "UPDATE {s}cleangov_entry SET subject = 'a\"b' WHERE no IN (9, 12)",
    "occurred": "UPDATE {s}cleangov_entry SET occurred_at = 'never' WHERE no = 9",
    "recorded": "UPDATE {s}cleangov_entry SET recorded_at = occurred_at WHERE no > 20",
    "moved": "UPDATE {s}cleangov_leaf SET no = 1009 WHERE no = 9",
    "gone": "DELETE FROM {s}cleangov_entry WHERE no IN (3, 4)",
    "back": "UPDATE {s}cleangov_entry SET ingested_at = '2026-03-10T01:00:00.000000Z' WHERE no = 9",
    "ahead": "UPDATE {s}cleangov_entry SET ingested_at = '2026-03-13T01:00:00Z' WHERE no = 9",
    "no instant": "UPDATE {s}cleangov_entry SET ingested_at = 'zzz' WHERE no = 9",
    "another instant": "UPDATE {s}cleangov_entry SET ingested_at = '2026-13-41T01:00:00.000000Z'",
    "disclosed": "UPDATE {s}cleangov_entry SET disc = 'abc~def' WHERE no = 9",
    "not ASCII": "UPDATE {s}cleangov_entry SET disc = 'abc~城' WHERE no = 9",
    "marked": "UPDATE {s}cleangov_entry SET marks = 1 WHERE no = 9",
    "valued": "UPDATE {s}cleangov_entry SET fact_values = '[]' WHERE no = 9",
    "kept": "UPDATE {s}cleangov_entry SET retain_until = '2026-05-01' WHERE no = 9",
    "kept for ever": "UPDATE {s}cleangov_entry SET retain_until = NULL WHERE no = 9",
    "classed": "UPDATE {s}cleangov_entry SET retention_class = 'gap' WHERE no = 9",
    "no code": "UPDATE {s}cleangov_entry SET mac = NULL WHERE no = 9",
    "another's code": "UPDATE {s}cleangov_entry SET mac = (SELECT o.mac FROM {s}cleangov_entry o"
    " WHERE o.no = 10) WHERE no = 9",
    "hash": "UPDATE {s}cleangov_leaf SET hash = (SELECT o.hash FROM {s}cleangov_leaf o"
    " WHERE o.no = 10) WHERE no = 9",
    "leaf": "DELETE FROM {s}cleangov_leaf WHERE no = 9",
    "places": "UPDATE {s}cleangov_leaf SET idx = idx + 100 WHERE no > 9",
}


@pytest.mark.parametrize("name", EDITS)
def test_columns_find_what_looking_at_each_finds(
    coded: Coded, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    coded.edit(EDITS[name])
    found = coded.look()
    monkeypatch.setattr(Sorter, "_entries", each_alone)
    alone = coded.look()
    assert found.alarms
    assert _sorted(found.alarms) == _sorted(alone.alarms)
    assert [what.code for what in found.unchecked] == [what.code for what in alone.unchecked]


def _sorted(alarms: list[Alarm]) -> list[str]:
    return sorted(map(repr, alarms))


@pytest.mark.parametrize(
    "make", [lambda text: text, lambda text: text.encode(), lambda _: b"\xff", lambda _: b""]
)
def test_a_body_that_is_no_text_any_more_is_an_alarm(
    coded: Coded, make: Callable[[str], str | bytes]
) -> None:
    if coded.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has types")
    with coded.engine.begin() as connection:
        text = connection.exec_driver_sql("SELECT body FROM cleangov_entry WHERE no = 9").scalar()
        value = make(str(text))
        query = sa.text("UPDATE cleangov_entry SET body = :body WHERE no = 9")
        connection.execute(query, {"body": value})
    codes = [alarm.code for alarm in coded.look().alarms]
    assert ("body" in codes) is isinstance(value, bytes)


def test_texts_in_utf_16_are_read_as_well(tmp_path: Path) -> None:
    file = tmp_path / "wide.db"
    with sqlite3.connect(file) as made:
        made.execute("PRAGMA encoding = 'UTF-16'")
        made.execute("CREATE TABLE host (id INTEGER)")
    made.close()
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        cleangov_migrations.upgrade(connection)
    sealer = Sealer(engine, tmp_path)
    sealer.write(0, 5)
    sealer.seal()
    assert sealer.verify().alarms == []
    with sealer.database.own_transaction(is_reading=True) as connection:
        bodies = [body for rows in leaf_slices(connection, LOG) for body in rows.body if body]
    assert [body[:1] for body in bodies] == [b"{"] * 5
    sealer.database.dispose()
    engine.dispose()
