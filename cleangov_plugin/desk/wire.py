"""An event as JSON text and back: for gaps and the spool, where events wait to be evaluated."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final

from cleangov_hooks import (
    Actor,
    ActorKind,
    AttributeType,
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
    ValueType,
)
from cleangov_plugin.domain.errors import InvalidEvent

from .checkpoint.attribute_writers import LONGEST_CARRIED, MOST_CARRIED
from .checkpoint.attributes import MORE, Digested, digest_of, is_carried, within

_NOTHING: Final[Mapping[str, EventType]] = MappingProxyType({})
_EVENT: Final = tuple(field.name for field in fields(Event))
#: What is told of the people of an event.
_PEOPLE: Final = {kind: tuple(field.name for field in fields(kind)) for kind in (Actor, Party)}


def to_text(event: Any, declared: EventType | None = None) -> str:
    """Write an event as JSON; whatever the host sent can be written, typed or not.

    :param event: an `Event`, or anything a host took for one.
    :param declared: how the host declares its kind; for those who cannot ask the host later.
    :return: JSON text without characters that a database refuses.
    """
    if isinstance(event, Event):
        document: Any = {name: _plain(getattr(event, name)) for name in _EVENT}
        if isinstance(event.attributes, Mapping):
            some, rest = within(event.attributes)
            document["attributes"] = {_cut(str(code)): _attribute(value) for code, value in some}
            if rest is not None:
                document["attributes"][MORE] = _attribute(rest)
            if declared is not None:
                document["declared"] = _schema(declared, event.attributes)
    else:
        document = {"not_an_event": type(event).__name__, "text": _cut(repr(event))}
    return json.dumps(document, ensure_ascii=True, sort_keys=True)


def told(event: Any, types: Mapping[str, EventType] = _NOTHING) -> str:
    """Write an event as JSON; an object whose own text fails is named, if it cannot be kept.

    :param event: an `Event`, or anything a host took for one; hostile.
    :param types: the declared kinds by name.
    """
    try:
        kind = getattr(event, "kind", None)
        return to_text(event, types.get(kind) if isinstance(kind, str) else None)
    except Exception as problem:
        return json.dumps({"not_an_event": type(event).__name__, "text": type(problem).__name__})


def from_text(text: str) -> Event:
    """Read an event that `to_text` wrote.

    :param text: JSON text.
    :return: the event.
    :raises InvalidEvent: where it was never an event, or lacks what an event must have.
    """
    try:
        document = json.loads(text)
        return _event(document)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise InvalidEvent(f"this is not an event ({type(problem).__name__}).") from problem


def declared_in(text: str) -> EventType | None:
    """Read how the host declared the attributes of an event that `to_text` wrote.

    :param text: JSON text.
    :return: the kind with the attributes that the event has; None where that was not told.
    """
    try:
        document = json.loads(text)["declared"]
        return EventType(
            kind=document["kind"],
            stream=Stream(document["stream"]),
            version=document["version"],
            attributes=tuple(
                AttributeType(
                    code=code,
                    type=ValueType(type_),
                    choices=tuple(choices),
                    privacy=Privacy(privacy),
                    max_length=longest,
                )
                for code, type_, choices, privacy, longest in document["attributes"]
            ),
        )
    except (ValueError, KeyError, TypeError):
        return None


def _schema(declared: EventType, attributes: Mapping[str, Any]) -> dict[str, Any]:
    own = [a for a in declared.attributes if a.code in attributes]
    return {
        "kind": declared.kind,
        "stream": declared.stream,
        "version": declared.version,
        "attributes": [[a.code, a.type, list(a.choices), a.privacy, a.max_length] for a in own],
    }


def _event(document: dict[str, Any]) -> Event:
    for besides in ("declared", "code"):
        document.pop(besides, None)
    actor = document["actor"]
    amount = document["amount"]
    values: dict[str, Any] = {
        **document,
        "stream": Stream(document["stream"]),
        "actor": None
        if actor is None
        else Actor(**{**actor, "kind": ActorKind(actor["kind"]), "roles": tuple(actor["roles"])}),
        "amount": None if amount is None else Money(**_untag(amount)),
        "parties": tuple(Party(**party) for party in document["parties"]),
        "occurred_at": datetime.fromisoformat(document["occurred_at"]["datetime"]),
        "recorded_at": datetime.fromisoformat(document["recorded_at"]["datetime"]),
        "precision": Precision(document["precision"]),
        "clock": Clock(document["clock"]),
        "origin": Origin(document["origin"]),
        "mode": Mode(document["mode"]),
        "attributes": {code: _typed(value) for code, value in document["attributes"].items()},
    }
    return Event(**values)


def _plain(value: Any) -> Any:
    """Tell a value in JSON's own types; what has no type there is tagged."""
    if type(value) is str:  # nearly all of them
        return _cut(value)
    if value is None or isinstance(value, bool | int):
        return value if not isinstance(value, int) or abs(value) < 1 << 63 else str(value)
    if isinstance(value, str):
        return _cut(str(value))
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Money):
        return {"money": [_plain(value.minor), _plain(value.currency)]}
    if isinstance(value, Actor | Party):
        names = _PEOPLE[Actor if isinstance(value, Actor) else Party]
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {_cut(str(key)): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value[:MOST_CARRIED]]
    return {"odd": type(value).__name__, "text": _cut(repr(value))}


def _attribute(value: Any) -> Any:
    """Tell an attribute; of one that would not come back as it was, digest and size alone."""
    return _plain(value) if is_carried(value) else {"digest": digest_of(value)}


def _typed(value: Any) -> AttributeValue:
    if isinstance(value, list):
        return tuple(_typed(item) for item in value)  # type: ignore[misc]
    if isinstance(value, dict):
        if "digest" in value:
            return Digested(str(value["digest"]))  # type: ignore[return-value]  # like any odd one
        if "money" in value:
            return Money(**_untag(value))
        if "datetime" in value:
            return datetime.fromisoformat(value["datetime"])
        if "date" in value:
            return date.fromisoformat(value["date"])
        raise InvalidEvent("an attribute has no type of the contract.")
    return value  # type: ignore[no-any-return]


def _untag(value: dict[str, Any]) -> dict[str, Any]:
    minor, currency = value["money"]
    return {"minor": minor, "currency": currency}


def _cut(text: str) -> str:
    """Cut a field's text that is too long to be kept, and mark the cut."""
    longest = LONGEST_CARRIED
    return text if len(text) <= longest else f"{text[:longest]}…[{len(text)}]"
