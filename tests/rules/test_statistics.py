"""Figures over other cases as the nightly table keeps them."""

from datetime import date

import pytest

from cleangov_hooks import Money
from cleangov_plugin.rules import RuleSet, compile_rule
from cleangov_plugin.rules.evaluation import default_binding
from cleangov_plugin.rules.statistics import figures, median
from tests.rules.rule_building import SHANGHAI, document, event


@pytest.mark.parametrize(
    ("values", "answer"), [([3], 3), ([1, 9], 5), ([1, 2], 1), ([9, 1, 5], 5), ([-1, -2], -2)]
)
def test_the_median_is_a_whole_number(values: list[int], answer: int) -> None:
    assert median(values) == answer


def test_nothing_has_no_median() -> None:
    with pytest.raises(ValueError, match="nothing"):
        median([])


RULE = compile_rule(
    document(
        "amount > facts.usual and facts.all > 3",
        fields={"code": {"type": "text"}},
        facts={
            "usual": {
                "median": "amount",
                "of": "enf.decision.made",
                "per": ["code"],
                "within": "30 days",
            },
            "all": {"count": "enf.decision.made", "per": []},
        },
    )
)


def test_figures_are_kept_by_group_and_window() -> None:
    facts = RuleSet(1, ((RULE, default_binding(RULE)),)).facts()
    assert len(facts) == 2
    records = [
        event("2026-03-09T09:00:00+08:00", yuan=500, attributes={"code": "a"}),
        event("2026-03-08T09:00:00+08:00", yuan=700, attributes={"code": "a"}),
        event("2026-02-08T09:00:00+08:00", yuan=900, attributes={"code": "a"}),
        event("2026-02-07T09:00:00+08:00", yuan=9_000, attributes={"code": "a"}),
        event("2026-03-10T00:00:00+08:00", yuan=9_000, attributes={"code": "a"}),
        event("2026-03-09T09:00:00+08:00", yuan=100, attributes={"code": "b"}),
        event("2026-03-09T09:00:00+08:00", yuan=100),
        event("2026-03-09T09:00:00+08:00", attributes={"code": "a"}),
        event(
            "2026-03-09T09:00:00+08:00",
            amount=Money(minor=1, currency="EUR"),
            attributes={"code": "a"},
        ),
        event("2026-03-09T09:00:00+08:00", kind="enf.case.filed", yuan=100),
    ]
    found = {}
    for fact in facts:
        for key, value in figures(fact, records, SHANGHAI, on=date(2026, 3, 10)).items():
            found[fact.spec.name, key.key] = (value.value, value.n)
    assert found == {
        ("usual", '["a"]'): (70_000, 3),
        ("usual", '["b"]'): (10_000, 1),
        ("all", "[]"): (9, 9),
    }
