"""Small changes of a rule: each operator makes what it says, and examples notice it or not."""

from dataclasses import replace
from typing import Any

import pytest

from cleangov_plugin.domain.terms import Result
from cleangov_plugin.rules import compile_rule
from cleangov_plugin.rules.examples import examples_of
from cleangov_plugin.rules.mutation.mutants import Operator
from cleangov_plugin.rules.mutation.signatures import MOST_SIGNED, digest_of
from cleangov_plugin.rules.mutation.survivors import mutants_of, tried
from cleangov_plugin.rules.mutation.trials import Bench
from tests.rules.rule_building import document

AT = "2026-03-10T10:00:00+08:00"


def ids(condition: str = "amount > 800元", **more: Any) -> list[str]:
    return [mutant.id for mutant in mutants_of(compile_rule(document(condition, **more)))]


def test_a_comparison_with_a_number_moves_by_the_smallest_unit() -> None:
    assert ids() == [
        "condition: amount > 800元 -> amount >= 800元",
        "condition: amount > 800元 -> amount <= 800元",
        "condition: amount > 800元 -> amount > 799.99元",
        "condition: amount > 800元 -> amount > 800.01元",
        "condition: missing(amount) -> false",
    ]


def test_connectives_parts_and_negations() -> None:
    found = ids("amount > 800元 and not contains(step, 'a') and unit == 'u'")
    whole = "amount > 800元 and not contains(step, 'a') and unit == 'u'"
    assert f"condition: {whole} -> {whole.replace(' and ', ' or ')}" in found
    assert f"condition: {whole} -> amount > 800元 and unit == 'u'" in found
    assert "condition: not contains(step, 'a') -> contains(step, 'a')" in found
    assert "condition: missing(unit) -> false" in found
    assert not [each for each in found if "missing(step)" in each]  # every event has a step


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"within": "90 days"}, ["within 90 days -> -", "within 90 days -> within 89 days"]),
        ({"within": "24 hours"}, ["within 1440 minutes -> within 1439 minutes"]),
        ({"after": "enf.case.filed"}, ["after enf.case.filed -> before enf.case.filed"]),
        ({"before": "enf.case.filed"}, ["before enf.case.filed -> -"]),
        ({"where": "amount > 1元"}, ["amount > 1元 -> amount >= 1元", "amount > 1元 -> -"]),
    ],
)
def test_a_fact_is_changed_in_its_window_its_anchors_and_its_condition(
    more: dict[str, str], told: list[str]
) -> None:
    facts = {"n": {"count": "enf.notice.sent", **more}}
    found = ids("facts.n > 0", facts=facts)
    assert {f"facts.n: {each}" for each in told} <= set(found)


def test_kinds_parameters_and_guards_are_changed() -> None:
    found = ids(
        "facts.last > params.least",
        on=["enf.decision.made", "enf.case.closed"],
        applies="kind == 'enf.decision.made'",
        parameters={"least": {"type": "days", "default": "5 days", "range": ["5 days", "9 days"]}},
        facts={"last": {"elapsed_since": ["enf.notice.sent", "enf.notice.served"]}},
    )
    assert "params.least: 5 days -> 6 days" in found
    assert "params.least: 5 days -> 4 days" not in found  # outside its range
    assert "facts.last: enf.notice.sent -> -" in found
    assert "on: enf.case.closed -> -" in found
    assert "applies: kind == 'enf.decision.made' -> true" in found
    wanted = "applies: kind == 'enf.decision.made' -> kind == 'enf.case.closed'"
    assert wanted in found


def test_what_stands_in_texts_alone_is_not_changed() -> None:
    texts = {key: {"zh": "{facts.n:integer}", "en": "{facts.n:integer}"} for key in ("headline",)}
    more = {"texts": {**texts, "body": {"zh": "一", "en": "one"}}}
    found = ids(
        "amount > 800元", facts={"n": {"count": "enf.notice.sent", "within": "9 days"}}, **more
    )
    assert not [each for each in found if each.startswith("facts.n")]


def test_every_id_is_another() -> None:
    found = ids("amount > 800元 or amount > 800元")
    assert len(found) == len(set(found))
    assert "condition: amount > 800元 -> amount >= 800元 (2)" in found


def example(yuan: str | None, expect: str, name: str = "x") -> dict[str, Any]:
    event = {"kind": "enf.decision.made", "at": AT} | ({"amount": yuan} if yuan else {})
    return {"name": name, "given": {"event": event}, "expect": expect, "why": "so"}


EDGES = [
    example("800元", "clear"),
    example("800.01元", "hit"),
    example(None, "cannot_be_checked"),
]


