"""Body v1: the exact bytes of an entry. They are leaves of a tree, so this form is for ever.

Keys: ``v`` version · ``log_id`` the agency's ledger · ``id`` the event's id in its source ·
``kind`` · ``subject`` the case · ``lane``, ``no``, ``prev`` place in the writer's lane and leaf
hash of the entry before (hexadecimal) · ``at``, ``recorded`` UTC · ``ruleset``, ``calendar``
revisions used · ``contract`` version · ``outcomes`` each with rule, version, result, binding and
missing fields · ``attrs`` typed pairs · ``_sd`` digests of erasable fields · ``att`` digests of
attachments; the last two, and every key that a later version adds, are left out where empty.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

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
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Result

from . import canonical
from .body_text import ordinary_body
from .canonical import ProfileError
from .instants import instant, stamp
from .leaf import LONGEST, NO_PREDECESSOR

VERSION: Final = 1
#: Implied by the revision of rules, and so not written.
_IMPLIED: Final = frozenset({Result.CLEAR, Result.NOT_APPLICABLE})
#: What body v1 means where one of these is not written; part of the form, never to be changed.
_DEFAULTS: Final[Mapping[str, str]] = {
    "e.precision": "second",
    "e.clock": "server",
    "e.origin": "live",
    "e.mode": "ordinary",
    "e.actor_kind": "person",
    "e.offset": "0",
    "e.schema": "1",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands in its writer's lane.

    :param lane: the lane.
    :param no: number in the lane, from 1, without gaps.
    :param prev: leaf hash of the entry before it; 32 zero bytes for the first.
    """

    lane: int
    no: int
    prev: bytes = NO_PREDECESSOR


class Versions(NamedTuple):
    """What an event was judged by.

    :param ruleset: revision of rules and bindings; 0 where none was used.
    :param calendar: version of the calendar; 0 where none was used.
    :param contract: version of the contract the event spoke.
    :param schema: version of the kind's attribute schema.
    """

    ruleset: int
    calendar: int
    contract: int
    schema: int = 1


class Shown(NamedTuple):
    """What stood before the officer, and the answer.

    :param prompts: ids of the prompts.
    :param answer: id of the answer that earned the pass.
    """

    prompts: tuple[str, ...] = ()
    answer: str | None = None


_NOTHING_SHOWN: Final = Shown()


def encode_body(
    record: Record,
    place: Place,
    versions: Versions,
    *,
    outcomes: Sequence[RuleOutcome] = (),
    pairs: Sequence[tuple[str, str, str]] = (),
    digests: Sequence[str] = (),
    attachments: Sequence[str] = (),
    shown: Shown = _NOTHING_SHOWN,
) -> bytes:
    """Write the body of one entry.

    :param record: the event in our own words, people by pseudonym.
    :param place: where it stands in its lane.
    :param versions: what it was judged by.
    :param outcomes: what the rules said; clear and not applicable ones are implied.
    :param pairs: host attributes as (``"a.code"``, type, text).
    :param digests: digests of the erasable fields' disclosures.
    :param attachments: digests of attachments, hexadecimal.
    :param shown: prompts and answer.
    :return: canonical bytes.
    :raises ProfileError: where a part has no canonical form or the whole is too long.
    """
    document: dict[str, Any] = {
        "v": VERSION,
        "log_id": record.log_id,
        "id": record.event_id,
        "kind": record.kind,
        "subject": record.case_id,
        "lane": place.lane,
        "no": place.no,
        "prev": place.prev.hex(),
        "at": stamp(record.occurred_at),
        "recorded": stamp(record.recorded_at),
        "ruleset": versions.ruleset,
        "calendar": versions.calendar,
        "contract": versions.contract,
        "outcomes": [_outcome(o) for o in outcomes if o.result not in _IMPLIED],
        "attrs": sorted([*pairs, *_own(record, versions.schema, shown)]),
    }
    if digests:
        document["_sd"] = sorted(digests)
    if attachments:
        document["att"] = sorted(attachments)
    body = ordinary_body(document) or canonical.encode(document)
    if len(body) > LONGEST:
        raise ProfileError(f"a body has at most {LONGEST} bytes: {len(body)}.", rule="body.length")
    return body


