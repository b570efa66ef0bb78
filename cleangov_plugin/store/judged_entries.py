"""Reading what was judged, case by case, with what each evaluation could see."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, func, select, tuple_

from . import tables
from .knowledge import WAITED
from .run import is_sqlite, plain_rows, run

_SLICE: Final = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """Which entries were there for good when a reading began: the same ones at each repetition.

    :param last_row: on SQLite, the last row.
    :param before_xid: on PostgreSQL, the first transaction that had not ended: rows are numbered
        before they are committed, so a number says nothing there.
    :param seen_xid: on PostgreSQL, the first that had not begun: while one is open for long, those
        that came after it can have ended, and have been seen by entries up to here.
    """

    last_row: int | None = None
    before_xid: int | None = None
    seen_xid: int | None = None

    @property
    def is_even(self) -> bool:
        """Answer whether nothing is read but what was there for good."""
        return self.seen_xid in (None, self.before_xid)

    def holds(self, entry: "JudgedEntry") -> bool:
        """Answer whether an entry was there for good; others are read for who saw them.

        :param entry: an entry that was read within this.
        """
        return self.before_xid is None or entry.xid is None or entry.xid < self.before_xid


_OPEN: Final = (
    "SELECT CAST(pg_snapshot_xmin(s) AS text), CAST(pg_snapshot_xmax(s) AS text)"
    " FROM pg_current_snapshot() AS s"
)
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

    @property
    def has_waited(self) -> bool:
        """Answer whether it waited before it was judged: what was recorded later was not known."""
        return self.snapshot.endswith(WAITED)


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
    row = connection.exec_driver_sql(_OPEN).one()
    return Horizon(before_xid=int(row[0]), seen_xid=int(row[1]))


def judged_entries(
    connection: Connection,
    log_id: str,
    kinds: Iterable[str] | None,
    within: Horizon,
    cases: tuple[str | None, str | None] = (None, None),
) -> Iterator[JudgedEntry]:
    """Answer the entries of some kinds and all corrections, case by case and in row order.

    While a transaction was open, there are some among them that `Horizon.holds` does not hold: an
    entry that it holds can have seen them.

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
    query = select(func.count()).where(tables.entry.c.log_id == log_id, _is_held(within))
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
        .where(entry.c.log_id == log_id, _is_held(within))
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
        .where(entry.c.log_id == log_id, _is_held(within, within.seen_xid))
        .order_by(entry.c.subject, entry.c.id)
        .limit(_SLICE)
    )


def _is_held(within: Horizon, before_xid: int | None = None) -> "ColumnElement[bool]":
    entry = tables.entry
    if within.before_xid is not None:
        return entry.c.xid < (before_xid or within.before_xid)
    return entry.c.id <= (within.last_row or 0)
