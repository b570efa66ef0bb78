"""Figures over other cases, night by night, of a log that is fed by its own clock.

What a tick makes anew from all events, `figures.make_figures`, is carried on here from one night to
the next: an event is put in once and taken out once, and a night changes what has changed. A log
of years is fed so in time that grows with its events, not with its days.
"""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from cleangov_plugin.rules import Statistic, StatisticKey
from cleangov_plugin.rules.facts import Fact
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.statistics import Sample, drawn, figure, wider

#: Stands in the table where a group has no events any more: it is looked up, and says nothing.
NONE_LEFT: Final = Statistic(0, 0)
_NEVER: Final = date.max.toordinal()


class FigureByNight:
    """One figure of all groups, as the nights make it.

    :param fact: the fact.
    """

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        #: By ordinal of a civil day: what counts from that day on, and what no longer does.
        self._comes: defaultdict[int, list[Sample]] = defaultdict(list)
        self._goes: defaultdict[int, list[Sample]] = defaultdict(list)
        self._there: defaultdict[StatisticKey, list[int]] = defaultdict(list)
        self._within: defaultdict[StatisticKey, set[StatisticKey]] = defaultdict(set)

    def put(self, one: Sample, first: int, end: int) -> None:
        """Let an event count.

        :param one: what it adds.
        :param first: ordinal of the first day on whose figures it counts.
        :param end: ordinal of the first on which it does not any more.
        """
        if first < end:
            self._comes[first].append(one)
            if end != _NEVER:
                self._goes[end].append(one)

    def take(self, one: Sample, first: int, end: int, gone: int) -> None:
        """Let an event that was put in go earlier: another has corrected it.

        :param one: what it adds.
        :param first: as it was put in.
        :param end: as it was put in.
        :param gone: ordinal of the day from which on it is corrected.
        """
        if first < end and gone < end:
            if end != _NEVER:
                self._goes[end].remove(one)
            self._goes[max(first, gone)].append(one)

    def end_of(self, frame: Frame) -> int:
        """Answer the first day on which an event is out of the window.

        :param frame: the event.
        """
        days = self.fact.days
        return _NEVER if days is None else min(frame.day.toordinal() + days + 1, _NEVER)

    def nights(self, until: int) -> Iterator[tuple[int, set[StatisticKey]]]:
        """Go through the nights that change something; answer each with the groups it touches.

        :param until: ordinal of the last day.
        """
        while True:
            waiting = [min(days) for days in (self._comes, self._goes) if days]
            if not waiting or min(waiting) > until:
                return
            day, touched = min(waiting), set[StatisticKey]()
            for one in self._comes.pop(day, ()):
                insort(self._there[one.key], one.value)
                touched |= self._beside(one)
            for one in self._goes.pop(day, ()):
                there = self._there[one.key]
                there.pop(bisect_right(there, one.value) - 1)
                touched |= self._beside(one)
            yield day, touched

    def _beside(self, one: Sample) -> set[StatisticKey]:
        """Answer the groups whose figure hangs on an event: of a share all in the wider group."""
        if one.wide is None:
            return {one.key}
        self._within[one.wide].add(one.key)
        return self._within[one.wide]

    def groups(self) -> set[StatisticKey]:
        """Answer every group that there was."""
        return {*self._there}

    def made(self, keys: Iterable[StatisticKey]) -> Mapping[StatisticKey, Statistic]:
        """Make the figures of some groups; of a share, of whole wider groups.

        :param keys: the groups.
        """
        wanted = {*keys}
        found = {key: NONE_LEFT for key in wanted}
        if self.fact.wide is None:
            there = {key: self._there[key] for key in wanted}
            return found | {key: figure(self.fact, each) for key, each in there.items() if each}
        for within in self._within.values():
            if wanted.isdisjoint(within):
                continue
            counts = {key: (sum(self._there[key]), len(self._there[key])) for key in within}
            left = {key: each for key, each in counts.items() if each[1]}
            if left:
                to = wider(left.values())
                made = {key: Statistic(drawn(*each, to), each[1]) for key, each in left.items()}
                found.update(made)
        return found