def decode_record(body: str | bytes, row: int | None = None) -> Record:
    """Read the event back from a body: what rules and facts saw and will see.

    :param body: a stored body.
    :param row: number of its row.
    :return: the event, people by pseudonym, public attributes typed.
    :raises ProfileError: where the bytes are no body of a version this code reads.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise ProfileError(f"this is no body ({type(problem).__name__}).", where="body") from None
    return record_of(document, row)


def record_of(document: Any, row: int | None = None) -> Record:
    """Read the event back from a body whose JSON was read already.

    :param document: what the stored body holds.
    :param row: number of its row.
    :return: the event, as `decode_record` answers it.
    :raises ProfileError: where it is no body of a version this code reads.
    """
    try:
        if document["v"] != VERSION:
            what = f"a body of version {document['v']!r} cannot be read."
            raise ProfileError(what, where="v", remedy="Install the newer release.")
        return _record(document, row)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ProfileError(f"this is no body ({type(problem).__name__}).", where="body") from None


def _own(record: Record, schema: int, shown: Shown) -> list[tuple[str, str, str]]:
    """Write the event's own fields under the reserved codes that begin with ``e.``."""
    sum_ = record.amount
    money = None if sum_ is None else f"{sum_.currency}:{sum_.minor}"
    fields = (
        ("e.source", "text", record.source),
        ("e.stream", "choice", record.stream._value_),
        ("e.step", "text", record.step),
        ("e.actor", "pseudonym", record.actor),
        ("e.actor_kind", "choice", record.actor_kind._value_ if record.actor_kind else None),
        ("e.unit", "text", record.unit),
        ("e.amount", "money", money),
        ("e.precision", "choice", record.precision._value_),
        ("e.clock", "choice", record.clock._value_),
        ("e.origin", "choice", record.origin._value_),
        ("e.mode", "choice", record.mode._value_),
        ("e.offset", "integer", str(record.offset)),
        ("e.attempt", "text", record.attempt_id),
        ("e.supersedes", "text", record.supersedes),
        ("e.schema", "integer", str(schema)),
        ("e.answer", "text", shown.answer),
        *((f"e.party.{n}", "pseudonym", party) for n, party in enumerate(record.parties)),
        *((f"e.prompt.{n}", "text", prompt) for n, prompt in enumerate(shown.prompts)),
    )
    return [
        (code, type_, text)
        for code, type_, text in fields
        if text is not None and _DEFAULTS.get(code) != text
    ]


def _outcome(outcome: RuleOutcome) -> list[str | int]:
    # The binding too: one rule may be bound twice, with other parameters, and say two things.
    named = (outcome.rule_id, outcome.version, outcome.result._value_, outcome.binding_id)
    return [*named, *outcome.fields]


def _record(document: Mapping[str, Any], row: int | None) -> Record:
    return Record(
        **own_fields(document),
        occurred_at=instant(document["at"]),
        recorded_at=instant(document["recorded"]),
        attributes=attributes_in(document["attrs"]),
        row=row,
    )


def own_fields(document: Mapping[str, Any]) -> dict[str, Any]:
    """Read the fields of an event that are neither moments nor the host's attributes.

    :param document: what the stored body holds.
    :return: fields of `Record` by name.
    :raises ValueError: or KeyError, TypeError, AttributeError, where it is no body.
    """
    own, parties = dict(_DEFAULTS), []
    for code, _, text in document["attrs"]:
        if code[:2] != "a.":
            if code[:8] == "e.party.":
                parties.append((int(code[8:]), text))
            else:
                own[code] = text
    actor, amount = own.get("e.actor"), own.get("e.amount")
    return {
        "event_id": document["id"],
        "source": own["e.source"],
        "log_id": document["log_id"],
        "stream": _STREAMS[own["e.stream"]],
        "case_id": document["subject"],
        "kind": document["kind"],
        "step": own["e.step"],
        "actor": actor,
        "actor_kind": None if actor is None else _ACTOR_KINDS[own["e.actor_kind"]],
        "unit": own.get("e.unit"),
        "parties": tuple(text for _, text in sorted(parties)) if parties else (),
        "amount": None if amount is None else _money(amount),
        "offset": int(own["e.offset"]),
        "precision": _PRECISIONS[own["e.precision"]],
        "clock": _CLOCKS[own["e.clock"]],
        "origin": _ORIGINS[own["e.origin"]],
        "mode": _MODES[own["e.mode"]],
        "attempt_id": own.get("e.attempt"),
        "supersedes": own.get("e.supersedes"),
    }


def attributes_in(attrs: Sequence[tuple[str, str, str]]) -> dict[str, AttributeValue]:
    """Read the host's attributes.

    :param attrs: typed pairs of a body.
    :return: values by code; what is kept as a digest alone is not among them.
    :raises ValueError: where one is not of its type.
    """
    return {
        code[2:]: _READERS[type_](text)
        for code, type_, text in attrs
        if code[:2] == "a." and type_ in _READERS
    }


def _money(text: str) -> Money:
    currency, minor = text.split(":")
    return Money(minor=int(minor), currency=currency)


#: Members by what is written of them: looked up for every past event.
_STREAMS: Final = {member.value: member for member in Stream}
_ACTOR_KINDS: Final = {member.value: member for member in ActorKind}
_PRECISIONS: Final = {member.value: member for member in Precision}
_CLOCKS: Final = {member.value: member for member in Clock}
_ORIGINS: Final = {member.value: member for member in Origin}
_MODES: Final = {member.value: member for member in Mode}

#: Attribute types as the contract names them; a digest is not read back.
_READERS: Final[Mapping[str, Callable[[str], AttributeValue]]] = {
    "text": str,
    "choice": str,
    "integer": int,
    "boolean": lambda text: text == "true",
    "date": date.fromisoformat,
    "datetime": instant,
    "money": _money,
    "list": lambda text: tuple(json.loads(text)),
}
