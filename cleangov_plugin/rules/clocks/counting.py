"""Counting a term in two readings: the earliest end that is possible, and the latest.

Where everything is known both agree. A day that may or may not be worked on counts in the earliest
reading alone; a pause that may not stand stops the latest reading alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from .days import Days, Kind
from .model import Clock, Roll, Unit

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)
#: No term of at most 2,000 working days with its extensions reaches farther.
_FARTHEST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Span:
    """A span that does not count.

    :param begins: its beginning, aware.
    :param ends: its end; None while it lasts.
    :param is_sure: whether it stands for certain.
    """

    begins: datetime
    ends: datetime | None
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Reached:
    """Where a count gets to.

    :param first: the first moment at which the length is counted.
    :param over: the first moment after the term.
    """

    first: datetime
    over: datetime


class Count:
    """One reading of one run of a clock.

    :param clock: the clock.
    :param start: the moment it starts, aware.
    :param spans: what does not count.
    :param days: the authority's days.
    :param zone: its zone.
    :param is_latest: which of the two readings.
    """

    def __init__(
        self,
        clock: Clock,
        start: datetime,
        spans: list[Span],
        days: Days,
        zone: ZoneInfo,
        *,
        is_latest: bool,
    ) -> None:
        self._clock, self._start, self._days, self._zone = clock, start, days, zone
        self._spans = [span for span in spans if is_latest or span.is_sure]
        self._is_latest = is_latest
        self.is_in_hours = clock.unit is Unit.WORKING_HOURS
        #: Every day counts: then it is reckoned, and not gone through.
        self._is_plain = clock.unit is Unit.CIVIL_DAYS and not self._spans
        #: Years whose days were wanted and are not known or not official.
        self.unsure_years: set[int] = set()

    def reach(self, length: int) -> Reached | None:
        """Answer where a length is reached; None where that cannot be said (yet).

        :param length: in the clock's unit.
        """
        return self._reach(self._fine(length))

    def mark(self, length: int, share: int) -> Reached | None:
        """Answer where a share of a length is certainly reached; None as with `reach`.

        :param length: in the clock's unit.
        :param share: in percent.
        """
        return self._reach(-(-self._fine(length) * share // 100))

    def _fine(self, length: int) -> int:
        """Answer a length as it is counted: in days, or in seconds of a term in hours."""
        return length * 3_600 if self.is_in_hours else length

    def _reach(self, wanted: int) -> Reached | None:
        if self._is_plain:
            begins = self._midnight(self._day(self._start) + wanted * _DAY)
            return self._at_end(begins)
        for begins, _ends, size in self._pieces(None):
            if size < wanted:
                wanted -= size
                continue
            if self.is_in_hours:
                at = begins + wanted * _SECOND
                return Reached(at, at)
            return self._at_end(begins)
        return None

    def _at_end(self, begins: datetime) -> Reached | None:
        last = self._rolled(self._day(begins))
        return None if last is None else Reached(begins, self._midnight(last + _DAY))

    def counted(self, until: datetime) -> int:
        """Answer how much is counted at a moment: days, or seconds of a term in hours.

        :param until: the moment, aware.
        """
        if self._is_plain:
            return max(0, (self._day(until) - self._day(self._start)).days)
        number = 0
        for begins, _ends, size in self._pieces(until):
            if begins > until:
                break
            number += min(size, (until - begins) // _SECOND) if self.is_in_hours else size
        return number

    def _pieces(self, until: datetime | None) -> Iterator[tuple[datetime, datetime, int]]:
        """Yield what counts, in order: begin, end, and how much it counts."""
        day = self._start.astimezone(self._zone).date()
        for _ in range(_FARTHEST):
            at = self._midnight(day)
            if (until is not None and at > until) or self._is_never_over(at):
                return
            does_count = self._counts(day)
            if does_count is None:
                return
            if does_count and self.is_in_hours:
                yield from self._windows(day)
            elif does_count and at > self._start and not self._is_paused_on(day):
                yield at, self._midnight(day + _DAY), 1
            day += _DAY

    def _windows(self, day: date) -> Iterator[tuple[datetime, datetime, int]]:
        for opens, closes in self._clock.hours:
            begins = max(self._at(day, opens), self._start)
            ends = self._at(day, closes)
            for span in sorted(self._spans, key=lambda each: each.begins):
                if begins < span.begins < ends:
                    yield begins, span.begins, (span.begins - begins) // _SECOND
                if span.begins < ends and (span.ends is None or span.ends > begins):
                    begins = ends if span.ends is None else max(begins, span.ends)
            if begins < ends:
                yield begins, ends, (ends - begins) // _SECOND

    def _is_never_over(self, at: datetime) -> bool:
        return any(span.ends is None and span.begins < at for span in self._spans)

    def _is_paused_on(self, day: date) -> bool:
        """Whether a day is left out: those after the first of a span, up to and with its last.

        So the day of an event is counted neither twice nor not at all, as at the start of a term.
        """
        return any(
            self._day(span.begins) < day and (span.ends is None or day <= self._day(span.ends))
            for span in self._spans
        )

    def _counts(self, day: date) -> bool | None:
        """Whether a day counts; None where nobody can say and this reading needs to know."""
        if self._clock.unit is Unit.CIVIL_DAYS:
            return True
        kind = self._days.kind(day)
        if kind in (Kind.UNSURE, Kind.UNKNOWN):
            self.unsure_years.add(day.year)
            if self._is_latest:
                return None if kind is Kind.UNKNOWN else False
            return True
        return kind is Kind.WORKING

    def _rolled(self, day: date) -> date | None:
        if self._clock.roll is Roll.NONE:
            return day
        for _ in range(_FARTHEST):
            kind = self._days.kind(day)
            if kind in (Kind.UNSURE, Kind.UNKNOWN):
                self.unsure_years.add(day.year)
                if not self._is_latest:
                    return day
                if kind is Kind.UNKNOWN:
                    return None
            if kind is Kind.WORKING:
                return day
            is_plain = self._clock.roll is Roll.HOLIDAYS and not self._days.is_holiday(day)
            if is_plain and kind is Kind.OFF:
                return day
            day += _DAY
        return None

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()

    def _midnight(self, day: date) -> datetime:
        return self._at(day, time())

    def _at(self, day: date, hour: time) -> datetime:
        local = datetime.combine(day, hour, self._zone)
        return local.astimezone(_UTC)


_UTC: Final = ZoneInfo("UTC")
