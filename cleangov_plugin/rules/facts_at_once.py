"""The short way to a fact: of the events of one kind, where it is certain which of them count.

Most facts of rules ask whether something happened, how often, when or with which sum, of one kind
of event and without a condition. Such a one is worked out without a list of what is missing; where
anything is, the answer is None, and `operations` says what. The tests of facts ask both ways.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from .frame import FactValue, Frame
from .kinds import Kind, Type
from .operations import Source, first, is_later, latest
from .sums import minor
from .tree import Core

#: Answers a fact of the present event, or None where it has to be asked in full.
Short: TypeAlias = Callable[[Frame], FactValue | None]
_Chosen: TypeAlias = Callable[[Frame], list[Frame] | None]

_TRUE: Final = FactValue(True)
_FALSE: Final = FactValue(False)


def short_of(source: Source) -> Short | None:
    """Answer the short way of a fact; None where one of its form has none.

    :param source: what it is computed from.
    """
    make = MAKERS.get(source.spec.operation)
    chosen = _chosen(source)
    return None if make is None or chosen is None else make(source, chosen)


def _chosen(source: Source) -> _Chosen | None:
    """Make what chooses the events that count; it answers None where that cannot be told."""
    spec, within = source.spec, source.within
    if source.where is not None or source.across is not None or len(spec.kinds) != 1:
        return None
    if within is not None and (spec.within is None or spec.within.type.kind is not Kind.DAYS):
        return None
    (kind,), after, before = spec.kinds, spec.after, spec.before
    if source.is_plain:
        return lambda frame: frame.past(kind)

    def chosen(frame: Frame) -> list[Frame] | None:
        events = frame.past(kind)
        if events and after is not None:
            start = latest(frame.past(after))
            if start is None:
                return None
            events = [event for event in events if is_later(event, start)]
        if events and before is not None:
            end = latest(frame.past(before))
            if end is None:
                return None
            events = [event for event in events if is_later(end, event)]
        if events and within is not None:
            day = frame.day
            events = [event for event in events if 0 <= (day - event.day).days <= within]
        return events

    return chosen


def _exists(_: Source, chosen: _Chosen) -> Short:
    def exists(frame: Frame) -> FactValue | None:
        events = chosen(frame)
        return None if events is None else _TRUE if events else _FALSE

    return exists


def _count(source: Source, chosen: _Chosen) -> Short:
    def count(frame: Frame) -> FactValue | None:
        events = chosen(frame)
        return None if events is None else _proven(len(events), source.spec.type)

    return count


def _value_of(choose: Callable[[list[Frame]], Frame | None]) -> Callable[[Source, _Chosen], Short]:
    def made(source: Source, chosen: _Chosen) -> Short:
        read, type_ = source.value, source.spec.type

        def value(frame: Frame) -> FactValue | None:
            events = chosen(frame)
            event = choose(events) if events else None
            return None if event is None or read is None else _proven(read(event), type_)

        return value

    return made


def _elapsed_since(source: Source, chosen: _Chosen) -> Short | None:
    type_ = source.spec.type
    if type_.kind is not Kind.DAYS:
        return None

    def elapsed(frame: Frame) -> FactValue | None:
        events = chosen(frame)
        event = latest(events) if events else None
        return None if event is None else _proven((frame.day - event.day).days, type_)

    return elapsed


def _proven(value: Core, type_: Type) -> FactValue | None:
    """Answer a value that is there, and in the range its rule was proven with."""
    number = value if type(value) is int else minor(value)
    if value is None or (type(number) is int and not type_.low <= number <= type_.high):
        return None
    return FactValue(value)


MAKERS: Final[Mapping[str, Callable[[Source, _Chosen], Short | None]]] = {
    "exists": _exists,
    "count": _count,
    "latest": _value_of(latest),
    "first": _value_of(first),
    "elapsed_since": _elapsed_since,
}
