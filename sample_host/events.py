"""From an act of the city to the contract's `Event`, and from a page to the contract's `Step`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from cleangov_hooks import (
    Actor,
    ActorKind,
    AttributeValue,
    Event,
    Money,
    Party,
    Step,
    Stream,
)

from .flow import FLOWS, Flow, StepType
from .forms import Filled, inputs
from .matter import Act, Matter
from .people import PEOPLE, Official

SOURCE: Final = "yunting"
AGENCY: Final = "yunting"


def plan_act(
    flow: Flow, step: StepType, matter: Matter, who: Official, filled: Filled, at: datetime
) -> Act:
    """Say what would be done, before anything of it is written.

    :param flow: the stream's flow.
    :param step: the step.
    :param matter: the matter as it stands.
    :param who: who takes the step.
    :param filled: the form.
    :param at: when, aware.
    :return: the next act of the matter.
    """
    sent = {field.name for field in step.fields if field.is_sent}
    details = {name: value for name, value in filled.values.items() if name in sent}
    details.update(step.facts(matter, filled.values))
    amount = step.sum_of(matter, filled.values) if step.sum_of else filled.amount
    ordinal = matter.ordinal + 1
    return Act(
        id=f"{matter.no}-{ordinal:03d}",
        stream=step.stream or flow.stream,
        matter_no=matter.no,
        ordinal=ordinal,
        kind=step.kind,
        step=step.name,
        actor_id=who.id,
        amount=amount,
        occurred_at=at,
        recorded_at=at,
        details=details,
    )


def event_of(
    act: Act,
    matter: Matter,
    *,
    attempt_id: str | None = None,
    actor_kind: ActorKind = ActorKind.PERSON,
) -> Event:
    """Write an act as an event of the contract.

    :param act: the act.
    :param matter: its matter.
    :param attempt_id: the attempt that led to it.
    :param actor_kind: person, or batch where one person signed many at once.
    """
    return Event(
        id=act.id,
        source=SOURCE,
        agency_id=AGENCY,
        stream=act.stream,
        case_id=act.matter_no,
        kind=act.kind,
        step=act.step,
        actor=_actor(act.actor_id, actor_kind),
        occurred_at=act.occurred_at,
        recorded_at=act.recorded_at,
        attempt_id=attempt_id,
        parties=(_party(matter),),
        amount=act.amount,
        attributes=_sent(act.details),
    )


def step_of(
    step: StepType,
    matter: Matter,
    who: Official | None,
    *,
    language: str,
    urls: tuple[str, str],
    raw: Mapping[str, str],
    proposed: Event | None,
    attempt_id: str | None,
) -> Step:
    """Write where an officer stands.

    :param step: the step.
    :param matter: the matter.
    :param who: the officer.
    :param language: of the page.
    :param urls: path of the page and path its form posts to.
    :param raw: the form's fields as they are filled in.
    :param proposed: the event as the form stands.
    :param attempt_id: the attempt under way.
    """
    return Step(
        agency_id=AGENCY,
        stream=step.stream or matter.stream,
        case_id=matter.no,
        name=step.name,
        kind=step.kind,
        actor=who.actor() if who else None,
        language=language,
        proposed=proposed,
        attempt_id=attempt_id,
        page_url=urls[0],
        action_url=urls[1],
        inputs=inputs(step, raw),
    )


def hook_of(stream: Stream) -> str:
    """Name the hook that events of a stream go to.

    :param stream: the event's stream.
    """
    flow = FLOWS.get(stream)
    return flow.hook if flow else "cleangov_context_events"


def _actor(person: str, kind: ActorKind) -> Actor:
    actor = PEOPLE[person].actor()
    return Actor(
        id=actor.id,
        kind=kind,
        roles=actor.roles,
        unit=actor.unit,
        certificate=actor.certificate,
    )


def _party(matter: Matter) -> Party:
    role = FLOWS[matter.stream].party_role
    return Party(id=matter.party.id, role=role, is_organisation=matter.party.is_organisation)


def _sent(details: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    return {
        code: Money(minor=value.minor) if isinstance(value, Money) else value
        for code, value in details.items()
        if "@" not in code
    }
