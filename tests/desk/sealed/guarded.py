"""A sealed ledger with guards or without, and people who change it by SQL of their own."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from cleangov_plugin.desk.verified.alarms import Verified
from cleangov_plugin.desk.verified.verifying import Evidence, verify
from cleangov_plugin.ledger.body import Versions, encode_body
from cleangov_plugin.store import entries, knowledge
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.guards import applying
from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import RETENTION, digest, record, request


class Guarded(Sealer):
    """A ledger of twenty entries, sealed twice."""

    def __init__(self, engine: sa.Engine, folder: Path, *, is_guarded: bool) -> None:
        super().__init__(engine, folder)
        self.write(0, 12)
        self.first_size = self.seal().size
        self.write(12, 20)
        if is_guarded:
            self.guard()
        self.size = self.seal().size
        assert self.alarms() == set()

    def write(self, first: int, last: int) -> None:
        """Write as the plugin does, each entry at its own time: no guard refuses that."""
        for number in range(first, last):
            with self.engine.begin() as connection:
                write(connection, number)

    def guard(self) -> None:
        with self.database.own_transaction() as connection:
            applying.apply(connection, applying.Roles())

    def unguard(self) -> None:
        with self.database.own_transaction() as connection:
            applying.remove(connection, applying.Roles())

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def edit(self, *statements: str) -> None:
        """Do what somebody does who may do anything; ``{s}`` stands before names of tables."""
        prefix = "" if self.is_sqlite else "cleangov."
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(
                    statement.replace("{s}", prefix), execution_options={"no_parameters": True}
                )

    def alarms(self) -> set[tuple[str, str]]:
        """Answer what was found: the detector, and the thing it names."""
        return {
            (alarm.detector.value, str(alarm.values.get("thing", "")))
            for alarm in self.verify().alarms
        }

    def detectors(self) -> set[str]:
        return {detector for detector, _ in self.alarms()}

    def things(self) -> set[str]:
        return {thing for detector, thing in self.alarms() if detector == "SCHEMA"}

    def verified_as(self, role: str) -> Verified:
        """Verify as somebody who has only the rights of a role."""
        with as_role(self.database, role) as database, database.own_transaction() as connection:
            return verify(connection, Evidence(outside=self.outside, key=self.signer.verifier))


@contextmanager
def as_role(database: Database, role: str) -> Iterator[Database]:
    """Hold the database as an account that is a member of one role and of nothing else."""
    url = database.url.update_query_dict({"options": f"-crole={role}"})
    found = Database(url, patience_ms=2_000)
    yield found
    found.dispose()


def write(connection: sa.Connection, number: int) -> None:
    """Write an entry as the desk does, at the time of its event."""
    event = record(number)
    found = knowledge.read(connection, request(event))
    assert found.place is not None
    draft = entries.draft(
        event,
        found.place,
        encode_body(event, found.place, Versions(ruleset=1, calendar=1, contract=1)),
        digest=digest(event),
        now=event.recorded_at + timedelta(seconds=1),
        seen=entries.Seen(snapshot=found.snapshot),
        retention=RETENTION,
    )
    entries.append(connection, draft)


def in_file(sealed: Guarded, *statements: str) -> None:
    """Edit an SQLite file with the schema unlocked, as its own tools let anybody."""
    sealed.database.dispose()
    sealed.engine.dispose()
    connection = sqlite3.connect(str(sealed.database.url.database))
    try:
        connection.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    finally:
        connection.close()
