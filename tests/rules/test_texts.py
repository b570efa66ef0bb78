"""Values and templates as people read them, in zh and en."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from cleangov_hooks import Money
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules import compile_rule, explain, texts
from cleangov_plugin.rules.writing import amount, money, percent, write
from tests.rules.rule_building import BOTH, ask, document, event, known


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (Money(minor=80_000), "800 元", "¥800"),
        (Money(minor=200_000), "2,000 元", "¥2,000"),
        (Money(minor=80_001), "800.01 元", "¥800.01"),
        (Money(minor=-80_000), "-800 元", "-¥800"),
        (Money(minor=3600, currency="EUR"), "€36.00", "€36.00"),
        (Money(minor=36, currency="JPY"), "JP¥36", "JP¥36"),
    ],
)
def test_money(value: Money, zh: str, en: str) -> None:
    assert (money(value, "zh-CN"), money(value, "en-GB")) == (zh, en)


def test_amounts_have_no_currency() -> None:
    assert amount(Money(minor=123_456_789), "en") == "1,234,567.89"


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (8_750, "8.75%", "8.75 %"),
        (11_813, "11.81%", "11.81 %"),
        (10_000, "10%", "10 %"),
        (5, "0.01%", "0.01 %"),
    ],
)
def test_percentages(value: int, zh: str, en: str) -> None:
    assert (percent(value, "zh"), percent(value, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("value", "form", "zh", "en"),
    [
        (date(2026, 3, 2), "date_short", "3月2日", "2 March"),
        (date(2026, 3, 2), "date", "2026年3月2日", "2 March 2026"),
        (datetime(2026, 3, 2, 9, 5, tzinfo=UTC), "time", "3月2日 09:05", "2 March, 09:05"),
        (1234, "integer", "1,234", "1,234"),
        (86_400, "duration", "24 小时", "24 hours"),
        (1_800, "duration", "30 分钟", "30 minutes"),
        (("a", "b"), "list", "a、b", "a, b"),
        ("<b>", "text", "<b>", "<b>"),
    ],
)
def test_other_forms(value: Any, form: str, zh: str, en: str) -> None:
    assert (write(value, form, "zh"), write(value, form, "en")) == (zh, en)


def templated(template: str, **more: Any) -> dict[str, Any]:
    words = {"zh": template, "en": template}
    return document(texts={"headline": words, "body": BOTH}, **more)


def test_a_text_shows_its_values_in_the_language_asked_for() -> None:
    rule = compile_rule(templated("{amount:money} [[({unit:text})]]"))
    values = ask(rule, event(yuan=900, unit="u1")).values
    assert texts.render(rule, "headline", values, "zh-CN") == "900 元 (u1)"
    assert texts.render(rule, "headline", values, "en") == "¥900 (u1)"
    assert texts.render(rule, "headline", values, "fr") == "¥900 (u1)"


def test_an_optional_stretch_is_left_out_and_another_place_gets_a_dash() -> None:
    rule = compile_rule(templated("{amount:money}[[ ({unit:text})]] {unit}"))
    values = ask(rule, event(yuan=900)).values
    assert texts.render(rule, "headline", values, "zh") == "900 元 —"


def test_markup_in_a_value_stays_text() -> None:
    rule = compile_rule(templated("{unit:text}"))
    values = ask(rule, event(yuan=900, unit="<script>{amount}[[")).values
    assert texts.render(rule, "headline", values, "en") == "<script>{amount}[["


def test_moments_are_shown_by_the_clock_of_the_place() -> None:
    rule = compile_rule(templated("{occurred_at:time}"))
    values = ask(rule, event("2026-03-09T23:30:00+00:00", yuan=900), known()).values
    assert texts.render(rule, "headline", values, "en") == "10 March, 07:30"


def test_a_rule_has_titles_labels_and_nothing_else() -> None:
    rule = compile_rule(document())
    assert texts.render(rule, "title", {}, "en") == "one"
    assert texts.render(rule, "label.wrong", {}, "zh") == "这条提示不对"
    assert texts.render(rule, "label.none", {}, "zh") == ""
    assert texts.render(rule, "hint", {}, "zh") == ""


BASES = [
    {"law": {"zh": "新法", "en": "New Law"}, "article": {"zh": "第二条", "en": "Art 2"},
     "status": "law", "valid_from": "2021-07-15"},
    {"law": {"zh": "旧法", "en": "Old Law"}, "article": {"zh": "第一条", "en": "Art 1"},
     "status": "law", "valid_to": "2021-07-14"},
]  # fmt: skip


@pytest.mark.parametrize(
    ("at", "cited"),
    [
        ("2021-07-15T00:00:00+08:00", "New Law, Art 2"),
        ("2021-07-14T23:59:59+08:00", "Old Law, Art 1"),
    ],
)
def test_the_law_valid_on_the_day_of_the_act_is_cited(at: str, cited: str) -> None:
    rule = compile_rule(templated("{basis}", basis=BASES))
    outcome = ask(rule, event(at, yuan=900))
    assert texts.render(rule, "headline", outcome.values, "en") == cited
    assert texts.citations(rule, date.fromisoformat(at[:10]), "en") == [cited]
    assert texts.citations(rule, date(2022, 1, 1), "zh") == ["《新法》第二条"]


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{amuont:money}", "Did you mean 'amount'"),
        ("{amount:percent}", "cannot be shown as percent"),
        ("{amount:mony}", "Did you mean 'money'"),
        ("{amount", "left open"),
        ("[[ {amount}", "left open"),
        ("{values.x}", "no name"),
    ],
)
def test_templates_that_cannot_be_shown_are_refused(template: str, message: str) -> None:
    with pytest.raises(RuleError, match=r"T01\.texts\.headline\.zh") as refused:
        compile_rule(templated(template))
    assert message in str(refused.value)


def test_an_explanation_shows_each_part_with_its_values() -> None:
    fields = {"n": {"type": "integer", "label": {"zh": "数", "en": "number"}}}
    rule = compile_rule(document("amount > 800元 and (n > 3 or not missing(unit))", fields=fields))
    outcome = ask(rule, event(yuan=900, attributes={"n": 2}))
    assert explain(rule, outcome, "en") == [
        "T01@1 one: clear",
        "amount ¥900 > ¥800 → yes",
        "(number 2 > 3 or not unit — is missing) → no",
        "decided by: number 2 > 3 → no; not unit — is missing → no",
    ]
    blank = ask(rule, event(yuan=900))
    assert explain(rule, blank, "zh")[-1] == "缺少：数"
    assert explain(rule, blank, "zh")[0] == "T01@1 一: 无法核验"
