"""Nightly figures as they would have been made of the entries there were at each midnight."""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.rules import Knowledge, Statistic, StatisticKey
from cleangov_plugin.rules.facts import Fact
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.statistics import Sample, Wider, drawn, figure, sample, wider
from cleangov_plugin.store import judged_entries as store
from cleangov_plugin.store.judged_entries import Horizon
from cleangov_plugin.store.knowledge import event_key

_NEVER: Final = date.max.toordinal()


class FiguresThen:
    """The figures that rules look up, day by day.

    A figure of a day is made at its first moment: from events of earlier days that were recorded
    by then, those corrected by then left out.

    :param facts: the facts over other cases.
    :param zone: the agency's zone.
    """

    def __init__(self, facts: Sequence[Fact], zone: ZoneInfo) -> None:
        self._facts, self._zone = {fact.id: fact for fact in facts}, zone
        #: By group: first day it counts on, first day it does not any more, number.
        self._events: dict[StatisticKey, list[tuple[int, int, int]]] = {}
        self._wide: dict[StatisticKey, StatisticKey] = {}
        self._within: dict[StatisticKey, list[StatisticKey]] = {}
        self._steps: dict[StatisticKey, tuple[list[int], list[Statistic | None]]] = {}
        self._wider: dict[tuple[StatisticKey, int], Wider] = {}

    def read(self, connection: Connection, log_id: str, within: Horizon) -> "FiguresThen":
        """Read the events of a ledger; nothing where there are no figures.

        :param connection: a reading connection.
        :param log_id: the agency's ledger.
        :param within: up to where to read.
        :return: itself.
        """
        if not self._facts:
            return self
        known, fixed = Knowledge(zone=self._zone), self._fixed(connection, log_id, within)
        kinds = {kind for fact in self._facts.values() for kind in fact.spec.kinds}
        for entry in filter(within.holds, store.judged_entries(connection, log_id, kinds, within)):
            record = decode_record(entry.body, entry.row)
            frame, gone = Frame(record, known), fixed.get(entry.key, _NEVER)
            first = max(frame.day, civil_day(record.recorded_at, self._zone)).toordinal() + 1
            for fact in self._facts.values():
                one = sample(fact, frame)
                if one is not None:
                    last = _NEVER if fact.days is None else frame.day.toordinal() + fact.days + 1
                    self._put(one, first, min(last, gone))
        return self

    def _fixed(self, connection: Connection, log_id: str, within: Horizon) -> dict[str, int]:
        """Answer from which day on events are corrected, by key."""
        found: dict[str, int] = {}
        for entry in filter(within.holds, store.judged_entries(connection, log_id, (), within)):
            record = decode_record(entry.body, entry.row)
            gone = event_key(record.source, record.supersedes or "")
            day = civil_day(record.recorded_at, self._zone).toordinal() + 1
            found[gone] = min(day, found.get(gone, _NEVER))
        return found

    def _put(self, one: Sample, first: int, end: int) -> None:
        if first >= end:
            return
        if one.key not in self._events and one.wide is not None:
            self._wide[one.key] = one.wide
            self._within.setdefault(one.wide, []).append(one.key)
        self._events.setdefault(one.key, []).append((first, end, one.value))

    def known(self, keys: Iterable[StatisticKey], day: date) -> dict[StatisticKey, Statistic]:
        """Answer the figures that an event could look up.

        :param keys: which figures.
        :param day: civil day of the event.
        """
        found = {}
        for key in keys:
            one = self._figure(key, day.toordinal())
            if one is not None:
                found[key] = one
        return found

    def _figure(self, key: StatisticKey, day: int) -> Statistic | None:
        found, wide = self._alone(key, day), self._wide.get(key)
        if found is None or wide is None:
            return found
        if (wide, day) not in self._wider:
            each = (self._alone(other, day) for other in self._within[wide])
            self._wider[wide, day] = wider((one.value, one.n) for one in each if one is not None)
        return Statistic(drawn(found.value, found.n, self._wider[wide, day]), found.n)

    def _alone(self, key: StatisticKey, day: int) -> Statistic | None:
        """Answer the figure of one group; of a share how many events count, and of how many."""
        if key not in self._steps:
            self._steps[key] = self._swept(key)
        days, made = self._steps[key]
        place = bisect_right(days, day)
        return made[place - 1] if place else None

    def _swept(self, key: StatisticKey) -> tuple[list[int], list[Statistic | None]]:
        """Go through the days of one group; answer when its figure changes, and to what."""
        turns = [(first, True, value) for first, _, value in self._events.get(key, ())]
        turns += [(end, False, value) for _, end, value in self._events.get(key, ())]
        fact, days, made = self._facts[key.fact_id], list[int](), list[Statistic | None]()
        there: list[int] = []
        for day, of_day in groupby(sorted(turns), lambda turn: turn[0]):
            for _, comes, value in of_day:
                if comes:
                    insort(there, value)
                else:
                    there.pop(bisect_right(there, value) - 1)
            days.append(day)
            made.append(self._made(fact, there) if there else None)
        return days, made

    @staticmethod
    def _made(fact: Fact, there: Sequence[int]) -> Statistic:
        return figure(fact, there) if fact.wide is None else Statistic(sum(there), len(there))
