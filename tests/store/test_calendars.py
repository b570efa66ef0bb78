"""Official working days through the database and back: the same answers as the notices give."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa

from cleangov_plugin.calendar import Calendar, roll_to_working_day
from cleangov_plugin.intake.holidays_cn import calendar_days
from cleangov_plugin.store import calendars, tables
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.run import run
from tests.store.samples import NOON

LOG = "CN-330105"
DAYS = calendar_days("CN", [2024, 2025, 2026, 2027])


@pytest.fixture
def ours(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
    with database.own_transaction() as connection:
        calendars.store(connection, LOG, DAYS, source="holidays CN", now=NOON)
    yield database
    database.dispose()


def loaded(ours: Database, version: int | None = None) -> Calendar:
    with ours.own_transaction(is_reading=True) as connection:
        stored = calendars.load(connection, LOG, version)
    assert stored is not None
    return Calendar(stored.version, stored.first, stored.ordinals, stored.provisional_years)


def test_terms_end_where_the_oracles_say(ours: Database) -> None:
    calendar = loaded(ours)
    for start, number, end in (
        (date(2026, 1, 30), 20, date(2026, 3, 5)),
        (date(2026, 2, 13), 5, date(2026, 2, 27)),
        (date(2026, 9, 24), 7, date(2026, 10, 12)),
        (date(2025, 12, 31), 3, date(2026, 1, 6)),
        (date(2025, 9, 26), 20, date(2025, 10, 30)),
    ):
        assert calendar.add_working_days(start, number) == end
        assert calendar.working_days_between(start, end) == number
    assert roll_to_working_day(calendar, date(2026, 10, 1)) == date(2026, 10, 8)
    assert calendar.provisional_years == {2027}


def test_the_running_number_in_the_table_counts_by_one_subtraction(ours: Database) -> None:
    """What a rule in SQL will do: no function of a calendar is needed there."""
    day = tables.calendar_day
    ends = (date(2026, 2, 13), date(2026, 2, 28))
    query = sa.select(day.c.ordinal).where(
        day.c.scope == LOG, day.c.version == 1, day.c.day_on.in_([end.isoformat() for end in ends])
    )
    with ours.own_transaction(is_reading=True) as connection:
        first, last = sorted(run(connection, query).scalars())
    assert last - first == loaded(ours).working_days_between(*ends) == 6


def test_every_day_comes_back_as_it_was(ours: Database) -> None:
    day = tables.calendar_day
    columns = (day.c.day_on, day.c.is_working, day.c.is_provisional, day.c.label)
    with ours.own_transaction(is_reading=True) as connection:
        rows = run(connection, sa.select(*columns).order_by(day.c.day_on)).all()
    assert [tuple(row) for row in rows] == [
        (d.date.isoformat(), d.is_working, d.is_provisional, d.label) for d in DAYS
    ]


def test_a_notice_that_comes_later_is_a_new_version_and_the_old_one_stays(ours: Database) -> None:
    changed = [
        day._replace(is_provisional=False, is_working=True)
        if day.date == date(2027, 2, 9)
        else day._replace(is_provisional=False)
        for day in DAYS
    ]
    with ours.own_transaction() as connection:
        assert calendars.store(connection, LOG, changed, source="notice", now=NOON) == 2
    assert loaded(ours).provisional_years == frozenset()
    assert loaded(ours).is_working_day(date(2027, 2, 9)) is True
    assert loaded(ours, 1).provisional_years == {2027}
    assert loaded(ours, 1).is_working_day(date(2027, 2, 9)) is False
