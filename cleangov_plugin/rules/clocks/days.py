"""Which days count for certain, and which only perhaps: years without an official notice."""

from datetime import date, timedelta
from enum import Enum
from typing import Final, Protocol

_DAY: Final = timedelta(days=1)
#: How far from a weekday off a notice has moved a weekday off, and a make-up workday. The notices
#: of the State Council's office for 2024 to 2026 stay within 4 and 10 days of the legal holidays.
_NEAR_WEEKDAY: Final = 7
_NEAR_WEEKEND: Final = 14
_SATURDAY: Final = 5


class DaysLike(Protocol):
    """What a clock asks of a calendar."""

    def is_working_day(self, d: date) -> bool | None:
        """Answer whether a day is a working day; None outside the days known.

        :param d: the day.
        """

    def is_provisional(self, a: date, b: date) -> bool:
        """Answer whether a span touches a year whose working days are not official yet.

        :param a: one end.
        :param b: the other end.
        """


class Kind(Enum):
    """What is known of a day."""

    WORKING = "working"
    OFF = "off"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


class Days:
    """A calendar, read so that nothing is guessed.

    In a provisional year only what no notice has ever changed is certain: a weekday far from every
    holiday is worked on, a weekend far from every holiday is not. Near a holiday a day may become
    a day off or a make-up workday (Holiday Measures of 2024, Arts 6 and 7).

    :param calendar: the authority's calendar; None where it has none.
    """

    def __init__(self, calendar: DaysLike | None) -> None:
        self._calendar = calendar
        self._known: dict[date, Kind] = {}
        self._shown: dict[int, bool] = {}

    def kind(self, day: date) -> Kind:
        """Answer what is known of a day.

        :param day: the day.
        """
        if day not in self._known:
            self._known[day] = self._look(day)
        return self._known[day]

    def is_holiday(self, day: date) -> bool:
        """Answer whether a day off belongs to a holiday: a stretch off with a weekday in it.

        :param day: a day off.
        """
        return any(
            each.weekday() < _SATURDAY
            for step in (_DAY, -_DAY)
            for each in self._stretch(day, step)
        )

    def _stretch(self, day: date, step: timedelta) -> list[date]:
        found: list[date] = []
        while self.kind(day) in (Kind.OFF, Kind.UNSURE) and len(found) < _NEAR_WEEKEND * 2:
            found.append(day)
            day += step
        return found

    def _look(self, day: date) -> Kind:
        is_working = None if self._calendar is None else self._calendar.is_working_day(day)
        if self._calendar is None or is_working is None:
            return Kind.UNKNOWN
        if not self._calendar.is_provisional(day, day):
            return Kind.WORKING if is_working else Kind.OFF
        is_weekday = day.weekday() < _SATURDAY
        if self._is_near_a_holiday(day, _NEAR_WEEKDAY if is_weekday else _NEAR_WEEKEND):
            return Kind.UNSURE
        return Kind.WORKING if is_weekday else Kind.OFF

    def _is_near_a_holiday(self, day: date, most: int) -> bool:
        if self._calendar is None or not self._has_holidays(day.year):
            return True
        for away in range(-most, most + 1):
            other = day + away * _DAY
            is_working = self._calendar.is_working_day(other)
            if is_working is None or (not is_working and other.weekday() < _SATURDAY):
                return True
        return False

    def _has_holidays(self, year: int) -> bool:
        """Whether the year shows any holiday: one without tells nothing about its days."""
        if year not in self._shown:
            days = (date(year, 1, 1) + n * _DAY for n in range(365))
            self._shown[year] = self._calendar is not None and any(
                self._calendar.is_working_day(day) is False and day.weekday() < _SATURDAY
                for day in days
            )
        return self._shown[year]
