"""Enforcement: from clue to closing, after MOHURD Order 55 (2022), Arts 15-31."""

from collections.abc import Mapping
from typing import Final

from cleangov_hooks import AttributeValue, Money, Privacy, Stream
from sample_host.benchmarks import BENCHMARKS, TIERS
from sample_host.matter import Matter

from .model import CITIZEN, COMPLAINT, Field, FieldType, Flow, StepType, roles

_PENALTIES: Final = ("fine", "warning", "none")


def discretion(matter: Matter, _values: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    """Answer what the published table says for the facts of a case.

    :param matter: the case.
    """
    benchmark = BENCHMARKS[matter.own["violation_code"]]
    low, high = benchmark.bands[matter.own["tier"]]
    return {
        "violation_code": matter.own["violation_code"],
        "article": benchmark.article.zh,
        "tier_chosen": matter.own["tier"],
        "band_min": Money(minor=low),
        "band_max": Money(minor=high),
    }


def _code(matter: Matter, _values: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    return {"violation_code": matter.own["violation_code"]}


def _has_fine(matter: Matter) -> bool:
    return bool(matter.own["fine_minor"])


def _choice(name: str, *codes: str) -> Field:
    return Field(name=name, type=FieldType.CHOICE, choices=codes)


def _words(name: str, *, is_required: bool = True) -> Field:
    return Field(name=name, type=FieldType.LONG, is_required=is_required, privacy=Privacy.PERSONAL)


_AMOUNT: Final = Field(name="amount", type=FieldType.MONEY, least=0)

_CLUE: Final = StepType(
    name="clue",
    kind="enf.clue.received",
    roles=roles("enforcement_officer"),
    leads_to="clue",
    fields=(
        Field(name="title", is_sent=False),
        Field(name="place", is_sent=False),
        Field(name="party", is_sent=False),
        _choice("violation_code", *BENCHMARKS),
        _choice("clue_source", "patrol", "hotline", "transfer"),
    ),
    tells=("enforcement_head",),
)

_STEPS: Final = (
    StepType(
        name="file",
        kind="enf.case.filed",
        roles=roles("enforcement_head"),
        after=roles("clue"),
        leads_to="filed",
        fields=(_words("opinion", is_required=False),),
        facts=_code,
        tells=("enforcement_officer",),
    ),
    StepType(
        name="investigate",
        kind="enf.inspection.ended",
        roles=roles("enforcement_officer"),
        after=roles("filed"),
        leads_to="investigated",
        fields=(
            Field(name="officers", type=FieldType.INTEGER, least=2),
            _choice("tier", *TIERS),
            _words("findings"),
        ),
        facts=_code,
        signer="enforcement_officer",
    ),
    StepType(
        name="notify",
        kind="enf.intent.notified",
        roles=roles("enforcement_officer"),
        after=roles("investigated"),
        leads_to="notified",
        fields=(_AMOUNT, _choice("kind_of_penalty", *_PENALTIES)),
        facts=discretion,
        signer="enforcement_head",
    ),
    StepType(
        name="defend",
        kind="enf.defence.received",
        roles=roles("enforcement_officer", CITIZEN),
        after=roles("notified"),
        leads_to="defended",
        fields=(_choice("channel", "written", "oral"), _words("statement")),
        tells=("legal_reviewer", "enforcement_officer"),
    ),
    StepType(
        name="review",
        kind="enf.legal_review.done",
        roles=roles("legal_reviewer"),
        after=roles("notified", "defended"),
        leads_to="reviewed",
        leads_by=(
            "result",
            {"agree": "reviewed", "supplement": "filed", "correct": "investigated"},
        ),
        fields=(_choice("result", "agree", "supplement", "correct"), _words("opinion")),
        tells=("enforcement_officer",),
    ),
    StepType(
        name="decide",
        kind="enf.decision.made",
        roles=roles("enforcement_officer"),
        after=roles("reviewed", "discussed"),
        leads_to="decided",
        fields=(
            _AMOUNT,
            _choice("kind_of_penalty", *_PENALTIES),
            _words("reason", is_required=False),
        ),
        facts=discretion,
        signer="enforcement_head",
        tells=("enforcement_head",),
    ),
    StepType(
        name="discuss",
        kind="enf.collective.discussed",
        roles=roles("enforcement_head"),
        after=roles("reviewed"),
        leads_to="discussed",
        fields=(Field(name="members"), _words("conclusion")),
        tells=("enforcement_officer",),
    ),
    StepType(
        name="serve",
        kind="enf.decision.served",
        roles=roles("enforcement_officer"),
        after=roles("decided"),
        leads_to="served",
        fields=(_choice("service", "direct", "post", "electronic", "public_notice"),),
        tells=("finance",),
    ),
    StepType(
        name="collect",
        kind="enf.fine.collected",
        roles=roles("finance"),
        after=roles("served"),
        leads_to="executed",
        fields=(_AMOUNT, _choice("payment", "bank", "electronic")),
        when=_has_fine,
        tells=("enforcement_head",),
    ),
    StepType(
        name="close",
        kind="enf.case.closed",
        roles=roles("enforcement_head"),
        after=roles("filed", "investigated", "served", "executed"),
        leads_to="closed",
        fields=(_choice("closing", "executed", "educated", "not_established", "transferred"),),
    ),
    StepType(
        name="new_facts",
        kind="enf.facts.supplemented",
        roles=roles("enforcement_officer"),
        after=roles("notified", "defended", "reviewed", "discussed"),
        fields=(_words("facts"),),
        facts=_code,
        is_aside=True,
        tells=("legal_reviewer",),
    ),
    COMPLAINT,
)

ENFORCEMENT: Final = Flow(
    stream=Stream.ENFORCEMENT,
    path="cases",
    prefix="YT-CF",
    digits=4,
    hook="cleangov_enforcement_events",
    party_role="party",
    states=(
        "clue",
        "filed",
        "investigated",
        "notified",
        "defended",
        "reviewed",
        "discussed",
        "decided",
        "served",
        "executed",
        "closed",
    ),
    milestones=(
        "clue",
        "filed",
        "investigated",
        "notified",
        "reviewed",
        "decided",
        "served",
        "executed",
        "closed",
    ),
    line={
        "clue": ("file",),
        "filed": ("investigate",),
        "investigated": ("notify",),
        "notified": ("review",),
        "defended": ("review",),
        "reviewed": ("decide",),
        "discussed": ("decide",),
        "decided": ("serve",),
        "served": ("collect", "close"),
        "executed": ("close",),
    },
    opening=_CLUE,
    steps=_STEPS,
)
