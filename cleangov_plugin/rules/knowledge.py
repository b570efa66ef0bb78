"""What is known when an event is judged: the case's earlier events, statistics and the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from cleangov_plugin.domain.record import Record

#: Operations that are always a figure over other cases, made by night.
FIGURES: Final = ("median", "mean", "quantile", "share")


class CalendarLike(Protocol):
    """What rules ask of a calendar of working days."""

    @property
    def version(self) -> int:
        """Answer the number of this version."""

    def working_days_between(self, a: date, b: date) -> int | None:
        """Count working days after `a` up to and including `b`; None outside the days known.

        :param a: start, not counted.
        :param b: end, counted.
        """

    def add_working_days(self, a: date, n: int) -> date | None:
        """Answer the n-th working day after `a`; None outside the days known.

        :param a: start, not counted.
        :param n: working days.
        """


@dataclass(frozen=True, slots=True, order=True)
class StatisticKey:
    """Which figure over other cases is meant.

    :param fact_id: id of the fact that defines the figure.
    :param key: the group, as JSON list of the values it is grouped by.
    """

    fact_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Statistic:
    """One figure over other cases, from the nightly table.

    :param value: scaled integer: money in minor units.
    :param n: from how many events it was made.
    """

    value: int
    n: int


@dataclass(frozen=True, slots=True, order=True)
class GroupKey:
    """Which earlier events of all cases are meant.

    :param group_id: hash of the kinds of event and of the fields they are grouped by.
    :param key: the group, as JSON list of the values it is grouped by.
    :param since: the first civil day, as `date.toordinal` counts.
    :param until: the last.
    """

    group_id: str
    key: str
    since: int
    until: int


class Knowledge(NamedTuple):
    """What is known besides the event itself.

    :param history: the case's earlier events, already written, in row order, superseded ones
        left out.
    :param elsewhere: earlier events of other cases, where all of them are at hand, as in the
        examples of a rule.
    :param groups: earlier events of all cases by group, in row order, superseded ones left out;
        a group that is not there is not known. None where `history` and `elsewhere` are searched.
    :param statistics: figures over other cases.
    :param calendar: the agency's working days; None where it has none.
    :param zone: the agency's zone, in which civil days are counted.
    """

    zone: ZoneInfo
    history: tuple[Record, ...] = ()
    elsewhere: tuple[Record, ...] = ()
    groups: Mapping[GroupKey, tuple[Record, ...]] | None = None
    statistics: Mapping[StatisticKey, Statistic] = MappingProxyType({})
    calendar: CalendarLike | None = None
