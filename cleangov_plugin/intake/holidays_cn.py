"""Statutory working days of a country, from the optional `holidays` package."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

from cleangov_plugin.domain.errors import IntakeError

#: Last year with an official notice of the State Council's office in the package's data. Later
#: days are computed from the Holiday Measures and guess at compensation and make-up days.
_LAST_NOTICE: Final = {"CN": 2026}
_FIRST_YEAR: Final = 1950
_LAST_YEAR: Final = 2100


class CalendarDay(NamedTuple):
    """One day of a calendar.

    :param date: the day.
    :param is_working: whether it is a working day; make-up workdays (调休) are.
    :param is_provisional: whether no official notice fixes it yet.
    :param label: what the day is called, in the country's language; empty for ordinary days.
    """

    date: date
    is_working: bool
    is_provisional: bool
    label: str


def calendar_days(country: str, years: Iterable[int]) -> list[CalendarDay]:
    """Answer every day of the given years with its kind.

    :param country: ISO 3166 code, ``"CN"``.
    :param years: the years, in any order.
    :return: one row a day, in order.
    :raises IntakeError: if the package is missing, or knows no such country or year.
    """
    wanted = sorted(set(years))
    for year in wanted:
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise IntakeError(f"no calendar for the year {year}.", where="calendar", remedy=_RANGE)
    try:
        import holidays
    except ImportError as problem:
        raise IntakeError(
            "working days need the package 'holidays', which is not installed.",
            where=f"calendar {country}",
            remedy="Install the extra: pip install 'cleangov-plugin[calendars]'.",
        ) from problem
    return list(_known_days(holidays.country_holidays, country, tuple(wanted)))


@lru_cache(maxsize=32)
def _known_days(
    country_holidays: Callable[..., Any], country: str, years: tuple[int, ...]
) -> tuple[CalendarDay, ...]:
    """Ask the package, once in a process: each start and each agency wants the same years."""
    try:
        known = country_holidays(country, years=years, expand=False)
    except (NotImplementedError, KeyError) as problem:
        raise IntakeError(
            f"the package 'holidays' knows no country '{country}'.",
            where=f"calendar {country}",
            remedy="Use an ISO 3166 code, or load the days from a file.",
        ) from problem
    last = _LAST_NOTICE.get(country)
    return tuple(
        CalendarDay(
            date=day,
            is_working=bool(known.is_working_day(day)),
            is_provisional=last is not None and year > last,
            label=str(known.get(day) or ("调休上班" if day in known.weekend_workdays else "")),
        )
        for year in years
        for day in _days_of(year)
    )


_RANGE: Final = f"Years run from {_FIRST_YEAR} to {_LAST_YEAR}."


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=i) for i in range((date(year + 1, 1, 1) - first).days)]
