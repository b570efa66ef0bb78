"""Modes declared for a time, as the ledger tells of them, and which of them asks less; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cleangov_hooks import Mode
from cleangov_plugin.domain.our_kinds import MODE_CONFIRMED, MODE_DECLARED, MODE_ENDED
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Eased

from .declarations import Declaration, Kinds, common, told

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


#: Kinds of the entries that tell of modes.
KINDS: Final = Kinds(MODE_DECLARED, MODE_CONFIRMED, MODE_ENDED, "mode_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared(Declaration):
    """A mode that was declared.

    :param mode: what was declared.
    :param units: units it is for; empty is all.
    :param streams: streams it is for; empty is all.
    """

    mode: Eased
    units: frozenset[str]
    streams: frozenset[str]

    def covers(self, unit: str | None, stream: str) -> bool:
        """Answer whether it is for a step.

        :param unit: unit of the officer.
        :param stream: business stream.
        """
        is_ours = not self.units or unit in self.units
        return is_ours and (not self.streams or stream in self.streams)


def declared(records: Iterable[Record]) -> tuple[Declared, ...]:
    """Read the modes that entries tell of, in their order; what does not fit tells of nothing.

    :param records: the events of the entries, in row order.
    """
    return told(records, KINDS, _declared)


def _declared(id_: str, record: Record) -> Declared | None:
    name = record.attributes.get("mode")
    if name not in {mode.value for mode in LONGEST}:
        return None
    mode = Eased(str(name))
    known = common(id_, record, LONGEST[mode])
    if known is None:
        return None
    units, streams = record.attributes.get("units"), record.attributes.get("streams")
    return Declared(**known, mode=mode, units=_texts(units), streams=_texts(streams))


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
