"""What may be written, what it means, and what is said where it may not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_hooks import Money
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.rules import compile_rule
from cleangov_plugin.rules.syntax import DEEPEST, parse
from cleangov_plugin.rules.tokens import LONGEST, tokens
from tests.rules.rule_building import ask, document, event

FIELDS = {
    "places": {"type": "integer", "range": [0, 1000], "label": {"zh": "处数", "en": "places"}},
    "limit": {"type": "money", "range": ["0.01元", "1亿元"]},
    "fee": {"type": "money", "currency": "EUR"},
    "grade": {"type": "choice", "choices": ["light", "ordinary", "heavy"]},
    "opened_on": {"type": "date"},
    "stay": {"type": "days"},
    "tags": {"type": "list"},
    "is_repeat": {"type": "boolean"},
    "big": {"type": "integer"},
}
HAVE: dict[str, Any] = {
    "places": 3,
    "grade": "light",
    "is_repeat": False,
    "tags": ("a", "b"),
    "stay": 30,
}


def said(condition: str, **more: Any) -> Result:
    record = event(yuan=1000, attributes={**HAVE, **more})
    return ask(document(condition, fields=FIELDS), record).result


@pytest.mark.parametrize(
    "condition",
    [
        "amount == 1000元",
        "amount == 0.1万元",
        "amount == 1000.00元 and places == 3",
        "金额 > 999.99元 且 非 (处数 > 3)",
        "amount > 5000元 || places < 5 && !is_repeat",
        "amount > 5000元 或 处数 属于 [1, 2, 3]",
        "grade in ['light', 'heavy']",
        "grade not in ['ordinary']",
        "ratio(amount, 1万元) == 10%",
        "10% <= ratio(amount, 1万元)",
        "amount - 2 * 500元 == 0元",
        "amount + -1000元 == 0元",
        "-places == -3",
        "stay == 30天 and stay <= 30 days",
        "occurred_on == 2026-03-10",
        "occurred_on - 10 days == 2026-02-28",
        "occurred_on - 2026-03-01 == 9 days",
        "occurred_at - occurred_at == 0 minutes",
        "size(tags) == 2",
        "missing(fee) and not missing(amount)",
        "mode == 'ordinary' and origin != 'historic'",
        "step == 'decide' and kind == \"enf.decision.made\" and actor == 'chen'",
        "is_repeat == false and true",
    ],
)
def test_true_things_hit(condition: str) -> None:
    assert said(condition) is Result.HIT
    assert said(f"not ({condition})") is Result.CLEAR


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("amuont > 800元", "Did you mean 'amount'"),
        ("grade == 'haevy'", "Did you mean 'heavy'"),
        ("grade in ['light', 'none']", "'none' is not one of the allowed values"),
        ("mode == 'instnat'", "Did you mean 'instant'"),
        ("amount > 800", "written 800元"),
        ("stay > 30", "60 days"),
        ("stay > 5 working days", "choose one"),
        ("amount > 36.00EUR", "two currencies"),
        ("amount > fee", "two currencies"),
        ("amount > 'x'", "do not go together"),
        ("grade > 'light'", "no order"),
        ("amount * amount > 3元", "whole number and a quantity"),
        ("amount * 10% > 3元", "whole number and a quantity"),
        ("amount / 2 > 3元", "no division"),
        ("amount = 3元", "Compare with =="),
        ("1元 < amount < 3元", "chained"),
        ("amount > 0.001元", "not a whole number"),
        ("places > 1.5", "not a whole number"),
        ("amount > 3XQX", "no currency"),
        ("occurred_on > 2026-02-30", "no day 2026-02-30"),
        ("amount", "not yes or no"),
        ("amount and true", "expected yes or no"),
        ("big * big > 3", "pass 2^63"),
        ("len(tags) > 1", "no function 'len'"),
        ("missing(amount + 1元)", "about one name"),
        ("ratio(amount) > 10%", "takes 2"),
        ("ratio(amount, limit) > 10元", "do not go together"),
        ("params.limt > 3", "no name 'params.limt'"),
        ("facts.nothing", "no name 'facts.nothing'"),
        ("values.x > 3", "no name"),
        ("current.amount > 3元", "no name"),
        ("(amount > 3元", "expected ')'"),
        ("amount > 3元)", "expected and, or, or the end"),
        ("amount > ;", "begins no word"),
        ("tags == tags", "cannot be compared"),
        ("", "empty"),
        ("amount > 'open", "quote"),
        ("-grade == 'light'", "only numbers have a sign"),
    ],
)
def test_mistakes_are_refused_at_saving(condition: str, message: str) -> None:
    with pytest.raises(RuleError) as refused:
        compile_rule(document(condition, fields=FIELDS))
    assert message in str(refused.value)
    assert refused.value.where == "T01.condition"


def test_a_message_names_the_place() -> None:
    with pytest.raises(RuleError, match=r"character 17"):
        compile_rule(document("amount > 3元 and amuont > 3元"))


def test_units_say_which_currency_has_how_many_digits() -> None:
    values = [tokens(text, "t")[0].value for text in ("36.00EUR", "36 JPY", "1.234KWD", "1.6万元")]
    assert values == [3600, 36, 1234, 1_600_000]


def test_limits_on_length_depth_and_size_hold() -> None:
    with pytest.raises(RuleError, match="characters"):
        parse("a" * (LONGEST + 1), "t")
    with pytest.raises(RuleError, match="too deep"):
        parse("(" * DEEPEST + "true" + ")" * DEEPEST, "t")
    with pytest.raises(RuleError, match="too deep"):
        parse("not " * (DEEPEST + 1) + "true", "t")
    with pytest.raises(RuleError, match="too deep"):
        parse("1" + "+1" * (DEEPEST + 1) + " == 3", "t")
    with pytest.raises(RuleError, match="too many parts"):
        parse("||".join(["a"] * 420), "t")
    parse("||".join(["a"] * 380), "t")


@given(st.text(max_size=80))
def test_no_text_does_anything_but_parse_or_be_refused(text: str) -> None:
    try:
        compile_rule(document(text))
    except RuleError as problem:
        what = problem.what
    else:
        what = "compiled"
    assert what


ALPHABET = [
    "amount", "3元", "10%", "(", ")", "and", "or", "not", "in", "[", "]", ",", "==", ">", "-", "*",
    "ratio", "missing", "size", "places", "grade", "'light'", "tags", "2026-03-10", "5 days", "!",
]  # fmt: skip


@given(st.lists(st.sampled_from(ALPHABET), max_size=14).map(" ".join))
def test_no_row_of_words_does_anything_but_compile_or_be_refused(text: str) -> None:
    try:
        rule = document(text, fields=FIELDS)
        compile_rule(rule)
    except RuleError:
        return
    assert ask(rule, event(yuan=3, attributes=HAVE)).result is not Result.ERROR


@given(part=st.integers(-(10**13), 10**13), whole=st.integers(1, 10**10))
def test_a_ratio_is_exact_at_the_boundary(part: int, whole: int) -> None:
    rule = document("ratio(amount, limit) > 10%", fields=FIELDS)
    record = event(amount=Money(minor=part), attributes={"limit": Money(minor=whole)})
    assert (ask(rule, record).result is Result.HIT) == (part * 10 > whole)


def labelled(name: str, zh: str) -> dict[str, Any]:
    return {name: {"type": "money", "label": {"zh": zh, "en": name}}}


def test_a_label_never_takes_the_name_of_another_field() -> None:
    rule = document("amount > 800元", fields=labelled("fee", "amount"))
    assert ask(rule, event(yuan=900, attributes={"fee": Money(minor=1)})).result is Result.HIT


@pytest.mark.parametrize(
    ("fields", "word", "message"),
    [
        (labelled("lo", "区间") | labelled("hi", "区间"), "区间", "may mean lo or hi"),
        (labelled("fee", "金额"), "金额", "may mean amount or fee"),
    ],
)
def test_a_label_that_may_mean_two_things_is_refused_where_it_is_used(
    fields: dict[str, Any], word: str, message: str
) -> None:
    compile_rule(document("amount > 800元", fields=fields))
    with pytest.raises(RuleError, match=message):
        compile_rule(document(f"{word} > 800元", fields=fields))


def test_a_label_of_its_own_field_may_be_the_usual_word() -> None:
    rule = document("金额 > 800元", fields=labelled("amount", "金额"))
    assert ask(rule, event(yuan=900)).result is Result.HIT


LEAP = "2024-02-29T23:59:59+08:00"


@pytest.mark.parametrize(
    "condition",
    [
        "occurred_on == 2024-02-29",
        "occurred_on + 1 days == 2024-03-01",
        "occurred_on - 1 days == 2024-02-28",
        "occurred_on + 365 days == 2025-02-28",
        "occurred_on + 366 days == 2025-03-01",
        "2024-03-01 - occurred_on == 1 days",
        "2024-02-28 - occurred_on == -1 days",
        "2028-02-29 - occurred_on == 1461 days",
    ],
)
def test_a_leap_day_is_a_day(condition: str) -> None:
    assert ask(document(condition), event(LEAP)).result is Result.HIT


def test_a_leap_day_in_another_year_is_refused() -> None:
    with pytest.raises(RuleError, match="no day 2026-02-29"):
        compile_rule(document("occurred_on == 2026-02-29"))


def test_numbers_are_proven_to_the_last_one() -> None:
    """The greatest product that passes, and the same with one more."""
    at_most = {"big": {"type": "integer", "range": [0, 3_037_000_499]}}
    assert compile_rule(document("big * big > 1", fields=at_most))
    one_more = {"big": {"type": "integer", "range": [0, 3_037_000_500]}}
    with pytest.raises(RuleError, match="may pass 2\\^63"):
        compile_rule(document("big * big > 1", fields=one_more))