def test_both_sides_of_a_line_and_a_blank_notice_every_change() -> None:
    found = tried(document(examples=EDGES))
    assert (found.is_good, len(found.killed), found.alive) == (True, 5, [])


def test_what_is_far_from_the_line_notices_little_and_the_case_is_on_the_line() -> None:
    found = tried(document(examples=[example("1元", "clear"), example("9000元", "hit")]))
    assert not found.is_good
    apart = {
        survivor.mutant.id.partition(" -> ")[2]: (
            survivor.case.example.record.amount.minor
            if survivor.case is not None and survivor.case.example.record.amount
            else None,
            survivor.answer,
        )
        for survivor in found.alive
    }
    assert apart == {
        "amount >= 800元": (80_000, Result.HIT),
        "amount > 799.99元": (80_000, Result.HIT),
        "amount > 800.01元": (80_001, Result.CLEAR),
        "false": (None, Result.CLEAR),
    }


def test_a_change_that_makes_no_difference_is_told_as_such() -> None:
    """A count is never negative, so "none" and "less than one" are the same."""
    facts = {"n": {"count": "enf.notice.sent"}}
    history = [{"kind": "enf.notice.sent", "at": "2026-03-09T10:00:00+08:00"}]
    none = {
        "name": "a",
        "given": {"event": EDGES[0]["given"]["event"]},
        "expect": "hit",
        "why": "-",
    }
    one = {**none, "given": {**none["given"], "history": history}, "expect": "clear"}
    found = tried(document("facts.n == 0", facts=facts, examples=[none, one]))
    assert [mutant.id for mutant in found.equivalent] == [
        "condition: facts.n == 0 -> facts.n <= 0",
    ]
    assert found.is_good is not bool(found.alive)


def test_an_example_that_is_not_right_comes_first() -> None:
    found = tried(document(examples=[*EDGES, example("1元", "hit", name="wrong")]))
    assert [failure.name for failure in found.failures] == ["wrong"]
    assert found.mutants == 0


def test_a_grid_that_was_cut_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cleangov_plugin.rules.mutation.trials._MOST_ASKED", 1)
    found = tried(document(examples=[example("1元", "clear"), example("9000元", "hit")]))
    assert found.equivalent == []
    assert [survivor.case for survivor in found.alive].count(None) >= 3


def test_at_most_five_of_a_hundred_changes_are_signed_for() -> None:
    many = " or ".join(f"amount == {n * 1000}元" for n in range(1, 9))
    examples = [example("8000元", "hit")]
    for n in range(1, 9):
        examples += [example(f"{n * 1000}元", "hit"), example(f"{n * 1000 - 0.01:.2f}元", "clear")]
        examples.append(example(f"{n * 1000 + 0.01:.2f}元", "clear"))
    left = [e for e in examples if e["given"]["event"]["amount"] != "8000.01元"]
    made = document(many, examples=[*left, EDGES[2]])
    found = tried(made)
    names = [survivor.mutant.id for survivor in found.alive]
    assert 0 < len(names) <= found.mutants * MOST_SIGNED // 100
    signed = [
        {"mutant": m, "digest": digest_of(made, m), "why": "w", "by": "b", "on": "2026-03-10"}
        for m in names
    ]
    again = tried({**made, "signed": signed})
    assert (again.is_good, len(again.signed), again.failures) == (True, len(names), [])
    stale = tried({**made, "examples": [*examples, EDGES[2]], "signed": signed})
    assert [failure.found for failure in stale.failures] == ["none such"] * len(names)
    other = tried({**made, "version": 2, "signed": signed})
    assert [survivor.mutant.id for survivor in other.alive] == names
    assert all(f.expected.startswith("digest ") for f in other.failures)


def test_the_operators_name_what_was_changed() -> None:
    rule = compile_rule(document(examples=EDGES))
    found = {mutant.operator for mutant in mutants_of(rule)}
    assert found == {
        Operator.BOUNDARY, Operator.INVERTED, Operator.CONSTANT, Operator.MISSING_CLEAR,
    }  # fmt: skip
    was, becomes = mutants_of(rule)[0].said()
    assert (was["zh"], becomes["en"]) == ("金额 > 800 元", "amount ≥ ¥800")


def test_the_grid_is_the_same_each_time() -> None:
    rule = compile_rule(document(examples=EDGES))
    examples = examples_of(document(examples=EDGES), rule)
    one, other = (Bench(rule, examples).candidates() for _ in range(2))
    assert [replace(case, moves=()) for case in one] == [replace(c, moves=()) for c in other]
