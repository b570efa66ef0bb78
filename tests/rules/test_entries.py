"""Tests of the entries of a list: types, unknowns, costs, explanations, mutants and exports."""

from typing import Any

import pytest

from cleangov_hooks import Money
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.rules import compile_rule, explain
from cleangov_plugin.rules.core.cel_page import cel_document, cel_page
from cleangov_plugin.rules.costs import cost
from cleangov_plugin.rules.mutation.mutants import tree_mutants
from cleangov_plugin.rules.mutation.rewriting import worded, written
from cleangov_plugin.rules.mutation.survivors import tried
from tests.rules.rule_building import ask, document, event

FIELDS: dict[str, Any] = {
    "papers": {"type": "list", "range": [0, 5], "label": {"zh": "材料", "en": "papers"}},
    "sums": {
        "type": "list",
        "range": [0, 3],
        "items": {"type": "money", "range": ["0元", "1万元"]},
        "label": {"zh": "付款", "en": "payments"},
    },
    "days": {"type": "list", "items": {"type": "date"}, "range": [0, 9]},
    "kinds": {
        "type": "list",
        "range": [0, 3],
        "items": {"type": "choice", "choices": ["light", "heavy"]},
    },
    "limit": {"type": "money", "required": False, "label": {"zh": "限额", "en": "limit"}},
    "n": {"type": "integer", "range": [0, 9]},
}
HAVE: dict[str, Any] = {
    "papers": ("身份证", "合同"),
    "sums": (Money(minor=800_00), "800.01"),
    "days": ("2026-03-10", "2026-03-12"),
    "kinds": ("light",),
    "limit": Money(minor=800_00),
    "n": 2,
}


def said(condition: str, **more: Any) -> Any:
    return ask(document(condition, fields=FIELDS), event(attributes={**HAVE, **more}))


@pytest.mark.parametrize(
    "condition",
    [
        "any(papers, item == '身份证')",
        "有一项(材料, 项 == '身份证')",
        "all(papers, item in ['身份证', '合同'])",
        "每一项(材料, 项 != '户口簿')",
        "any(sums, item > limit)",
        "all(sums, item >= 800元)",
        "count(sums, item > 800元) == 1",
        "项数(付款, 项 >= limit) == n",
        "any(sums, ratio(item, 8000元) == 10%)",
        "any(days, item > occurred_on) and any(days, item == 2026-03-10)",
        "all(kinds, item == 'light') and 'light' in kinds",
        "any(known(papers, papers), item == '合同')",
        "any(papers, contains(item, '身份'))",
        "有一项(材料, 包含(项, '合') 且 项 属于 材料)",
        "all(papers, item in papers and contains('身份证 合同 户口簿', item))",
        "count(papers, contains(joined(item, '副本'), '合同 副本')) == 1",
        "any(papers, any(kinds, item == 'light' and contains(outer, '身份')))",
        "all(sums, any(sums, item >= outer) and any(days, item > occurred_on))",
        "有一项(付款, 项数(付款, 项 > 外层项) == 1)",
        "any(kinds, item == 'light' and count(papers, item != outer) == n)",
    ],
)
def test_true_things_hit(condition: str) -> None:
    assert said(condition).result is Result.HIT
    assert said(f"not ({condition})").result is Result.CLEAR


