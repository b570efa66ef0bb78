"""Facts that look at the earlier events of all cases: which events belong to the present one."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cleangov_plugin.domain.record import Record

from .frame import FactValue, Frame, Reader
from .kinds import Type
from .knowledge import GroupKey
from .model import EventField, FactSpec
from .tree import Core

#: Events of one group in one window that are looked at: where there are more, the fact is unknown.
MOST_EVENTS: Final = 1_000
_LENGTH: Final = 32


class NotKnownError(Exception):
    """Carries the unknown value out of a search.

    :param value: the value.
    """

    def __init__(self, value: FactValue) -> None:
        super().__init__()
        self.value = value


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Events of some kinds, grouped by some of their fields: one index for all facts that ask so.

    :param id: hash of the kinds and the fields; what a fact asks of the events is not in it.
    :param kinds: kinds of event.
    :param readers: read the fields of an earlier event, in order.
    """

    id: str
    kinds: tuple[str, ...]
    readers: tuple[Reader, ...]

    def key(self, frame: Frame) -> str | None:
        """Name the group an event belongs to; one that lacks a field belongs to none.

        :param frame: the event, as an earlier one.
        :return: JSON list; None for an event of no group.
        """
        if frame.record.kind not in self.kinds:
            return None
        values = [read(frame) for read in self.readers]
        return None if None in values else group_key(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Across:
    """Finds the earlier events of all cases that a fact looks at.

    :param spec: definition of the fact.
    :param group: the events, grouped.
    :param present: read the same fields of the present event, in order.
    :param days: width of the window in civil days; its last day is the present one.
    """

    spec: FactSpec
    group: Group
    present: tuple[Reader, ...]
    days: int

    def asked(self, frame: Frame) -> GroupKey | None:
        """Name the events that the present one asks for; None where it lacks a field.

        :param frame: the present event.
        """
        values = [read(frame) for read in self.present]
        if None in values:
            return None
        until = frame.day.toordinal()
        since = max(until - self.days, 1)
        return GroupKey(self.group.id, group_key(values), since, until)

    def find(self, frame: Frame) -> list[Frame]:
        """Find the events.

        :param frame: the present event.
        :raises NotKnownError: where the present event lacks a field, the group is not known, or
            there are more events than are looked at.
        """
        asked = self.asked(frame)
        if asked is None:
            pairs = zip(self.spec.per or (), self.present, strict=True)
            blank = tuple(name for name, read in pairs if read(frame) is None)
            raise NotKnownError(FactValue(None, blank, True))
        known = frame.knowledge
        found = self._searched(frame, asked) if known.groups is None else known.groups.get(asked)
        if found is None or len(found) > MOST_EVENTS:
            raise NotKnownError(FactValue(None, (f"facts.{self.spec.name}",)))
        return [Frame(r, known, current=frame, row=row) for row, r in enumerate(found)]

    def _searched(self, frame: Frame, asked: GroupKey) -> tuple[Record, ...]:
        known = frame.knowledge
        events = (Frame(record, known) for record in (*known.elsewhere, *known.history))
        return tuple(
            event.record
            for event in events
            if asked.since <= event.day.toordinal() <= asked.until
            and self.group.key(event) == asked.key
        )


def across(
    spec: FactSpec,
    fields: Mapping[str, EventField],
    reading: Callable[[EventField], Reader],
    days: int,
) -> Across:
    """Make what finds the events of a fact.

    :param spec: definition of the fact; it has `per`.
    :param fields: the rule's event fields.
    :param reading: makes the reader of a field.
    :param days: width of its window in civil days.
    """
    per = spec.per or ()
    past = [fields[spec.also.get(name, name)] for name in per]
    described = [spec.kinds, [[f.name, f.code, *_described(f.type)] for f in past]]
    text = json.dumps(described, ensure_ascii=True, separators=(",", ":"))
    group = Group(
        id=sha256(text.encode()).hexdigest()[:_LENGTH],
        kinds=spec.kinds,
        readers=tuple(reading(field) for field in past),
    )
    present = tuple(reading(fields[name]) for name in per)
    return Across(spec=spec, group=group, present=present, days=days)


def _described(type_: Type) -> list[object]:
    return [type_.kind, type_.currency, type_.low, type_.high, sorted(type_.choices)]


def group_key(values: Iterable[Core]) -> str:
    """Write the values that events are grouped by.

    :param values: values in the order of ``per``.
    :return: JSON list, ASCII.
    """
    return json.dumps([plain(value) for value in values], ensure_ascii=True)


def plain(value: Core) -> object:
    """Answer a value as JSON writes it.

    :param value: the value.
    """
    return value if value is None or isinstance(value, bool | int) else str(value)
