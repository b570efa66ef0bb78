"""At most one panel an attempt: the hits that interrupt, merged, with the answers they allow."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from cleangov_hooks import AnswerKind, Decision, Money
from cleangov_plugin.domain.evaluation import RuleOutcome, Value
from cleangov_plugin.domain.reasons import Reason
from cleangov_plugin.domain.terms import Severity, Tier, Visibility

from .weights import UNKNOWN, Weights

_GRAVITY: Final = {severity: rank for rank, severity in enumerate(Severity)}
#: Answers that end in a pass, at once or when somebody else has agreed.
_PASSING: Final = ("pass", "request", "later", "glass")
#: Those that the officer gives alone: none of them is a way out from tier 4 on.
_ALONE: Final = ("pass", "later")
#: Red and above: what the law calls void or revocable is never downgraded for a budget's sake.
RED: Final = frozenset({Severity.VOID, Severity.REVOCABLE})
_NOTHING_KNOWN: Final[Weights] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One answer that a rule offers to its hit.

    :param code: stable code, the same over rules for the same act.
    :param kind: kind of answer.
    :param then: what follows: ``"pass"``, ``"regate"``, ``"request"``, ``"page"``, ``"note"``,
        ``"recuse"``, ``"glass"``, ``"later"``.
    :param needs_text: whether the officer's words are required.
    :param role: role of the second person, of the approver, or of whoever assigns the case.
    :param rule_id: the rule that offers it.
    :param reasons: the reasons of which one is taken; empty where none is asked.
    :param days: working days until what follows is due; None where nothing does.
    :param awaits: kinds of event that fulfil what was put off.
    """

    code: str
    kind: AnswerKind
    then: str
    needs_text: bool = False
    role: str | None = None
    rule_id: str = ""
    reasons: tuple[Reason, ...] = ()
    days: int | None = None
    awaits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One hit with the answers its rule offers.

    :param outcome: what the rule said.
    :param offers: the rule's answers, in order.
    """

    outcome: RuleOutcome
    offers: tuple[Offer, ...] = ()

    @property
    def ref(self) -> str:
        """Answer the rule and its version, ``"E07@1"``."""
        return f"{self.outcome.rule_id}@{self.outcome.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """The one interruptive prompt of an attempt.

    :param hits: the merged hits, gravest first.
    :param offers: the answers, one of each code.
    """

    hits: tuple[Hit, ...]
    offers: tuple[Offer, ...]

    @property
    def tier(self) -> Tier:
        """Answer the strictest tier of the merged hits."""
        return max(hit.outcome.tier for hit in self.hits)

    @property
    def is_budgeted(self) -> bool:
        """Answer whether a full day may turn it into a hint: tiers 2 and 3, and nothing red."""
        is_red = any(hit.outcome.severity in RED for hit in self.hits)
        return self.tier < Tier.SECOND_PERSON and not is_red

    @property
    def refs(self) -> tuple[str, ...]:
        """Answer the merged rules, gravest first."""
        return tuple(hit.ref for hit in self.hits)

    @property
    def decision(self) -> Decision:
        """Answer what the gate decides: tier 5 refuses, the tiers below hold."""
        return Decision.REFUSE if self.tier is Tier.REFUSE else Decision.HOLD


def ordered(
    hits: Iterable[Hit], weights: Weights = _NOTHING_KNOWN, today: date | None = None
) -> tuple[Hit, ...]:
    """Put hits in order of display: tier, severity, worth of past hits, what is due, rule id.

    :param hits: the hits of one evaluation.
    :param weights: what the past hits of each rule were worth.
    :param today: the civil day, for what comes due; None leaves that out.
    :return: gravest first.
    """
    return tuple(
        sorted(
            hits,
            key=lambda hit: (
                -hit.outcome.tier,
                _GRAVITY[hit.outcome.severity],
                -weights.get(hit.outcome.rule_id, UNKNOWN).precision,
                _due(hit.outcome.values, today),
                hit.outcome.rule_id,
            ),
        )
    )


def place(tier: int, severity: Severity, rule_id: str, weights: Weights) -> tuple[int, int, int]:
    """Answer the place of a rule's hits where a day has no room for all; the least comes first.

    What a rule is worth goes before how much it asks: a demand for reasons that nobody ever had to
    put right does not deserve the place of a question that is often right.

    :param tier: tier of its binding.
    :param severity: severity by law.
    :param rule_id: the rule.
    :param weights: what the past hits of each rule were worth.
    """
    return _GRAVITY[severity], -weights.get(rule_id, UNKNOWN).precision, -tier


def _due(values: Mapping[str, Value], today: date | None) -> date:
    """Answer the nearest day ahead among the values a hit was made from: that is a term."""
    if today is None:
        return date.max
    days = (v.date() if isinstance(v, datetime) else v for v in values.values())
    return min((d for d in days if isinstance(d, date) and d >= today), default=date.max)


def panel(
    hits: Sequence[Hit],
    settled: frozenset[str],
    weights: Weights = _NOTHING_KNOWN,
    today: date | None = None,
) -> Panel | None:
    """Merge the hits that interrupt into one panel.

    :param hits: the hits at the gate.
    :param settled: dedupe keys of hits that a good answer has settled already.
    :param weights: what the past hits of each rule were worth.
    :param today: the civil day, for what comes due.
    :return: the panel; None where nothing interrupts the officer.
    """
    interrupting = [
        hit
        for hit in ordered(hits, weights, today)
        if hit.outcome.tier >= Tier.CONFIRM
        and hit.outcome.visibility is Visibility.OFFICER
        and dedupe_key(hit.outcome) not in settled
    ]
    if not interrupting:
        return None
    return together(interrupting)


def together(hits: Sequence[Hit]) -> Panel:
    """Make one panel of hits, in the order in which they are given.

    :param hits: at least one, gravest first.
    """
    return Panel(hits=tuple(hits), offers=_merged(hits))


def inputs_key(outcome: RuleOutcome) -> str:
    """Name a hit by rule, version and the values that made it fire, whichever binding asked.

    :param outcome: the hit.
    :return: 64 hexadecimal digits.
    """
    return _key([outcome.rule_id, outcome.version], outcome)


def hints(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Choose the hits that are shown beside the form without a click (tier 1).

    :param hits: the hits when the step is opened or edited.
    :return: in order of display; what is for oversight or the lead is never among them.
    """
    return tuple(
        hit
        for hit in ordered(hits)
        if hit.outcome.tier >= Tier.INFORM and hit.outcome.visibility is Visibility.OFFICER
    )


