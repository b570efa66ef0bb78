"""Fields, parameters and facts have Chinese names: in a condition, and in what people read."""

from typing import Any

import pytest

from cleangov_hooks import Money
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.rules import compile_rule, explain
from cleangov_plugin.rules.mutation.rewriting import written
from cleangov_plugin.rules.trace import missing_name
from tests.rules.rule_building import ask, document, event, known

PARTS: dict[str, Any] = {
    "fields": {"n": {"type": "integer", "range": [0, 99], "label": {"zh": "处数", "en": "places"}}},
    "parameters": {
        "floor": {"type": "money", "default": "800元", "label": {"zh": "起点", "en": "floor"}}
    },
    "facts": {
        "noticed": {
            "latest": "amount",
            "of": "enf.intent.notified",
            "where": "处数 >= current.处数 and 金额 > 起点",
            "label": {"zh": "告知金额", "en": "sum announced"},
        },
        "usual": {
            "median": "amount",
            "of": "enf.decision.made",
            "per": ["n"],
            "label": {"zh": "平时金额", "en": "usual sum"},
        },
        "again": {
            "exists": "enf.intent.notified",
            "where": "金额 == current.金额",
            "label": {"zh": "告知过", "en": "announced"},
        },
    },
}


@pytest.mark.parametrize(
    ("condition", "plain"),
    [
        ("金额 > 起点", "amount > params.floor"),
        ("告知金额 > 起点 且 处数 > 3", "facts.noticed > params.floor and n > 3"),
        ("金额 > 平时金额 且 平时金额.n >= 2", "amount > facts.usual and facts.usual.n >= 2"),
        ("非 告知过 或 缺失(告知金额)", "not facts.again or missing(facts.noticed)"),
    ],
)
def test_a_chinese_name_is_the_name_itself(condition: str, plain: str) -> None:
    rule = compile_rule(document(condition, **PARTS))
    assert written(rule.condition) == plain
    assert rule.condition == compile_rule(document(plain, **PARTS)).condition


def test_a_name_that_two_have_is_asked_back() -> None:
    parts = {**PARTS, "fields": {"n": {"type": "integer", "label": {"zh": "起点", "en": "n"}}}}
    parts["facts"] = {}
    with pytest.raises(RuleError, match=r"'起点' may mean n or params\.floor.*Write the name"):
        compile_rule(document("起点 > 3", **parts))


def test_a_mistyped_chinese_name_is_offered_the_right_one() -> None:
    with pytest.raises(RuleError, match="Did you mean '告知金额'"):
        compile_rule(document("告知金鄂 > 800元", **PARTS))


def test_an_explanation_has_names_and_no_identifiers() -> None:
    rule = compile_rule(document("告知金额 > 起点 且 处数 > 3", **PARTS))
    before = event(
        "2026-03-09T10:00:00+08:00",
        kind="enf.intent.notified",
        amount=Money(minor=900_00),
        attributes={"n": 5},
        row=1,
    )
    outcome = ask(rule, event(yuan=900, attributes={"n": 4}), known(before))
    assert outcome.result is Result.HIT
    assert explain(rule, outcome, "zh")[1:] == [
        "告知金额 900 元 > 起点 800 元 → 是",
        "处数 4 > 3 → 是",
    ]
    blank = ask(rule, event(yuan=900), known(before))
    assert explain(rule, blank, "zh")[-1] == "缺少：处数"
    assert explain(rule, blank, "en")[-1] == "missing: places"


@pytest.mark.parametrize(
    ("path", "zh", "en"),
    [
        ("n", "处数", "places"),
        ("amount", "金额", "amount"),
        ("facts.noticed", "告知金额", "sum announced"),
        ("params.floor", "起点", "floor"),
        ("enf.intent.notified.n", "处数（enf.intent.notified）", "places (enf.intent.notified)"),
        ("enf.intent.notified", "enf.intent.notified", "enf.intent.notified"),
        ("calendar 2027", "calendar 2027", "calendar 2027"),
    ],
)
def test_what_is_missing_is_called_by_its_name(path: str, zh: str, en: str) -> None:
    rule = compile_rule(document("告知金额 > 起点", **PARTS))
    assert (missing_name(rule, path, "zh"), missing_name(rule, path, "en")) == (zh, en)
