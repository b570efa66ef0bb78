"""At most one panel, the gravest first, and no way out through a weaker rule."""

from dataclasses import replace

import pytest

from cleangov_hooks import AnswerKind, Decision, Money
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.terms import Result, Severity, Tier, Visibility
from cleangov_plugin.prompts.panel import Hit, Offer, dedupe_key, hints, panel

HEAVIER = RuleOutcome(
    rule_id="E07",
    version=1,
    binding_id="E07-gate",
    result=Result.HIT,
    severity=Severity.REVOCABLE,
    tier=Tier.REFUSE,
    visibility=Visibility.OFFICER,
    values={"amount": Money(minor=200_000), "noticed": Money(minor=80_000)},
)
BAND = replace(HEAVIER, rule_id="E08", binding_id="E08-gate", tier=Tier.CONFIRM)
WRONG = Offer(code="wrong", kind=AnswerKind.PROMPT_IS_WRONG, then="note")
BACK = Offer(code="back", kind=AnswerKind.CORRECTED, then="regate")
GO_ON = Offer(code="confirm", kind=AnswerKind.CONFIRMED, then="pass")
NOBODY: frozenset[str] = frozenset()


def test_two_hits_make_one_panel_with_the_gravest_first() -> None:
    found = panel([Hit(outcome=BAND), Hit(outcome=HEAVIER)], NOBODY)
    assert found is not None
    assert found.refs == ("E07@1", "E08@1")
    assert found.tier is Tier.REFUSE
    assert found.decision is Decision.REFUSE


def test_a_weaker_rule_offers_no_way_round_a_stricter_one() -> None:
    hits = [Hit(outcome=HEAVIER, offers=(BACK, WRONG)), Hit(outcome=BAND, offers=(GO_ON, WRONG))]
    found = panel(hits, NOBODY)
    assert found is not None
    assert [offer.code for offer in found.offers] == ["back", "wrong"]


def test_nobody_may_agree_for_a_stricter_rule_whom_only_a_weaker_one_names() -> None:
    kind = AnswerKind.SECOND_PERSON_ASKED
    clerk = Offer(code="clerk", kind=kind, then="request", role="clerk")
    reviewer = Offer(code="reviewer", kind=kind, then="request", role="reviewer")
    weaker = replace(HEAVIER, rule_id="J10", binding_id="J10-gate", tier=Tier.SECOND_PERSON)
    hits = [Hit(outcome=weaker, offers=(clerk,)), Hit(outcome=HEAVIER, offers=(BACK, reviewer))]
    found = panel(hits, NOBODY)
    assert found is not None
    assert [offer.code for offer in found.offers] == ["back", "reviewer"]
    alone = panel(hits[:1], NOBODY)
    assert alone is not None
    assert [offer.code for offer in alone.offers] == ["clerk"]


@pytest.mark.parametrize("tier", [Tier.SECOND_PERSON, Tier.REFUSE])
@pytest.mark.parametrize("kind", [AnswerKind.BREAK_GLASS, AnswerKind.JUSTIFIED])
def test_where_somebody_else_must_agree_no_click_of_ones_own_is_a_way_out(
    tier: Tier, kind: AnswerKind
) -> None:
    alone = Offer(code="go_on", kind=kind, then="pass")
    hits = [Hit(outcome=replace(HEAVIER, tier=tier), offers=(alone, BACK, WRONG))]
    found = panel(hits, NOBODY)
    assert found is not None
    assert [offer.code for offer in found.offers] == ["back", "wrong"]


def test_alone_the_weaker_rule_may_be_confirmed() -> None:
    found = panel([Hit(outcome=BAND, offers=(WRONG, GO_ON))], NOBODY)
    assert found is not None
    assert [offer.code for offer in found.offers] == ["confirm", "wrong"]
    assert found.decision is Decision.HOLD


def test_a_settled_hit_is_not_shown_again_until_a_value_changes() -> None:
    settled = frozenset({dedupe_key(BAND)})
    assert panel([Hit(outcome=BAND)], settled) is None
    changed = replace(BAND, values={**BAND.values, "amount": Money(minor=200_001)})
    assert panel([Hit(outcome=changed)], settled) is not None


def test_what_is_for_oversight_never_reaches_the_officer() -> None:
    hidden = Hit(outcome=replace(HEAVIER, visibility=Visibility.OVERSIGHT))
    assert panel([hidden], NOBODY) is None
    assert hints([hidden]) == ()


def test_tier_one_informs_and_tier_zero_is_silent() -> None:
    informs = Hit(outcome=replace(BAND, tier=Tier.INFORM))
    silent = Hit(outcome=replace(BAND, tier=Tier.RECORD))
    assert panel([informs, silent], NOBODY) is None
    assert hints([silent, informs]) == (informs,)


def test_keys_tell_values_of_different_types_apart() -> None:
    text = replace(BAND, values={"x": "1"})
    number = replace(BAND, values={"x": 1})
    truth = replace(BAND, values={"x": True})
    assert len({dedupe_key(outcome) for outcome in (text, number, truth)}) == 3
