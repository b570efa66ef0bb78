"""What screens show: a corrected value as the text of a form field, and what is open."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_hooks import Money
from cleangov_plugin.desk.prompting.views import DoneView, shown


@pytest.mark.parametrize(
    ("minor", "scale", "text"),
    [
        (80_000, 2, "800.00"),
        (80_001, 2, "800.01"),
        (1, 2, "0.01"),
        (10, 2, "0.10"),
        (0, 2, "0.00"),
        (-1, 2, "-0.01"),
        (-99, 2, "-0.99"),
        (-100, 2, "-1.00"),
        (-80_050, 2, "-800.50"),
        (10**15, 2, "10000000000000.00"),
        (80_000, 0, "80000"),
        (-5, 0, "-5"),
        (80_000, -1, "80000"),
        (80_000, 3, "80.000"),
    ],
)
def test_money_is_written_as_the_field_shows_it(minor: int, scale: int, text: str) -> None:
    assert shown(Money(minor=minor), scale) == text


@given(st.integers(-(10**17), 10**17), st.integers(0, 4))
def test_what_is_shown_is_exactly_the_sum(minor: int, scale: int) -> None:
    text = shown(Money(minor=minor), scale)
    assert Decimal(text).scaleb(scale) == minor
    assert len(text.partition(".")[2]) == scale
    assert text.count("-") == (minor < 0)


@pytest.mark.parametrize(("value", "text"), [("面", "面"), (7, "7"), ("", ""), ("<b>", "<b>")])
def test_other_values_are_written_as_they_are(value: str | int, text: str) -> None:
    assert shown(value, 2) == text


@pytest.mark.parametrize(("opened", "is_open"), [(0, False), (1, True), (3, True)])
def test_a_step_is_open_where_it_left_something_to_explain(opened: int, is_open: bool) -> None:
    assert DoneView(opened=opened, unknown=5, is_owed=False).is_open is is_open
