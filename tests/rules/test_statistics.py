"""Figures over other cases as the nightly table keeps them."""

import random
from datetime import date
from typing import Any

import pytest

from cleangov_hooks import Money
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules import RuleSet, compile_rule
from cleangov_plugin.rules.evaluation import default_binding
from cleangov_plugin.rules.statistics import drawn, figures, mean, median, quantile, wider
from tests.rules.rule_building import SHANGHAI, document, event


@pytest.mark.parametrize(
    ("values", "answer"), [([3], 3), ([1, 9], 5), ([1, 2], 1), ([9, 1, 5], 5), ([-1, -2], -2)]
)
def test_the_median_is_a_whole_number(values: list[int], answer: int) -> None:
    assert median(values) == answer


def test_nothing_has_no_median() -> None:
    with pytest.raises(ValueError, match="nothing"):
        median([])


@pytest.mark.parametrize(
    ("values", "answer"), [([3], 3), ([1, 2], 1), ([1, 9, 5], 5), ([-1, -2], -2), ([0, 0, 2], 0)]
)
def test_the_mean_is_rounded_down(values: list[int], answer: int) -> None:
    assert mean(values) == answer


@pytest.mark.parametrize("at", [1, 10, 25, 50, 75, 90, 99])
def test_a_quantile_is_the_least_value_that_so_many_do_not_pass(at: int) -> None:
    chance = random.Random(at)
    for number in (1, 2, 9, 10, 11, 100):
        values = sorted(chance.randrange(-20, 20) for _ in range(number))
        enough = [v for v in values if 100 * sum(w <= v for w in values) >= at * number]
        assert quantile(values, at * 1_000) == enough[0]


def test_a_share_is_drawn_to_that_of_all_the_more_the_fewer_events_it_has() -> None:
    # by hand: P = 1/2, v = 1/4; the variance is 16/100, of which chance is 1/4 * 2/20 = 25/1000:
    # A = 135/1000, and 27/32 of each distance of 4/10 are left
    to = wider([(1, 10), (9, 10)])
    assert [drawn(1, 10, to), drawn(9, 10, to)] == [16_250, 83_750]
    # another with the same share and fewer events is nearer to the half
    assert drawn(9, 10, to) > drawn(18, 20, to) - 10_000 > drawn(1, 1, to) - 10_000
    assert 50_000 < drawn(1, 1, to) < drawn(2, 2, to) < drawn(200, 200, to) < 100_000


