"""Appending to the ledger: one statement an entry, in the host's transaction, without savepoint."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import Place
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.ledger.leaf import leaf_of

from . import tables
from .driver import execute
from .knowledge import event_key
from .run import Retention, StoreError, is_sqlite, run


class EntryDraft(NamedTuple):
    """One entry, ready to be written. Instants are fixed-width UTC text.

    :param log_id: the agency's ledger.
    :param part: year and month of `occurred_at` in UTC, ``202603``.
    :param lane: lane of the writer.
    :param no: number in the lane.
    :param event_key: key by which a resend is known.
    :param stream: business stream.
    :param kind: canonical kind.
    :param subject: the case.
    :param actor: pseudonym of who acted.
    :param unit: unit of who acted.
    :param occurred_at: when it happened.
    :param recorded_at: when the host recorded it.
    :param ingested_at: when it was written here.
    :param attempt_id: the attempt that led here.
    :param supersedes: key of the event it corrects.
    :param origin: how it reached us.
    :param digest: 32 bytes: what a resend must equal.
    :param body: exact canonical bytes, as text.
    :param disc: disclosures of personal fields; the one column that can be emptied.
    :param snapshot: what the evaluation could see.
    :param fact_values: JSON of the facts used and of what the host's registers answered.
    :param marks: what the rules said, as `domain.terms.Mark`.
    :param retention_class: why it is kept.
    :param retain_until: ISO day until which it is kept.
    :param mac: its code, see `ledger.entry_code`.
    """

    log_id: str
    part: int
    lane: int
    no: int
    event_key: str
    stream: str
    kind: str
    subject: str
    actor: str | None
    unit: str | None
    occurred_at: str
    recorded_at: str
    ingested_at: str
    attempt_id: str | None
    supersedes: str | None
    origin: str
    digest: bytes
    body: str
    disc: str | None
    snapshot: str
    fact_values: str | None
    marks: int
    retention_class: str
    retain_until: str | None
    mac: bytes | None = None


class Seen(NamedTuple):
    """What an evaluation saw.

    :param snapshot: `KnowledgeRows.snapshot`.
    :param fact_values: JSON of the facts used and of what the host's registers answered.
    :param marks: what the rules said, as `domain.terms.Mark`.
    """

    snapshot: str
    fact_values: str | None = None
    marks: int = 0


class Appended(NamedTuple):
    """An entry that was written.

    :param row: number of its row.
    :param no: number in its lane.
    :param leaf_hash: hash of its body as a leaf.
    :param xid: on PostgreSQL, the transaction or savepoint that wrote it; None on SQLite.
    """

    row: int
    no: int
    leaf_hash: bytes
    xid: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicate:
    """The same event, sent again: nothing was written.

    :param row: number of the row there is.
    """

    row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Another event under an id that is taken: nothing was written, and somebody must look.

    :param row: number of the row that has the id.
    """

    row: int


_COLUMNS: Final = EntryDraft._fields
_BYTES: Final = frozenset({"digest", "mac"})
_NUMBERS: Final = {"part": "integer", "lane": "integer", "no": "bigint", "marks": "integer"}


def _typed(name: str) -> str:
    kind = "bytea" if name in _BYTES else _NUMBERS.get(name, "text")
    return f"CAST(:{name} AS {kind})"


_SQLITE: Final = (
    f"INSERT INTO {{s}}cleangov_entry ({', '.join(_COLUMNS)})"  # noqa: S608  # our own names
    f" VALUES ({', '.join(f':{name}' for name in _COLUMNS)})"
)
#: The lane moves on in the same statement, and only from where this entry stands; its row then
#: names the transaction, or savepoint, of both.
_POSTGRESQL: Final = (  # every name is our own
    "WITH moved AS (UPDATE {s}cleangov_lane SET no = CAST(:no AS bigint),"  # noqa: S608
    " head = CAST(:head AS text) WHERE log_id = CAST(:log_id AS text)"
    " AND lane = CAST(:lane AS bigint) AND no = CAST(:no AS bigint) - 1 RETURNING xmin),"
    f" put AS (INSERT INTO {{s}}cleangov_entry ({', '.join(_COLUMNS)})"
    f" SELECT {', '.join(_typed(name) for name in _COLUMNS)} FROM moved RETURNING id)"
    " SELECT put.id, CAST(CAST(moved.xmin AS text) AS bigint),"
    " CAST(CAST(pg_current_xact_id() AS text) AS bigint) FROM put, moved"
)
#: `xmin` has 32 bits of a number of 64.
_WRAP: Final = 2**32


