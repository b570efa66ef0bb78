"""The closed list of facts over the earlier events of a case."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, TypeAlias

from cleangov_hooks import Precision

from . import sums
from .across import NotKnownError
from .frame import FactValue, Frame, Reader
from .kinds import Kind
from .model import FactSpec
from .tree import Core

_SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a fact is computed from.

    :param spec: its definition.
    :param within: width of its window in the unit of ``spec.within``; None without one.
    :param where: its condition on a past event.
    :param doubts: names what made that condition unknown.
    :param value: reads the field that is taken.
    :param actor: reads who acted.
    :param is_plain: whether every event of its kinds counts: no window, no condition, no anchor.
    :param across: finds the events of all cases; None for a fact of the case alone.
    """

    spec: FactSpec
    within: int | None
    where: Callable[[Frame], Core] | None
    doubts: Callable[[Frame], Iterable[str]]
    value: Reader | None
    actor: Reader
    is_plain: bool
    across: Callable[[Frame], list[Frame]] | None = None


@dataclass(slots=True)
class _Found:
    """Which events count for sure, which perhaps, and what is missing to tell."""

    sure: list[Frame] = field(default_factory=list)
    perhaps: list[Frame] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)
    is_blank: bool = False

    def unknown(self, *more: str, is_blank: bool | None = None) -> FactValue:
        """Answer that the fact is unknown, and why."""
        names = tuple(dict.fromkeys([*self.missing, *more]))
        return FactValue(None, names, self.is_blank if is_blank is None else is_blank)


Operation: TypeAlias = Callable[[Source, Frame], FactValue]


def is_later(a: Frame, b: Frame) -> bool:
    """Answer whether one event comes after another.

    Civil days decide; within a day the moments where both are finer than a day, else the order
    of rows: logs of dates say nothing about the order within a day but the order they are in.

    :param a: the one.
    :param b: the other.
    """
    if a.day != b.day:
        return a.day > b.day
    moments = a.record.occurred_at, b.record.occurred_at
    if Precision.DAY not in (a.record.precision, b.record.precision) and moments[0] != moments[1]:
        return moments[0] > moments[1]
    return a.row > b.row


def latest(frames: Iterable[Frame]) -> Frame | None:
    """Answer the latest of events; None of none.

    :param frames: the events.
    """
    found: Frame | None = None
    for frame in frames:
        if found is None or is_later(frame, found):
            found = frame
    return found


def first(frames: Iterable[Frame]) -> Frame | None:
    """Answer the first of events; None of none.

    :param frames: the events.
    """
    found: Frame | None = None
    for frame in frames:
        if found is None or is_later(found, frame):
            found = frame
    return found


def _find(source: Source, frame: Frame) -> _Found:
    """Find the earlier events a fact speaks of."""
    spec = source.spec
    if source.across is not None:
        events = source.across(frame)
    elif len(spec.kinds) == 1:
        events = frame.past(spec.kinds[0])
        if not events or source.is_plain:
            return _Found(events)
    else:
        events = [event for kind in spec.kinds for event in frame.past(kind)]
        events.sort(key=lambda event: event.row)
    found = _Found()
    for anchor_kind, is_after in ((spec.after, True), (spec.before, False)):
        if anchor_kind is None or not events:
            continue
        anchor = latest(frame.past(anchor_kind))
        if anchor is None:
            return _Found(perhaps=[*events], missing={anchor_kind: None})
        events = [e for e in events if (is_later(e, anchor) if is_after else is_later(anchor, e))]
    for event in events:
        _sort(source, event, found)
    return found


def _sort(source: Source, event: Frame, found: _Found) -> None:
    is_inside, missing = _inside(source, event)
    if is_inside is False:
        return
    holds = True if source.where is None else source.where(event)
    if holds is False:
        return
    if holds and is_inside:
        found.sure.append(event)
        return
    found.perhaps.append(event)
    found.is_blank = True
    doubts = () if holds else source.doubts(event)
    found.missing.update(dict.fromkeys([*missing, *doubts]))


def _inside(source: Source, event: Frame) -> tuple[bool | None, tuple[str, ...]]:
    """Answer whether an event lies in the window; a window of n days ends with day n."""
    within = source.spec.within
    if within is None or source.within is None:
        return True, ()
    distance, missing = span(event, event.current, within.type.kind)
    return (None, missing) if distance is None else (0 <= distance <= source.within, ())


def span(start: Frame, end: Frame, unit: Kind) -> tuple[int | None, tuple[str, ...]]:
    """Measure from an earlier event to the present one.

    :param start: the earlier event.
    :param end: the present event.
    :param unit: days, working days or duration (seconds).
    :return: the distance, or None and what is missing to tell.
    """
    if unit is Kind.DAYS:
        return (end.day - start.day).days, ()
    if unit is Kind.WORKING_DAYS:
        calendar = end.knowledge.calendar
        days = None if calendar is None else calendar.working_days_between(start.day, end.day)
        return days, () if days is not None else ("calendar",)
    if end.record.precision is Precision.DAY:
        return None, ("occurred_at",)
    if start.record.precision is Precision.DAY:
        return None, (f"{start.record.kind}.occurred_at",)
    return (end.record.occurred_at - start.record.occurred_at) // _SECOND, ()