@pytest.mark.parametrize(
    ("condition", "values", "result"),
    [
        ("any(sums, item > 0元)", {"sums": ()}, Result.CLEAR),
        ("all(sums, item > 9元)", {"sums": ()}, Result.HIT),
        ("any(sums, item > limit)", {"sums": (), "limit": None}, Result.CLEAR),
        ("any(sums, item > limit)", {"limit": None}, Result.CANNOT_BE_CHECKED),
        ("any(sums, item == 800元 or item > limit)", {"limit": None}, Result.HIT),
        ("all(sums, item == 800元 and item < limit)", {"limit": None}, Result.CLEAR),
        ("count(sums, item == 800元 or item > limit) > 0", {"limit": None},
         Result.CANNOT_BE_CHECKED),
        ("any(sums, item > 0元)", {"sums": ("800", "x")}, Result.CANNOT_BE_CHECKED),
        ("any(sums, item > 0元)", {"sums": ("800", "10001")}, Result.CANNOT_BE_CHECKED),
        ("any(sums, item > 0元)", {"sums": ("800EUR",)}, Result.CANNOT_BE_CHECKED),
        ("any(sums, item > 0元)", {"sums": ("0.001",)}, Result.CANNOT_BE_CHECKED),
        ("any(days, item == 2026-03-10)", {"days": ("2026-02-30",)}, Result.CANNOT_BE_CHECKED),
        ("any(kinds, item == 'light')", {"kinds": ("grave",)}, Result.CANNOT_BE_CHECKED),
        ("any(papers, contains(item, '合'))", {"papers": None}, Result.CANNOT_BE_CHECKED),
        ("all(sums, any(days, item > occurred_on) and item > 0元)", {"days": None},
         Result.CANNOT_BE_CHECKED),
        ("all(sums, item < 0元 and any(sums, item > limit))", {"limit": None}, Result.CLEAR),
        ("any(sums, any(sums, item > outer and item > limit))", {"limit": None},
         Result.CANNOT_BE_CHECKED),
        ("any(sums, any(sums, item > outer and item > limit))", {"limit": None, "sums": ("1",)},
         Result.CLEAR),
    ],
)  # fmt: skip
def test_unknown_is_kleenes(condition: str, values: dict[str, Any], result: Result) -> None:
    outcome = said(condition, **values)
    assert outcome.result is result
    if result is Result.CANNOT_BE_CHECKED:
        assert outcome.fields == (next(iter(values)),)


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("any(n, item > 3)", "any needs a list"),
        ("any(sums, item > 3)", "Give the number its unit"),
        ("any(sums, item)", "expected yes or no"),
        ("any(sums, n > 3)", "does not look at the entry"),
        ("any(sums, any(papers, item == 'a'))", "does not look at the entry"),
        ("any(papers, any(kinds, outer == 'a'))", "does not look at the entry"),
        ("any(papers, outer == 'a')", "no name 'outer'"),
        ("any(papers, any(kinds, any(papers, item == outer)))", "a third test of entries"),
        ("any(sums, contains(item, 'a'))", "contains needs a text"),
        ("any(papers, size(item) > 2)", "needs a list"),
        ("any(papers, any(sums, item == outer))", "do not go together"),
        ("any(papers, missing(item))", "never missing"),
        ("any(kinds, item == 'hevy')", "Did you mean 'heavy'"),
        ("'hevy' in kinds", "Did you mean 'heavy'"),
        ("'800元' in sums", "the entries of this list are money"),
        ("overlap(sums, papers)", "the entries of this list are money"),
        ("any(known(sums, papers), item == '1')", "of different types"),
        ("item == 'a'", "no name 'item'"),
        ("any(sums)", "any takes 2"),
        ("count(sums, item > 0元)", "this gives a whole number"),
    ],
)
def test_mistakes_are_refused_at_saving(condition: str, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        compile_rule(document(condition, fields=FIELDS))


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ({"type": "text", "items": {"type": "text"}}, "only a list has entries"),
        ({"type": "list", "items": {"type": "list"}}, "no list here"),
        ({"type": "list", "items": {"type": "money", "currency": "any"}}, "certain currency"),
        ({"type": "list", "items": {"type": "choice"}}, "closed list"),
        ({"type": "list", "items": {"typ": "text"}}, "Did you mean 'type'"),
    ],
)
def test_an_entry_of_no_type_is_refused(field: Any, message: str) -> None:
    with pytest.raises(RuleError, match=message):
        compile_rule(document("true", fields={"x": field}))


