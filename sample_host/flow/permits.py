"""Permits: application, correction, acceptance, review, decision; Licensing Law Arts 32-44."""

from collections.abc import Mapping
from typing import Final

from cleangov_hooks import AttributeValue, Privacy, Stream
from sample_host.matter import Matter

from .model import CITIZEN, COMPLAINT, Field, FieldType, Flow, StepType, roles

#: Eight kinds of permit of an urban management bureau.
PERMIT_KINDS: Final = (
    "waste_disposal",
    "road_occupation",
    "road_excavation",
    "outdoor_sign",
    "material_stacking",
    "green_space",
    "gas_business",
    "drainage",
)


def _kind(matter: Matter, _values: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    return {"permit_kind": matter.own["permit_kind"]}


def _choice(name: str, *codes: str) -> Field:
    return Field(name=name, type=FieldType.CHOICE, choices=codes)


_OPINION: Final = Field(
    name="opinion", type=FieldType.LONG, is_required=False, privacy=Privacy.PERSONAL
)

_APPLY: Final = StepType(
    name="apply",
    kind="prm.submitted",
    roles=roles("permit_window"),
    leads_to="submitted",
    fields=(
        Field(name="title", is_sent=False),
        Field(name="place", is_sent=False),
        Field(name="party", is_sent=False),
        _choice("permit_kind", *PERMIT_KINDS),
    ),
    tells=("permit_window",),
)

_STEPS: Final = (
    StepType(
        name="accept",
        kind="prm.accepted",
        roles=roles("permit_window"),
        after=roles("submitted"),
        leads_to="accepted",
        fields=(_OPINION,),
        facts=_kind,
        tells=("permit_reviewer",),
    ),
    StepType(
        name="request_correction",
        kind="prm.correction.requested",
        roles=roles("permit_window"),
        after=roles("submitted", "correcting"),
        leads_to="correcting",
        fields=(Field(name="items", type=FieldType.LONG),),
        facts=_kind,
        paper="items",
    ),
    StepType(
        name="supplement",
        kind="prm.correction.received",
        roles=roles("permit_window", CITIZEN),
        after=roles("correcting"),
        leads_to="submitted",
        fields=(Field(name="items", type=FieldType.LONG),),
        facts=_kind,
        tells=("permit_window",),
    ),
    StepType(
        name="visit",
        kind="prm.siteverify.done",
        roles=roles("permit_reviewer"),
        after=roles("accepted"),
        leads_to="visited",
        fields=(
            Field(name="officers", type=FieldType.INTEGER, least=1),
            _choice("site", "as_described", "differs"),
        ),
        facts=_kind,
    ),
    StepType(
        name="review",
        kind="prm.reviewed",
        roles=roles("permit_reviewer"),
        after=roles("accepted", "visited"),
        leads_to="reviewed",
        fields=(_choice("proposal", "grant", "refuse"), _OPINION),
        facts=_kind,
        tells=("permit_head",),
    ),
    StepType(
        name="decide",
        kind="prm.decided",
        roles=roles("permit_head"),
        after=roles("reviewed"),
        leads_to="decided",
        fields=(_choice("result", "granted", "refused"), _OPINION),
        facts=_kind,
        tells=("permit_window",),
    ),
    StepType(
        name="deliver",
        kind="prm.delivered",
        roles=roles("permit_window"),
        after=roles("decided"),
        leads_to="delivered",
        fields=(_choice("delivery", "window", "post", "electronic"),),
        facts=_kind,
    ),
    COMPLAINT,
)

PERMITS: Final = Flow(
    stream=Stream.PERMIT,
    path="permits",
    prefix="YT-XK",
    digits=4,
    hook="cleangov_permit_events",
    party_role="applicant",
    states=(
        "submitted",
        "correcting",
        "accepted",
        "visited",
        "reviewed",
        "decided",
        "delivered",
    ),
    milestones=("submitted", "accepted", "visited", "reviewed", "decided", "delivered"),
    line={
        "submitted": ("accept",),
        "accepted": ("visit",),
        "visited": ("review",),
        "reviewed": ("decide",),
        "decided": ("deliver",),
    },
    opening=_APPLY,
    steps=_STEPS,
)
