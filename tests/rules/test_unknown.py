"""What is missing is unknown: never a hit, never clear, always named."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_hooks import Money, Precision
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.rules import compile_rule
from cleangov_plugin.rules.bound import bind
from cleangov_plugin.rules.closure import name_closure
from cleangov_plugin.rules.evaluation import default_binding
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.reading import value_of
from cleangov_plugin.rules.tree import names
from tests.rules.rule_building import ask, day, document, event, known

FIELDS = {name: {"type": "boolean"} for name in "abc"} | {
    "n": {"type": "integer", "range": [-5, 5]},
    "optional": {"type": "integer", "range": [-5, 5], "required": False},
    "whole": {"type": "money"},
}
THREE = st.sampled_from([True, False, None])


def said(condition: str, **attributes: Any) -> Any:
    return ask(document(condition, fields=FIELDS), event(yuan=1, attributes=attributes))


@given(a=THREE, b=THREE)
def test_the_connectives_are_those_of_kleene(a: bool | None, b: bool | None) -> None:
    rule = compile_rule(document("a and b or not c", fields=FIELDS))
    bound = bind(rule, default_binding(rule))
    for c in (True, False, None):
        frame = Frame(event(attributes={"a": a, "b": b, "c": c}), known())
        low = {True: 1, None: 0, False: -1}
        expected = max(min(low[a], low[b]), -low[c])
        found = bound.judging.run(frame)
        assert low[found] == expected


@given(a=THREE, b=THREE, c=THREE, n=st.sampled_from([None, -5, 0, 1, 5]))
def test_the_closure_and_the_slow_reading_agree(
    a: bool | None, b: bool | None, c: bool | None, n: int | None
) -> None:
    condition = "(a or n > 0 and not b) and (c or n in [0, 5] or missing(n)) or n * 2 - 1 == -n"
    rule = compile_rule(document(condition, fields=FIELDS))
    bound = bind(rule, default_binding(rule))
    frame = Frame(event(attributes={"a": a, "b": b, "c": c, "n": n}), known())
    slow = value_of(rule.condition, lambda name: name_closure(name, bound.inputs)(frame))
    assert bound.judging.run(frame) is slow


def test_a_required_field_that_is_missing_forbids_clear_even_where_logic_would_not_need_it() -> (
    None
):
    outcome = said("a and n > 3", a=False)
    assert outcome.result is Result.CANNOT_BE_CHECKED
    assert outcome.fields == ("n",)


def test_an_optional_field_may_be_missing_where_logic_does_not_need_it() -> None:
    assert said("a and optional > 3", a=False).result is Result.CLEAR
    outcome = said("a and optional > 3", a=True)
    assert (outcome.result, outcome.fields) == (Result.CANNOT_BE_CHECKED, ("optional",))


def test_a_hit_that_needs_nothing_more_stands_and_still_names_what_is_missing() -> None:
    outcome = said("a or n > 3", a=True)
    assert (outcome.result, outcome.fields) == (Result.HIT, ("n",))


@pytest.mark.parametrize("value", ["3", 6, -6, True, 2**70, 3.0, ("3",), Money(minor=3)])
def test_a_value_of_another_type_or_outside_its_range_is_missing(value: Any) -> None:
    outcome = said("n > 3", n=value)
    assert (outcome.result, outcome.fields) == (Result.CANNOT_BE_CHECKED, ("n",))


def test_money_of_another_currency_is_missing() -> None:
    record = event(amount=Money(minor=5, currency="EUR"))
    outcome = ask(document(), record)
    assert (outcome.result, outcome.fields) == (Result.CANNOT_BE_CHECKED, ("amount",))


@pytest.mark.parametrize("whole", [0, -5])
def test_there_is_no_share_of_nothing(whole: int) -> None:
    outcome = said("ratio(amount, whole) > 10%", whole=Money(minor=whole))
    assert (outcome.result, outcome.fields) == (Result.CANNOT_BE_CHECKED, ("whole",))


def test_a_time_finer_than_the_event_knows_is_missing() -> None:
    condition = "occurred_at - occurred_at < 1 hours"
    outcome = ask(document(condition), day("2026-03-10"))
    assert (outcome.result, outcome.fields) == (Result.CANNOT_BE_CHECKED, ("occurred_at",))
    exact = ask(document(condition), event(precision=Precision.MINUTE))
    assert exact.result is Result.HIT
    assert ask(document("occurred_on == 2026-03-10"), day("2026-03-10")).result is Result.HIT


def test_a_guard_that_is_false_wins_and_one_that_is_unknown_is_named() -> None:
    rule = document("n > 3", fields=FIELDS, applies="a and b")
    assert ask(rule, event(attributes={"a": False})).result is Result.NOT_APPLICABLE
    outcome = ask(rule, event(attributes={"a": True, "n": 5}))
    assert (outcome.result, outcome.fields) == (Result.CANNOT_BE_CHECKED, ("b",))
    assert ask(rule, event(attributes={"a": True, "b": True, "n": 5})).result is Result.HIT


def test_a_day_past_the_end_of_the_calendar_is_unknown_not_an_error() -> None:
    record = event("9999-12-30T00:00:00+08:00")
    rule = document("occurred_on + 60 days > 2026-03-10")
    assert ask(rule, record).result is Result.CANNOT_BE_CHECKED


def test_a_field_that_only_the_guard_reads_forbids_clear_as_well() -> None:
    rule = document("n > 3", fields=FIELDS, applies="a or b")
    outcome = ask(rule, event(attributes={"a": True, "n": 1}))
    assert (outcome.result, outcome.fields) == (Result.CANNOT_BE_CHECKED, ("b",))
    assert ask(rule, event(attributes={"a": True, "b": False, "n": 1})).result is Result.CLEAR
    hit = ask(rule, event(attributes={"a": True, "n": 5}))
    assert (hit.result, hit.fields) == (Result.HIT, ("b",))


def test_a_field_that_a_fact_behind_a_fact_reads_forbids_clear_as_well() -> None:
    facts = {
        "same": {"exists": "enf.a", "where": "n == current.n"},
        "counted": {"count": "enf.a", "where": "facts.same and optional > 3"},
    }
    rule = document("facts.counted > 0", fields=FIELDS, facts=facts)
    past = event("2026-03-01T09:00:00+08:00", kind="enf.a", attributes={"n": 1, "optional": 1})
    assert ask(rule, event(attributes={"n": 1}), known(past)).result is Result.CLEAR
    outcome = ask(rule, event(), known(past))
    assert (outcome.result, outcome.fields) == (Result.CANNOT_BE_CHECKED, ("n",))


@pytest.mark.parametrize(
    "condition",
    [
        "a and n > 3 or not c and ratio(amount, whole) > 10%",
        "not (c or a) and (b or n in [2, 3])",
        "a and (b and (c and n * 2 > 9))",
        "n > 4 and whole < amount and b",
        "size(items) > 3 and a",
    ],
)
def test_each_field_a_clear_condition_reads_forbids_clear_when_it_is_blank(condition: str) -> None:
    values = {"a": False, "b": False, "c": True, "n": 1, "whole": Money(minor=100), "items": ("x",)}
    rule = compile_rule(document(condition, fields=FIELDS | {"items": {"type": "list"}}))
    assert ask(rule, event(yuan=1, attributes=values)).result is Result.CLEAR
    for name in names(rule.condition):
        blank = {key: value for key, value in values.items() if key != name.key}
        outcome = ask(rule, event(yuan=None if name.key == "amount" else 1, attributes=blank))
        assert (outcome.result, outcome.fields) == (Result.CANNOT_BE_CHECKED, (name.key,))
