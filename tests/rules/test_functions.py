"""Texts and lists: contains, joined, overlap, and the first value that is known."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.rules import compile_rule, explain, patch
from cleangov_plugin.rules.bound import bind
from cleangov_plugin.rules.closure import name_closure
from cleangov_plugin.rules.evaluation import default_binding
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.functions import contains, joined
from cleangov_plugin.rules.reading import value_of
from tests.rules.rule_building import BOTH, ask, document, event, known

FIELDS = {
    "items": {"type": "text"},
    "more": {"type": "text"},
    "tags": {"type": "list"},
    "wanted": {"type": "list"},
    "n": {"type": "integer", "range": [0, 9]},
    "m": {"type": "integer", "range": [5, 20]},
    "grade": {"type": "choice", "choices": ["light", "heavy"]},
}
PARAMETERS = {"risky": {"type": "list", "default": ["gas", "dig"]}}


def said(condition: str, **attributes: Any) -> Any:
    rule = document(condition, fields=FIELDS, parameters=PARAMETERS)
    return ask(rule, event(attributes=attributes))


@pytest.mark.parametrize(
    ("condition", "have"),
    [
        ("contains(items, more)", {"items": "效果图\r\n 同意书", "more": "效果图 同意书"}),
        ("contains(items, '同意书')", {"items": "房东同意书"}),
        ("not contains(items, more)", {"items": "同意书", "more": "效果图"}),
        ("contains(joined(items, more), more)", {"items": "a", "more": "b"}),
        ("joined(items, more) == 'a\nb'", {"items": "a", "more": "b"}),
        ("contains(grade, 'light')", {"grade": "light"}),
        ("overlap(tags, params.risky)", {"tags": ("sign", "gas")}),
        ("not overlap(tags, params.risky)", {"tags": ("sign",)}),
        ("overlap(tags, wanted)", {"tags": "sign, gas、dig", "wanted": ("gas",)}),
        ("not overlap(tags, wanted)", {"tags": "gas works", "wanted": ("gas",)}),
        ("known(items, more) == 'b'", {"more": "b"}),
        ("known(items, more) == 'a'", {"items": "a", "more": "b"}),
        ("known(n, m) == 7", {"m": 7}),
        ("known(known(n, m), 3) == 3", {}),
    ],
)
def test_true_things_hit(condition: str, have: dict[str, Any]) -> None:
    assert said(condition, **have).result is Result.HIT


@pytest.mark.parametrize(
    ("condition", "have", "fields"),
    [
        ("contains(items, more)", {"items": "a"}, ("more",)),
        ("contains(items, more)", {"items": "a", "more": 3}, ("more",)),
        ("overlap(tags, wanted)", {"wanted": ("a",), "tags": " ,、"}, ("tags",)),
        ("known(n, m) == 7", {}, ("m", "n")),
        ("known(n, m) == 7", {"n": 10}, ("m", "n")),
        ("known(n, m) == 7 and n > 0", {"m": 7}, ("n",)),
    ],
)
def test_what_is_missing_is_unknown_and_named(
    condition: str, have: dict[str, Any], fields: tuple[str, ...]
) -> None:
    outcome = said(condition, **have)
    assert outcome.result is Result.CANNOT_BE_CHECKED
    assert outcome.fields == fields


def test_a_value_that_another_may_stand_for_is_not_required() -> None:
    outcome = said("known(n, m) == 7", m=8)
    assert outcome.result is Result.CLEAR
    assert outcome.fields == ()


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("contains(items, tags)", "needs a text"),
        ("overlap(items, tags)", "needs a list"),
        ("contains(items)", "takes 2"),
        ("known(n) == 1", "takes 2"),
        ("known(n, items) == 1", "do not go together"),
        ("joined(items, more)", "not yes or no"),
        ("known(n, m) * known(n, m) > 3 * n", "whole number and a quantity|do not go|expected"),
        ("n in params.risky", "in needs a text"),
    ],
)
def test_mistakes_are_refused_at_saving(condition: str, message: str) -> None:
    if condition.startswith("known(n, m) *"):  # allowed: the range of both is proven
        compile_rule(document(condition, fields=FIELDS, parameters=PARAMETERS))
        return
    with pytest.raises(RuleError, match=message):
        compile_rule(document(condition, fields=FIELDS, parameters=PARAMETERS))


@given(text=st.text(max_size=40), part=st.text(max_size=6))
def test_what_is_joined_contains_both(text: str, part: str) -> None:
    assert contains(joined(text, part), text)
    assert contains(joined(text, part), part)


MAYBE = st.none() | st.sampled_from(["a", "b", "a b", " a"])


@pytest.mark.thorough
@given(items=MAYBE, more=MAYBE, n=st.none() | st.integers(0, 9), m=st.none() | st.integers(5, 9))
def test_the_closure_and_the_slow_reading_agree(
    items: str | None, more: str | None, n: int | None, m: int | None
) -> None:
    condition = "contains(joined(items, more), 'a b') or known(n, m) > 6 and known(m, n) < 9"
    rule = compile_rule(document(condition, fields=FIELDS))
    bound = bind(rule, default_binding(rule))
    have = {"items": items, "more": more, "n": n, "m": m}
    frame = Frame(event(attributes=have), known())
    slow = value_of(rule.condition, lambda name: name_closure(name, bound.inputs)(frame))
    assert bound.judging.run(frame) is slow


def test_it_is_explained_in_both_languages() -> None:
    condition = "contains(known(items, more), 'a') and overlap(tags, params.risky)"
    rule = compile_rule(document(condition, fields=FIELDS, parameters=PARAMETERS))
    outcome = ask(rule, event(attributes={"more": "ab", "tags": ("gas",)}))
    assert explain(rule, outcome, "en")[1] == "items — or else more ab contains a → yes"
    assert explain(rule, outcome, "zh")[1] == "items — 或按 more ab 包含 a → 是"
    assert explain(rule, outcome, "en")[2] == (
        "tags gas and params.risky gas, dig have an entry in common → yes"
    )


def test_a_list_of_a_binding_replaces_the_rules_own() -> None:
    rule = document("overlap(tags, params.risky)", fields=FIELDS, parameters=PARAMETERS)
    record = event(attributes={"tags": ("sign",)})
    assert ask(rule, record).result is Result.CLEAR
    assert ask(rule, record, parameters={"risky": ["sign"]}).result is Result.HIT
    with pytest.raises(RuleError, match="not a list"):
        ask(rule, record, parameters={"risky": "sign"})


def test_an_answer_joins_two_texts() -> None:
    answer = {"code": "both", "kind": "corrected", "label": BOTH, "then": "regate"}
    answer["patch"] = {"items": "joined(facts.last, items)"}  # type: ignore[assignment]
    facts = {"last": {"latest": "items", "of": "prm.a"}}
    rule = compile_rule(document("true", fields=FIELDS, facts=facts, answers=[answer]))
    past = event("2026-03-01T09:00:00+08:00", kind="prm.a", attributes={"items": "x"})
    found = patch(rule, "both", event(attributes={"items": "y"}), known(past))
    assert found == {"items": "x\ny"}
