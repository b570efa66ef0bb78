"""From the host's event to a checked one: types verified, people by pseudonym, texts measured."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

from cleangov_hooks import (
    CONTRACT_VERSION,
    Actor,
    ActorKind,
    AttributeValue,
    Clock,
    Event,
    EventType,
    Mode,
    Money,
    Origin,
    Party,
    Precision,
    Privacy,
    Stream,
)
from cleangov_plugin.desk.people import People
from cleangov_plugin.domain.errors import InvalidEvent
from cleangov_plugin.domain.record import Record

from .attribute_writers import LONGEST_CARRIED
from .attributes import MORE, Divided, Kept, digest_of, is_carried, keep, within

#: Made once, and for lists that hold no list twice: nothing has to be remembered of them.
_WRITER: Final = json.JSONEncoder(check_circular=False)
_LONGEST_ID: Final = 200
_CURRENCY: Final = re.compile(r"^[A-Z]{3}$")
_LARGEST: Final = 2**53 - 1
#: Blanks that people type: the ideographic space of Chinese input, and the one that never breaks.
_BLANKS: Final = {0x3000: " ", 0xA0: " "}
#: Enum members by field: what the contract says the field holds.
_ENUMS: Final[Mapping[str, type]] = {
    "stream": Stream,
    "precision": Precision,
    "clock": Clock,
    "origin": Origin,
    "mode": Mode,
}


class Checked(NamedTuple):
    """A checked event with everything an entry needs.

    :param event: the event as the host sent it.
    :param record: the same in our own words, people by pseudonym.
    :param kept: its attributes: open ones, personal ones, digests.
    :param people: identity behind each pseudonym: (pseudonym, ``"officer"`` | ``"party"``, id).
    :param payload: digest of what is asked or done, without ids and times: what a pass binds.
    :param digest: digest of the whole event: what a resend must equal.
    """

    event: Event
    record: Record
    kept: Kept
    people: tuple[tuple[str, str, str], ...]
    payload: bytes
    digest: bytes


def check_event(
    event: Any,
    types: Mapping[str, EventType],
    people: People,
    *,
    attempt_id: str | None = None,
) -> Checked:
    """Check an event and translate it.

    :param event: what the host sent; hostile.
    :param types: the declared kinds by name.
    :param people: makes pseudonyms.
    :param attempt_id: the attempt it belongs to, whatever it says itself.
    :return: the checked event.
    :raises InvalidEvent: naming the field that is not what the contract says.
    """
    if not isinstance(event, Event):
        raise InvalidEvent(f"an Event was expected, not {type(event).__name__}.", where="event")
    own_id = event.attempt_id if attempt_id is None else attempt_id
    _check_texts(event, own_id)
    _check_values(event)
    _check_people(event)
    if not isinstance(event.attributes, Mapping):
        raise InvalidEvent("attributes must be a mapping.", where="attributes")
    divided = within(event.attributes)
    kept = keep(divided, types.get(event.kind), personal=Privacy.PERSONAL)
    named = _named(event, people)
    record = _record(event, kept.typed, named, own_id)
    payload = _payload(divided, record)
    moment = record.occurred_at.isoformat(timespec="microseconds")
    whole = [payload.hex(), event.id, event.source, moment, event.supersedes]
    return Checked(
        event=event,
        record=record,
        kept=kept,
        people=named,
        payload=payload,
        digest=_digest(whole),
    )


def _check_texts(event: Event, attempt_id: object) -> None:
    for name, value in (
        ("id", event.id),
        ("source", event.source),
        ("agency_id", event.agency_id),
        ("case_id", event.case_id),
        ("kind", event.kind),
        ("step", event.step),
    ):
        # Nearly all are such texts, and a call costs more than a look.
        if not (type(value) is str and 0 < len(value) <= _LONGEST_ID and value.isprintable()):
            _text(name, value)
    for name, other in (("attempt_id", attempt_id), ("supersedes", event.supersedes)):
        if other is not None:
            _text(name, other)


def _text(name: str, value: object) -> None:
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_ID:
        raise InvalidEvent(f"a text of 1 to {_LONGEST_ID} characters was expected.", where=name)
    if not is_plain(value):
        raise InvalidEvent("a text without control characters was expected.", where=name)


def is_plain(text: str) -> bool:
    """Answer whether a text has no control characters; blanks of any width are ordinary ones.

    :param text: the text.
    """
    return text.isprintable() or text.translate(_BLANKS).isprintable()


def _check_values(event: Event) -> None:
    for name, enum in _ENUMS.items():
        if not isinstance(getattr(event, name), enum):
            raise InvalidEvent(f"one of {enum.__name__} was expected.", where=name)
    for name in ("occurred_at", "recorded_at"):
        moment = getattr(event, name)
        if not isinstance(moment, datetime) or moment.utcoffset() is None:
            raise InvalidEvent("a date and time with its UTC offset was expected.", where=name)
        if not 1900 <= moment.year <= 2200:
            raise InvalidEvent("a year from 1900 to 2200 was expected.", where=name)
    if event.contract != CONTRACT_VERSION:
        raise InvalidEvent(
            f"the event speaks contract {event.contract!r}, this plugin {CONTRACT_VERSION}.",
            where="contract",
        )
    if type(event.schema) is not int or not 0 < event.schema <= _LARGEST:
        raise InvalidEvent("a whole number from 1 was expected.", where="schema")
    if event.amount is not None and not is_money(event.amount):
        raise InvalidEvent("Money in whole minor units was expected.", where="amount")


def is_money(value: object) -> bool:
    """Answer whether a value is money that can be kept exactly.

    :param value: anything.
    """
    return (
        isinstance(value, Money)
        and type(value.minor) is int
        and abs(value.minor) <= _LARGEST
        and isinstance(value.currency, str)
        and _CURRENCY.fullmatch(value.currency) is not None
    )


def _check_people(event: Event) -> None:
    actor = event.actor
    if actor is not None:
        if not isinstance(actor, Actor) or not isinstance(actor.kind, ActorKind):
            raise InvalidEvent("an Actor was expected.", where="actor")
        _text("actor.id", actor.id)
        if actor.unit is not None:
            _text("actor.unit", actor.unit)
    if not isinstance(event.parties, tuple) or len(event.parties) > 100:
        raise InvalidEvent("a tuple of at most 100 parties was expected.", where="parties")
    for party in event.parties:
        if not isinstance(party, Party):
            raise InvalidEvent("a Party was expected.", where="parties")
        _text("parties.id", party.id)


def _named(event: Event, people: People) -> tuple[tuple[str, str, str], ...]:
    found = []
    if event.actor is not None:
        name = people.pseudonym(event.agency_id, "officer", event.actor.id)
        found.append((name, "officer", event.actor.id))
    for party in event.parties:
        name = people.pseudonym(event.agency_id, "party", party.id)
        found.append((name, "party", party.id))
    return tuple(found)


def _record(
    event: Event,
    attributes: Mapping[str, AttributeValue],
    named: Sequence[tuple[str, str, str]],
    attempt_id: str | None,
) -> Record:
    offset = event.occurred_at.utcoffset()
    return Record(
        event_id=event.id,
        source=event.source,
        log_id=event.agency_id,
        stream=event.stream,
        case_id=event.case_id,
        kind=event.kind,
        step=event.step,
        actor=named[0][0] if event.actor else None,
        actor_kind=event.actor.kind if event.actor else None,
        unit=event.actor.unit if event.actor else None,
        parties=tuple([name for name, role, _ in named if role == "party"]),
        amount=event.amount,
        occurred_at=event.occurred_at.astimezone(UTC),
        recorded_at=event.recorded_at.astimezone(UTC),
        offset=int(offset.total_seconds() // 60) if offset else 0,
        precision=event.precision,
        clock=event.clock,
        origin=event.origin,
        mode=event.mode,
        attempt_id=attempt_id,
        supersedes=event.supersedes,
        attributes=attributes,
    )


def _payload(divided: Divided, record: Record) -> bytes:
    some, rest = divided
    attributes = [
        [
            str(code),
            f"str {value!r}"  # nearly all of them
            if type(value) is str and len(value) <= LONGEST_CARRIED
            else _plain(value),
        ]
        for code, value in some
    ]
    if rest is not None:
        attributes.append([MORE, _plain(rest)])
    return _digest(
        [
            record.log_id,
            record.stream,
            record.case_id,
            record.kind,
            record.step,
            record.actor,
            list(record.parties),
            _plain(record.amount),
            record.mode,
            sorted(attributes),
        ]
    )


def _plain(value: object) -> str:
    """Tell values apart that print alike: 1 from "1" and from true."""
    if type(value) is Money and is_money(value):  # most of those that are no texts
        return f"money {value.currency}:{value.minor}"
    if not is_carried(value):  # so that an event that waited is the same event
        return f"digest {digest_of(value)}"
    if isinstance(value, str):
        return f"str {str(value)!r}"
    if isinstance(value, Money):
        return f"money {value.currency}:{value.minor}"
    if isinstance(value, datetime | date):
        return f"{type(value).__name__} {value.isoformat()}"
    if isinstance(value, tuple | list):
        return f"list {json.dumps([_plain(item) for item in value])}"
    return f"{type(value).__name__} {value!r}"


def _digest(value: object) -> bytes:
    return sha256(_WRITER.encode(value).encode("ascii")).digest()
