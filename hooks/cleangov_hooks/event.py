"""What has happened in the host: `Event` and the values it is made of.

Every class here is frozen and checks nothing when it is built: a host must never fail because
it told us something odd. What is wrong with an event is found by the plugin and recorded by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from ._markers import CONTRACT_VERSION


class Stream(StrEnum):
    """The business stream an event belongs to. Stored as text."""

    ENFORCEMENT = "enforcement"
    PERMIT = "permit"
    PROJECT = "project"
    PETITION = "petition"
    PERSONNEL = "personnel"
    DOCUMENT = "document"


class ActorKind(StrEnum):
    """Who acted: a person, a robot account, or a batch signed by one person."""

    PERSON = "person"
    SYSTEM = "system"
    BATCH = "batch"


class Precision(StrEnum):
    """How finely `occurred_at` is known. A rule that needs more answers "cannot be checked"."""

    DAY = "day"
    MINUTE = "minute"
    SECOND = "second"


class Clock(StrEnum):
    """Which clock `occurred_at` was read from."""

    DEVICE = "device"
    SERVER = "server"
    IMPORT = "import"


class Origin(StrEnum):
    """How the event reached us. `import` and `historic` make signals for study, never prompts."""

    LIVE = "live"
    SYNCED = "synced"
    IMPORT = "import"
    HISTORIC = "historic"


class Mode(StrEnum):
    """The procedure under which the step was done."""

    ORDINARY = "ordinary"
    INSTANT = "instant"
    ON_COMMITMENT = "on_commitment"
    EMERGENCY = "emergency"
    PATROL = "patrol"


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An exact sum of money.

    :param minor: whole minor units (fen, cents); negative for deductions and refunds.
    :param currency: ISO 4217 code, three capital letters.
    """

    minor: int
    currency: str = "CNY"


AttributeValue: TypeAlias = (
    "str | int | bool | date | datetime | Money | tuple[str | int | Money, ...] | None"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The officer or machine that acted.

    :param id: the host's stable id of the officer (not the name).
    :param kind: person, system or batch.
    :param roles: role codes held while acting.
    :param unit: code of the organisational unit.
    :param certificate: number of the enforcement certificate, if the step needs one.
    """

    id: str
    kind: ActorKind = ActorKind.PERSON
    roles: tuple[str, ...] = ()
    unit: str | None = None
    certificate: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """The person or organisation outside the authority (行政相对人).

    :param id: the host's stable id of the party (not the name).
    :param role: what the party is in this case: owner, applicant, contractor, ...
    :param is_organisation: true for firms and bodies, false for natural persons.
    """

    id: str
    role: str = "party"
    is_organisation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that has happened in the host, or is about to (inside an `Attempt`).

    :param id: unique within `source`; a resend carries the same id.
    :param source: which system says so, for example ``"yunting"``; ``"cleangov"`` is the plugin's.
    :param agency_id: the authority whose records and calendar apply.
    :param stream: the business stream.
    :param case_id: the host's case, permit or project number.
    :param kind: canonical kind, for example ``"enf.decision.made"``.
    :param step: the host's own name of the step.
    :param actor: who acted; None where the host does not know.
    :param occurred_at: when it happened, aware; its UTC offset is kept.
    :param recorded_at: when the host recorded it, aware.
    :param contract: version of this contract.
    :param schema: version of the kind's attribute schema (`EventType.version`).
    :param attempt_id: the attempt that led here; None where the step has no gate.
    :param supersedes: id of the event that this one corrects.
    :param parties: people and organisations concerned.
    :param amount: the one sum the event is about.
    :param precision: how finely `occurred_at` is known.
    :param clock: whose clock it is.
    :param origin: how it reached us.
    :param mode: the procedure.
    :param attributes: further facts, declared by `cleangov_event_types`.
    """

    id: str
    source: str
    agency_id: str
    stream: Stream
    case_id: str
    kind: str
    step: str
    actor: Actor | None
    occurred_at: datetime
    recorded_at: datetime
    contract: int = CONTRACT_VERSION
    schema: int = 1
    attempt_id: str | None = None
    supersedes: str | None = None
    parties: tuple[Party, ...] = ()
    amount: Money | None = None
    precision: Precision = Precision.SECOND
    clock: Clock = Clock.SERVER
    origin: Origin = Origin.LIVE
    mode: Mode = Mode.ORDINARY
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