def draft(
    record: Record,
    place: Place,
    body: bytes,
    *,
    digest: bytes,
    now: datetime,
    seen: Seen,
    retention: Retention,
    disc: str | None = None,
) -> EntryDraft:
    """Make the draft of an entry from an event and its body.

    :param record: the event.
    :param place: where it stands in its lane.
    :param body: its exact bytes.
    :param digest: digest of the whole event.
    :param now: the present time, aware.
    :param seen: what the evaluation saw.
    :param retention: class and ISO day until which it is kept.
    :param disc: disclosures of its personal fields.
    :return: the draft.
    """
    corrected = record.supersedes
    return EntryDraft(
        log_id=record.log_id,
        part=part_of(record.occurred_at),
        lane=place.lane,
        no=place.no,
        event_key=event_key(record.source, record.event_id),
        stream=record.stream._value_,
        kind=record.kind,
        subject=record.case_id,
        actor=record.actor,
        unit=record.unit,
        occurred_at=stamp(record.occurred_at),
        recorded_at=stamp(record.recorded_at),
        ingested_at=stamp(now),
        attempt_id=record.attempt_id,
        supersedes=None if corrected is None else event_key(record.source, corrected),
        origin=record.origin._value_,
        digest=digest,
        body=body.decode(),
        disc=disc,
        snapshot=seen.snapshot,
        fact_values=seen.fact_values,
        marks=seen.marks,
        retention_class=retention[0],
        retain_until=retention[1],
    )


def part_of(occurred_at: datetime) -> int:
    """Answer the part of the ledger an event belongs to; equal whenever it is sent again.

    :param occurred_at: when it happened, aware.
    :return: year and month in UTC, ``202603``.
    """
    moment = occurred_at.astimezone(UTC)
    return moment.year * 100 + moment.month


def append(
    connection: Connection, draft: EntryDraft, code: Callable[[bytes], bytes | None] | None = None
) -> Appended | Duplicate | Conflict:
    """Write one entry by one statement.

    Call `knowledge.read` before it in the same transaction: it takes the id and the lane, so that
    nothing here can wait for another transaction.

    :param connection: the host's connection.
    :param draft: the entry.
    :param code: answers the code of a leaf hash; None leaves that of the draft.
    :return: what was written; or that the id was taken already (on SQLite only: on PostgreSQL a
        taken id fails the statement, and the guard's savepoint undoes it).
    :raises StoreError: where no row was written: something swallowed it, or the lane moved on.
    """
    values = draft._asdict()
    leaf = leaf_of(draft.body)
    if code is not None:
        values["mac"] = code(leaf)
    xid = None
    if is_sqlite(connection):
        try:
            result = execute(connection, _SQLITE, values)
        except IntegrityError:
            return _taken(connection, draft)
        row = result.lastrowid if result.rowcount == 1 else None
    else:
        values["head"] = leaf.hex()
        found = execute(connection, _POSTGRESQL, values).fetchone()
        row, within, whole = found or (None, 0, 0)
        xid = whole + (within - whole) % _WRAP
    if row is None:
        raise StoreError(
            "the database wrote no row for an entry.",
            where=f"{tables.entry.name} {draft.log_id}, lane {draft.lane}, no {draft.no}",
            remedy="Look for triggers and rules on the table; run 'cleangov doctor'.",
        )
    return Appended(row=row, no=draft.no, leaf_hash=leaf, xid=xid)


def _taken(connection: Connection, draft: EntryDraft) -> Duplicate | Conflict:
    found = stored(connection, draft.log_id, draft.event_key)
    if found is None:  # not the event's id but its place in the lane was taken
        raise StoreError(
            "an entry's place in its lane was taken.",
            where=f"{tables.entry.name} {draft.log_id}, no {draft.no}",
            remedy="Write again with fresh knowledge.",
        )
    row, digest = found
    return Duplicate(row=row) if digest == draft.digest else Conflict(row=row)


def resent(digest: bytes, known: bytes, row: int) -> Duplicate | Conflict:
    """Judge an event whose key is known already.

    :param digest: digest of the event now.
    :param known: digest of the event as it was written.
    :param row: number of that row.
    :return: the same again, or another under the same id.
    """
    return Duplicate(row=row) if digest == known else Conflict(row=row)


def stored(connection: Connection, log_id: str, key: str) -> tuple[int, bytes] | None:
    """Look an event up.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param key: the event's key.
    :return: number of its row and its digest; None where it is not written.
    """
    entry = tables.entry
    query = select(entry.c.id, entry.c.digest).where(
        entry.c.log_id == log_id, entry.c.event_key == key
    )
    found = run(connection, query).first()
    return None if found is None else (found.id, bytes(found.digest))
