"""Replay's waiting room: a log is staged first, and fed afterwards in the order it was known.

Both halves can be broken off at any row and taken up again: the counters of a run move in the
transaction of the rows they count.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, tuple_

from . import tables
from .replay_runs import Run, RunState, move
from .run import is_sqlite, run


@dataclass(frozen=True, slots=True)
class StagedDraft:
    """One event to be staged.

    :param feed_key: when it can have been known, microseconds since 1970.
    :param case_id: its case.
    :param payload: the event as text.
    """

    feed_key: int
    case_id: str
    payload: str


@dataclass(frozen=True, slots=True)
class StagedEvent:
    """One event that waits to be fed.

    :param feed_key: when it can have been known, microseconds since 1970.
    :param ordinal: its place in the file, from 1.
    :param payload: the event as text.
    """

    feed_key: int
    ordinal: int
    payload: str


def stage(connection: Connection, run_: Run, drafts: Sequence[StagedDraft]) -> Run:
    """Stage the next events of a file.

    :param connection: a writing connection of our own.
    :param run_: the run as it stands.
    :param drafts: the events that follow those staged so far, in file order.
    :return: the run as it stands then.
    :raises StoreError: where another process has staged some meanwhile.
    """
    rows = [
        {
            "run_id": run_.run_id,
            "ordinal": run_.staged + number,
            "feed_key": draft.feed_key,
            "case_id": draft.case_id,
            "payload": draft.payload,
        }
        for number, draft in enumerate(drafts, start=1)
    ]
    moved = move(connection, run_, staged=run_.staged + len(rows))
    if rows:
        run(connection, insert(tables.staged_event), rows)
    return moved


def begin_feeding(connection: Connection, run_: Run, summary: Mapping[str, Any]) -> Run:
    """Take note that a file is staged whole.

    :param connection: a writing connection of our own.
    :param run_: the run as it stands.
    :param summary: what was read.
    :return: the run as it stands then.
    :raises StoreError: where another process works on it.
    """
    return move(connection, run_, state=RunState.FEEDING, summary=dict(summary))


def first_moment(connection: Connection, run_: Run) -> int | None:
    """Answer when the first event was known, microseconds since 1970; None for an empty log.

    :param connection: any connection.
    :param run_: the run.
    """
    table = tables.staged_event
    query = select(func.min(table.c.feed_key)).where(table.c.run_id == run_.run_id)
    found: int | None = run(connection, query).scalar()
    return found


def last_fed(connection: Connection, run_: Run) -> StagedEvent | None:
    """Find where feeding was broken off; None where it has not begun.

    :param connection: any connection.
    :param run_: the run as it stands.
    """
    if run_.fed == 0:
        return None
    query = _in_order(run_).offset(run_.fed - 1).limit(1)
    row = run(connection, query).one()
    return StagedEvent(row.feed_key, row.ordinal, row.payload)


def next_events(
    connection: Connection, run_: Run, after: StagedEvent | None, limit: int
) -> list[StagedEvent]:
    """Answer the events that are fed next, in the order they were known.

    That is the latest moment recorded so far within the case, then the order of the file.

    :param connection: any connection.
    :param run_: the run.
    :param after: the event fed last; None for the beginning.
    :param limit: how many at the most.
    """
    table = tables.staged_event
    query = _in_order(run_).limit(limit)
    if after is not None:
        place = (after.feed_key, after.ordinal)
        query = query.where(tuple_(table.c.feed_key, table.c.ordinal) > place)
    return [StagedEvent(r.feed_key, r.ordinal, r.payload) for r in run(connection, query)]


def advance(connection: Connection, run_: Run, number: int) -> Run:
    """Count events as fed; in the transaction that fed them.

    :param connection: the connection they were fed on.
    :param run_: the run as it stands.
    :param number: how many.
    :return: the run as it stands then.
    :raises StoreError: where another process has fed some meanwhile.
    """
    return move(connection, run_, fed=run_.fed + number)


def finish(connection: Connection, run_: Run) -> Run:
    """End a run: its events have entries now, and the staged ones are forgotten.

    So are those of runs of the same agency that a fault in their file broke off.

    :param connection: a writing connection of our own.
    :param run_: the run, all its events fed.
    :return: the run as it stands then.
    :raises StoreError: where another process works on it.
    """
    moved = move(connection, run_, state=RunState.DONE)
    runs, staged = tables.replay_run, tables.staged_event
    broken = select(runs.c.run_id).where(
        runs.c.log_id == run_.log_id, runs.c.state == RunState.STAGING.value
    )
    ended = (staged.c.run_id == run_.run_id) | staged.c.run_id.in_(broken)
    run(connection, delete(staged).where(ended))
    run(connection, delete(runs).where(runs.c.run_id.in_(broken)))
    return moved


def keys_kept(connection: Connection, log_id: str, keys: Sequence[str]) -> frozenset[str]:
    """Answer which events are kept: as an entry, or as a gap that is owed.

    :param connection: the connection they were fed on.
    :param log_id: the agency's ledger.
    :param keys: keys of some hundred events.
    """
    found: set[str] = set()
    for table in (tables.entry, tables.gap):
        left = [key for key in keys if key not in found]
        if left:
            query = select(table.c.event_key).where(
                table.c.log_id == log_id, table.c.event_key.in_(left)
            )
            found.update(run(connection, query).scalars())
    return frozenset(found)


def tell_sizes(connection: Connection) -> None:
    """Let PostgreSQL learn how large our tables have become.

    Its plans for tables that were empty a moment ago read a whole ledger for one case, until its
    own upkeep comes by: measured, 16 times slower after 10,000 events. SQLite plans without.

    :param connection: a connection of our own.
    """
    if is_sqlite(connection):
        return
    for table in (tables.entry, tables.pseudonym, tables.finding, tables.staged_event):
        # Only a name of our own stands in it; who may not do it is told so and goes on.
        connection.exec_driver_sql(f"ANALYZE {table.fullname}")


def _in_order(run_: Run) -> Any:
    table = tables.staged_event
    return (
        select(table.c.feed_key, table.c.ordinal, table.c.payload)
        .where(table.c.run_id == run_.run_id)
        .order_by(table.c.feed_key, table.c.ordinal)
    )
