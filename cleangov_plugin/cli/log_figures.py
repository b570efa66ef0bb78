"""Figures of a log: each night of the log makes its figures, as the night of a city does."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from cleangov_hooks import EventType
from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.figures_by_night import NONE_LEFT, FigureByNight
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.rules import Knowledge, Statistic, StatisticKey
from cleangov_plugin.rules.bound import bind
from cleangov_plugin.rules.facts import Fact
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.statistics import Sample, sample
from cleangov_plugin.store import known_entries, statistics
from cleangov_plugin.store.knowledge import event_key
from cleangov_plugin.store.known_entries import Known

from .host import OURS, HistoryHost


class LogFigures:
    """The figures of a log that is fed; where its events can be in no group, nothing is done.

    A day's figures are made once. What is fed with an older clock into an agency whose nights are
    made already, by a second file, counts from the next night on.

    :param host: the host of the log, its plugin attached.
    :param log_id: the ledger of the log.
    :param kinds: kinds of event that the log has.
    """

    def __init__(self, host: HistoryHost, log_id: str, kinds: Sequence[str]) -> None:
        self._desk: Any = getattr(host.plugins.get_plugin(OURS), "desk", None)
        self._log_id, self._last, self._corrected = log_id, 0, set[str]()
        self._figures: list[FigureByNight] = []
        if self._desk is None:
            return
        with self._desk.database.own_transaction(is_reading=True) as connection:
            ledger = self._desk.shelf.ledger(connection, log_id)
            if ledger is None:
                return
            self._zone, self._known = ledger.zone, Knowledge(zone=ledger.zone)
            wanted = _possible(ledger, kinds, host.plugins.hook.cleangov_event_types())
            self._figures = [FigureByNight(fact) for fact in wanted]
            #: By fact: the day up to which figures stand; and what stands, once it is asked for.
            self._made = {
                fact.id: statistics.newest_day(connection, log_id, fact.id) or date.min
                for fact in wanted
            }
        self._stands: dict[str, dict[StatisticKey, Statistic]] = {}

    @property
    def are_made(self) -> bool:
        """Answer whether the log has figures at all."""
        return bool(self._figures)

    def night(self, day: date) -> None:
        """Make the figures of all nights up to that before a day, from what had come by then.

        :param day: the civil day whose first event is about to be fed.
        """
        if not self._figures:
            return
        database = self._desk.database
        with database.own_transaction(is_reading=True) as connection:
            kinds = {kind for each in self._figures for kind in each.fact.spec.kinds}
            for known in known_entries.known_after(connection, self._log_id, kinds, self._last):
                self._last = known.row
                self._take(connection, known)
        for each in self._figures:
            for night, touched in each.nights(day.toordinal()):
                self._write(each, date.fromordinal(night), touched)

    def _take(self, connection: Connection, known: Known) -> None:
        key = event_key(known.record.source, known.record.event_id)
        if key not in self._corrected:
            for each, one, first, end in self._samples(known):
                each.put(one, first, end)
        wrong = known.supersedes
        if wrong is None or wrong in self._corrected:
            return
        self._corrected.add(wrong)
        corrected = known_entries.known_as(connection, self._log_id, wrong)
        if corrected is None or corrected.row > known.row:
            return  # it never counted
        gone = civil_day(known.since, self._zone).toordinal() + 1
        for each, one, first, end in self._samples(corrected):
            each.take(one, first, end, gone)

    def _samples(self, known: Known) -> Iterable[tuple[FigureByNight, Sample, int, int]]:
        """Answer what an event adds to each figure, from which day on, and up to which."""
        frame = Frame(known.record, self._known)
        first = max(frame.day, civil_day(known.since, self._zone)).toordinal() + 1
        for each in self._figures:
            one = sample(each.fact, frame)
            if one is not None:
                yield each, one, first, each.end_of(frame)

    def _write(self, each: FigureByNight, night: date, touched: set[StatisticKey]) -> None:
        """Write what has changed; what stands already is never made anew."""
        fact = each.fact.id
        if night <= self._made[fact]:
            return
        with self._desk.database.own_transaction() as connection:
            if fact not in self._stands:  # what was made before this run may have been another
                self._stands[fact] = statistics.newest(connection, self._log_id, fact)
                touched = each.groups()
            stands, found = self._stands[fact], each.made(touched)
            changed = {key: one for key, one in found.items() if stands.get(key, NONE_LEFT) != one}
            if changed:
                statistics.write(connection, self._log_id, fact, night, changed)
                statistics.say_made(connection, self._log_id, fact, night)
                stands |= changed


def _possible(
    ledger: Ledger, kinds: Sequence[str], declared: Iterable[Iterable[EventType]]
) -> list[Fact]:
    """Answer the figures that events of a log can belong to: it has the kinds and the fields."""
    codes = {each.code for types in declared for type_ in types for each in type_.attributes}
    able = {
        fact.id
        for rule, binding in ledger.rules.bound
        for fact in bind(rule, binding).facts.values()
        if fact.spec.is_statistic
        and not {*fact.spec.kinds}.isdisjoint(kinds)
        and all(
            rule.fields[name].code is None or rule.fields[name].code in codes
            for name in (fact.spec.field, *(fact.spec.per or ()))
            if name is not None
        )
    }
    return [fact for fact in ledger.rules.facts() if fact.id in able]
