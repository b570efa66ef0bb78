"""Civil days over changes of the clock, leap days and the date line."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.calendar import civil_day, civil_days_between
from cleangov_plugin.calendar.civil import month_before

ROME = ZoneInfo("Europe/Rome")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_sixty_days_stay_sixty_over_a_change_of_the_clock() -> None:
    start = datetime(2006, 2, 10, tzinfo=ROME)
    end = datetime(2006, 4, 11, tzinfo=ROME)
    assert civil_days_between(start, end, ROME) == 60
    assert end.astimezone(UTC) - start.astimezone(UTC) == timedelta(days=60, hours=-1)


def test_the_day_is_that_of_the_place_not_of_utc() -> None:
    late = datetime(2026, 3, 9, 16, 30, tzinfo=UTC)
    assert civil_day(late, SHANGHAI) == date(2026, 3, 10)
    assert civil_day(late, ROME) == date(2026, 3, 9)


def test_leap_day_counts() -> None:
    start = datetime(2024, 2, 28, 9, tzinfo=SHANGHAI)
    assert civil_days_between(start, datetime(2024, 3, 1, 8, tzinfo=SHANGHAI), SHANGHAI) == 2
    start = datetime(2026, 2, 28, 9, tzinfo=SHANGHAI)
    assert civil_days_between(start, datetime(2026, 3, 1, 8, tzinfo=SHANGHAI), SHANGHAI) == 1


def test_a_minute_over_midnight_is_a_day() -> None:
    before = datetime(2026, 3, 9, 23, 59, tzinfo=SHANGHAI)
    after = datetime(2026, 3, 10, 0, 0, tzinfo=SHANGHAI)
    assert civil_days_between(before, after, SHANGHAI) == 1
    assert civil_days_between(after, before, SHANGHAI) == -1


def test_a_naive_moment_has_no_day() -> None:
    with pytest.raises(ValueError, match="offset"):
        civil_day(datetime(2026, 3, 10), SHANGHAI)  # noqa: DTZ001 - naive on purpose


@given(
    day=st.dates(date(1990, 1, 1), date(2080, 1, 1)),
    hours=st.tuples(st.integers(4, 23), st.integers(4, 23)),
    days=st.integers(-4000, 4000),
)
def test_n_days_later_is_n_days_at_any_hour(day: date, hours: tuple[int, int], days: int) -> None:
    start = datetime(day.year, day.month, day.day, hours[0], tzinfo=ROME)
    later = day + timedelta(days=days)
    end = datetime(later.year, later.month, later.day, hours[1], tzinfo=ROME)
    assert civil_days_between(start.astimezone(UTC), end.astimezone(UTC), ROME) == days


def test_months_back_are_counted_over_years() -> None:
    back = [month_before(date(2026, 2, 28), months) for months in (0, 1, 2, 14)]
    assert back == [date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1), date(2024, 12, 1)]