def _count(source: Source, frame: Frame) -> FactValue:
    found = _find(source, frame)
    return found.unknown() if found.perhaps else FactValue(len(found.sure))


def _exists(source: Source, frame: Frame) -> FactValue:
    found = _find(source, frame)
    if found.sure:
        return FactValue(True)
    return found.unknown() if found.perhaps else FactValue(False)


def _taken(source: Source, events: Iterable[Frame]) -> tuple[list[Core], list[str]]:
    """Read the field of each event, and name the kinds of those that lack it."""
    values: list[Core] = []
    missing = []
    for event in events:
        value = None if source.value is None else source.value(event)
        if value is None:
            missing.append(f"{event.record.kind}.{source.spec.field}")
        values.append(value)
    return values, missing


def _sum(source: Source, frame: Frame) -> FactValue:
    found = _find(source, frame)
    values, missing = _taken(source, found.sure)
    if found.perhaps or missing:
        return found.unknown(*missing, is_blank=True if missing else None)
    total = sums.within(values, source.spec.type)
    if total is None:
        return found.unknown(f"{source.spec.kinds[0]}.{source.spec.field}", is_blank=True)
    return FactValue(total)


def _distinct(source: Source, frame: Frame) -> FactValue:
    found = _find(source, frame)
    values, missing = _taken(source, found.sure)
    if found.perhaps or missing:
        return found.unknown(*missing, is_blank=True if missing else None)
    return FactValue(len(set(values)))


def _extreme(source: Source, frame: Frame, choose: Callable[[list[Any]], Any]) -> FactValue:
    found = _find(source, frame)
    values, missing = _taken(source, found.sure)
    if found.perhaps or missing:
        return found.unknown(*missing, is_blank=True if missing else None)
    chosen = sums.extreme(values, choose) if values else None
    named = tuple(f"{kind}.{source.spec.field}" for kind in source.spec.kinds)
    return FactValue(chosen) if chosen is not None else FactValue(None, named, bool(values))


def _one(source: Source, frame: Frame, choose: Callable[[Iterable[Frame]], Frame | None]) -> Frame:
    """Choose the first or latest event; raises `NotKnownError` where it cannot be told."""
    found = _find(source, frame)
    chosen = choose([*found.sure, *found.perhaps])
    if chosen is None:
        suffix = "" if source.spec.field is None else f".{source.spec.field}"
        raise NotKnownError(FactValue(None, tuple(f"{kind}{suffix}" for kind in source.spec.kinds)))
    if chosen in found.perhaps:
        blank = () if source.spec.field is None else _taken(source, found.perhaps)[1]
        raise NotKnownError(found.unknown(*blank, is_blank=found.is_blank or bool(blank)))
    return chosen


def _latest_value(source: Source, frame: Frame) -> FactValue:
    return _value_of(source, frame, latest)


def _first_value(source: Source, frame: Frame) -> FactValue:
    return _value_of(source, frame, first)


def _value_of(
    source: Source, frame: Frame, choose: Callable[[Iterable[Frame]], Frame | None]
) -> FactValue:
    try:
        chosen = _one(source, frame, choose)
    except NotKnownError as unknown:
        return unknown.value
    values, missing = _taken(source, [chosen])
    return FactValue(values[0], tuple(missing), bool(missing))


def _elapsed_since(source: Source, frame: Frame) -> FactValue:
    try:
        chosen = _one(source, frame, latest)
    except NotKnownError as unknown:
        return unknown.value
    distance, missing = span(chosen, frame, source.spec.type.kind)
    return FactValue(distance, missing, bool(missing))


def _missing_before(source: Source, frame: Frame) -> FactValue:
    return FactValue(tuple([kind for kind in source.spec.kinds if not frame.past(kind)]))


def _same_actor(source: Source, frame: Frame) -> FactValue:
    """Answer whether the present actor also did one of the kinds; without actors unknown."""
    me = source.actor(frame)
    if me is None:
        return FactValue(None, ("actor",), True)
    kinds = source.spec.by_kind.get(frame.record.kind, ()) or (
        () if source.spec.by_kind else source.spec.kinds
    )
    actors = [(event.record.kind, source.actor(event)) for k in kinds for event in frame.past(k)]
    if any(actor == me for _, actor in actors):
        return FactValue(True)
    nameless = tuple(dict.fromkeys(f"{kind}.actor" for kind, actor in actors if actor is None))
    return FactValue(None, nameless, True) if nameless else FactValue(False)


OPERATIONS: Final[Mapping[str, Operation]] = {
    "count": _count,
    "exists": _exists,
    "sum": _sum,
    "distinct": _distinct,
    "latest": _latest_value,
    "first": _first_value,
    "min": lambda source, frame: _extreme(source, frame, min),
    "max": lambda source, frame: _extreme(source, frame, max),
    "elapsed_since": _elapsed_since,
    "missing_before": _missing_before,
    "same_actor": _same_actor,
}