def test_groups_that_do_not_differ_beyond_chance_have_the_share_of_all() -> None:
    to = wider([(3, 10), (2, 10), (1, 10), (2, 7)])
    assert {drawn(part, n, to) for part, n in [(3, 10), (1, 10), (0, 40)]} == {8 * 100_000 // 37}
    for all_alike in ([(5, 5), (1, 1)], [(0, 5), (0, 1)], [(3, 4)]):
        part, n = all_alike[0]
        assert drawn(part, n, wider(all_alike)) == part * 100_000 // n


def test_shares_are_those_of_the_formula_in_floating_point() -> None:
    chance = random.Random(7)
    for _ in range(50):
        groups = []
        for _ in range(chance.randint(2, 12)):
            n = chance.randint(1, 60)
            groups.append((chance.randint(0, n), n))
        to, total = wider(groups), sum(n for _, n in groups)
        share = sum(part for part, _ in groups) / total
        spread = sum(n * (part / n - share) ** 2 for part, n in groups) / total
        apart = max(0.0, spread - share * (1 - share) * len(groups) / total)
        for part, n in groups:
            noise = share * (1 - share) / n
            weight = apart / (apart + noise) if apart + noise else 0
            expected = 100_000 * (share + weight * (part / n - share))
            assert abs(drawn(part, n, to) - expected) <= 1.001


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


def made(**fact: Any) -> dict[str, tuple[int, int]]:
    """Make a figure from a few decisions of three units, the day itself left out."""
    fields = {"code": {"type": "text"}, "refused": {"type": "boolean"}}
    fact = {"of": "enf.decision.made", "per": ["code"], "at_least": 10, **fact}
    if "share" in fact:
        del fact["of"]
    rule = compile_rule(document("facts.x.n > 0", fields=fields, facts={"x": fact}))
    (found,) = RuleSet(1, ((rule, default_binding(rule)),)).facts()
    records = []
    for code, refused, number in (("a", 1, 10), ("b", 9, 10), ("c", 0, 1)):
        for n in range(number):
            at = f"2026-03-0{1 + n % 9}T09:00:00+08:00"
            told = {"code": code, "refused": n < refused}
            records.append(event(at, event_id=f"{code}{n}", yuan=100 * n, attributes=told))
    records.append(event("2026-03-09T09:00:00+08:00", yuan=5, attributes={"code": "a"}))
    records.append(
        event("2026-03-10T09:00:00+08:00", attributes={"code": "a", "refused": True}, yuan=9)
    )
    figured = figures(found, records, SHANGHAI, on=date(2026, 3, 10))
    return {key.key: (value.value, value.n) for key, value in figured.items()}


def test_every_figure_of_the_closed_list_is_made() -> None:
    assert made(mean="amount", within="60 days") == {
        '["a"]': ((45 * 10_000 + 500) // 11, 11),  # one that does not say whether counts as well
        '["b"]': (45_000, 10),
        '["c"]': (0, 1),
    }
    assert made(quantile="amount", at="90%", within="60 days", where="refused or not refused") == {
        '["a"]': (80_000, 10),
        '["b"]': (80_000, 10),
        '["c"]': (0, 1),
    }
    assert made(median="amount", where="not refused", within="60 days") == {
        '["a"]': (50_000, 9),
        '["b"]': (90_000, 1),
        '["c"]': (0, 1),
    }
    # whose condition cannot be told is in neither number
    wide = wider([(1, 10), (9, 10), (0, 1)])
    assert made(share="enf.decision.made", where="refused", within="60 days") == {
        '["a"]': (drawn(1, 10, wide), 10),
        '["b"]': (drawn(9, 10, wide), 10),
        '["c"]': (drawn(0, 1, wide), 1),
    }


def test_the_wider_group_is_that_of_the_fields_named() -> None:
    narrow = {"share": "enf.decision.made", "where": "refused", "within": "60 days"}
    found = made(**narrow, per=["code", "step"], toward=["code"])
    assert found['["a", "decide"]'] == (10_000, 10)  # alone in its wider group: nothing to draw to
    assert found['["b", "decide"]'] == (90_000, 10)


FACT = {"of": "enf.a", "per": ["code"], "at_least": 30}


@pytest.mark.parametrize(
    ("fact", "what"),
    [
        ({**FACT, "quantile": "amount"}, "percentage"),
        ({**FACT, "quantile": "amount", "at": "100%"}, "between 0.01 and 99.99"),
        ({**FACT, "quantile": "amount", "at": "0.009%"}, "between 0.01 and 99.99"),
        ({**FACT, "quantile": "amount", "at": "99.99%"}, "at least 10000 events"),
        ({**FACT, "quantile": "amount", "at": 90}, "percentage"),
        ({**FACT, "quantile": "amount", "at": "1%"}, "at least 100 events"),
        ({**FACT, "quantile": "amount", "at": "97%"}, "at least 34 events"),
        ({**FACT, "mean": "amount", "at": "50%"}, "'at' does nothing for mean"),
        ({**FACT, "mean": "amount", "toward": []}, "'toward' does nothing for mean"),
        ({**FACT, "mean": "code"}, "no numbers"),
        ({"of": "enf.a", "mean": "amount", "per": ["code"]}, "fewest events"),
        ({**FACT, "mean": "amount", "per": ["actor"]}, "one person"),
        ({**FACT, "mean": "amount", "where": "actor == 'chen'"}, "one person"),
        ({**FACT, "mean": "amount", "where": "code == current.code"}, "no present event"),
        ({**FACT, "mean": "amount", "within": "24 hours"}, "civil days"),
        ({**FACT, "mean": "amount", "after": "enf.b"}, "'after' does nothing"),
        ({"share": "enf.a", "per": ["code"], "at_least": 30}, "needs a condition"),
        ({"share": "enf.a", "per": ["code"], "where": "amount > 5元"}, "fewest events"),
        ({"share": "enf.a", "of": "enf.b", "at_least": 30, "where": "amount > 5元"}, "'of' does"),
        (
            {"share": "enf.a", "per": ["code"], "toward": ["code"], "at_least": 30,
             "where": "amount > 5元"},
            "no wider",
        ),
        (
            {"share": "enf.a", "per": ["code"], "toward": ["unit"], "at_least": 30,
             "where": "amount > 5元"},
            "does not stand under 'per'",
        ),
    ],
)  # fmt: skip
def test_a_figure_that_says_nothing_or_too_much_is_refused(fact: dict[str, Any], what: str) -> None:
    with pytest.raises(RuleError, match=what):
        compile_rule(
            document("facts.x.n > 0", fields={"code": {"type": "text"}}, facts={"x": fact})
        )


def test_a_share_is_a_percentage_in_conditions() -> None:
    share = {"share": "enf.a", "per": ["code"], "at_least": 30, "where": "amount > 5元"}
    fields = {"code": {"type": "text"}}
    assert compile_rule(document("facts.x > 12.5%", fields=fields, facts={"x": share}))
    with pytest.raises(RuleError):
        compile_rule(document("facts.x > 12", fields=fields, facts={"x": share}))


def test_what_makes_a_figure_otherwise_makes_another_figure() -> None:
    share = {"share": "enf.a", "per": ["code", "step"], "at_least": 30, "where": "amount > 5元"}
    other = [{"where": "amount > 6元"}, {"toward": ["code"]}, {"toward": ["step"]}, {"at_least": 9}]
    ids = set()
    for changed in ({}, *other):
        fact = {**share, **changed}
        rule = compile_rule(
            document("facts.x > 9%", fields={"code": {"type": "text"}}, facts={"x": fact})
        )
        (found,) = RuleSet(1, ((rule, default_binding(rule)),)).facts()
        ids.add(found.id)
    assert len(ids) == 1 + len(other)
