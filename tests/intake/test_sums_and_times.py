"""Sums are exact and times keep their offset; what is neither is refused, never guessed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from cleangov_hooks import Money, Precision
from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake import cells
from cleangov_plugin.intake.formats.log_rows import Row
from cleangov_plugin.intake.sums import SumFormat, money
from cleangov_plugin.intake.times import day, moment


def row(value: Any) -> Row:
    return Row({"x": value}, {}, True, 1)


def get(found: Row) -> Any:
    return found.values.get("x")


def read_sum(text: str, currency: str = "EUR", **told: str) -> Money | None:
    return money(get, "fine", SumFormat(currency=currency, **told))(row(text))


@pytest.mark.parametrize(
    ("text", "told", "minor"),
    [
        ("36.0", {}, 3600),
        ("33.6", {}, 3360),
        ("6.71", {}, 671),
        ("0", {}, 0),
        ("-0.0", {}, 0),
        ("+7", {}, 700),
        ("1.0E7", {}, 1_000_000_000),
        ("1.5e-1", {}, 15),
        ("90071992547409.91", {}, 2**53 - 1),
        ("３６.５", {}, 3650),
        # 0.1 + 0.2 as binary floats print it, and the like: what is left of them is no money
        ("0.30000000000000004", {}, 30),
        ("71.29999999999999", {}, 7130),
        ("1.234,50", {"decimal_mark": ",", "group_mark": "."}, 123450),
        ("1,234.50", {"group_mark": ","}, 123450),
        ("1.6", {"unit": "ten_thousand", "currency": "CNY"}, 1_600_000),
        ("0.0001", {"unit": "ten_thousand", "currency": "CNY"}, 100),
        ("12", {"unit": "minor"}, 12),
        ("500", {"currency": "JPY"}, 500),
        ("250.58176", {"rounding": "nearest"}, 25058),
        ("0.125", {"rounding": "nearest"}, 12),
        ("0.135", {"rounding": "nearest"}, 14),
        ("12.5", {"sign": "minus"}, -1250),
        ("-12.5", {"sign": "either"}, -1250),
        ("12.5", {"sign": "either"}, 1250),
    ],
)
def test_a_sum_is_exact(text: str, told: dict[str, str], minor: int) -> None:
    found = read_sum(text, **told)
    assert found is not None
    assert found.minor == minor


@pytest.mark.parametrize("text", ["", "   "])
def test_an_empty_cell_is_no_sum_and_no_zero(text: str) -> None:
    assert read_sum(text) is None


@pytest.mark.parametrize(
    ("text", "told", "what"),
    [
        ("NaN", {}, "'NaN' is no sum"),
        ("Infinity", {}, "is no sum"),
        ("-inf", {}, "is no sum"),
        ("1,234.50", {}, "is no sum"),
        ("12 EUR", {}, "is no sum"),
        ("0x10", {}, "is no sum"),
        ("1e400", {}, "is no sum"),
        ("1e99", {}, "is too large"),
        ("9" * 31, {}, "is no sum"),
        ("90071992547409.92", {}, "is too large"),
        ("250.58176", {}, "parts of a minor unit"),
        ("36.005", {}, "parts of a minor unit"),
        ("0.5", {"unit": "minor"}, "parts of a minor unit"),
        ("-1", {}, "is negative, which this kind of event forbids"),
        ("-1", {"sign": "minus"}, "is negative, which a deduction"),
        ("\u202e36", {}, "is no sum"),
    ],
)
def test_what_is_no_sum_is_refused_with_what_to_do(
    text: str, told: dict[str, str], what: str
) -> None:
    with pytest.raises(IntakeError, match=what) as refused:
        read_sum(text, **told)
    assert refused.value.what.startswith("fine: ")
    assert refused.value.remedy


def test_a_float_would_have_been_wrong() -> None:
    assert int(float("19.99") * 100) == 1998  # the reason why no float is ever made
    assert read_sum("19.99") == Money(minor=1999, currency="EUR")


def read_time(text: str, **told: Any) -> tuple[datetime, Precision] | None:
    return moment(get, "at", **told)(row(text))


@pytest.mark.parametrize(
    ("text", "told", "iso", "precision"),
    [
        ("2007-03-06T00:00:00+01:00", {}, "2007-03-06T00:00:00+01:00", Precision.SECOND),
        ("2011-10-11T13:45:40.276+02:00", {}, "2011-10-11T13:45:40.276000+02:00", Precision.SECOND),
        ("2011-10-11T11:45:40Z", {}, "2011-10-11T11:45:40+00:00", Precision.SECOND),
        (" 2011-10-11 11:45:40+00:00 ", {}, "2011-10-11T11:45:40+00:00", Precision.SECOND),
        ("2026-03-10", {"zone": "Asia/Shanghai"}, "2026-03-10T00:00:00+08:00", Precision.DAY),
        (
            "2026-03-10 09:30",
            {"zone": "Asia/Shanghai"},
            "2026-03-10T09:30:00+08:00",
            Precision.SECOND,
        ),
        (
            "10/03/2026 09:30",
            {"zone": "Asia/Shanghai", "format_": "%d/%m/%Y %H:%M", "precision": Precision.MINUTE},
            "2026-03-10T09:30:00+08:00",
            Precision.MINUTE,
        ),
        (
            "2013-07-15 12:00:00",
            {"zone": "Europe/Rome"},
            "2013-07-15T12:00:00+02:00",
            Precision.SECOND,
        ),
        (
            "2013-01-15 12:00:00",
            {"zone": "Europe/Rome"},
            "2013-01-15T12:00:00+01:00",
            Precision.SECOND,
        ),
        # the clock shows this time twice; the first is taken
        (
            "2013-10-27 02:30:00",
            {"zone": "Europe/Rome"},
            "2013-10-27T02:30:00+02:00",
            Precision.SECOND,
        ),
        # the value's own offset wins over the mapping's zone
        (
            "2013-07-15T12:00:00+05:00",
            {"zone": "Europe/Rome"},
            "2013-07-15T12:00:00+05:00",
            Precision.SECOND,
        ),
    ],
)
def test_a_time_keeps_its_offset_or_gets_that_of_the_zone(
    text: str, told: dict[str, Any], iso: str, precision: Precision
) -> None:
    found = read_time(text, **told)
    assert found is not None
    assert found[0].isoformat() == iso
    assert found[1] is precision
    assert isinstance(found[0].utcoffset(), timedelta)


def test_a_time_that_stands_for_nothing_is_nothing() -> None:
    assert read_time("", zone="UTC") is None
    assert read_time("1970-01-01", zone="UTC", unknown=["1970-01-01"]) is None


@pytest.mark.parametrize(
    ("text", "told", "what"),
    [
        ("2026-03-10 09:30:00", {}, "tells no offset from UTC, and the mapping no zone"),
        ("2026-03-10", {}, "tells no offset"),
        ("10.03.2026", {"zone": "UTC"}, "is no time as ISO 8601 has it"),
        ("2026-02-30", {"zone": "UTC"}, "is no time"),
        ("2026-03-10", {"zone": "UTC", "format_": "%d.%m.%Y"}, "is no time as '%d.%m.%Y' has it"),
        ("NaT", {"zone": "UTC"}, "is no time"),
        ("0001-01-01", {"zone": "UTC"}, "the year 1 is not believed"),
        ("9999-12-31T00:00:00Z", {}, "the year 9999 is not believed"),
    ],
)
def test_what_is_no_time_is_refused_with_what_to_do(
    text: str, told: dict[str, Any], what: str
) -> None:
    with pytest.raises(IntakeError, match=what) as refused:
        read_time(text, **told)
    assert refused.value.remedy


def test_a_day_is_a_day() -> None:
    assert str(day(get, "due")(row("2026-03-10"))) == "2026-03-10"
    assert str(day(get, "due", format_="%Y/%m/%d")(row("2026/03/10"))) == "2026-03-10"
    assert day(get, "due")(row("")) is None


def test_texts_numbers_and_answers_are_read_or_refused() -> None:
    assert cells.integer(get, "points")(row(" 2.0 ")) == 2
    assert cells.boolean(get, "paid")(row("是")) is True
    assert cells.boolean(get, "paid")(row("nee")) is False
    assert cells.texts(get, "parts")(row(("a", "b", ""))) == ("a", "b")
    assert cells.texts(get, "parts")(row("a")) == ("a",)
    assert cells.text(get, "note")(row("  kept as it is ")) == "  kept as it is "
    assert cells.identifier(get, "case")(row(" A1 ")) == "A1"
    for read, value in (
        (cells.integer(get, "points"), "2.5"),
        (cells.boolean(get, "paid"), "perhaps"),
        (cells.text(get, "note"), ("a", "b")),
        (cells.text(get, "note"), "x" * 20_001),
        (cells.identifier(get, "case"), "A\x001"),
        (cells.identifier(get, "case"), "A" * 181),
        (cells.identifier(get, "case"), "A\u202e1"),
        (cells.texts(get, "parts"), ("x" * 15_000, "y" * 15_000)),
    ):
        with pytest.raises(IntakeError) as refused:
            read(row(value))
        assert refused.value.remedy
        assert len(str(refused.value)) < 300
