"""The documents of the API, as the contract's own types: CloudEvents 1.0 and what asks of them."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from cleangov_hooks import (
    Actor,
    ActorKind,
    Clock,
    Event,
    Evidence,
    Mode,
    Money,
    Origin,
    Party,
    Precision,
    Stream,
    Tie,
)
from cleangov_plugin.domain.record import OWN_SOURCE

from .shapes import (
    LONGEST,
    MOST,
    Field,
    Kind,
    choice,
    flag,
    listed,
    member_of,
    members,
    refuse,
    text,
    whole,
)

_MINOR: Final = (-(2**63) + 1, 2**63 - 1)
_CODE: Final = re.compile(r"[A-Za-z0-9_.@-]{1,100}")
_ID: Final = text(200)
#: In an event anything may stand: what is no event of the contract is kept as it came.
_TOLD: Final = text(200, may_have_nul=True)


def _moment(value: Any, where: str) -> datetime:
    try:
        found = (
            datetime.fromisoformat(value) if isinstance(value, str) and len(value) < 50 else None
        )
    except ValueError:
        found = None
    if found is None or found.utcoffset() is None:
        refuse(where, "an instant of RFC 3339 with its offset was expected.")
    return found


def _day(value: Any, where: str) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        refuse(where, "a day was expected, 2026-03-10.")


MOMENT: Final = Kind(schema={"type": "string", "format": "date-time"}, read=_moment)
DAY: Final = Kind(schema={"type": "string", "format": "date"}, read=_day)
MONEY: Final = members(
    Field(name="minor", kind=whole(*_MINOR), about="Whole minor units: fen.", is_needed=True),
    Field(
        name="currency",
        kind=text(3, shortest=3, may_have_nul=True),
        about="ISO 4217; CNY where left out.",
    ),
    make=Money,
)
_TAGGED: Final[Mapping[str, Kind]] = {"date": DAY, "datetime": MOMENT, "money": MONEY}


def _value(value: Any, where: str) -> Any:
    """Read what an attribute holds: a list lists plain values, and no list."""
    return _PLAIN_LIST.read(value, where) if isinstance(value, list) else _item(value, where)


def _item(value: Any, where: str) -> Any:
    if isinstance(value, list):
        refuse(where, "a list holds no list.")
    if isinstance(value, dict):
        tag = next(iter(value), "")
        if len(value) != 1 or tag not in _TAGGED:
            refuse(where, 'one of {"date": …}, {"datetime": …}, {"money": …} was expected.')
        return _TAGGED[tag].read(value[tag], f"{where}.{tag}")
    if isinstance(value, float):
        refuse(where, "a number with a fraction is not exact: money is told in minor units.")
    return value


_PLAIN_LIST: Final = listed(Kind(schema={}, read=_item))


def _attributes(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > MOST:
        refuse(where, f"an object of at most {MOST} members was expected.")
    for code in value:
        if not _CODE.fullmatch(code):
            refuse(where, "a code of letters, digits, dot, dash and underline was expected.")
    return {code: _value(each, f"{where}.{code}") for code, each in value.items()}


_PLAIN: Final = [
    {"type": "string", "maxLength": LONGEST},
    {"type": "integer", "minimum": _MINOR[0], "maximum": _MINOR[1]},
    {"type": "boolean"},
    {"type": "null"},
]
_TAGS: Final = [
    {
        "type": "object",
        "properties": {tag: kind.schema},
        "required": [tag],
        "additionalProperties": False,
    }
    for tag, kind in _TAGGED.items()
]
ATTRIBUTES: Final = Kind(
    schema={
        "type": "object",
        "maxProperties": MOST,
        "propertyNames": {"pattern": f"^{_CODE.pattern}$"},
        "additionalProperties": {
            "anyOf": [
                *_PLAIN,
                *_TAGS,
                {"type": "array", "items": {"anyOf": [*_PLAIN, *_TAGS]}, "maxItems": MOST},
            ]
        },
    },
    read=_attributes,
)


def _person(text_kind: Kind) -> Kind:
    return members(
        Field(name="id", kind=text_kind, about="The host's id of the person.", is_needed=True),
        Field(name="kind", kind=member_of(ActorKind)),
        Field(name="roles", kind=listed(text_kind)),
        Field(name="unit", kind=text_kind),
        Field(name="certificate", kind=text_kind),
        make=Actor,
    )


ACTOR: Final = _person(_ID)
PARTY: Final = members(
    Field(name="id", kind=_TOLD, about="The host's id of the party.", is_needed=True),
    Field(name="role", kind=_TOLD),
    Field(name="is_organisation", kind=flag()),
    make=Party,
)
DATA: Final = members(
    Field(name="agency_id", kind=_TOLD, about="Whose records apply.", is_needed=True),
    Field(name="stream", kind=member_of(Stream), is_needed=True),
    Field(name="step", kind=_TOLD, about="The host's own name of the step.", is_needed=True),
    Field(name="recorded_at", kind=MOMENT, about="When the host recorded it.", is_needed=True),
    Field(name="actor", kind=_person(_TOLD)),
    Field(name="schema", kind=whole(1, 10_000)),
    Field(name="attempt_id", kind=_TOLD),
    Field(name="supersedes", kind=_TOLD),
    Field(name="parties", kind=listed(PARTY)),
    Field(name="amount", kind=MONEY),
    Field(name="precision", kind=member_of(Precision)),
    Field(name="clock", kind=member_of(Clock)),
    Field(name="origin", kind=member_of(Origin)),
    Field(name="mode", kind=member_of(Mode)),
    Field(name="attributes", kind=ATTRIBUTES),
)


def _event(**given: Any) -> Event:
    data: dict[str, Any] = given["data"]
    if given["source"] == OWN_SOURCE:  # no caller declares a mode, or views a name
        refuse("source", "this source is the plugin's own; a host has one of its own.")
    return Event(
        id=given["id"],
        source=given["source"],
        kind=given["type"],
        case_id=given["subject"],
        occurred_at=given["time"],
        **{"actor": None, **data},
    )


EVENT: Final = members(
    Field(name="specversion", kind=choice("1.0"), is_needed=True),
    Field(name="id", kind=_TOLD, about="Unique within the source.", is_needed=True),
    Field(name="source", kind=_TOLD, about="Which system says so.", is_needed=True),
    Field(name="type", kind=_TOLD, about="Canonical kind of the event.", is_needed=True),
    Field(name="subject", kind=_TOLD, about="The case, permit or project.", is_needed=True),
    Field(name="time", kind=MOMENT, about="When it happened.", is_needed=True),
    Field(name="datacontenttype", kind=choice("application/json")),
    Field(name="data", kind=DATA, is_needed=True),
    make=_event,
    is_open=True,
)
_ATTEMPT: Final = Field(name="attempt_id", kind=_ID, is_needed=True)
_ASKED: Final = Field(name="event", kind=EVENT, about="As it would be recorded.", is_needed=True)
STEP: Final = members(Field(name="phase", kind=choice("opened", "edited"), is_needed=True), _ASKED)
GATE: Final = members(_ATTEMPT, _ASKED)
ABORT: Final = members(
    _ATTEMPT,
    _ASKED,
    Field(
        name="reason", kind=text(64), about="cancelled, invalid, conflict, error.", is_needed=True
    ),
)
_EVIDENCE: Final = members(
    Field(
        name="reference", kind=_ID, about="Number of a document, or name of a file.", is_needed=True
    ),
    Field(name="digest", kind=text(64, shortest=0), about="SHA-256 of the file, hexadecimal."),
    make=Evidence,
)
ANSWER: Final = members(
    Field(name="prompt_id", kind=_ID, is_needed=True),
    Field(name="choice", kind=_ID, about="Code of a choice of the prompt.", is_needed=True),
    Field(name="text", kind=text(LONGEST, shortest=0), about="The officer's own words."),
    Field(name="client_at", kind=MOMENT, about="By the device's clock, if it was cut off."),
    Field(name="reason", kind=text(64, shortest=0), about="Code of a reason of the choice."),
    Field(name="evidence", kind=_EVIDENCE, about="The document named with it; not the document."),
    Field(name="approver", kind=ACTOR, about="Who approved it, with roles."),
    Field(name="until", kind=DAY, about="The day to which it is put off."),
    Field(name="second_id", kind=_ID, about="Whom the officer asks by name, of the role."),
)
_SECOND: Final = Field(
    name="actor", kind=ACTOR, about="The second person, with roles.", is_needed=True
)
INBOX: Final = members(_SECOND)
DECISION: Final = members(
    Field(name="request_id", kind=_ID, is_needed=True),
    _SECOND,
    Field(name="agrees", kind=flag(), is_needed=True),
    Field(name="reason", kind=text(LONGEST, shortest=0), about="Needed for a no."),
    Field(name="tie", kind=member_of(Tie), about="Whether a tie keeps them from deciding freely."),
)
TIES: Final = members(
    _ATTEMPT,
    Field(
        name="ties",
        kind=listed(
            members(
                Field(name="second_id", kind=_ID, about="Who might decide.", is_needed=True),
                Field(name="party_id", kind=_ID, about="Tied to this party, not to the officer."),
                Field(
                    name="tie",
                    kind=member_of(Tie),
                    about="Whether a tie keeps them from deciding freely.",
                    is_needed=True,
                ),
                Field(name="degree", kind=whole(1, 9), about="1 is a direct tie."),
                Field(name="source", kind=text(200, shortest=0), about="Which register says so."),
                Field(name="as_of", kind=DAY, about="How fresh the register is."),
            )
        ),
        about="People who might decide about the attempt.",
        is_needed=True,
    ),
)
RECORDS: Final = members(
    Field(name="kind", kind=_ID, about="A declared kind of event.", is_needed=True),
    Field(
        name="records",
        kind=listed(
            members(
                Field(name="id", kind=_ID, about="The event's id.", is_needed=True),
                Field(name="case_id", kind=_ID, is_needed=True),
                Field(name="occurred_at", kind=MOMENT, is_needed=True),
            )
        ),
        about="Those of this kind that the host holds.",
        is_needed=True,
    ),
)
