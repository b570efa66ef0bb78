"""Documents that are no rules, and what is said of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_hooks import AnswerKind
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules import compile_rule, run_examples
from tests.rules.rule_building import BOTH, document


@pytest.mark.parametrize(
    ("more", "where", "message"),
    [
        ({"id": "e07"}, "rule.id", "no rule id"),
        ({"id": None}, "rule.id", "a text"),
        ({"version": 0}, "T01.version", "from 1"),
        ({"version": "1"}, "T01.version", "whole number"),
        ({"title": {"zh": "一"}}, "T01.title.en", "a text"),
        ({"title": {**BOTH, "fr": "un"}}, "T01.title.fr", "no key 'fr'"),
        ({"basis": []}, "T01.basis", "stands on"),
        ({"basis": [{"law": BOTH, "status": "lore"}]}, "T01.basis[1].status", "not one of"),
        ({"basis": "x"}, "T01.basis", "a list"),
        ({"on": []}, "T01.on", "at least one kind"),
        ({"on": ["Decision"]}, "T01.on", "no kind of event"),
        ({"severity": "grave"}, "T01.severity", "not one of"),
        ({"colour": "red"}, "T01.colour", "no key"),
        ({"conditon": "true"}, "T01.conditon", "Did you mean 'condition'"),
        ({"condition": None}, "T01.condition", "a text"),
        ({"fields": {"Amount": {"type": "money"}}}, "T01.fields.Amount", "no name"),
        ({"fields": {"x": {"type": "monney"}}}, "T01.fields.x.type", "Did you mean 'money'"),
        ({"fields": {"x": {"type": "ratio"}}}, "T01.fields.x.type", "no ratio here"),
        ({"fields": {"x": {"type": "choice"}}}, "T01.fields.x.choices", "closed list"),
        ({"fields": {"x": {"type": "money", "currency": "yuan"}}}, "T01.fields.x.currency", "ISO"),
        ({"fields": {"x": {"type": "money", "range": ["3元"]}}}, "T01.fields.x.range", "range is"),
        ({"fields": {"x": {"type": "integer", "range": [3, 1]}}}, "T01.fields.x.range", "greater"),
        ({"fields": {"amount": {"type": "integer"}}}, "T01.fields.amount.type", "own field"),
        ({"parameters": {"p": {"type": "percent"}}}, "T01.parameters.p.default", "not a percent"),
        (
            {"parameters": {"p": {"type": "percent", "default": "11%", "range": ["0%", "10%"]}}},
            "T01.parameters.p.default",
            "outside the range",
        ),
        ({"beside": "amuont"}, "T01.beside", "Did you mean"),
        ({"texts": {"headline": BOTH}}, "T01.texts.body", "must say so"),
        ({"hint_when": "true"}, "T01.texts.hint", "needs a hint"),
        ({"values": {"X": "amount"}}, "T01.values.X", "no name"),
        ({"answers": [{"code": "a b"}]}, "T01.answers[1].then", "a text"),
        ({"drawing": {"bars": "amount", "line": "amount"}}, "T01.drawing.of", "at least one kind"),
        ({"drawing": {"line": "amount"}}, "T01.drawing.bars", "a text"),
        ({"drawing": {"bars": "amuont"}}, "T01.drawing.bars", "Did you mean 'amount'"),
        ({"drawing": {"bars": "unit", "line": "unit"}}, "T01.drawing.bars", "has no height"),
        (
            {"drawing": {"bars": "amount", "line": "unit", "of": "a.b"}},
            "T01.drawing.line",
            "cannot be measured",
        ),
        ({"drawing": {"bar": "amount"}}, "T01.drawing.bar", "Did you mean 'bars'"),
        ({"drawing": "bars"}, "T01.drawing", "a mapping"),
        ({"review_by": "2026-13-01"}, "T01.review_by", "no day"),
        ({"facts": []}, "", ""),
    ],
)
def test_what_is_no_rule_is_refused_with_its_place(
    more: dict[str, Any], where: str, message: str
) -> None:
    if not where:
        compile_rule(document(**more))
        return
    with pytest.raises(RuleError) as refused:
        compile_rule(document(**more))
    assert refused.value.where == where
    assert message in str(refused.value)


ANSWER = {"code": "back", "kind": "corrected", "label": BOTH, "then": "regate"}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"then": "regat"}, "Did you mean 'regate'"),
        ({"kind": "correctd"}, "Did you mean 'corrected'"),
        ({"then": "request"}, "a role belongs"),
        ({"role": "head"}, "a role belongs"),
        ({"patch": {"amuont": "3元"}}, "Did you mean 'amount'"),
        ({"patch": {"amount": "3"}}, "not money"),
        ({"label": {"zh": "{x}", "en": "x"}}, "no name 'x'"),
        ({"code": "A"}, "no code"),
    ],
)
def test_answers_that_make_no_sense_are_refused(answer: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleError, match="answers") as refused:
        compile_rule(document(answers=[{**ANSWER, **answer}]))
    assert message in str(refused.value)


def test_an_answer_code_stands_once() -> None:
    with pytest.raises(RuleError, match="twice"):
        compile_rule(document(answers=[ANSWER, ANSWER]))


def test_this_prompt_is_wrong_is_always_the_last_answer() -> None:
    wrong = {**ANSWER, "code": "mine", "kind": "prompt_is_wrong", "then": "note"}
    added = compile_rule(document(answers=[ANSWER])).answers
    assert [a.code for a in added] == ["back", "wrong"]
    own = compile_rule(document(answers=[wrong, ANSWER])).answers
    assert [a.code for a in own] == ["back", "mine"]
    assert own[-1].kind is AnswerKind.PROMPT_IS_WRONG


def test_the_digest_is_of_what_the_document_says_not_of_its_order() -> None:
    one = document()
    other = dict(reversed(one.items()))
    assert compile_rule(one).digest == compile_rule(other).digest
    assert compile_rule({**one, "version": 2}).digest != compile_rule(one).digest


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    key=st.sampled_from(sorted({*document(), "fields", "facts", "answers", "parameters"})),
    value=JSON,
)
def test_whatever_stands_under_a_key_it_compiles_or_is_refused(key: str, value: Any) -> None:
    try:
        compile_rule({**document(), key: value})
    except RuleError as problem:
        where = problem.where
    else:
        where = "T01"
    assert where


def example(expect: str, amount: str, **more: Any) -> dict[str, Any]:
    now = {"kind": "enf.decision.made", "at": "2026-03-10T10:00:00+08:00", "amount": amount}
    return {
        "name": f"{amount} {expect}",
        "given": {"event": now},
        "expect": expect,
        "why": "w",
        **more,
    }


GOOD = [example("hit", "801元"), example("clear", "800元")]


def test_examples_that_come_out_as_expected_do_not_fail() -> None:
    assert run_examples(document(examples=GOOD)) == []


@pytest.mark.parametrize(
    ("examples", "name"),
    [
        ([], "examples"),
        (GOOD[:1], "examples"),
        ([*GOOD, example("hit", "800元")], "800元 hit"),
        ([*GOOD, example("hit", "801元", fields=["unit"])], "801元 hit"),
    ],
)
def test_examples_that_do_not_fail(examples: list[Any], name: str) -> None:
    failures = run_examples(document(examples=examples))
    assert failures[0].name == name


def test_a_text_that_cannot_show_its_values_fails_the_example() -> None:
    gap = {"headline": {"zh": "{unit}", "en": "{unit}"}, "body": BOTH}
    failures = run_examples(document(examples=GOOD, texts=gap))
    assert {f.expected for f in failures} == {
        "a text for headline in zh",
        "a text for headline in en",
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"zone": "Asia/Nowhere"}, "no time zone 'Asia/Nowhere'"),
        ({"zone": "../../etc/passwd"}, "no time zone"),
        ({"zone": "\x00"}, "no time zone"),
        ({"calendar": {"off": ["2026-02-29"]}}, "'2026-02-29' is no day"),
        ({"calendar": {"work": "tomorrow"}}, "'tomorrow' is no day"),
        ({"calendar": {"open": []}}, "no key 'open'"),
        ({"event": {"kind": "enf.other", "at": "2026-03-10T09:00:00+08:00"}}, "does not look at"),
        ({"event": {"kind": "xyz.a", "at": "2026-03-10T09:00:00+08:00"}}, "no kind of event"),
        ({"event": {"kind": "enf.decision.made", "at": "2026-03-10"}}, "no moment with an offset"),
    ],
)
def test_an_example_that_cannot_be_asked_is_refused_by_name(
    given: dict[str, Any], message: str
) -> None:
    event = {"kind": "enf.decision.made", "at": "2026-03-10T09:00:00+08:00"}
    example = {"name": "n", "given": {"event": event, **given}, "expect": "clear", "why": "w"}
    with pytest.raises(RuleError, match=message):
        run_examples(document(examples=[example]))


def test_a_key_that_is_no_text_is_refused_wherever_it_stands() -> None:
    odd = {"p": {"type": "integer", "default": 1, "label": {"zh": "a", "en": "b"}}}
    for value in ({1: 2, "x": 3}, {("a",): 1}):
        with pytest.raises(RuleError):
            compile_rule(document(parameters=odd, examples=[{"given": value}]))