def test_the_cost_is_bounded_by_the_declared_number_of_entries() -> None:
    rule = compile_rule(document("any(sums, item > 800元)", fields=FIELDS))
    assert cost(rule.condition) == 1 + 1 + 3 * 3
    within = compile_rule(document("any(sums, any(sums, item > outer))", fields=FIELDS))
    assert cost(within.condition) == 1 + 1 + 3 * (1 + 1 + 3 * 3)
    text = compile_rule(document("any(papers, contains(item, 'a'))", fields=FIELDS))
    assert cost(text.condition) == 1 + 1 + 5 * (3 + 200 + 200)
    twice = "any(papers, all(papers, contains(item, outer) and contains(outer, item)))"
    assert cost(compile_rule(document(twice, fields=FIELDS)).condition) == 2 + 5 * (2 + 5 * 807)
    wide = {"wide": {"type": "list"}}
    with pytest.raises(RuleError, match="Declare a 'range'"):
        compile_rule(document("any(wide, item == 'a')", fields=wide))


@pytest.mark.parametrize(
    ("condition", "zh", "en"),
    [
        ("any(sums, item > limit)",
         "付款 800元、800.01元 中有一项使得 项 > 限额 800 元（第 2 项 800.01元） → 是",
         ("for some entry of payments 800元, 800.01元: entry > limit ¥800"
          " (entry 2: 800.01元) → yes")),
        ("any(sums, ratio(item, limit) > 100%)",
         "付款 800元、800.01元 中有一项使得 (项) ÷ (限额 800 元) > 100%（第 2 项 800.01元） → 是",
         ("for some entry of payments 800元, 800.01元: (entry) ÷ (limit ¥800) > 100 %"
          " (entry 2: 800.01元) → yes")),
        ("not all(papers, item == '身份证')",
         "非 材料 身份证、合同 中每一项都使得 项 = 身份证（第 2 项 合同） → 是",
         "not for every entry of papers 身份证, 合同: entry = 身份证 (entry 2: 合同) → yes"),
        ("any(papers, contains(item, '合'))",
         "材料 身份证、合同 中有一项使得 项 包含 合（第 2 项 合同） → 是",
         "for some entry of papers 身份证, 合同: entry contains 合 (entry 2: 合同) → yes"),
        ("any(sums, any(sums, item < outer))",
         ("付款 800元、800.01元 中有一项使得 付款 800元、800.01元 中有一项使得 项 < 外层项"
          "（第 2 项 800.01元；内层第 1 项 800元） → 是"),
         ("for some entry of payments 800元, 800.01元: for some entry of payments 800元, 800.01元:"
          " entry < outer entry (entry 2: 800.01元; inner entry 1: 800元) → yes")),
        ("any(papers, item == '合同' and not all(papers, item != outer))",
         ("材料 身份证、合同 中有一项使得 项 = 合同 且"
          " 非 材料 身份证、合同 中每一项都使得 项 ≠ 外层项"
          "（第 2 项 合同；内层第 2 项 合同） → 是"),
         ("for some entry of papers 身份证, 合同: entry = 合同 and not for every entry of papers"
          " 身份证, 合同: entry ≠ outer entry (entry 2: 合同; inner entry 2: 合同) → yes")),
        ("any(sums, all(sums, item <= outer))",  # within, all of them did
         ("付款 800元、800.01元 中有一项使得 付款 800元、800.01元 中每一项都使得 项 ≤ 外层项"
          "（第 2 项 800.01元） → 是"),
         ("for some entry of payments 800元, 800.01元: for every entry of payments 800元, 800.01元:"
          " entry ≤ outer entry (entry 2: 800.01元) → yes")),
        ("count(sums, item > 800元) > 0",
         "付款 800元、800.01元 中使得 项 > 800 元 的项数 > 0 → 是",
         "number of entries of payments 800元, 800.01元 with entry > ¥800 > 0 → yes"),
    ],
)  # fmt: skip
def test_an_explanation_names_the_entry_that_decided(condition: str, zh: str, en: str) -> None:
    rule = compile_rule(document(condition, fields=FIELDS))
    outcome = ask(rule, event(attributes=HAVE))
    assert explain(rule, outcome, "zh")[1] == zh
    assert explain(rule, outcome, "en")[1] == en


