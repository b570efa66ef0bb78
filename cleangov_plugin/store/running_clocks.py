"""Clocks that run, as rows: how far the entries were read for them, and what a look needs."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, and_, delete, func, insert, or_, select, update

from . import tables
from .bulk import put_rows
from .run import is_sqlite, lock_number, run

#: Entries of one case that are read; a case that has more of the kinds of clocks is left out.
LARGEST_CASE: Final = 2_000


class ClockState(NamedTuple):
    """How far the entries of a ledger were read.

    :param clocks: digest of the clocks that were in force then.
    :param calendar: version of the calendar then.
    :param places: last number that was read of each lane.
    """

    clocks: str
    calendar: int
    places: Mapping[int, int]


class NewEntry(NamedTuple):
    """An entry that no clock has seen.

    :param lane: its lane.
    :param no: its number there.
    :param kind: kind of the event.
    :param subject: its case.
    :param is_correction: whether it takes another one's place.
    """

    lane: int
    no: int
    kind: str
    subject: str
    is_correction: bool


class SeenEntry(NamedTuple):
    """An entry of a case.

    :param row: number of its row.
    :param lane: its lane.
    :param no: its number there.
    :param body: its body.
    :param ingested_at: when it was written, fixed-width UTC text.
    """

    row: int
    lane: int
    no: int
    body: str
    ingested_at: str


class RunningRow(NamedTuple):
    """A run of a clock, in the order of the columns of its table.

    :param log_id: the ledger.
    :param subject: the case.
    :param clock_id: the clock; empty for a case of which something lies ahead.
    :param part: its number in the case.
    :param version: version of the clock.
    :param state: where it stands.
    :param unit: unit that was last at work.
    :param started_at: when it started, fixed-width UTC text.
    :param used: share that is certainly used, in percent.
    :param due_at: first moment at which it may be over; None where that cannot be said.
    :param due_to: first moment at which it is over for certain; None where nobody can say.
    :param look_at: the next moment to look at it; None for never, empty for at once.
    :param retention_class: why it is kept.
    :param retain_until: ISO day until which it is kept.
    """

    log_id: str
    subject: str
    clock_id: str
    part: int
    version: int
    state: str
    unit: str | None
    started_at: str
    used: int
    due_at: str | None
    due_to: str | None
    look_at: str | None
    retention_class: str
    retain_until: str | None


def hold(connection: Connection, log_id: str) -> bool:
    """Keep everybody else from the clocks of a ledger until the transaction ends.

    SQLite has one writer at a time anyway.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :return: False where another process is at work on them just now.
    """
    if is_sqlite(connection):
        return True
    lock = lock_number("cleangov clocks", log_id)
    query = f"SELECT pg_try_advisory_xact_lock({lock})"
    return bool(connection.exec_driver_sql(query).scalar())


def state(connection: Connection, log_id: str) -> ClockState | None:
    """Answer how far the entries were read; None where nobody has begun.

    :param connection: any connection.
    :param log_id: the ledger.
    """
    it = tables.clock_state
    query = select(it.c.clocks, it.c.calendar, it.c.places).where(it.c.log_id == log_id)
    row = run(connection, query).first()
    if row is None:
        return None
    places = {int(lane): no for lane, no in json.loads(row.places).items()}
    return ClockState(row.clocks, row.calendar, places)


def save_state(connection: Connection, log_id: str, reached: ClockState) -> None:
    """Write how far the entries were read.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :param reached: how far.
    """
    places = json.dumps({str(lane): no for lane, no in sorted(reached.places.items())})
    row = (log_id, reached.clocks, reached.calendar, places)
    put_rows(connection, tables.clock_state, [row], over=True)


def look_at_all(connection: Connection, log_id: str) -> None:
    """Let every clock that runs be looked at again: clocks or working days have changed.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    """
    it = tables.running_clock
    run(connection, update(it).where(it.c.log_id == log_id).values(look_at=""))


def new_entries(
    connection: Connection, log_id: str, places: Mapping[int, int], most: int
) -> list[NewEntry]:
    """Answer entries that were not read yet, lane by lane.

    A lane has no gaps and one writer at a time, so that nothing is committed behind its last one.

    :param connection: any connection.
    :param log_id: the ledger.
    :param places: last number that was read of each lane.
    :param most: how many at the most.
    """
    entry, found = tables.entry, list[NewEntry]()
    columns = (entry.c.lane, entry.c.no, entry.c.kind, entry.c.subject, entry.c.supersedes)
    for lane in _lanes(connection, log_id):
        query = (
            select(*columns)
            .where(
                entry.c.log_id == log_id,
                entry.c.lane == lane,
                entry.c.no > places.get(lane, 0),
            )
            .order_by(entry.c.no)
            .limit(most - len(found))
        )
        found += [
            NewEntry(row.lane, row.no, row.kind, row.subject, row.supersedes is not None)
            for row in run(connection, query)
        ]
        if len(found) >= most:
            break
    return found


def _lanes(connection: Connection, log_id: str) -> Sequence[int]:
    if is_sqlite(connection):
        return (0,)
    it = tables.lane
    query = select(it.c.lane).where(it.c.log_id == log_id).order_by(it.c.lane)
    return run(connection, query).scalars().all()


def due_cases(connection: Connection, log_id: str, until: str, most: int) -> list[str]:
    """Answer the cases whose clocks have to be looked at, the earliest first.

    :param connection: any connection.
    :param log_id: the ledger.
    :param until: moment, fixed-width UTC text.
    :param most: how many rows at the most.
    """
    it = tables.running_clock
    query = (
        select(it.c.subject)
        .where(it.c.log_id == log_id, it.c.look_at <= until)
        .order_by(it.c.look_at, it.c.subject)
        .limit(most)
    )
    return list(dict.fromkeys(run(connection, query).scalars()))


def look_at(connection: Connection, log_id: str, subject: str) -> str | None:
    """Answer the moment at which a case has to be looked at; None for never.

    :param connection: any connection.
    :param log_id: the ledger.
    :param subject: the case.
    """
    it = tables.running_clock
    query = select(func.min(it.c.look_at)).where(it.c.log_id == log_id, it.c.subject == subject)
    found: str | None = run(connection, query).scalar()
    return found


def entries_of(
    connection: Connection, log_id: str, subject: str, kinds: Iterable[str]
) -> list[SeenEntry] | None:
    """Answer the entries of some kinds and all corrections of a case, in row order.

    :param connection: any connection.
    :param log_id: the ledger.
    :param subject: the case.
    :param kinds: kinds of event.
    :return: the entries; None where there are more than `LARGEST_CASE`.
    """
    entry = tables.entry
    query = (
        select(entry.c.id, entry.c.lane, entry.c.no, entry.c.body, entry.c.ingested_at)
        .where(
            entry.c.log_id == log_id,
            entry.c.subject == subject,
            or_(entry.c.kind.in_(sorted(kinds)), entry.c.supersedes.is_not(None)),
        )
        .order_by(entry.c.id)
        .limit(LARGEST_CASE + 1)
    )
    found = [SeenEntry(*tuple(row)) for row in run(connection, query)]
    return found if len(found) <= LARGEST_CASE else None


def replace_case(
    connection: Connection, log_id: str, subject: str, running: Sequence[RunningRow]
) -> None:
    """Write what runs in a case in the place of what stood there.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :param subject: the case.
    :param running: its runs.
    """
    it = tables.running_clock
    run(connection, delete(it).where(and_(it.c.log_id == log_id, it.c.subject == subject)))
    if running:
        run(connection, insert(it), [row._asdict() for row in running])
