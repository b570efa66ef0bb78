"""Answers of a rule: what follows on each, its closed list of reasons, its days."""

import copy
from typing import Any

import pytest

from cleangov_hooks import AnswerKind
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.reasons import Reason
from cleangov_plugin.domain.terms import Result, Severity, Tier, Visibility
from cleangov_plugin.intake.rule_files import load_rule_file, rulebook_folder
from cleangov_plugin.prompts.panel import Hit, Offer, together
from cleangov_plugin.rules import compile_rule

LABEL = {"zh": "理由", "en": "reason"}
GLASS = {
    "code": "danger", "kind": "break_glass", "label": LABEL, "then": "glass", "role": "head",
    "days": 2, "needs_text": True,
}  # fmt: skip
LATER = {
    "code": "later", "kind": "deferred", "label": LABEL, "then": "later", "days": 3,
    "awaits": ["enf.facts.supplemented"],
}  # fmt: skip
BACK = {
    "code": "back", "kind": "recusal_declared", "label": LABEL, "then": "recuse", "days": 2,
    "role": "head",
}  # fmt: skip
PLAIN = {"code": "plain", "kind": "justified", "label": LABEL, "then": "pass"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return load_rule_file(rulebook_folder() / "enforcement" / "E08.yaml")


def compiled(document: dict[str, Any], *answers: dict[str, Any]) -> Any:
    return compile_rule({**copy.deepcopy(document), "answers": list(answers)})


def test_what_follows_on_an_answer_is_read(document: dict[str, Any]) -> None:
    reasons = [{"code": "r", "label": LABEL, "needs_evidence": True}]
    rule = compiled(document, GLASS, LATER, BACK, {**PLAIN, "reasons": reasons})
    assert [a.then for a in rule.answers] == ["glass", "later", "recuse", "pass", "note"]
    assert [a.days for a in rule.answers] == [2, 3, 2, None, None]
    assert rule.answer("later").awaits == ("enf.facts.supplemented",)
    assert rule.answer("plain").reasons == (Reason(code="r", label=LABEL, needs_evidence=True),)


@pytest.mark.parametrize(
    ("answer", "change"),
    [
        (GLASS, {"kind": "justified"}),
        (GLASS, {"needs_text": False}),
        (GLASS, {"role": None}),
        (GLASS, {"days": 11}),
        (GLASS, {"days": 0}),
        (GLASS, {"awaits": ["enf.facts.supplemented"]}),
        (LATER, {"awaits": []}),
        (LATER, {"awaits": None}),
        (LATER, {"awaits": ["no kind"]}),
        (LATER, {"days": 31}),
        (LATER, {"role": "head"}),
        (LATER, {"kind": "justified"}),
        (BACK, {"then": "pass"}),
        (BACK, {"role": None}),
        (PLAIN, {"days": 1}),
        (PLAIN, {"kind": "break_glass"}),
        (PLAIN, {"reasons": [{"code": "r", "label": LABEL}] * 2}),
        (PLAIN, {"reasons": [{"code": f"r{n}", "label": LABEL} for n in range(13)]}),
        (PLAIN, {"reasons": [{"code": "R!", "label": LABEL}]}),
        (PLAIN, {"reasons": [{"code": "r", "label": {"zh": "理由"}}]}),
        (PLAIN, {"then": "regate", "reasons": [{"code": "r", "label": LABEL}]}),
    ],
)
def test_an_answer_that_says_too_much_or_too_little_is_refused(
    document: dict[str, Any], answer: dict[str, Any], change: dict[str, Any]
) -> None:
    changed = {k: v for k, v in {**answer, **change}.items() if v is not None}
    with pytest.raises(RuleError) as caught:
        compiled(document, changed)
    assert caught.value.where.startswith("E08.answers[1]")


def hit(rule_id: str, tier: Tier, *offers: Offer) -> Hit:
    outcome = RuleOutcome(
        rule_id=rule_id,
        version=1,
        binding_id=f"{rule_id}-gate",
        result=Result.HIT,
        severity=Severity.MINOR,
        tier=tier,
        visibility=Visibility.OFFICER,
    )
    return Hit(outcome=outcome, offers=offers)


def offer(code: str, then: str, **more: Any) -> Offer:
    return Offer(code=code, kind=AnswerKind.JUSTIFIED, then=then, **more)


def test_neither_putting_off_nor_the_glass_is_a_way_round_a_tier() -> None:
    later, glass = offer("later", "later", days=3), offer("danger", "glass", days=2)
    for tier, codes in (
        (Tier.CONFIRM, ["later"]),
        (Tier.JUSTIFY, ["later"]),
        (Tier.SECOND_PERSON, ["danger"]),
        (Tier.REFUSE, ["danger"]),
    ):
        assert [o.code for o in together([hit("A1", tier, later, glass)]).offers] == codes
    both = together([hit("A1", Tier.REFUSE), hit("A2", Tier.SECOND_PERSON, later, glass)])
    assert both.offers == (), "what a weaker rule offers lets nothing pass that is refused"


def test_of_two_rules_with_the_same_answer_the_stricter_counts() -> None:
    one = offer(
        "why", "pass", reasons=(Reason(code="a", label=LABEL), Reason(code="b", label=LABEL))
    )
    more = (Reason(code="b", label=LABEL, needs_evidence=True),)
    other = offer("why", "pass", needs_text=True, reasons=more)
    (merged,) = together([hit("A1", Tier.CONFIRM, one), hit("A2", Tier.CONFIRM, other)]).offers
    assert merged.needs_text
    assert [(r.code, r.needs_evidence) for r in merged.reasons] == [("b", True)], "both take it"
    for others in ((), (Reason(code="c", label=LABEL),)):
        last = offer("why", "pass", reasons=others)
        (merged,) = together([hit("A1", Tier.CONFIRM, one), hit("A2", Tier.CONFIRM, last)]).offers
        assert [r.code for r in merged.reasons] == ["a", "b", *(r.code for r in others)]
    first, second = offer("later", "later", days=5), offer("later", "later", days=2)
    (put,) = together([hit("A1", Tier.CONFIRM, first), hit("A2", Tier.CONFIRM, second)]).offers
    assert put.days == 2
