"""Many cases sifted at once in DuckDB: which of them every rule is clear about.

Nothing is asked of a case that is not plain: one with a correction, with an event that waited,
whose evaluation saw less than stands before it, or which is written in another form than ours.
Such cases are named, and those in which a rule says anything but "clear" or "not applicable";
whoever asks asks the closures about them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.rules.bound import BoundRule

from . import sifting_sql as sql
from .judged_entries import JudgedEntry

_QUARTER: Final = timedelta(minutes=15)
_MOMENT: Final = timedelta(microseconds=1)
#: One process asks with one thread: the other half of the cases has a process of its own. Nothing
#: is fetched from anywhere, and nothing that a body holds is written to a file.
_SETTINGS: Final = (
    "SET threads = 1",
    "SET autoinstall_known_extensions = false",
    "SET temp_directory = ''",
    "SET enable_external_access = false",
    "CREATE TEMP TABLE day (quarter VARCHAR, d BIGINT)",
)
_RAW: Final = """CREATE OR REPLACE TEMP TABLE raw AS
SELECT unnest(CAST(? AS BIGINT[])) AS c, unnest(CAST(? AS BIGINT[])) AS r,
  unnest(CAST(? AS VARCHAR[])) AS s, {x} AS x, {w} AS w, unnest(CAST(? AS VARCHAR[])) AS b"""
_DAYS: Final = """INSERT INTO day
SELECT unnest(CAST(? AS VARCHAR[])), unnest(CAST(? AS BIGINT[]))"""


def is_installed() -> bool:
    """Answer whether DuckDB can be had here: it is an extra."""
    return find_spec("duckdb") is not None and find_spec("duckdb_engine") is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """What came of some cases.

    :param live: places of the cases that the closures are asked about.
    :param cases: how many of the others have an event that is clear.
    :param events: their clear events by unit, step and civil day, with their number.
    :param officers: who acted in those events, by civil day.
    """

    live: frozenset[int]
    cases: int = 0
    events: tuple[tuple[str | None, str, date, int], ...] = ()
    officers: tuple[tuple[str, date], ...] = ()


class Sieve:
    """A DuckDB in memory that knows the rules of one back-test; to be closed.

    :param bound: rules with their bindings, as they are asked of events.
    :param zone: the agency's zone.
    :param first: first civil day whose events are judged; None for all.
    :param last: last civil day.
    :raises UnfitError: where something of the rules is not asked in DuckDB.
    """

    def __init__(
        self, bound: Iterable[BoundRule], zone: ZoneInfo, first: date | None, last: date | None
    ) -> None:
        self._zone = zone
        self._engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.StaticPool)
        try:
            self._statements = sql.statements(bound, self._engine.dialect, first, last)
            self._connection = self._engine.connect()
            for setting in _SETTINGS:
                self._connection.exec_driver_sql(setting)
            self._connection.commit()
        except BaseException:
            self._engine.dispose()
            raise

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()
        self._engine.dispose()

    def sifted(self, cases: Sequence[Sequence[JudgedEntry]], waited: frozenset[str]) -> Sifted:
        """Sift some cases.

        :param cases: their entries, in row order.
        :param waited: keys of the events that waited before they were judged.
        :return: what came of them; where DuckDB cannot read them, the closures are asked of all.
        """
        try:
            return self._sifted(cases, waited)
        except (SQLAlchemyError, ValueError, OverflowError):
            self._connection.rollback()
            return Sifted(live=frozenset(range(len(cases))))

    def _sifted(self, cases: Sequence[Sequence[JudgedEntry]], waited: frozenset[str]) -> Sifted:
        run = self._connection.exec_driver_sql
        run(*_raw(cases, waited))
        run(self._statements.parsed)
        quarters = [str(quarter) for quarter in run(sql.QUARTERS).scalars()]
        if quarters:
            run(_DAYS, (quarters, [_day(quarter, self._zone) for quarter in quarters]))
        for statement in self._statements.rest:
            run(statement)
        found = Sifted(
            live=frozenset(run(sql.LIVE).scalars()),
            cases=run(sql.CASES).scalar_one(),
            events=tuple(
                (unit, step, date.fromordinal(day), number)
                for unit, step, day, number in run(sql.COUNTED)
            ),
            officers=tuple((actor, date.fromordinal(day)) for actor, day in run(sql.OFFICERS)),
        )
        self._connection.commit()
        return found


def _raw(
    cases: Sequence[Sequence[JudgedEntry]], waited: frozenset[str]
) -> tuple[str, tuple[list[Any], ...]]:
    """Answer the statement that takes entries in, and its columns; those that say nothing are left
    out, since every value costs its time.
    """
    entries = [entry for case in cases for entry in case]
    places = [place for place, case in enumerate(cases) for _ in case]
    columns: list[list[Any]] = [places, [e.row for e in entries], [e.snapshot for e in entries]]
    given, is_late = "NULL::BIGINT", "FALSE"
    if any(entry.xid is not None for entry in entries):
        given = "unnest(CAST(? AS BIGINT[]))"
        columns.append([entry.xid for entry in entries])
    if waited:
        is_late = "unnest(CAST(? AS BOOLEAN[]))"
        columns.append([entry.key in waited for entry in entries])
    columns.append([entry.body for entry in entries])
    return _RAW.format(x=given, w=is_late), tuple(columns)


def _day(quarter: str, zone: ZoneInfo) -> int | None:
    """Answer the civil day of a quarter of an hour, as a number; None where two are in it.

    :param quarter: ``"2026-03-10T02:1"`` is the second quarter of that hour, in UTC.
    :param zone: the agency's zone.
    """
    try:
        hour = datetime.fromisoformat(f"{quarter[:13]}:00:00").replace(tzinfo=UTC)
        begins = hour + int(quarter[14:]) * _QUARTER
        day, last = civil_day(begins, zone), civil_day(begins + _QUARTER - _MOMENT, zone)
    except (ValueError, OverflowError):
        return None
    return day.toordinal() if day == last else None
