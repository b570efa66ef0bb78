"""A ledger whose entries have codes and receipts, and what an attack by raw SQL does to it."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from cleangov_plugin.desk.codes import Codes, begin_file, read_begin
from cleangov_plugin.desk.receipts import ReceiptJournal
from cleangov_plugin.desk.verified.alarms import Alarm, Verified
from cleangov_plugin.desk.verified.receipts_check import Journal
from cleangov_plugin.desk.verified.verifying import Evidence, verify
from cleangov_plugin.ledger.body import Versions, encode_body
from cleangov_plugin.ledger.receipt_line import Receipt
from cleangov_plugin.store import entries, knowledge
from cleangov_plugin.store.entries import Appended, EntryDraft
from cleangov_plugin.store.outcomes import Written
from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import LOG, NOON, RETENTION, digest, record, request

VERSIONS = Versions(ruleset=1, calendar=1, contract=1)


class EarlyCity(Sealer):
    """Writes as the desk does: each entry with its code, and noted for its receipt."""

    def __init__(self, engine: sa.Engine, folder: Path, begin: datetime = NOON) -> None:
        super().__init__(engine, folder)
        self.keys = folder / "keys"
        self.codes = Codes(self.keys)
        self.codes.open(LOG, begin)
        self.counted: list[str] = []
        self.receipts = ReceiptJournal(folder / "receipts", self.database, self.counted.append)
        self.journal = folder / "receipts"
        self.journal.mkdir()

    def close(self) -> None:
        self.receipts.close()
        self.database.dispose()

    def drafted(
        self, connection: sa.Connection, number: int, now: datetime | None = None, **changes: Any
    ) -> EntryDraft:
        event = record(number, **changes)
        found = knowledge.read(connection, request(event))
        assert found.place is not None
        return entries.draft(
            event,
            found.place,
            encode_body(event, found.place, VERSIONS),
            digest=digest(event),
            now=now or event.recorded_at,
            seen=entries.Seen(snapshot=found.snapshot),
            retention=RETENTION,
        )

    def enter(
        self, connection: sa.Connection, number: int, now: datetime | None = None, **changes: Any
    ) -> Appended:
        draft = self.drafted(connection, number, now, **changes)
        moment = now or record(number).recorded_at
        done = entries.append(connection, draft, partial(self.codes.code, draft.log_id, moment))
        assert isinstance(done, Appended)
        receipt = Receipt(
            log_id=draft.log_id,
            lane=draft.lane,
            no=draft.no,
            leaf=done.leaf_hash,
            at=draft.ingested_at,
        )
        self.receipts.note(Written(done.row, done.xid, done.leaf_hash), receipt)
        return done

    def write(self, first: int, last: int) -> None:
        for number in range(first, last):
            with self.engine.begin() as connection:
                self.enter(connection, number)

    def evidence(self) -> Evidence:
        return Evidence(
            outside=self.outside,
            key=self.signer.verifier,
            code_key=read_begin(begin_file(self.keys, LOG)),
            receipts=Journal.of(self.journal),
        )

    def verify(self) -> Verified:
        evidence = self.evidence()
        with self.database.own_transaction(is_reading=True) as connection:
            return verify(connection, evidence)

    def alarms(self) -> list[Alarm]:
        return self.verify().alarms

    def found(self) -> set[tuple[str, int | None]]:
        """Answer what finds anything, and the entry that it names."""
        return {(alarm.detector.value, alarm.entry) for alarm in self.alarms()}

    def lines(self) -> int:
        return sum(path.read_bytes().count(b"\n") for path in self.journal.iterdir())

    # ---- Raw SQL -----------------------------------------------------------------------------

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    def edit(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                prefix = "" if self.is_sqlite else "cleangov."
                connection.exec_driver_sql(statement.replace("{s}", prefix))

    def rows(self, query: str) -> list[Any]:
        with self.engine.connect() as connection:
            prefix = "" if self.is_sqlite else "cleangov."
            return list(connection.exec_driver_sql(query.replace("{s}", prefix)).fetchall())

    def ids(self) -> list[int]:
        return [row[0] for row in self.rows("SELECT id FROM {s}cleangov_entry ORDER BY no, id")]

    def literal(self, data: bytes) -> str:
        return f"x'{data.hex()}'" if self.is_sqlite else f"'\\x{data.hex()}'::bytea"

    def copy(self, row: int, **changed: str) -> int:
        """Insert what somebody with SQL would forge: a copy of an entry with other columns."""
        names = [column.name for column in entries.tables.entry.columns if column.name != "id"]
        values = ", ".join(changed.get(name, name) for name in names)
        self.edit(
            f"INSERT INTO {{s}}cleangov_entry ({', '.join(names)}) SELECT {values}"
            f" FROM {{s}}cleangov_entry WHERE id = {row}"
        )
        return max(self.ids())


def later(number: int, **changes: float) -> datetime:
    return record(number).recorded_at + timedelta(**changes)
