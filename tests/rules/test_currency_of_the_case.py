"""Sums in the currency of the case: added and compared where it is one, unknown where it is two."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_hooks import Money
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.rules import Knowledge, compile_rule, explain, patch, patch_from, texts
from cleangov_plugin.rules.bound import bind
from cleangov_plugin.rules.closure import name_closure
from cleangov_plugin.rules.evaluation import default_binding
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.reading import value_of
from cleangov_plugin.rules.sums import NOTHING, total
from tests.rules.rule_building import BOTH, ask, document, event, known

FIELDS = {
    "amount": {"type": "money", "currency": "any", "range": [-100_000, 100_000]},
    "fee": {"type": "money", "currency": "any", "range": [-100_000, 100_000]},
}
FACTS = {
    "sum": {"sum": "amount", "of": "enf.a"},
    "last": {"latest": "amount", "of": "enf.a"},
    "most": {"max": "amount", "of": "enf.a"},
    "kinds": {"distinct": "amount", "of": "enf.a"},
    "same": {"count": "enf.a", "where": "amount == current.amount"},
}


def eur(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


def cny(minor: int) -> Money:
    return Money(minor=minor)


def paid(*sums: Money | None) -> Knowledge:
    return known(*(event(f"2026-03-0{n}T09:00:00+08:00", kind="enf.a", amount=s)
                   for n, s in enumerate(sums, start=1)))  # fmt: skip


def now(amount: Money | None = None, fee: Money | None = None) -> Record:
    return event(amount=amount, attributes={} if fee is None else {"fee": fee})


def said(condition: str, record: Record, knowledge: Knowledge | None = None) -> Any:
    return ask(document(condition, fields=FIELDS, facts=FACTS), record, knowledge)


@pytest.mark.parametrize(
    ("condition", "record", "knowledge"),
    [
        ("facts.sum == amount", now(eur(300)), paid(eur(100), eur(200))),
        ("facts.sum == amount", now(cny(300)), paid(cny(100), cny(200))),
        ("facts.most == facts.last", now(), paid(eur(100), eur(200))),
        ("facts.sum - facts.last == amount", now(eur(100)), paid(eur(100), eur(200))),
        ("facts.sum < amount", now(eur(1)), paid()),
        ("facts.sum == fee", now(fee=cny(0)), paid()),
        ("amount * 2 == fee", now(eur(3), eur(6)), None),
        ("-amount == fee", now(eur(3), eur(-3)), None),
        ("ratio(amount, fee) > 49%", now(eur(1), eur(2)), None),
        ("50% >= ratio(amount, fee)", now(eur(1), eur(2)), None),
        ("facts.kinds == 2", now(eur(1)), paid(eur(100), cny(100))),
        ("facts.same == 1", now(eur(1)), paid(eur(1), eur(2))),
        ("known(fee, amount) == amount", now(eur(1)), None),
        ("missing(fee) and amount >= amount", now(eur(1)), None),
    ],
)
def test_true_things_hit_in_whatever_currency(
    condition: str, record: Record, knowledge: Knowledge | None
) -> None:
    assert said(condition, record, knowledge).result is Result.HIT
    assert said(f"not ({condition})", record, knowledge).result is not Result.HIT


@pytest.mark.parametrize(
    ("condition", "record", "knowledge", "fields"),
    [
        ("amount > fee", now(eur(2), cny(1)), None, ("amount", "fee")),
        ("amount == fee", now(eur(1), cny(1)), None, ("amount", "fee")),
        ("ratio(amount, fee) > 10%", now(eur(1), cny(1)), None, ("fee",)),
        ("amount + fee > amount", now(eur(1), cny(1)), None, ("amount", "fee")),
        ("facts.sum > amount", now(eur(1)), paid(eur(1), cny(1)), ("enf.a.amount",)),
        ("facts.last > amount", now(eur(1)), paid(cny(2)), ("amount", "facts.last")),
        ("facts.sum > amount", now(eur(1)), paid(eur(1), None), ("enf.a.amount",)),
        ("facts.most > amount", now(eur(1)), paid(eur(1), cny(1)), ("enf.a.amount",)),
        ("facts.same == 1", now(eur(1)), paid(cny(1)), ("amount", "enf.a.amount")),
        ("amount > fee", now(eur(1)), None, ("fee",)),
        ("amount > fee", now(eur(100_001), eur(1)), None, ("amount",)),
        ("amount > fee", now(Money(minor=5, currency=""), eur(1)), None, ("amount",)),
    ],
)
def test_across_currencies_nothing_can_be_checked(
    condition: str, record: Record, knowledge: Knowledge | None, fields: tuple[str, ...]
) -> None:
    for asked in (condition, f"not ({condition})"):
        outcome = said(asked, record, knowledge)
        assert outcome.result is Result.CANNOT_BE_CHECKED
        assert outcome.fields == fields


SUMS = st.builds(
    Money, minor=st.integers(-500, 500), currency=st.sampled_from(["EUR", "CNY", "JPY"])
)


@given(a=SUMS, b=SUMS)
def test_the_closure_and_the_slow_reading_agree(a: Money, b: Money) -> None:
    condition = "(amount + fee > amount * 2 or -fee <= amount - fee) and ratio(amount, fee) < 50%"
    rule = compile_rule(document(condition, fields=FIELDS))
    bound = bind(rule, default_binding(rule))
    frame = Frame(now(a, b), known())
    slow = value_of(rule.condition, lambda name: name_closure(name, bound.inputs)(frame))
    fast = bound.judging.run(frame)
    assert fast is slow
    if a.currency != b.currency:
        assert fast is None
    elif b.minor > 0:
        truth = (b.minor > a.minor or a.minor >= 0) and 2 * a.minor < b.minor
        assert fast is truth


@given(st.lists(SUMS, max_size=6))
def test_sums_are_of_one_currency_or_none(sums: list[Money]) -> None:
    found, currencies = total(sums), {each.currency for each in sums}
    if len(currencies) > 1:
        assert found is None
    else:
        expected = Money(minor=sum(s.minor for s in sums), currency="".join(currencies))
        assert found == (expected if sums else NOTHING)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"condition": "amount > 800元"}, "other sums of the case alone"),
        ({"condition": "amount > params.limit"}, "other sums of the case alone"),
        ({"parameters": {"p": {"type": "money", "currency": "any", "default": "1元"}}}, "certain"),
        (
            {"facts": {"usual": {"median": "amount", "of": "enf.a", "per": ["kind"]}}},
            "one currency",
        ),
        ({"fields": {"amount": {**FIELDS["amount"], "range": ["0元", "9元"]}}}, "a whole number"),
        ({"fields": {"amount": {**FIELDS["amount"], "range": [9, 0]}}}, "greater"),
        ({"fields": {"amount": {**FIELDS["amount"], "currency": "Any"}}}, "no ISO 4217 code"),
        ({"facts": {"s": {"sum": "amount", "of": "enf.a", "range": ["0元", "9元"]}}}, "whole"),
    ],
)
def test_what_needs_one_currency_is_refused(more: dict[str, Any], message: str) -> None:
    limit = {"limit": {"type": "money", "default": "800元"}}
    with pytest.raises(RuleError, match=message):
        compile_rule(document(**{"fields": FIELDS, "parameters": limit, **more}))


def test_what_is_shown_and_corrected_carries_the_currency() -> None:
    back = {"code": "back", "kind": "corrected", "label": BOTH, "then": "regate",
            "patch": {"amount": "facts.sum"}}  # fmt: skip
    words = {"zh": "{facts.sum:money}、{values.double:amount}", "en": "{facts.sum:money}"}
    rule = compile_rule(
        document(
            "amount > facts.sum",
            fields=FIELDS,
            facts=FACTS,
            values={"double": "facts.sum + facts.sum"},
            texts={"headline": BOTH, "body": words},
            answers=[back],
        )
    )
    record, knowledge = now(eur(9_900)), paid(eur(100), eur(250))
    outcome = ask(rule, record, knowledge)
    assert texts.render(rule, "body", outcome.values, "zh") == "€3.50、7"
    assert patch(rule, "back", record, knowledge) == {"amount": eur(350)}
    assert patch_from(rule, "back", outcome.values) == {"amount": eur(350)}
    assert explain(rule, outcome, "en")[1].endswith("→ yes")
    none = ask(rule, record, paid())
    assert texts.render(rule, "body", none.values, "en") == "0"
