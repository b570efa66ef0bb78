"""Public works: contract, changes to it, payment, acceptance."""

from collections.abc import Mapping
from typing import Final

from cleangov_hooks import AttributeValue, Money, Privacy, Stream
from sample_host.matter import Matter

from .model import Field, FieldType, Flow, StepType, roles

_CAUSES: Final = ("ground", "design", "quantity", "weather")


def _contract(matter: Matter, _values: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    return {
        "contract_amount": Money(minor=matter.own["contract_minor"]),
        "approval_limit": Money(minor=matter.own["limit_minor"]),
    }


def _next_variation(
    matter: Matter, values: Mapping[str, AttributeValue]
) -> dict[str, AttributeValue]:
    number = f"V{len(matter.variations) + 1}"
    return {**_contract(matter, values), "variation_no": number}


def _variation_sum(matter: Matter, values: Mapping[str, AttributeValue]) -> Money | None:
    chosen = values.get("variation_no")
    return next((Money(minor=v.amount) for v in matter.variations if v.no == chosen), None)


def _in_state(matter: Matter, state: str) -> tuple[str, ...]:
    return tuple(v.no for v in matter.variations if v.state == state)


def _requested(matter: Matter) -> tuple[str, ...]:
    return _in_state(matter, "requested")


def _approved(matter: Matter) -> tuple[str, ...]:
    return _in_state(matter, "approved")


def _choice(name: str, *codes: str) -> Field:
    return Field(name=name, type=FieldType.CHOICE, choices=codes)


_AMOUNT: Final = Field(name="amount", type=FieldType.MONEY)
_RUNNING: Final = roles("running")

_SIGN: Final = StepType(
    name="sign",
    kind="prj.contract.signed",
    roles=roles("works_head"),
    leads_to="running",
    fields=(
        Field(name="title", is_sent=False),
        Field(name="place", is_sent=False),
        Field(name="party", is_sent=False),
        Field(name="amount", type=FieldType.MONEY, least=1),
    ),
    tells=("project_manager",),
)

_STEPS: Final = (
    StepType(
        name="request_variation",
        kind="prj.variation.requested",
        roles=roles("project_manager"),
        after=_RUNNING,
        fields=(
            _AMOUNT,
            _choice("cause", *_CAUSES),
            Field(name="reason", type=FieldType.LONG, privacy=Privacy.PERSONAL),
        ),
        facts=_next_variation,
        tells=("works_head",),
    ),
    StepType(
        name="approve_variation",
        kind="prj.variation.approved",
        roles=roles("works_head"),
        after=_RUNNING,
        fields=(Field(name="variation_no", type=FieldType.CHOICE, choices_of=_requested),),
        facts=_contract,
        sum_of=_variation_sum,
        tells=("project_manager",),
    ),
    StepType(
        name="execute_variation",
        kind="prj.variation.executed",
        roles=roles("project_manager"),
        after=_RUNNING,
        fields=(Field(name="variation_no", type=FieldType.CHOICE, choices_of=_approved),),
        facts=_contract,
        sum_of=_variation_sum,
        is_aside=True,
    ),
    StepType(
        name="pay",
        kind="prj.paid",
        roles=roles("finance"),
        after=_RUNNING,
        fields=(Field(name="amount", type=FieldType.MONEY, least=1),),
        facts=_contract,
        tells=("project_manager",),
    ),
    StepType(
        name="accept_works",
        kind="prj.accepted",
        roles=roles("chief_engineer"),
        after=_RUNNING,
        leads_to="accepted",
        fields=(_choice("quality", "passed", "passed_with_remarks"),),
        facts=_contract,
        tells=("finance", "project_manager"),
    ),
)

PROJECTS: Final = Flow(
    stream=Stream.PROJECT,
    path="projects",
    prefix="YT-GC",
    digits=2,
    hook="cleangov_project_events",
    party_role="contractor",
    states=("running", "accepted"),
    milestones=("running", "accepted"),
    line={"running": ("approve_variation",)},
    opening=_SIGN,
    steps=_STEPS,
)
