"""What the host offers a plugin, and the questions it answers: services, people, schemas, ties."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

import pluggy

from .event import Stream
from .prompt import Fragment
from .step import Step

SlotRenderer = Callable[[str, Step | None, str], Fragment | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """An authority that keeps records of its own.

    :param id: stable code; leads every key of the ledger.
    :param names: name by language, ``{"zh": ..., "en": ...}``.
    :param zone: IANA time zone in which its civil days are counted.
    :param country: ISO 3166 code whose statutory holidays apply.
    :param units: what its units are called: for each code, the name by language,
        ``{"squad-2": {"zh": ..., "en": ...}}``. A unit that is not among them is shown as its code.
    """

    id: str
    names: Mapping[str, str]
    zone: str
    country: str = "CN"
    units: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is signed in.

    :param id: the host's stable id; the same that events carry as `Actor.id`.
    :param name: how the host writes the name; shown, never stored by the plugin.
    :param roles: role codes; no role means no right.
    :param unit: code of the organisational unit.
    """

    id: str
    name: str
    roles: frozenset[str] = frozenset()
    unit: str | None = None


@runtime_checkable
class Host(Protocol):
    """The services a host hands to its plugins by `cleangov_host_ready`."""

    name: str
    settings: Mapping[str, str]
    plugins: pluggy.PluginManager
    """The manager of this contract, so that a plugin can ask the hooks the host implements."""

    def now(self) -> datetime:
        """Answer the present time of the host's clock, aware."""

    def agency(self) -> Agency:
        """Answer the authority that the current request is about."""

    def person(self) -> Person | None:
        """Answer who is signed in; None means nobody, and denies everything."""

    def language(self) -> str:
        """Answer the BCP 47 tag of the language the current page is shown in."""

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Answer the path of an endpoint.

        :param endpoint: Flask endpoint, ``"cleangov.answer"``.
        :param values: variables of the route.
        """

    def csrf_field(self) -> str | None:
        """Answer the host's hidden CSRF input as HTML; None where the host has none."""

    def mount(self, blueprint: Any) -> bool:
        """Mount a Flask blueprint; False where the host is already serving.

        :param blueprint: the plugin's own, with its own URL prefix.
        """

    def provide_slot(self, render: SlotRenderer) -> None:
        """Take a function that renders slots, for hosts that do not call `cleangov_slot`.

        :param render: called with slot name, step and medium.
        """

    def switched_off(self) -> bool:
        """Answer whether the kill switch is on. Asked at each call; must not use a database."""


class Privacy(StrEnum):
    """How an attribute is kept: in the open body, as an erasable disclosure, or as a digest."""

    PUBLIC = "public"
    PERSONAL = "personal"
    SECRET = "secret"


class ValueType(StrEnum):
    """The types an attribute can have."""

    TEXT = "text"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    MONEY = "money"
    CHOICE = "choice"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeType:
    """One attribute of an event kind.

    :param code: ASCII code, the key in `Event.attributes`.
    :param type: its type.
    :param labels: label by language.
    :param choices: the allowed codes of a choice.
    :param privacy: public, personal or secret.
    :param max_length: characters (text) or items (list) at the most.
    """

    code: str
    type: ValueType
    labels: Mapping[str, str] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    privacy: Privacy = Privacy.PUBLIC
    max_length: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """A kind of event that the host sends, with the schema of its attributes.

    :param kind: canonical kind.
    :param stream: the stream it belongs to.
    :param version: version of the schema; a change of meaning raises it.
    :param labels: label by language.
    :param attributes: what `Event.attributes` may hold.
    """

    kind: str
    stream: Stream
    version: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)
    attributes: tuple[AttributeType, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRecord:
    """One business record of the host, for reconciliation.

    :param id: the record's stable id; equals the id of the event that announced it.
    :param case_id: its case, permit or project.
    :param kind: the event kind that should have announced it.
    :param occurred_at: when it came about, aware.
    """

    id: str
    case_id: str
    kind: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of host records.

    :param records: in a stable order.
    :param cursor: where the next page begins; None at the end.
    """

    records: tuple[HostRecord, ...]
    cursor: str | None = None


class Tie(StrEnum):
    """Whether two people are tied. Unknown is neither yes nor no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What the host's registers say of a tie between an officer and a party.

    :param tie: yes, no or unknown.
    :param degree: 1 for a direct tie, 2 for one person between; None if unknown.
    :param source: which register.
    :param as_of: how fresh the register is.
    """

    tie: Tie
    degree: int | None = None
    source: str = ""
    as_of: date | None = None
