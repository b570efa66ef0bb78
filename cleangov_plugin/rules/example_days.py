"""The working days of an example: Monday to Friday, but for the days it names."""

from datetime import date, timedelta

from .document import Part

_DAY = timedelta(days=1)
_SATURDAY = 5
#: How far a day is looked for: no term of working days is longer than some years.
_FARTHEST = 5_000


class ExampleDays:
    """Working days of an example: Monday to Friday, and the days that differ.

    :param part: its days off and its make-up workdays.
    """

    version = 0

    def __init__(self, part: Part) -> None:
        part.only("off", "work")
        self.off = _days(part, "off")
        self.work = _days(part, "work")

    def working_days_between(self, a: date, b: date) -> int | None:
        """Count working days after `a` up to and including `b`.

        :param a: start, not counted.
        :param b: end, counted.
        """
        first, last = min(a, b), max(a, b)
        number = _weekdays(last) - _weekdays(first)
        number += sum(first < day <= last for day in self.work if day.weekday() >= _SATURDAY)
        number -= sum(first < day <= last for day in self.off - self.work if _is_weekday(day))
        return number if a <= b else -number

    def add_working_days(self, a: date, n: int) -> date | None:
        """Answer the n-th working day after `a`; None where it lies too far off.

        :param a: start, not counted.
        :param n: working days, not negative.
        """
        day = a
        for _ in range(_FARTHEST):
            if n <= 0:
                return day
            day += _DAY
            n -= self.is_working_day(day)
        return None

    def is_working_day(self, day: date) -> bool:
        """Answer whether a day is a working day.

        :param day: the day.
        """
        return day in self.work or (_is_weekday(day) and day not in self.off)


def _is_weekday(day: date) -> bool:
    return day.weekday() < _SATURDAY


def _weekdays(day: date) -> int:
    """Count the days from Monday to Friday since the calendar began, on a Monday."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * _SATURDAY + min(rest, _SATURDAY)


def _days(part: Part, key: str) -> set[date]:
    days = (Part({key: text}, part.path).day(key) for text in part.texts(key))
    return {day for day in days if day is not None}
