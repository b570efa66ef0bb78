"""Gaps: events whose evaluation is owed, kept in the host's transaction until catch-up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, func, insert, select, update

from cleangov_plugin.domain.terms import GapReason
from cleangov_plugin.ledger.instants import stamp

from . import tables
from .run import Retention, StoreError, kept, run

#: Detail of a gap whose event has its entry: another transaction held the finding.
FINDING: Final = "finding"


class GapState(StrEnum):
    """Where a gap stands."""

    OWED = "owed"
    SETTLED = "settled"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One event that is owed an evaluation.

    :param id: number of the row.
    :param log_id: the agency's ledger.
    :param event_key: key of the event; None where it could not be read.
    :param event: the event as text.
    :param reason: why it is owed.
    :param detail: name of the field or type of error; never personal text.
    :param tries: how often catch-up has tried.
    """

    id: int
    log_id: str
    event_key: str | None
    event: str
    reason: GapReason
    detail: str
    tries: int


def add(
    connection: Connection,
    log_id: str,
    *,
    event: str,
    event_key: str | None,
    reason: GapReason,
    detail: str,
    now: datetime,
    retention: Retention,
) -> None:
    """Keep a gap. One INSERT without any unique key: it waits for nobody.

    :param connection: the host's connection.
    :param log_id: the agency's ledger; empty where the event does not say.
    :param event: the event as text.
    :param event_key: its key; None where it could not be read.
    :param reason: why its evaluation is owed.
    :param detail: name of the field or type of error.
    :param now: the present time, aware.
    :param retention: class and ISO day until which it is kept.
    :raises StoreError: where the database took the statement and wrote no row.
    """
    row = {
        "log_id": log_id,
        "event_key": event_key,
        "event": event,
        "reason": reason.value,
        "detail": detail,
        "state": GapState.OWED.value,
        "tries": 0,
        "owed_at": stamp(now),
        **kept(retention),
    }
    if run(connection, insert(tables.gap).values(row).returning(tables.gap.c.id)).first() is None:
        raise StoreError("the database wrote no row for a gap.", where=tables.gap.name)


def owed(connection: Connection, *, limit: int = 500, after: int = 0) -> list[Gap]:
    """List gaps that are still owed, oldest first.

    :param connection: any connection.
    :param limit: how many at the most.
    :param after: number of the row after which to begin.
    """
    gap = tables.gap
    query = (
        select(gap)
        .where(gap.c.state == GapState.OWED.value, gap.c.id > after)
        .order_by(gap.c.id)
        .limit(limit)
    )
    return [_gap(row) for row in run(connection, query)]


def settle(connection: Connection, id_: int, now: datetime) -> bool:
    """Take note that a gap's event was evaluated; its text is dropped, the entry has it.

    :param connection: the connection that wrote the entry.
    :param id_: number of the row.
    :param now: the present time, aware.
    :return: False where somebody else has settled it.
    """
    values = {"state": GapState.SETTLED.value, "tried_at": stamp(now), "event": None}
    return _change(connection, id_, values)


def tried(connection: Connection, id_: int, now: datetime, *, gives_up: bool = False) -> bool:
    """Take note that an attempt to catch up failed.

    :param connection: a writing connection of our own.
    :param id_: number of the row.
    :param now: the present time, aware.
    :param gives_up: whether it is left to people; the event's text stays.
    :return: False where somebody else has settled it.
    """
    state = GapState.GIVEN_UP if gives_up else GapState.OWED
    values = {"state": state.value, "tried_at": stamp(now), "tries": tables.gap.c.tries + 1}
    return _change(connection, id_, values)


def add_missing(
    connection: Connection,
    log_id: str,
    *,
    event_key: str,
    case_id: str,
    kind: str,
    now: datetime,
    retention: Retention,
) -> None:
    """Keep that the platform's records show an event which nobody told.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param event_key: the host's name and the record's id.
    :param case_id: its case; kept in place of the event, which nobody has.
    :param kind: the kind of event that should have told it.
    :param now: the present time, aware.
    :param retention: class and ISO day until which it is kept.
    """
    row = {
        "log_id": log_id,
        "event_key": event_key,
        "event": case_id,
        "reason": GapReason.MISSING.value,
        "detail": kind,
        "state": GapState.GIVEN_UP.value,
        "tries": 0,
        "owed_at": stamp(now),
        **kept(retention),
    }
    run(connection, insert(tables.gap).values(row))


def unsettled(
    connection: Connection, *, reason: GapReason | None = None, limit: int = 10_000
) -> list[Gap]:
    """List gaps that are owed or given up, oldest first.

    :param connection: any connection.
    :param reason: why; None for all.
    :param limit: how many at the most.
    """
    gap, open_ones = tables.gap, (GapState.OWED.value, GapState.GIVEN_UP.value)
    query = select(gap).where(gap.c.state.in_(open_ones)).order_by(gap.c.id).limit(limit)
    if reason is not None:
        query = query.where(gap.c.reason == reason.value)
    return [_gap(row) for row in run(connection, query)]


def settle_missing(connection: Connection, id_: int, now: datetime) -> None:
    """Take note that a missing event was told since.

    :param connection: a writing connection of our own.
    :param id_: number of the row.
    :param now: the present time, aware.
    """
    gap = tables.gap
    values = {"state": GapState.SETTLED.value, "tried_at": stamp(now), "event": None}
    statement = update(gap).where(gap.c.id == id_, gap.c.reason == GapReason.MISSING.value)
    run(connection, statement.values(values))


def counts(connection: Connection, log_id: str | None = None) -> dict[GapState, int]:
    """Count gaps by state.

    :param connection: any connection.
    :param log_id: one ledger; None for all.
    :return: number by state; states without any are 0.
    """
    gap = tables.gap
    query = select(gap.c.state, func.count().label("number")).group_by(gap.c.state)
    if log_id is not None:
        query = query.where(gap.c.log_id == log_id)
    found = {GapState(row.state): row.number for row in run(connection, query)}
    return {state: found.get(state, 0) for state in GapState}


def waiting(connection: Connection) -> dict[GapState, int]:
    """Count the gaps that are not settled, by state; those that are may be any number.

    :param connection: any connection.
    """
    gap, open_ones = tables.gap, (GapState.OWED, GapState.GIVEN_UP)
    query = (
        select(gap.c.state, func.count().label("number"))
        .where(gap.c.state.in_([state.value for state in open_ones]))
        .group_by(gap.c.state)
    )
    found = {GapState(row.state): row.number for row in run(connection, query)}
    return {state: found.get(state, 0) for state in open_ones}


def _change(connection: Connection, id_: int, values: Mapping[str, object]) -> bool:
    gap = tables.gap
    statement = update(gap).where(gap.c.id == id_, gap.c.state == GapState.OWED.value)
    return run(connection, statement.values(values)).rowcount == 1


def _gap(row: Any) -> Gap:
    return Gap(
        id=row.id,
        log_id=row.log_id,
        event_key=row.event_key,
        event=row.event or "",
        reason=GapReason(row.reason),
        detail=row.detail,
        tries=row.tries,
    )
