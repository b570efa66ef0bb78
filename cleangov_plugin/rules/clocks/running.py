"""What a clock says of a case at a moment: pure, from the events and the calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from cleangov_plugin.domain.record import Record

from .counting import Count, Reached
from .days import Days, DaysLike
from .gathering import Gathered, Remark, gather
from .model import Clock

__all__ = ("Due", "Remark", "Run", "State", "runs_of")

#: Shares of a term, in percent, at which somebody is warned.
WARNINGS: Final = (70, 90)
_TICK: Final = timedelta(microseconds=1)


class State(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Due:
    """When a term is over: one moment, or a range where something is not known.

    :param earliest: the first moment at which it may be over, aware, UTC.
    :param latest: the first moment at which it is over for certain; None where nobody can say.
    :param zone: the authority's zone.
    """

    earliest: datetime
    latest: datetime | None
    zone: ZoneInfo

    @property
    def first_day(self) -> date:
        """Answer the earliest last day."""
        return (self.earliest - _TICK).astimezone(self.zone).date()

    @property
    def last_day(self) -> date | None:
        """Answer the latest last day; None where nobody can say."""
        return None if self.latest is None else (self.latest - _TICK).astimezone(self.zone).date()

    @property
    def is_range(self) -> bool:
        """Answer whether it is no single moment."""
        return self.earliest != self.latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of a clock in a case.

    :param part: its number in the case, from 1.
    :param state: where it stands.
    :param started_at: when it started.
    :param started_by: id of the event it started with.
    :param ended_at: when it ended; None while it lasts.
    :param length: the term with what certainly extends it, in the clock's unit.
    :param due: when it is over; None while it is paused.
    :param used: share of the term that is certainly used, in percent, rounded down.
    :param warning: the highest of 70 and 90 that is certainly reached; else 0.
    :param is_overdue: whether the term is over, or was at its end; None where nobody can say.
    :param missing: what would have to be known to say it.
    :param remarks: steps that did not do what they were meant to.
    :param next_at: when it will say something else though nothing happens; None for never.
    """

    part: int
    state: State
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    length: int
    due: Due | None
    used: int
    warning: int
    is_overdue: bool | None
    missing: tuple[str, ...]
    remarks: tuple[Remark, ...]
    next_at: datetime | None


def runs_of(
    clock: Clock,
    records: Iterable[Record],
    *,
    calendar: DaysLike | Days | None,
    zone: ZoneInfo,
    now: datetime,
) -> tuple[Run, ...]:
    """Answer what a clock says of a case.

    :param clock: the clock.
    :param records: the case's events, in any order; those that another one supersedes, and those
        after `now`, are left out.
    :param calendar: the authority's calendar, or its days as they were read for another case; None
        where it has none.
    :param zone: its zone, in which days are counted.
    :param now: the moment asked about, aware.
    :return: the runs, in order; none where the clock has not started.
    """
    days = calendar if isinstance(calendar, Days) else Days(calendar)
    found: list[Run] = []
    for gathered in gather(clock, records, zone, now):
        found.append(_Run(clock, gathered, days, zone, now).answer(len(found) + 1))
    return tuple(found)


class _Run:
    """The two readings of one run."""

    def __init__(
        self, clock: Clock, gathered: Gathered, days: Days, zone: ZoneInfo, now: datetime
    ) -> None:
        self.clock, self.gathered, self.zone = clock, gathered, zone
        self.end = gathered.stop.occurred_at if gathered.stop is not None else None
        self.until = now if self.end is None else self.end
        self.now = now
        self.counts = [
            Count(clock, gathered.started_at, gathered.spans, days, zone, is_latest=is_latest)
            for is_latest in (False, True)
        ]
        self.missing = list(gathered.missing)
        self._extend()

    def _extend(self) -> None:
        """Take the extensions in order; one decided after the term no longer makes it longer."""
        self.lengths = [self.clock.length, self.clock.length]
        self.remarks = list(self.gathered.remarks)
        for each in self.gathered.extensions:
            first, last = self._reached()
            if last is not None and each.at >= last.over:
                self.remarks.append(Remark("too_late", each.id, each.event_id))
                continue
            is_sure = each.missing is None and (first is None or each.at < first.over)
            self.lengths[0] += each.least if is_sure else 0
            self.lengths[1] += each.most
            if each.missing is not None:
                self.missing.append(each.missing)

    def _reached(self) -> tuple[Reached | None, Reached | None]:
        first, last = (
            count.reach(length) for count, length in zip(self.counts, self.lengths, strict=True)
        )
        return first, last

    def answer(self, part: int) -> Run:
        first, last = self._reached()
        latest = None if last is None else last.over
        due = None if first is None else Due(first.over, latest, self.zone)
        length = self.lengths[1]
        needs_hours = self.counts[1].is_in_hours
        if needs_hours and self.gathered.is_coarse:
            self.missing.append("time of day")
            due = None
        is_coarse = needs_hours and self.gathered.is_coarse
        counted = 0 if is_coarse else self.counts[1].counted(self.until)
        used = counted * 100 // (length * 3_600 if needs_hours else length)
        is_overdue = None if is_coarse else self._overdue(due)
        if due is not None and due.is_range:
            years = sorted(self.counts[0].unsure_years | self.counts[1].unsure_years)
            self.missing += [f"calendar {year}" for year in years]
        state = State.RUNNING if first is not None else State.PAUSED
        return Run(
            part=part,
            state=state if self.end is None else State.ENDED,
            started_at=self.gathered.started_at,
            started_by=self.gathered.started_by,
            ended_at=self.end,
            length=length,
            due=due,
            used=used,
            warning=max((share for share in WARNINGS if used >= share), default=0),
            is_overdue=is_overdue,
            missing=tuple(dict.fromkeys(self.missing)),
            remarks=tuple(self.remarks),
            next_at=self._next(due) if self.end is None else None,
        )

    def _overdue(self, due: Due | None) -> bool | None:
        if due is None or self.until < due.earliest:
            return False
        return True if due.latest is not None and self.until >= due.latest else None

    def _next(self, due: Due | None) -> datetime | None:
        if due is None:
            return None
        length, count = self.lengths[1], self.counts[1]
        marks = (count.mark(length, share) for share in WARNINGS)
        moments = [each.first for each in marks if each is not None]
        moments += [due.earliest, *([] if due.latest is None else [due.latest])]
        return min((each for each in moments if each > self.now), default=None)