def dedupe_key(outcome: RuleOutcome) -> str:
    """Name a hit by its rule and the values that made it fire.

    While none of these values changes, a settled hit is not shown again; when one changes,
    the key changes and the gate opens anew.

    :param outcome: the hit.
    :return: 64 hexadecimal digits.
    """
    return _key([outcome.rule_id, outcome.version, outcome.binding_id], outcome)


def _key(named: Sequence[object], outcome: RuleOutcome) -> str:
    values = sorted((name, _text(value)) for name, value in outcome.values.items())
    return sha256(json.dumps([*named, values], ensure_ascii=True).encode()).hexdigest()


def _merged(hits: Sequence[Hit]) -> tuple[Offer, ...]:
    """Take each answer once; an answer that only lets a weaker rule pass is no way out.

    From tier 4 on no answer of the officer's own is one: somebody else has to agree, whatever a
    rule file offers. Nor is a second person whom a weaker rule names: they may not agree to what
    the stricter one refuses. The glass is broken where nothing less lets the step go on, from tier
    4 on alone. "This prompt is wrong" comes last, whichever rule offered it.
    """
    strictest = max(hit.outcome.tier for hit in hits)
    offers: dict[str, Offer] = {}
    for hit in hits:
        for offer in hit.offers:
            passes_weaker = offer.then in _PASSING and hit.outcome.tier < strictest
            passes_alone = offer.then in _ALONE and strictest >= Tier.SECOND_PERSON
            is_idle = offer.then == "glass" and strictest < Tier.SECOND_PERSON
            if passes_weaker or passes_alone or is_idle:
                continue
            there = offers.get(offer.code)
            offers[offer.code] = offer if there is None else _stricter(there, offer)
    return tuple(sorted(offers.values(), key=lambda o: o.kind is AnswerKind.PROMPT_IS_WRONG))


def _stricter(one: Offer, other: Offer) -> Offer:
    """Answer one offer of two rules with the same code: whatever either asks for is asked for."""
    if one.then != other.then:
        return one
    days = [each.days for each in (one, other) if each.days is not None]
    return replace(
        one,
        needs_text=one.needs_text or other.needs_text,
        reasons=_both_take(one.reasons, other.reasons),
        days=min(days, default=None),
    )


def _both_take(one: Sequence[Reason], other: Sequence[Reason]) -> tuple[Reason, ...]:
    """Choose the reasons that both rules take: one answer settles both of their hits.

    A rule without reasons takes any. Where they share none, each one's stand: else there would be
    no answer at all.
    """
    by_code = {reason.code: reason for reason in one}
    for reason in other:
        there = by_code.setdefault(reason.code, reason)
        by_code[reason.code] = replace(
            there,
            needs_text=there.needs_text or reason.needs_text,
            needs_evidence=there.needs_evidence or reason.needs_evidence,
        )
    shared = {reason.code for reason in one} & {reason.code for reason in other}
    return tuple(reason for code, reason in by_code.items() if code in (shared or by_code))


def _text(value: Value) -> str:
    if isinstance(value, Money):
        return f"{value.currency}:{value.minor}"
    if isinstance(value, tuple):
        return json.dumps([str(item) for item in value])
    return f"{type(value).__name__}:{value}"
