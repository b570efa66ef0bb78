"""Entries of lists, their declared number, and what an expression may cost."""

import sys
from typing import Any

import pytest

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.rules import compile_rule, explain
from cleangov_plugin.rules.bound import bind
from cleangov_plugin.rules.costs import MOST_STEPS, cost
from cleangov_plugin.rules.evaluation import default_binding
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.kinds import MOST_ENTRIES
from tests.rules.rule_building import ask, document, event, known

FIELDS = {
    "tags": {"type": "list", "label": {"zh": "材料", "en": "papers"}},
    "few": {"type": "list", "range": [1, 3]},
    "code": {"type": "text", "label": {"zh": "编号", "en": "code"}},
    "grade": {"type": "choice", "choices": ["light", "heavy"]},
    "n": {"type": "integer", "range": [0, 9]},
}
HAVE = {"tags": ("身份证", "a"), "few": ("light",), "code": "a", "grade": "light", "n": 3}


def said(condition: str, **more: Any) -> Any:
    return ask(document(condition, fields=FIELDS), event(attributes={**HAVE, **more}))


@pytest.mark.parametrize(
    "condition",
    [
        "'身份证' in tags",
        "'身份证' 属于 材料",
        "code in tags",
        "grade in few",
        "grade 属于 known(few, tags)",
        "'户口簿' not in tags",
        "'户口簿' 不属于 材料",
        "code 不属于 ['b', 'c']",
        "not (code 不属于 tags)",
        "'a' in tags and 'a' not in few",
        "数量(材料) == 2 and 非 缺失(编号)",
        "包含(编号, 'a') 且 有相同项(tags, tags)",
        "占比(n, 30) == 10%",
        "取已知(n, 1) == 3",
        "contains(合并(code, '身'), '身')",
    ],
)
def test_true_things_hit(condition: str) -> None:
    assert said(condition).result is Result.HIT
    assert said(f"not ({condition})").result is Result.CLEAR


def test_an_entry_of_an_unknown_list_is_unknown_and_named() -> None:
    outcome = said("'a' in tags", tags=None)
    assert (outcome.result, outcome.fields) == (Result.CANNOT_BE_CHECKED, ("tags",))


def test_an_entry_is_explained_in_both_languages() -> None:
    rule = compile_rule(document("code in tags", fields=FIELDS))
    outcome = ask(rule, event(attributes=HAVE))
    assert explain(rule, outcome, "zh")[1] == "编号 a 属于 材料 身份证、a → 是"
    assert explain(rule, outcome, "en")[1] == "code a in papers 身份证, a → yes"


@pytest.mark.parametrize(
    ("entries", "is_known"),
    [((), False), (("a",), True), (("a", "b", "c"), True), (("a", "b", "c", "d"), False)],
)
def test_a_list_of_more_or_fewer_entries_than_declared_is_missing(
    entries: tuple[str, ...], is_known: bool
) -> None:
    assert (said("missing(few)", few=entries).result is Result.CLEAR) == is_known


def test_a_list_of_no_declared_range_has_a_bound_as_well() -> None:
    most = ("a",) * MOST_ENTRIES
    assert said("'a' in tags", tags=most).result is Result.HIT
    assert said("'a' in tags", tags=(*most, "a")).result is Result.CANNOT_BE_CHECKED


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("n in tags", "in needs a text"),
        ("code in n", "in needs a list"),
        ("code in code", "in needs a list"),
        ("has(tags, code)", "no function 'has'"),
        ("数量(n) > 3", r"size\(x\) needs a list"),
        ("占比(n) > 3%", "占比 takes 2"),
        ("缺(n)", "The functions are .*缺失"),
        ("code 不属于", "expected a value"),
    ],
)
def test_mistakes_are_refused_at_saving(condition: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        compile_rule(document(condition, fields=FIELDS))


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ({"type": "list", "range": [3, 1]}, "least"),
        ({"type": "list", "range": [0, MOST_ENTRIES + 1]}, "outside the range"),
        ({"type": "list", "range": [0]}, "least, greatest"),
        ({"type": "text", "range": [0, 3]}, "belongs to a number or a list"),
    ],
)
def test_a_range_that_is_none_is_refused(field: Any, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        compile_rule(document("true", fields={"x": field}))


def test_a_parameter_keeps_its_range_as_well() -> None:
    of = {"type": "list", "range": [1, 2]}
    assert compile_rule(document("true", parameters={"p": {**of, "default": ["a", "b"]}}))
    with pytest.raises(RuleError, match="3 entries"):
        compile_rule(document("true", parameters={"p": {**of, "default": ["a", "b", "c"]}}))


# ---- What an expression may cost -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "steps"),
    [
        ("n > 3", 3),
        ("n > 3 and n < 5", 7),
        ("size(tags) > 3", 4),
        ("'a' in few", 3 + 3 + 200),
        ("'a' in tags", 3 + MOST_ENTRIES + 200),
        ("overlap(few, few)", 3 + 6),
        ("contains(code, 'a')", 3 + 400),
    ],
)
def test_the_cost_of_an_expression_is_known_before_it_runs(condition: str, steps: int) -> None:
    assert cost(compile_rule(document(condition, fields=FIELDS)).condition) == steps


SIZES = {"wide": MOST_ENTRIES, "other": MOST_ENTRIES, "last": 4_700}
WIDE = {"wide": {"type": "list"}, "narrow": {"type": "list", "range": [0, 50]}}


def test_what_may_cost_too_much_is_refused_and_a_declared_range_helps() -> None:
    many = " or ".join(["overlap({0}, {0})"] * 3)
    with pytest.raises(RuleError, match=r"60,010 steps.*Declare a 'range' for its lists"):
        compile_rule(document(many.format("wide"), fields=WIDE))
    assert compile_rule(document(many.format("narrow"), fields=WIDE))


def test_an_expression_at_the_bound_makes_no_more_calls_than_its_cost_says() -> None:
    """Nothing is found in the longest lists: nobody waits for a rule at the gate."""
    fields = {**WIDE, "other": {"type": "list"}, "last": {"type": "list", "range": [0, 4_700]}}
    condition = "overlap(wide, other) or 'x' in last"
    rule = compile_rule(document(condition, fields=fields))
    assert MOST_STEPS * 0.99 < cost(rule.condition) <= MOST_STEPS
    run = bind(rule, default_binding(rule)).judging.run
    entries = [tuple(f"{name} {n}" for n in range(size)) for name, size in SIZES.items()]
    record = event(attributes=dict(zip(SIZES, entries, strict=True)))
    frame = Frame(record, known())
    calls = 0

    def counted(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(counted)
    try:
        answer = run(frame)
    finally:
        sys.setprofile(None)
    assert answer is False
    assert calls < 4 * MOST_STEPS  # a step is at most two calls, each told as it begins and ends
