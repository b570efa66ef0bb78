"""Modes declared for a time, as the ledger tells of them, and which of them asks less; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from cleangov_hooks import Mode
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import (
    MODE_CONFIRMED,
    MODE_DECLARED,
    MODE_ENDED,
    Eased,
)

#: What can be declared, and for how many days at the most: none is without an end.
LONGEST: Final[Mapping[Eased, int]] = {
    Eased.EMERGENCY: 14,
    Eased.CAMPAIGN: 90,
    Eased.GREEN_CHANNEL: 180,
}
#: After these, what was deferred is looked at again; in the others it is a finding at once.
DEFERRING: Final = frozenset({Eased.EMERGENCY, Eased.CAMPAIGN})
#: Procedures of one event in which a binding may ask less.
_PROCEDURES: Final = {Mode.INSTANT: Eased.INSTANT, Mode.ON_COMMITMENT: Eased.ON_COMMITMENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A mode that was declared.

    :param id: its id.
    :param mode: what was declared.
    :param why: the ground, in words open to everybody.
    :param until: when it ends by itself, aware.
    :param units: units it is for; empty is all.
    :param streams: streams it is for; empty is all.
    :param declared_by: pseudonym of who declared it.
    :param declared_at: when, aware.
    :param confirmed_by: pseudonym of the second person; None where nobody has agreed yet.
    :param confirmed_at: when they agreed, aware.
    :param ended_at: when it was ended before its time, aware.
    """

    id: str
    mode: Eased
    why: str
    until: datetime
    units: frozenset[str]
    streams: frozenset[str]
    declared_by: str | None
    declared_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def ends(self) -> datetime:
        """Answer when it ends or ended."""
        return self.until if self.ended_at is None else min(self.until, self.ended_at)

    def is_over(self, now: datetime) -> bool:
        """Answer whether it is past.

        :param now: the present time, aware.
        """
        return now >= self.ends

    def is_in_force(self, now: datetime) -> bool:
        """Answer whether it counts: a second person agreed, and it has not ended.

        :param now: the present time, aware.
        """
        return self.confirmed_at is not None and self.confirmed_at <= now < self.ends

    def covers(self, unit: str | None, stream: str) -> bool:
        """Answer whether it is for a step.

        :param unit: unit of the officer.
        :param stream: business stream.
        """
        is_ours = not self.units or unit in self.units
        return is_ours and (not self.streams or stream in self.streams)


def declared(records: Iterable[Record]) -> tuple[Declared, ...]:
    """Read the modes that entries tell of, in their order; what does not fit tells of nothing.

    A second person is another one, a mode is agreed to once and before its end, and no entry
    makes it longer.

    :param records: the events of the entries, in row order.
    """
    found: dict[str, Declared] = {}
    for record in records:
        told = record.attributes
        id_ = str(told.get("mode_id", ""))
        if record.kind == MODE_DECLARED and id_ and id_ not in found:
            mode = _declared(id_, record)
            found |= {id_: mode} if mode else {}
        elif id_ in found and record.kind == MODE_CONFIRMED:
            found[id_] = _confirmed(found[id_], record)
        elif id_ in found and record.kind == MODE_ENDED and found[id_].ended_at is None:
            found[id_] = replace(found[id_], ended_at=record.recorded_at)
    return tuple(found.values())


def _declared(id_: str, record: Record) -> Declared | None:
    told = record.attributes
    until, name = told.get("until"), told.get("mode")
    if not isinstance(until, datetime) or name not in {mode.value for mode in LONGEST}:
        return None
    mode = Eased(str(name))
    return Declared(
        id=id_,
        mode=mode,
        why=str(told.get("why", "")),
        until=min(until, record.recorded_at + timedelta(days=LONGEST[mode])),
        units=_texts(told.get("units")),
        streams=_texts(told.get("streams")),
        declared_by=record.actor,
        declared_at=record.recorded_at,
    )


def _confirmed(mode: Declared, record: Record) -> Declared:
    is_second = record.actor is not None and record.actor != mode.declared_by
    if not is_second or mode.confirmed_at is not None or mode.is_over(record.recorded_at):
        return mode
    return replace(mode, confirmed_by=record.actor, confirmed_at=record.recorded_at)


def _texts(value: object) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, tuple | list) else frozenset()


def easing(
    modes: Iterable[Declared], record: Record, eased: frozenset[Eased], now: datetime
) -> tuple[Eased, Declared | None] | None:
    """Answer why a binding asks less at a step; None where it does not.

    :param modes: the modes that were declared.
    :param record: the step.
    :param eased: modes in which the binding asks less.
    :param now: the present time, aware.
    :return: the mode, and its declaration where it was declared; one that defers goes first.
    """
    if not eased:
        return None
    in_force = [
        mode
        for mode in modes
        if mode.mode in eased
        and mode.is_in_force(now)
        and mode.covers(record.unit, record.stream.value)
    ]
    found = sorted(in_force, key=lambda mode: (mode.mode not in DEFERRING, mode.ends, mode.id))
    if found:
        return found[0].mode, found[0]
    procedure = _PROCEDURES.get(record.mode)
    return (procedure, None) if procedure in eased and procedure else None
