"""Calendar rows from the optional package, and what is said where it is missing."""

import sys

import pytest

from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake.holidays_cn import calendar_days


def test_every_day_of_the_years_is_answered_in_order() -> None:
    rows = calendar_days("CN", [2025, 2024])
    assert len(rows) == 366 + 365
    assert [row.date for row in rows] == sorted(row.date for row in rows)


def test_without_the_package_the_error_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(IntakeError, match=r"cleangov-plugin\[calendars\]"):
        calendar_days("CN", [2026])


@pytest.mark.parametrize(("country", "year"), [("QQ", 2026), ("CN", 1900), ("CN", 9999)])
def test_an_unknown_country_or_year_is_refused(country: str, year: int) -> None:
    with pytest.raises(IntakeError):
        calendar_days(country, [year])


def test_countries_without_make_up_days_work() -> None:
    rows = {row.date.isoformat(): row for row in calendar_days("IT", [2012])}
    assert not rows["2012-12-25"].is_working
    assert not rows["2012-12-25"].is_provisional
    assert rows["2012-12-27"].is_working
