"""The short way to "clear": it says what the long way says, and only where it is sure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_hooks import Money, Precision
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result
from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from cleangov_plugin.rules import (
    Knowledge,
    RuleSet,
    at_once,
    compile_binding,
    compile_rule,
    evaluate,
    plan,
)
from cleangov_plugin.rules.examples import Example, examples_of
from cleangov_plugin.rules.planning import Plan
from tests.rules.rule_building import BOTH, document, event, known

FIELDS = {
    "yes": {"type": "boolean"},
    "n": {"type": "integer", "range": [-5, 5]},
    "few": {"type": "integer", "range": [-5, 5], "required": False},
    "due": {"type": "date"},
    "word": {"type": "choice", "choices": ["a", "b"]},
    "words": {"type": "list", "range": [0, 5]},
    "sums": {"type": "list", "range": [0, 3], "items": {"type": "money", "range": ["0元", "9元"]}},
    "days": {"type": "list", "range": [0, 3], "items": {"type": "date"}},
    "part": {"type": "money", "range": ["0元", "1亿元"]},
    "foreign": {"type": "money", "currency": "any"},
}
PAST = {"earlier": {"count": "enf.a"}, "paid": {"sum": "amount", "of": "enf.a"}}
#: Conditions that use every node of the language; those of the second list have no short way.
SHORT = (
    "n > 3 and yes",
    "n > 3 or not yes or word == 'a'",
    "n + 1 == 2 or n - 1 < -3 or -n > 4 or n * 2 >= 8",
    "word in ['a', 'b'] and size(words) > 1",
    "missing(few) and n > 2",
    "ratio(part, amount) > 10%",
    "ratio(part, amount) <= 10% and yes",
    "due - occurred_on > 3 days",
    "facts.earlier > 1 and facts.paid > 100元",
    "contains(word, 'b') or overlap(words, words) and yes",
    "amount != part and word != 'b' and due >= 2026-03-10",
    "any(words, item == 'a' or contains(item, 'b')) and n > 2",
    "count(words, item != word) > 1 or not all(words, item in words)",
    "any(sums, item > part) or all(sums, ratio(item, amount) > 10%)",
    "any(sums, any(sums, item < outer) and item > part)",
    "all(words, count(words, item == outer) == 1 and any(sums, item > 5元)) and n > 0",
    "any(days, item - occurred_on > 3 days or item < due)",
)
LONG = (
    "known(few, n) > 2",
    "due + 3 days < occurred_on",
    "foreign == foreign",
    "any(sums, ratio(amount, item) > 10%)",
    "any(days, item + 3 days < due)",
)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "yes": st.sampled_from([None, True, False, "yes"]),
    "n": st.sampled_from([None, -5, -4, 0, 1, 2, 3, 4, 5, 6]),
    "few": st.sampled_from([None, 0, 3]),
    "due": st.dates(),
    "word": st.sampled_from([None, "a", "b", "c"]),
    "words": st.sampled_from([None, (), ("a",), ("a", "b")]),
    "sums": st.sampled_from([None, (), ("0.09元",), ("0", "8元"), ("x",)]),
    "days": st.sampled_from([None, (), ("2026-03-10", "2026-03-14"), ("2026-02-30",)]),
    "part": st.sampled_from([None, Money(minor=0), Money(minor=10), Money(minor=11)]),
    "foreign": st.sampled_from([None, Money(minor=1), Money(minor=1, currency="EUR")]),
}


def planned(condition: str, **more: Any) -> Plan:
    rule = compile_rule(document(condition, fields=FIELDS, facts=PAST, **more))
    bound = compile_binding({"id": "b", "tier": 0, "phases": ["event"]}, rule)
    ruleset = RuleSet(1, ((rule, bound),))
    on = event().occurred_at.date()
    kind = "enf.decision.made"
    return plan(ruleset, kind, Phase.EVENT, on=on, unit=None, step="decide", source="tests")


def both(asked: Plan, record: Record, knowledge: Knowledge) -> tuple[Any, ...]:
    """Answer what the short and the long way say; each way asks of its own frame."""
    long = replace(asked, short=tuple(None for _ in asked.short))
    return tuple(evaluate(p, record, knowledge, is_brief=True).outcomes for p in (asked, long))


@given(
    attributes=st.fixed_dictionaries(VALUES),
    yuan=st.sampled_from([None, -1, 0, 1, 2]),
    paid=st.lists(st.sampled_from([None, 60]), max_size=2),
)
@pytest.mark.parametrize("condition", SHORT)
def test_both_ways_say_the_same_of_every_node(
    condition: str, attributes: dict[str, Any], yuan: int | None, paid: list[int | None]
) -> None:
    past = [event(kind="enf.a", yuan=sum_) for sum_ in paid]
    short, long = both(planned(condition), event(yuan=yuan, attributes=attributes), known(*past))
    assert short == long


@pytest.mark.parametrize("condition", LONG)
def test_what_may_be_unknown_though_its_names_are_known_has_no_short_way(condition: str) -> None:
    assert planned(condition).short == (None,)


def test_a_rule_that_tells_of_what_is_in_order_is_asked_in_full() -> None:
    texts = {"headline": BOTH, "body": BOTH, "done": BOTH}
    assert planned("n > 3", texts=texts).short == (None,)


@pytest.mark.parametrize(("yes", "wanted"), [(False, Result.CLEAR), (None, None), (True, None)])
def test_it_answers_outright_where_all_is_known_and_nothing_hits(
    yes: bool | None, wanted: Result | None
) -> None:
    asked = planned("yes")
    (short,) = asked.short
    assert short is not None
    found = short(at_once.Frame(event(attributes={"yes": yes}), known()))
    assert (found and found.result) is wanted


def test_a_guard_that_does_not_hold_is_answered_outright() -> None:
    asked = planned("yes", applies="n > 3")
    (short,) = asked.short
    assert short is not None
    found = short(at_once.Frame(event(attributes={"n": 3}), known()))
    assert found is not None
    assert found.result is Result.NOT_APPLICABLE


def test_what_goes_wrong_on_the_short_way_is_named_by_the_long_one() -> None:
    def broken(_: object) -> None:
        raise ZeroDivisionError

    asked = replace(planned("yes"), short=(broken,))
    found = evaluate(asked, event(attributes={"yes": False}), known(), is_brief=True)
    assert found.outcomes[0].result is Result.CLEAR


def test_no_word_of_a_rule_becomes_code(monkeypatch: pytest.MonkeyPatch) -> None:
    sources: list[str] = []
    compiled = at_once._compiled

    def kept(source: str) -> Any:
        sources.append(source)
        return compiled(source)

    monkeypatch.setattr(at_once, "_compiled", kept)
    assert planned("""word == 'a' and part != 12345.67元""").short[0] is not None
    (source,) = sources
    assert not {"word", "'a'", '"a"', "1234567"} & set(source.replace("(", " ").split())
    assert "1234567" not in source


# ---- The shipped rules, on their own examples and on spoilt ones -------------------------------


def shipped() -> Iterator[tuple[Plan, Example]]:
    for read in load_rulebook(rulebook_folder()):
        rule = compile_rule(read)
        for example in examples_of(read, rule):
            record = example.record
            yield (
                plan(
                    RuleSet(1, ((rule, example.binding),)),
                    record.kind,
                    example.phase,
                    on=record.occurred_at.astimezone(example.knowledge.zone).date(),
                    unit=record.unit,
                    step=record.step,
                    source=record.source,
                ),
                example,
            )


def spoilt(record: Record) -> Iterator[Record]:
    """The record, and the record with each of its values blanked or of another size."""
    yield record
    yield replace(record, precision=Precision.DAY)
    yield replace(record, actor=None, actor_kind=None)
    for amount in (None, Money(minor=0), Money(minor=1), Money(minor=10**12)):
        yield replace(record, amount=amount)
    for code, value in record.attributes.items():
        yield replace(record, attributes={**record.attributes, code: None})
        if isinstance(value, int) and not isinstance(value, bool):
            for step in (-1, 1):
                yield replace(record, attributes={**record.attributes, code: value + step})


def test_both_ways_say_the_same_of_every_shipped_rule() -> None:
    ways: Counter[str] = Counter()
    for asked, example in shipped():
        for record in spoilt(example.record):
            short, long = both(asked, record, example.knowledge)
            assert short == long
            quick = asked.short[0] if asked.short else None
            frame = at_once.Frame(record, example.knowledge)
            ways["short" if quick is not None and quick(frame) is not None else "long"] += 1
    assert ways["short"] > 100, ways


@pytest.mark.parametrize("days", [-400, -2, -1, 0, 1, 2, 400])
def test_a_plan_of_another_day_says_what_the_law_of_the_day_says(days: int) -> None:
    today = event().occurred_at.date()
    law = {"law": BOTH, "status": "method"}
    first, last = today - timedelta(days=1), today + timedelta(days=1)
    basis = [{**law, "valid_from": first.isoformat(), "valid_to": last.isoformat()}]
    asked = planned("yes", basis=basis)
    moved = event(attributes={"yes": False})
    moved = replace(moved, occurred_at=moved.occurred_at + timedelta(days=days))
    short, long = both(asked, moved, known())
    assert short == long
    assert short[0].result is (Result.CLEAR if abs(days) <= 1 else Result.NOT_APPLICABLE)
    assert asked.days == (first, last)
