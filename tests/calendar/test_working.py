"""Working days against the official notices of 2024, 2025 and 2026."""

from collections import Counter
from datetime import date, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.calendar import Calendar, roll_to_working_day
from cleangov_plugin.intake.holidays_cn import CalendarDay, calendar_days

ROWS = calendar_days("CN", [2024, 2025, 2026, 2027])


def calendar_of(rows: list[CalendarDay]) -> Calendar:
    ordinals = tuple(accumulate(int(row.is_working) for row in rows))
    years = frozenset(row.date.year for row in rows if row.is_provisional)
    return Calendar(1, rows[0].date, ordinals, years)


CALENDAR = calendar_of(ROWS)
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_a_year_has_its_official_number_of_working_days(year: int, days: int) -> None:
    assert sum(row.is_working for row in ROWS if row.date.year == year) == days
    assert CALENDAR.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == days


def test_the_months_of_2026_have_their_official_numbers() -> None:
    months = Counter(r.date.month for r in ROWS if r.date.year == 2026 and r.is_working)
    expected = [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
    assert [months[m] for m in range(1, 13)] == expected


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 1, 30), 20, date(2026, 3, 5)),
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
        (date(2026, 4, 30), 5, date(2026, 5, 11)),
        (date(2026, 9, 18), 10, date(2026, 10, 9)),
        (date(2026, 9, 24), 7, date(2026, 10, 12)),
        (date(2025, 12, 31), 3, date(2026, 1, 6)),
        (date(2025, 9, 26), 20, date(2025, 10, 30)),
        (date(2025, 1, 24), 10, date(2025, 2, 13)),
    ],
)
def test_terms_in_working_days_end_where_the_oracles_say(start: date, days: int, end: date) -> None:
    assert CALENDAR.add_working_days(start, days) == end
    assert CALENDAR.working_days_between(start, end) == days


def spans(*texts: str) -> list[date]:
    """Write days as the notices do: ``"01-01..03"`` or ``"2025-01-28..02-04"``."""
    found: list[date] = []
    for text in texts:
        first, _, last = text.partition("..")
        start = date.fromisoformat(first)
        end = date.fromisoformat(first[: len(first) - len(last)] + last) if last else start
        found += [start + timedelta(days=n) for n in range((end - start).days + 1)]
    return found


#: The official notices: days off in a row with their weekends, and weekends worked (调休).
OFF = spans(
    "2025-01-01", "2025-01-28..02-04", "2025-04-04..06", "2025-05-01..05", "2025-05-31..06-02",
    "2025-10-01..08", "2026-01-01..03", "2026-02-15..23", "2026-04-04..06", "2026-05-01..05",
    "2026-06-19..21", "2026-09-25..27", "2026-10-01..07",
)  # fmt: skip
WORKED = spans(
    "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
    "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
)  # fmt: skip


@pytest.mark.parametrize("day", WORKED, ids=str)
def test_make_up_workdays_at_weekends_are_working_days(day: date) -> None:
    assert day.weekday() >= 5
    assert CALENDAR.is_working_day(day) is True
    assert next(row for row in ROWS if row.date == day).label == "调休上班"


@pytest.mark.parametrize("day", OFF, ids=str)
def test_the_days_off_of_the_notices_are_no_working_days(day: date) -> None:
    assert CALENDAR.is_working_day(day) is False


def test_the_notices_say_all_that_differs_from_monday_to_friday() -> None:
    rows = [row for row in ROWS if row.date.year in (2025, 2026)]
    expected = {row.date for row in rows if row.date.weekday() < 5} - set(OFF) | set(WORKED)
    assert {row.date for row in rows if row.is_working} == expected


#: Fixed by the Holiday Measures of 2024-11-10 whatever the notice for 2027 will say.
LEGAL_2027 = spans(
    "2027-01-01", "2027-02-05..08", "2027-04-05", "2027-05-01..02", "2027-06-09", "2027-09-15",
    "2027-10-01..03",
)  # fmt: skip


def test_the_legal_days_of_a_year_without_a_notice_are_off_and_provisional() -> None:
    assert len(LEGAL_2027) == 13
    rows = {row.date: row for row in ROWS}
    assert not any(rows[day].is_working for day in LEGAL_2027)
    assert all(rows[day].label for day in LEGAL_2027)
    assert all(row.is_provisional for row in ROWS if row.date.year == 2027)
    assert not any(row.is_provisional for row in ROWS if row.date.year < 2027)


def test_a_term_of_ninety_days_that_ends_on_a_holiday_rolls_over() -> None:
    last = date(2026, 7, 3) + timedelta(days=90)
    assert last == date(2026, 10, 1)
    assert roll_to_working_day(CALENDAR, last) == date(2026, 10, 8)
    assert roll_to_working_day(CALENDAR, date(2026, 10, 8)) == date(2026, 10, 8)
    assert roll_to_working_day(CALENDAR, date(2030, 1, 1)) is None


def test_every_day_agrees_with_a_second_source() -> None:
    chinese_calendar = pytest.importorskip("chinese_calendar")
    official = [row for row in ROWS if row.date.year <= 2026]
    differing = [r.date for r in official if chinese_calendar.is_workday(r.date) != r.is_working]
    assert differing == []


def test_years_without_a_notice_are_provisional() -> None:
    assert CALENDAR.provisional_years == {2027}
    assert not CALENDAR.is_provisional(date(2026, 12, 1), date(2026, 12, 31))
    assert CALENDAR.is_provisional(date(2026, 12, 1), date(2027, 1, 1))
    assert CALENDAR.is_provisional(date(2027, 1, 1), date(2026, 12, 1))


def test_outside_the_days_known_there_is_no_answer() -> None:
    assert CALENDAR.is_working_day(date(2023, 12, 31)) is None
    assert CALENDAR.is_working_day(date(2028, 1, 1)) is None
    assert CALENDAR.working_days_between(date(2023, 12, 30), date(2024, 1, 5)) is None
    assert CALENDAR.working_days_between(date(2027, 12, 30), date(2028, 1, 5)) is None
    assert CALENDAR.add_working_days(date(2027, 12, 30), 30) is None
    assert CALENDAR.add_working_days(date(2024, 1, 2), -5) is None


@given(a=DAYS, n=st.integers(1, 60))
def test_adding_lands_on_a_working_day_and_counts_back(a: date, n: int) -> None:
    end = CALENDAR.add_working_days(a, n)
    if end is not None:
        assert CALENDAR.is_working_day(end)
        assert CALENDAR.working_days_between(a, end) == n


@given(a=DAYS, n=st.integers(1, 60))
def test_going_back_lands_n_working_days_before(a: date, n: int) -> None:
    start = CALENDAR.add_working_days(a, -n)
    if start is not None:
        days = (start + timedelta(days=i) for i in range((a - start).days))
        assert sum(bool(CALENDAR.is_working_day(day)) for day in days) == n
        assert CALENDAR.is_working_day(start)


@given(a=DAYS, b=DAYS)
def test_counting_agrees_with_walking(a: date, b: date) -> None:
    if a <= b:
        walked = sum(row.is_working for row in ROWS if a < row.date <= b)
        assert CALENDAR.working_days_between(a, b) == walked
