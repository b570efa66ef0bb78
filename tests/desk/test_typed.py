"""Typed values as JSON and back: nothing changes its type on the way."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_hooks import Money
from cleangov_plugin.desk.typed import from_json, to_json
from cleangov_plugin.domain.evaluation import Value


def back(value: Value) -> Value:
    """Write a value into real JSON text and read it again."""
    return from_json(json.loads(json.dumps(to_json({"x": value}))))["x"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        1,
        -(2**63),
        2**70,
        "",
        "true",
        "1",
        "CNY:100",
        "2026-03-10",
        "教训一下他 \U0001d11e \x00 <b>",
        Money(minor=80_000),
        Money(minor=-1, currency="EUR"),
        Money(minor=0, currency="JPY"),
        date(2024, 2, 29),
        date(987, 1, 1),
        datetime(2026, 3, 10, 2, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 3, 10, 10, tzinfo=timezone(timedelta(hours=8))),
        (),
        ("a",),
        ("a", "乙", ""),
    ],
    ids=repr,
)
def test_a_value_comes_back_equal_and_of_its_type(value: Value) -> None:
    found = back(value)
    assert found == value
    assert type(found) is type(value)


def test_the_offset_of_a_moment_is_kept() -> None:
    here = datetime(2026, 3, 10, 10, tzinfo=timezone(timedelta(hours=8)))
    found = back(here)
    assert isinstance(found, datetime)
    assert found.utcoffset() == timedelta(hours=8)


def test_a_moment_is_not_taken_for_a_day() -> None:
    assert to_json({"x": datetime(2026, 3, 10, tzinfo=UTC)}) == {
        "x": {"datetime": "2026-03-10T00:00:00+00:00"}
    }
    assert to_json({"x": date(2026, 3, 10)}) == {"x": {"date": "2026-03-10"}}


def test_names_are_kept_as_they_are() -> None:
    values: dict[str, Value] = {"facts.noticed": Money(minor=1), "params.limit": 10_000, "金额": 1}
    assert from_json(to_json(values)) == values
    assert list(from_json(to_json(values))) == list(values)


@pytest.mark.parametrize(
    "item",
    [
        {"money": "CNY"},
        {"money": "CNY:x"},
        {"money": "CNY:1:2"},
        {"date": "2026-02-29"},
        {"datetime": "yesterday"},
        {"odd": 1},
    ],
)
def test_what_was_damaged_is_not_guessed_at(item: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError)):
        from_json({"x": item})


VALUES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.builds(Money, minor=st.integers(), currency=st.sampled_from(["CNY", "EUR", "JPY"]))
    | st.lists(st.text()).map(tuple)
)


@pytest.mark.thorough
@given(st.dictionaries(st.text(), VALUES))
def test_any_values_come_back_equal(values: dict[str, Value]) -> None:
    found = from_json(json.loads(json.dumps(to_json(values))))
    assert found == values
    assert [type(v) for v in found.values()] == [type(v) for v in values.values()]
