"""Many cases sifted at once in DuckDB: which of them every rule is clear about.

Nothing is asked of a case that is not plain: one with a correction, with an event that waited,
whose evaluation saw less than stands before it, or which is written in another form than ours.
Such cases are named, and those in which a rule says anything but "clear" or "not applicable";
whoever asks asks the closures about them.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from cleangov_plugin.calendar import Calendar
from cleangov_plugin.rules.bound import BoundRule

from . import sieve_sql as sql
from .judged_entries import JudgedEntry
from .sieve_entries import Days, plain_events
from .sieve_fields import Events, numbered

#: One process asks with one thread: the other half of the cases has a process of its own. Nothing
#: is fetched from anywhere, and nothing that a body holds is written to a file.
_SETTINGS: Final = (
    "SET threads = 1",
    "SET autoinstall_known_extensions = false",
    "SET temp_directory = ''",
    "SET enable_external_access = false",
)


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


def _counted(calendar: Calendar | None) -> tuple[str, str]:
    """Write the civil days that a calendar knows, and how many working days there were by each."""
    if calendar is None:
        return "[]", "[]"
    counted = [0, *calendar.ordinals]  # the day before the first is known as well
    before = calendar.first.toordinal() - 1
    return json.dumps([*range(before, before + len(counted))]), json.dumps(counted)


class Sieve:
    """A DuckDB in memory that knows the rules of one back-test; to be closed.

    :param bound: rules with their bindings, as they are asked of events.
    :param zone: the agency's zone.
    :param first: first civil day whose events are judged; None for all.
    :param last: last civil day.
    :param calendar: the agency's working days; None where it has none.
    :raises UnfitError: where something of the rules is not asked in DuckDB.
    """

    def __init__(
        self,
        bound: Iterable[BoundRule],
        zone: ZoneInfo,
        first: date | None = None,
        last: date | None = None,
        *,
        calendar: Calendar | None = None,
    ) -> None:
        self._days = Days(zone)
        self._first = (first or date.min).toordinal()
        self._last = (last or date.max).toordinal()
        self._engine = sa.create_engine("duckdb:///:memory:", poolclass=sa.StaticPool)
        try:
            self._statements = sql.statements(bound, self._engine.dialect)
            self._connection = self._engine.connect()
            for setting in _SETTINGS:
                self._connection.exec_driver_sql(setting)
            self._connection.exec_driver_sql(sql.DAYS_TAKEN, _counted(calendar))
            self._connection.commit()
        except BaseException:
            self._engine.dispose()
            raise

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()
        self._engine.dispose()

    def sifted(self, cases: Sequence[Sequence[JudgedEntry]]) -> Sifted:
        """Sift some cases.

        :param cases: their entries, in row order.
        :return: what came of them; where DuckDB cannot read them, the closures are asked of all.
        """
        try:
            return self._sifted(cases)
        except (SQLAlchemyError, ValueError, OverflowError):
            self._connection.rollback()
            return Sifted(live=frozenset(range(len(cases))))

    def _sifted(self, cases: Sequence[Sequence[JudgedEntry]]) -> Sifted:
        run, asked = self._connection.exec_driver_sql, self._statements
        past, judged, live = self._read(cases)
        run(asked.past, asked.past_fields.columns_of(past))
        run(asked.judged, asked.judged_fields.columns_of(judged))
        for statement in asked.rest:
            run(statement)
        found = Sifted(
            live=live.union(run(sql.LIVE).scalars()),
            cases=run(sql.CASES).scalar_one(),
            events=tuple(
                (unit, step, date.fromordinal(day), number)
                for unit, step, day, number in run(sql.COUNTED)
            ),
            officers=tuple((actor, date.fromordinal(day)) for actor, day in run(sql.OFFICERS)),
        )
        self._connection.commit()
        return found

    def _read(
        self, cases: Sequence[Sequence[JudgedEntry]]
    ) -> tuple[Events, Events, frozenset[int]]:
        """Answer the events that are looked back at, those that are judged, and cases not plain."""
        past, judged = Events(), Events()
        live, kinds, history = [], self._statements.kinds, self._statements.history
        first, last = self._first, self._last
        for place, entries in enumerate(cases):
            events = plain_events(entries, self._days)
            if events is None:
                live.append(place)
                continue
            before = len(judged.kinds)
            for position, (day, _, row, kind, body) in enumerate(events):
                if (kinds is None or kind in kinds) and first <= day <= last:
                    judged.add(numbered(place, row, position, day), kind, body)
            if len(judged.kinds) == before:
                continue
            for position, (day, _, row, kind, body) in enumerate(events):
                if kind in history:
                    past.add(numbered(place, row, position, day), kind, body)
        return past, judged, frozenset(live)
