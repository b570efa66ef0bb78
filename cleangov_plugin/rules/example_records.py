"""The events of an example, made from what is written of them."""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from cleangov_hooks import (
    ActorKind,
    AttributeValue,
    Clock,
    Mode,
    Money,
    Origin,
    Precision,
    Stream,
)
from cleangov_plugin.domain.record import Record

from .document import Part
from .kinds import Type
from .model import Rule, shown
from .quantities import literal, moment

#: Streams by how their kinds of event begin.
STREAMS: Final = {
    "enf": Stream.ENFORCEMENT,
    "prm": Stream.PERMIT,
    "prj": Stream.PROJECT,
    "int": Stream.PETITION,
}
#: Years of events: no other is taken, see `desk.checkpoint.checked`.
_YEARS: Final = range(1900, 2201)
_EVENT: Final = (
    "kind", "at", "recorded", "clock", "actor", "actor_kind", "unit", "step", "amount", "precision",
    "mode", "origin", "attributes",
)  # fmt: skip


def record_of(part: Part, rule: Rule, number: int, case: str = "example") -> Record:
    """Make an event of an example; what is not written is not known.

    :param part: the event as written.
    :param rule: the rule.
    :param number: its place in the history, from 1; 0 for the present event.
    :param case: its case.
    """
    part.only(*_EVENT)
    at = moment_of(part, "at")
    recorded = moment_of(part, "recorded") if "recorded" in part.values else at
    kind = part.text("kind")
    stream = STREAMS.get(kind.partition(".")[0])
    if stream is None:
        raise part.wrong("kind", f"'{kind}' is no kind of event.")
    actor = part.optional_text("actor")
    return Record(
        event_id=f"{case}-{number}",
        source="example",
        log_id="example",
        stream=stream,
        case_id=case,
        kind=kind,
        step=part.text("step", default="example"),
        actor=actor,
        actor_kind=part.choice("actor_kind", ActorKind, default=ActorKind.PERSON)
        if actor
        else None,
        unit=part.optional_text("unit"),
        amount=_amount(part, rule),
        occurred_at=at,
        recorded_at=recorded,
        precision=part.choice("precision", Precision, default=Precision.SECOND),
        clock=part.choice("clock", Clock, default=Clock.SERVER),
        mode=part.choice("mode", Mode, default=Mode.ORDINARY),
        origin=part.choice("origin", Origin, default=Origin.LIVE),
        attributes=_attributes(part.part("attributes"), rule),
        row=number or None,
    )


def moment_of(part: Part, key: str) -> datetime:
    """Read when an event of an example was, or was recorded: of the years that events may have.

    :param part: the event as written.
    :param key: the key.
    :return: the moment in UTC.
    """
    found = moment(part.text(key), part.at(key))
    if found.year not in _YEARS:
        what = f"'{part.values[key]}' is no moment of the years {_YEARS[0]} to {_YEARS[-1]}."
        raise part.wrong(key, what, "No event outside them is taken.")
    return found.astimezone(UTC)


def _amount(part: Part, rule: Rule) -> Money | None:
    value = _value(part, "amount", rule.fields["amount"].type)
    return value if isinstance(value, Money) else None


def _attributes(part: Part, rule: Rule) -> dict[str, AttributeValue]:
    found: dict[str, AttributeValue] = {}
    for name in part.values:
        field = rule.fields.get(name)
        if field is None or field.code is None:
            raise part.wrong(name, f"the rule declares no attribute '{name}'.")
        found[field.code] = _value(part, name, field.type)
    return found


def _value(part: Part, key: str, type_: Type) -> AttributeValue:
    if part.values.get(key) is None:
        return None
    return shown(literal(part.values[key], type_, part.at(key)), type_)


def zone_of(given: Part) -> ZoneInfo:
    """Answer the zone of an example; Asia/Shanghai where it names none.

    :param given: what the example gives.
    :raises RuleError: where there is no such zone.
    """
    name = given.text("zone", default="Asia/Shanghai")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        remedy = "Write an IANA name: Asia/Shanghai."
        raise given.wrong("zone", f"there is no time zone '{name}'.", remedy) from None