def test_a_test_of_entries_is_changed_like_any_other_part() -> None:
    condition = "any(sums, item > 800元) or count(sums, item > 9元) >= 2"
    rule = compile_rule(document(condition, fields=FIELDS))
    assert written(rule.condition) == condition
    ids = {mutant.id for mutant in tree_mutants(rule)}
    assert {
        "condition: any(sums, item > 800元) -> all(sums, item > 800元)",
        "condition: item > 800元 -> item >= 800元",
        "condition: item > 9元 -> item > 9.01元",
        "condition: any(sums, item > 800元) -> not any(sums, item > 800元)",
    } <= ids
    assert worded(rule.condition, rule, "zh").startswith("(付款 中有一项使得 项 > 800 元 或 ")


def test_a_test_within_another_is_written_changed_and_proposed_for() -> None:
    condition = "any(papers, any(kinds, item == outer) or contains(item, 'x'))"
    rule = compile_rule(document(condition, fields=FIELDS))
    assert written(rule.condition) == condition
    assert worded(rule.condition, rule, "en") == (
        "for some entry of papers: (for some entry of kinds: entry = outer entry"
        " or entry contains x)"
    )
    ids = {mutant.id for mutant in tree_mutants(rule)}
    assert {
        "condition: any(kinds, item == outer) -> all(kinds, item == outer)",
        "condition: item == outer -> item != outer",
        "condition: contains(item, 'x') -> not contains(item, 'x')",
    } <= ids


def test_the_changes_of_a_test_of_entries_are_tried_on_examples_and_on_moves_of_them() -> None:
    """A boundary of an entry is not solved for: an example has to lie on it."""
    given = {"kind": "enf.decision.made", "at": "2026-03-10T10:00:00+08:00"}
    examples = [
        {"name": "over", "given": {"event": {**given, "attributes": {"sums": ["801元", "9元"]}}},
         "expect": "hit", "why": "one is over"},
        {"name": "even", "given": {"event": {**given, "attributes": {"sums": ["800元"]}}},
         "expect": "clear", "why": "none is over"},
    ]  # fmt: skip
    found = tried(document("any(sums, item > 800元)", fields=FIELDS, examples=examples))
    assert not found.failures
    alive = {survivor.mutant.id for survivor in found.alive}
    assert "condition: item > 800元 -> item >= 800元" not in alive
    assert found.killed


def test_an_export_asks_before_what_the_core_does_not_know() -> None:
    condition = "any(papers, contains(item, 'x')) and count(sums, any(sums, item > outer)) < 2"
    found = cel_document(compile_rule(document(condition, fields=FIELDS)))
    assert found["condition"] == (
        "(truths[\"any(papers, contains(item, 'x'))\"]"
        ' && (numbers["count(sums, any(sums, item > outer))"] < 2))'
    )
    numbers = [each for each in found["inputs"] if each["sort"] == "number"]
    assert [(each["low"], each["high"]) for each in numbers if "any" in each["name"]] == [(0, 3)]


def test_an_export_says_where_a_list_stands_and_what_its_entries_are() -> None:
    rule = compile_rule(document("any(sums, item > 800元)", fields=FIELDS))
    found = cel_document(rule)
    assert found["condition"] == 'number_lists["entries(sums)"].exists(item, (item > 80000))'
    (listed,) = (each for each in found["inputs"] if each["sort"] == "list")
    assert listed["at"] == 'number_lists["entries(sums)"]'
    assert (listed["entries"], listed["most"], listed["high"]) == ("number", 3, 10_000_00)
    assert listed["unit"]["en"] == "minor units of CNY"
    assert 'number_lists["entries(sums)"] 0 … 1000000' in cel_page(rule, found)
