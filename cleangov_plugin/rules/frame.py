"""One event as expressions read it: fields by reader, facts computed once."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final, NamedTuple, Protocol, TypeAlias
from zoneinfo import ZoneInfo

from cleangov_hooks import Money, Precision
from cleangov_plugin.domain.record import Record

from .entries import canonical_list
from .kinds import RANGES, Kind, Type
from .knowledge import Knowledge
from .model import EventField
from .tree import Core


class FactValue(NamedTuple):
    """The value of a fact, what was missing for it, and how many events it was made from.

    :param value: the value; None where unknown.
    :param missing: what was missing, named ``"kind"`` or ``"kind.field"``.
    :param is_blank: whether a field was missing in an event that is there.
    :param n: from how many events a figure was made.
    """

    value: Core
    missing: tuple[str, ...] = ()
    is_blank: bool = False
    n: int = 0


@lru_cache(maxsize=4_000)
def _day(moment: datetime, zone: ZoneInfo) -> date:
    """Answer a civil day; the events of a case are asked for theirs at each of its steps."""
    return moment.astimezone(zone).date()


class Computable(Protocol):
    """A fact with its parameters filled in."""

    @property
    def id(self) -> str:
        """Answer the hash of everything that decides its value."""

    @property
    def compute(self) -> Callable[["Frame"], FactValue]:
        """Answer the function that computes it."""


class Frame:
    """One event, present or past, with what is known beside it."""

    __slots__ = (
        "_by_kind", "_day", "current", "facts", "item", "knowledge", "outer", "record", "row",
        "seen",
    )  # fmt: skip

    #: Facts of the present event computed so far, by id.
    facts: dict[str, FactValue]
    #: Fields of the present event read so far, by reader; past ones are read once each anyway.
    seen: "dict[Reader, Core]"
    #: The entry of a list that is looked at, in a frame made for it alone.
    item: Core
    #: The entry of the list around it, where one test of entries stands in another.
    outer: Core

    def __init__(
        self, record: Record, knowledge: Knowledge, *, current: "Frame | None" = None, row: int = 0
    ) -> None:
        """Put an event into its frame.

        :param record: the event.
        :param knowledge: what is known beside it.
        :param current: frame of the present event, for a past one.
        :param row: position in the history, for a past event.
        """
        self.record = record
        self.knowledge = knowledge
        self.row = row
        if current is None:
            self.current = self
            self.facts, self.seen = {}, {}
        else:
            self.current = current
        self._by_kind: dict[str, list[Frame]] | None = None
        self._day: date | None = None

    @property
    def day(self) -> date:
        """Answer the civil day of the event in the agency's zone, worked out at the first asking.

        Not by `__getattr__`: with it Python looks every other attribute up the long way.
        """
        found = self._day
        if found is None:
            found = self._day = _day(self.record.occurred_at, self.knowledge.zone)
        return found

    def inside(self) -> "Frame":
        """Answer a frame of the same event in which entries of a list are looked at.

        It is made for each question, so that two threads never look at the same entry.
        """
        return Frame(self.record, self.knowledge, current=self.current, row=self.row)

    def past(self, kind: str) -> list["Frame"]:
        """Answer the earlier events of a kind, in row order.

        :param kind: canonical kind.
        """
        if self._by_kind is None:
            self._by_kind = {}
            for row, record in enumerate(self.knowledge.history):
                frame = Frame(record, self.knowledge, current=self, row=row)
                self._by_kind.setdefault(record.kind, []).append(frame)
        return self._by_kind.get(kind, [])

    def let_go(self) -> None:
        """Part from itself and the earlier events: rings are freed by garbage collection alone.

        Nothing may be asked of the frame afterwards.
        """
        self._by_kind = None
        del self.current

    def fact(self, fact: Computable) -> FactValue:
        """Answer a fact of the present event; the same fact is computed once for all rules.

        :param fact: the fact.
        """
        known = self.current.facts
        found = known.get(fact.id)
        if found is None:
            found = known[fact.id] = fact.compute(self.current)
        return found


Reader: TypeAlias = Callable[[Frame], Core]


def reader(field: EventField) -> Reader:
    """Make the function that reads a field of an event.

    A value of another type, another currency or outside the declared range reads as unknown:
    what cannot be trusted is not judged. Where a day is asked for, a moment reads as the civil
    day on which it falls; where a list is asked for, a text reads as its parts between commas.

    :param field: the field.
    :return: a function of a frame; one and the same for equal fields, so that what one rule has
        read is at hand for the next.
    """
    return _reader(field.name, field.code, field.type)


@lru_cache(maxsize=4_000)
def _reader(name: str, code: str | None, type_: Type) -> Reader:
    if code is not None:
        return _of_attribute(code, type_)
    if name == "amount":
        checked = _CHECKERS[type_.kind]
        return lambda frame: (
            None if (value := frame.record.amount) is None else checked(value, type_)
        )
    if name == "occurred_at":
        return lambda frame: (
            None if frame.record.precision is Precision.DAY else frame.record.occurred_at
        )
    if name == "occurred_on":
        return lambda frame: frame.day
    if name == "recorded_on":
        return lambda frame: read(day_of(frame.record.recorded_at, frame.knowledge.zone), type_)
    return lambda frame: getattr(frame.record, name)


def _of_attribute(code: str, type_: Type) -> Reader:
    if type_.kind is Kind.DATE:
        return lambda frame: read(
            day_of(frame.record.attributes.get(code), frame.knowledge.zone), type_
        )
    if type_.kind is Kind.LIST:
        return lambda frame: read(_parts(frame.record.attributes.get(code)), type_)
    checked = _CHECKERS.get(type_.kind, _nothing)
    return lambda frame: (
        None if (value := frame.record.attributes.get(code)) is None else checked(value, type_)
    )


def day_of(value: object, zone: ZoneInfo) -> object:
    """Answer the civil day on which a moment falls; anything else as it is.

    :param value: what the event carries; hostile.
    :param zone: the place's zone.
    """
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return value
    try:
        return value.astimezone(zone).date()
    except OverflowError:  # at the ends of the calendar
        return None


_COMMAS: Final = re.compile(r"[,，、;；\n]")


def _parts(value: object) -> object:
    """Cut a text at its commas; anything else stays as it is."""
    if not isinstance(value, str):
        return value
    return tuple(part for piece in _COMMAS.split(value) if (part := piece.strip())) or None


def read(value: object, type_: Type) -> Core:
    """Take a value of an event into the core.

    :param value: what the event carries; hostile.
    :param type_: the declared type.
    :return: the value; None where it is not of that type.
    """
    checker = _CHECKERS.get(type_.kind)
    return None if value is None or checker is None else checker(value, type_)


def _nothing(value: object, type_: Type) -> Core:  # noqa: ARG001 - one signature for all
    """No attribute is of a kind that is only worked out."""
    return None


def _integer(value: object, type_: Type) -> Core:
    if type(value) is not int:
        return None
    return value if type_.low <= value <= type_.high else None


def _money(value: object, type_: Type) -> Core:
    if not isinstance(value, Money) or not value.currency:
        return None
    minor = value.minor
    if type(minor) is not int or not type_.low <= minor <= type_.high:
        return None
    if value.currency == type_.currency:
        return minor
    return value if type_.is_of_any_currency else None


def _text(value: object, type_: Type) -> Core:
    if not isinstance(value, str) or (type_.choices and value not in type_.choices):
        return None
    return value


def _boolean(value: object, type_: Type) -> Core:  # noqa: ARG001 - one signature for all
    return value if isinstance(value, bool) else None


def _date(value: object, type_: Type) -> Core:  # noqa: ARG001 - one signature for all
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _instant(value: object, type_: Type) -> Core:  # noqa: ARG001 - one signature for all
    """Moments are counted in UTC: between two of one zone Python would compare the clocks."""
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return None
    try:
        return value.astimezone(UTC)
    except OverflowError:  # at the ends of the calendar
        return None


def _list(value: object, type_: Type) -> Core:
    if not isinstance(value, tuple) or not type_.low <= len(value) <= type_.high:
        return None
    if type_.item is not None:
        return canonical_list(value, type_)
    return tuple(map(str, value)) if all(isinstance(item, str) for item in value) else None


_CHECKERS: Mapping[Kind, Callable[[object, Type], Core]] = {
    **dict.fromkeys(RANGES, _integer),
    Kind.MONEY: _money,
    Kind.TEXT: _text,
    Kind.CHOICE: _text,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.INSTANT: _instant,
    Kind.LIST: _list,
}
