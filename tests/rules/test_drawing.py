"""What a rule draws: shares of one field by another, and nothing where it cannot be told."""

from typing import Any

import pytest

from cleangov_hooks import Money
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules import compile_rule
from cleangov_plugin.rules.shares import shares
from tests.rules.rule_building import SHANGHAI, document, event

LIMIT = {"type": "money", "currency": "any", "range": [-(10**12), 10**12]}
FIELDS = {"amount": LIMIT, "limit": LIMIT}
DRAWING = {"bars": "amount", "line": "limit", "of": ["prj.variation.approved"]}


def rule(**more: Any) -> Any:
    return compile_rule(document("true", **{"fields": FIELDS, "drawing": DRAWING, **more}))


def share(amount: Money | None, limit: Any) -> int | None:
    attributes = {} if limit is None else {"limit": limit}
    record = event(amount=amount, attributes=attributes)
    (found,) = shares(rule(), [record], SHANGHAI)
    return found.thousandths


def cny(minor: int) -> Money:
    return Money(minor=minor)


@pytest.mark.parametrize(
    ("amount", "limit", "expected"),
    [
        (cny(465_000_00), cny(500_000_00), 930),
        (cny(499_999_99), cny(500_000_00), 999),
        (cny(500_000_00), cny(500_000_00), 1_000),
        (cny(500_000_01), cny(500_000_00), 1_000),
        (cny(-1), cny(3), -334),
        (cny(0), cny(1), 0),
        (cny(1), cny(0), None),
        (cny(1), cny(-5), None),
        (None, cny(1), None),
        (cny(1), None, None),
        (cny(1), "much", None),
        (cny(1), Money(minor=1, currency="EUR"), None),
        (cny(10**13), cny(1), None),
    ],
)
def test_a_share_is_whole_thousandths_or_not_told(
    amount: Money | None, limit: Any, expected: int | None
) -> None:
    assert share(amount, limit) == expected


def test_whole_numbers_can_be_drawn_too() -> None:
    fields = {"asked": {"type": "integer"}, "allowed": {"type": "integer"}}
    drawing = {"bars": "asked", "line": "allowed", "of": "a.b"}
    found = rule(fields=fields, drawing=drawing)
    (told,) = shares(found, [event(attributes={"asked": 3, "allowed": 4})], SHANGHAI)
    assert (told.value, told.line, told.thousandths) == (3, 4, 750)


def test_sums_of_two_declared_currencies_are_not_measured_by_one_another() -> None:
    fields = {"amount": {"type": "money"}, "limit": {"type": "money", "currency": "EUR"}}
    with pytest.raises(RuleError, match="cannot be measured"):
        rule(fields=fields)


def test_a_rule_without_a_drawing_draws_nothing() -> None:
    assert shares(compile_rule(document()), [event(yuan=1)], SHANGHAI) == ()
    assert compile_rule(document()).drawing is None
