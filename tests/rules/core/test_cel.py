"""A rule as CEL: what is written, what is refused, and what Google's engine makes of it."""

import json

import pytest

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules import compile_rule
from cleangov_plugin.rules.core.cel import DEEPEST, LONGEST, write_cel
from cleangov_plugin.rules.core.cel_page import cel_document, cel_page
from cleangov_plugin.rules.core.nodes import (
    All,
    Any,
    Compared,
    Computed,
    Constant,
    First,
    Input,
    Opposite,
    Sort,
    Term,
    Where,
    Within,
)
from tests.rules.rule_building import document
from tests.support import cel_engine

A, B, C = (Input(name, Sort.TRUTH) for name in "abc")
N = Input("n", Sort.NUMBER, -5, 5)
TEXT = Input("x", Sort.TEXT)


def said(term: Term, **values: object) -> object:
    inputs = (A, B, C, N, TEXT)
    row = {each.name: values.get(each.name) for each in inputs}
    return cel_engine.Cel(inputs, [row]).answers(write_cel(term))[0]


@cel_engine.needed
@pytest.mark.parametrize(
    "text", ["道路", 'say "x"', "a\\b", "\n\t\r", "{}", "%s", "😀", "\u2028", "\x7f\x85", "é"]
)
def test_a_text_is_the_same_text_in_cel(text: str) -> None:
    same = Compared("==", TEXT, Constant(text))
    assert said(same, x=text) is True
    assert said(same, x=f"{text} ") is False


def test_a_text_that_is_no_unicode_is_refused() -> None:
    with pytest.raises(RuleError, match="no Unicode"):
        write_cel(Compared("==", TEXT, Constant("\ud800")))


@cel_engine.needed
def test_the_first_that_is_known_is_found_behind_every_sort_of_unknown() -> None:
    """CEL cannot ask whether an expression has a value: the question is written out."""
    for unknown in (
        All((A, B)),
        Any((A, Opposite(B))),
        Compared("==", A, B),
        Where(A, B),
        First((A, Where(B, A))),
        Compared(">", Within(N, 1, 3), Constant(2)),
    ):
        term = First((unknown, C))
        assert said(term, c=True) is True
        assert said(term, c=False) is False
        assert said(term) is None
    assert said(First((All((A, B)), C)), a=False, c=True) is False
    assert said(First((Any((A, B)), C)), b=True, c=False) is True
    assert said(First((Where(A, B), C)), a=False, b=False, c=True) is True
    assert said(First((Compared(">", Within(N, 1, 3), Constant(2)), C)), n=4, c=True) is True


def deep(levels: int) -> Term:
    number: Term = N
    for _ in range(levels):
        number = Computed("+", Constant(1), number)
    return Compared("==", number, Constant(3))


@cel_engine.needed
def test_what_is_as_deep_as_we_write_is_taken_by_the_engine() -> None:
    levels = DEEPEST - 3  # the comparison, and a name has two
    assert said(deep(levels), n=3 - levels) is None or said(deep(levels), n=-5) is False
    assert said(deep(levels - 1), n=-5) is False


def test_what_is_deeper_or_longer_is_refused_and_says_so() -> None:
    with pytest.raises(RuleError, match=f"{DEEPEST + 1} levels.*make two rules"):
        write_cel(deep(DEEPEST - 2))
    long = Any(tuple(Compared("==", TEXT, Constant("x" * 1_000)) for _ in range(100)))
    with pytest.raises(RuleError, match=f"{LONGEST:,}"):
        write_cel(long)


def test_what_doubles_at_every_level_is_refused_at_once() -> None:
    term: Term = A
    for _ in range(24):
        term = First((All((term, B)), C))
    with pytest.raises(RuleError, match="levels"):
        write_cel(term)


RULE = compile_rule(
    document(
        "amount > params.limit and (stay > 3 days or missing(due))",
        applies="unit == 'a'",
        fields={"stay": {"type": "days"}, "due": {"type": "datetime", "required": False}},
        parameters={"limit": {"type": "money", "default": "800元"}},
    )
)


def test_a_rule_is_three_expressions_and_the_places_of_its_inputs() -> None:
    found = cel_document(RULE)
    assert found["condition"] == (
        '((numbers["amount"] > 80000) && ((numbers["stay"] > 3) || !("due" in numbers)))'
    )
    assert found["applies"] == '(texts["unit"] == "a")'
    assert (
        found["complete"]
        == '!(!("amount" in numbers) || !("stay" in numbers) || !("unit" in texts))'
    )
    assert json.loads(json.dumps(found)) == found
    places = {each["name"]: each["at"] for each in found["inputs"]}
    assert places == {
        "amount": 'numbers["amount"]',
        "due": 'numbers["due"]',
        "stay": 'numbers["stay"]',
        "unit": 'texts["unit"]',
    }
    units = {each["name"]: each.get("unit", {}).get("en") for each in found["inputs"]}
    assert units == {
        "amount": "minor units of CNY",
        "due": "microseconds since 1970-01-01T00:00Z",
        "stay": "civil days",
        "unit": None,
    }


def test_the_page_of_an_export_has_comments_in_both_languages() -> None:
    lines = cel_page(RULE, cel_document(RULE)).splitlines()
    assert lines[0] == "// T01@1 一 · one"
    assert '//   numbers["stay"] -100000 … 100000 (天 · civil days)' in lines
    for title in ("// 命中 · hits where", "// 适用 · applies where"):
        assert not lines[lines.index(title) + 1].startswith("//")


@cel_engine.needed
def test_the_page_itself_is_cel() -> None:
    """Everything but the expressions is a comment: one of them can be given as it stands."""
    page = cel_page(RULE, cel_document(RULE))
    head, _, rest = page.partition("\n// 适用")
    row = {"amount": 80001, "stay": None, "due": None, "unit": "a"}
    inputs = [Input(name, Sort.TEXT if name == "unit" else Sort.NUMBER) for name in row]
    assert cel_engine.Cel(inputs, [row]).answers(head) == [True]
    assert rest
