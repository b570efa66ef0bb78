"""Working days with their running numbers, in versions: no version is ever changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final, Protocol

from sqlalchemy import Connection, func, insert, select

from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.ledger.instants import stamp

from . import rulebook, tables
from .run import Row, may_read, run

#: What is kept of a day.
_COLUMNS: Final = ("day_on", "is_working", "ordinal", "is_provisional", "label")


class Day(Protocol):
    """One day, as the intake reads it."""

    @property
    def date(self) -> date:
        """Answer the day."""

    @property
    def is_working(self) -> bool:
        """Answer whether it is a working day."""

    @property
    def is_provisional(self) -> bool:
        """Answer whether no official notice fixes it yet."""

    @property
    def label(self) -> str:
        """Answer what the day is called; empty for ordinary days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCalendar:
    """One version as `calendar.working.Calendar` takes it.

    :param version: number of the version.
    :param first: the first day.
    :param ordinals: working days up to and including each day.
    :param provisional_years: years without an official notice.
    """

    version: int
    first: date
    ordinals: Sequence[int]
    provisional_years: frozenset[int]


def store(
    connection: Connection, log_id: str, days: Iterable[Day], *, source: str, now: datetime
) -> int:
    """Store days as a new version, unless the newest version holds the very same.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param days: consecutive days, in order.
    :param source: where they come from, for example ``"holidays CN"``.
    :param now: the present time, aware.
    :return: number of the version that holds them.
    :raises CleanGovError: where there is no day, or one is left out.
    """
    rows = _numbered(days)
    newest = _newest(connection, log_id)
    if newest and _stored(connection, log_id, newest, _COLUMNS) == rows:
        return newest
    version = newest + 1
    keys = {"scope": log_id, "version": version}
    head = {**keys, "made_at": stamp(now), "source": source}
    run(connection, insert(tables.calendar_version).values(head))
    run(
        connection,
        insert(tables.calendar_day),
        [{**keys, **dict(zip(_COLUMNS, row, strict=True))} for row in rows],
    )
    rulebook.bump(connection, log_id, calendar=version - rulebook.revisions(connection, log_id)[1])
    return version


def load(connection: Connection, log_id: str, version: int | None = None) -> StoredCalendar | None:
    """Load one version.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param version: its number; None for the newest.
    :return: the calendar; None where there is none.
    """
    wanted = _newest(connection, log_id) if version is None else version
    rows = _stored(connection, log_id, wanted, ("day_on", "ordinal", "is_provisional"))
    if not rows:
        return None
    return StoredCalendar(
        version=wanted,
        first=date.fromisoformat(rows[0][0]),
        ordinals=tuple(ordinal for _, ordinal, _ in rows),
        provisional_years=frozenset(
            int(day[:4]) for day, _, is_provisional in rows if is_provisional
        ),
    )


def may_be_read(connection: Connection) -> bool:
    """Answer whether this account may read days: a sealer under guards of before may not.

    :param connection: any connection.
    """
    head, day = tables.calendar_version, tables.calendar_day
    return may_read(connection, head, "source") and may_read(connection, day, "day_on")


def years(connection: Connection, log_id: str) -> Iterator[tuple[int, str, Row]]:
    """Go through all that is kept of every version, year by year, as the rows stand.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :return: the version, the year's four digits, and head and days of it; a head without days
        comes under an empty year, and days without a head come with None instead of it.
    """
    head, day = tables.calendar_version, tables.calendar_day
    heads = {
        row.version: [row.made_at, row.source]
        for row in run(connection, select(head).where(head.c.scope == log_id))
    }
    query = select(day.c.version, *(day.c[name] for name in _COLUMNS)).where(day.c.scope == log_id)
    rows = run(connection, query.order_by(day.c.version, day.c.day_on)).all()
    dayless = dict(heads)
    for (version, year), days in groupby(rows, key=lambda row: (row.version, str(row.day_on)[:4])):
        dayless.pop(version, None)
        yield version, year, {"head": heads.get(version), "days": [list(row[1:]) for row in days]}
    for version, said in dayless.items():
        yield version, "", {"head": said, "days": []}


def labels(
    connection: Connection, log_id: str, version: int, first: date, last: date
) -> dict[date, str]:
    """Answer what days are called, for texts that show a term's days off.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param version: version of the calendar.
    :param first: first day.
    :param last: last day.
    :return: label by day; ordinary days are left out.
    """
    table = tables.calendar_day
    query = select(table.c.day_on, table.c.label).where(
        table.c.scope == log_id,
        table.c.version == version,
        table.c.day_on.between(first.isoformat(), last.isoformat()),
        table.c.label != "",
    )
    return {date.fromisoformat(row.day_on): row.label for row in run(connection, query)}


def _newest(connection: Connection, log_id: str) -> int:
    table = tables.calendar_version
    query = select(func.max(table.c.version)).where(table.c.scope == log_id)
    return run(connection, query).scalar() or 0


def _stored(
    connection: Connection, log_id: str, version: int, columns: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Read a version as plain rows, in order of its days: it is read at each start of a process."""
    table = tables.calendar_day
    query = select(*(table.c[name] for name in columns)).where(
        table.c.scope == log_id, table.c.version == version
    )
    return [tuple(row) for row in run(connection, query.order_by(table.c.day_on)).all()]


def _numbered(days: Iterable[Day]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    ordinal, expected = 0, None
    for day in days:
        if expected is not None and day.date != expected:
            what = f"{expected} is left out."
            raise CleanGovError(what, where="calendar", remedy="Give every day, in order.")
        expected = day.date + timedelta(days=1)
        ordinal += day.is_working
        kind = (day.is_working, ordinal, day.is_provisional, day.label)
        rows.append((day.date.isoformat(), *kind))
    if not rows:
        raise CleanGovError("a calendar needs at least one day.", where="calendar")
    return rows
