"""Reading what was judged, case by case, with what each evaluation could see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select, tuple_

from . import tables
from .gaps import FINDING, GapState
from .run import is_sqlite, plain_rows, run

_SLICE: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """Which entries were there for good when a reading began: the same ones at each repetition.

    :param last_row: on SQLite, the last row.
    :param before_xid: on PostgreSQL, the first transaction that had not ended: rows are numbered
        before they are committed, so a number says nothing there.
    """

    last_row: int | None = None
    before_xid: int | None = None


#: All that the reading transaction sees: for what is counted once and never repeated.
ALL_SEEN: Final = Horizon(last_row=2**63 - 1)


class JudgedEntry(NamedTuple):
    """One entry.

    :param subject: its case.
    :param row: number of its row.
    :param key: key of its event.
    :param body: its body.
    :param snapshot: what its evaluation could see.
    :param xid: on PostgreSQL, the transaction that wrote it.
    :param fact_values: JSON of the values that hits and unknowns were made from.
    """

    subject: str
    row: int
    key: str
    body: str
    snapshot: str
    xid: int | None
    fact_values: str | None


#: Makes one of a row of the driver's; `JudgedEntry._make` does the same in three times the time.
_made: Final = partial(tuple.__new__, JudgedEntry)


def horizon(connection: Connection, log_id: str) -> Horizon:
    """Answer up to where a ledger can be read again and again.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    """
    entry = tables.entry
    if is_sqlite(connection):
        last = select(func.coalesce(func.max(entry.c.id), 0)).where(entry.c.log_id == log_id)
        return Horizon(last_row=int(run(connection, last).scalar_one()))
    first_open: ColumnElement[int] = literal_column(
        "CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)"
    )
    return Horizon(before_xid=int(run(connection, select(first_open)).scalar_one()))


def judged_entries(
    connection: Connection,
    log_id: str,
    kinds: Iterable[str] | None,
    within: Horizon,
    cases: tuple[str | None, str | None] = (None, None),
) -> Iterator[JudgedEntry]:
    """Answer the entries of some kinds and all corrections, case by case and in row order.

    :param connection: any connection; no transaction need be held over the whole reading.
    :param log_id: the agency's ledger.
    :param kinds: kinds of event; None for every kind.
    :param within: up to where to read.
    :param cases: the first case, and the first that is left out; None bounds nothing.
    """
    entry = tables.entry
    query = _query(log_id, within)
    since, until = cases
    if since is not None:
        query = query.where(entry.c.subject >= since)
    if until is not None:
        query = query.where(entry.c.subject < until)
    if kinds is not None:
        query = query.where(entry.c.kind.in_(sorted(kinds)) | entry.c.supersedes.is_not(None))
    after: tuple[Any, ...] | None = None
    while True:
        more = query if after is None else query.where(tuple_(entry.c.subject, entry.c.id) > after)
        rows = plain_rows(connection, more)
        yield from map(_made, rows)
        if len(rows) < _SLICE:
            return
        after = rows[-1][:2]


def number_within(connection: Connection, log_id: str, within: Horizon) -> int:
    """Count the entries of a ledger up to a horizon, for progress.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param within: up to where.
    """
    query = select(func.count()).where(tables.entry.c.log_id == log_id, _is_within(within))
    return int(run(connection, query).scalar_one())


def middle(connection: Connection, log_id: str, within: Horizon, number: int) -> str | None:
    """Answer the case that stands in the middle, so that half of the entries come before it.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param within: up to where.
    :param number: entries up to there.
    """
    entry = tables.entry
    query = (
        select(entry.c.subject)
        .where(entry.c.log_id == log_id, _is_within(within))
        .order_by(entry.c.subject)
        .offset(number // 2)
        .limit(1)
    )
    found: str | None = run(connection, query).scalar()
    return found


def _query(log_id: str, within: Horizon) -> "Select[Any]":
    entry = tables.entry
    columns = ("subject", "id", "event_key", "body", "snapshot", "xid", "fact_values")
    return (
        select(*(entry.c[name] for name in columns))
        .where(entry.c.log_id == log_id, _is_within(within))
        .order_by(entry.c.subject, entry.c.id)
        .limit(_SLICE)
    )


def _is_within(within: Horizon) -> "ColumnElement[bool]":
    entry = tables.entry
    if within.before_xid is not None:
        return entry.c.xid < within.before_xid
    return entry.c.id <= (within.last_row or 0)


def waited(connection: Connection, log_id: str) -> frozenset[str]:
    """Answer the events that waited before they were judged, by key.

    One that is owed for its finding alone was judged at once.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    """
    gap = tables.gap
    query = select(gap.c.event_key).where(
        gap.c.log_id == log_id,
        gap.c.state == GapState.SETTLED.value,
        gap.c.event_key.is_not(None),
        gap.c.detail != FINDING,
    )
    return frozenset(run(connection, query).scalars())
