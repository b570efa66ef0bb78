"""A checked event in our own words, without the names of people: what rules and facts see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from cleangov_hooks import ActorKind, AttributeValue, Clock, Mode, Money, Origin, Precision, Stream

#: Source of events that are our own. What stands under it is believed: nobody else's may.
OWN_SOURCE: Final = "cleangov"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One event, present or past, with people by pseudonym.

    :param event_id: the event's id within its source.
    :param source: which system said so.
    :param log_id: the agency's ledger.
    :param stream: business stream.
    :param case_id: the case, permit or project.
    :param kind: canonical kind.
    :param step: the host's own name of the step.
    :param actor: pseudonym of who acted; None where unknown.
    :param actor_kind: person, system or batch; None where unknown.
    :param unit: unit of the actor.
    :param parties: pseudonyms of the parties.
    :param amount: the one sum.
    :param occurred_at: when it happened, aware, UTC.
    :param recorded_at: when the host recorded it, aware, UTC.
    :param offset: the original UTC offset of `occurred_at`, minutes.
    :param attributes: declared public attributes, typed.
    :param row: number of our own row; None for an event not written yet.
    """

    event_id: str
    source: str
    log_id: str
    stream: Stream
    case_id: str
    kind: str
    step: str
    actor: str | None
    occurred_at: datetime
    recorded_at: datetime
    actor_kind: ActorKind | None = None
    unit: str | None = None
    parties: tuple[str, ...] = ()
    amount: Money | None = None
    offset: int = 0
    precision: Precision = Precision.SECOND
    clock: Clock = Clock.SERVER
    origin: Origin = Origin.LIVE
    mode: Mode = Mode.ORDINARY
    attempt_id: str | None = None
    supersedes: str | None = None
    attributes: Mapping[str, AttributeValue] = field(default_factory=dict)
    row: int | None = None
