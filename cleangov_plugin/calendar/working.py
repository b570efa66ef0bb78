"""Working days by a running number: one subtraction counts them, one search adds them."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """One version of an authority's working days. Make-up workdays (调休) are working days.

    :param version: number of this version; kept with every evaluation.
    :param first: the first day known.
    :param ordinals: ``ordinals[i]`` is the number of working days from `first` up to and
        including day ``first + i``.
    :param provisional_years: years for which no official notice exists yet.
    """

    version: int
    first: date
    ordinals: Sequence[int]
    provisional_years: frozenset[int] = frozenset()

    def is_working_day(self, d: date) -> bool | None:
        """Answer whether a day is a working day; None outside the days known.

        :param d: the day.
        """
        today, yesterday = self._ordinal(d), self._ordinal(d - _DAY)
        if today is None or yesterday is None or d < self.first:
            return None
        return today > yesterday

    def working_days_between(self, a: date, b: date) -> int | None:
        """Count working days after `a` up to and including `b`: the day after start is day 1.

        :param a: start; not counted (Penalty Law Art 85, Order 55 Art 45).
        :param b: end; counted.
        :return: working days, negative where `b` is before `a`; None outside the days known.
        """
        start, end = self._ordinal(a), self._ordinal(b)
        return None if start is None or end is None else end - start

    def add_working_days(self, a: date, n: int) -> date | None:
        """Answer the n-th working day after a day (before it, for a negative n).

        :param a: start; not counted.
        :param n: working days; 0 answers `a` itself.
        :return: a working day; None outside the days known.
        """
        start = self._ordinal(a)
        if start is None or n == 0:
            return None if start is None else a
        if n < 0 and not self.is_working_day(a):
            start += 1  # counting back from a day off, the working day before it is the first
        wanted = start + n
        if not 1 <= wanted <= self.ordinals[-1]:
            return None
        return self.first + timedelta(days=bisect_left(self.ordinals, wanted))

    def is_provisional(self, a: date, b: date) -> bool:
        """Answer whether a span touches a year whose working days are not official yet.

        :param a: one end.
        :param b: the other end.
        """
        years = range(min(a, b).year, max(a, b).year + 1)
        return any(year in self.provisional_years for year in years)

    def _ordinal(self, d: date) -> int | None:
        position = (d - self.first).days
        if position == -1:
            return 0
        return self.ordinals[position] if 0 <= position < len(self.ordinals) else None


def roll_to_working_day(calendar: Calendar, d: date) -> date | None:
    """Move a last day that is a day off to the first working day after it.

    MOHURD Order 55 (2022) Art 45: a term that ends on a statutory holiday ends on the first day
    after the holiday.

    :param calendar: the authority's calendar.
    :param d: the last day as counted.
    :return: `d` or a later day; None outside the days known.
    """
    is_working = calendar.is_working_day(d)
    while is_working is False:
        d += _DAY
        is_working = calendar.is_working_day(d)
    return None if is_working is None else d
