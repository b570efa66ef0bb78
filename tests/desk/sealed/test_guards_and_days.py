"""A sealer with its rights alone seals working days, and goes on where it may not read them yet."""

from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.sealed.sealing import seal
from cleangov_plugin.intake.holidays_cn import CalendarDay
from cleangov_plugin.store import calendars
from tests.desk.sealed.guarded import Guarded, as_role
from tests.store.samples import LOG, NOON

_FIRST = date(2026, 1, 1)


@pytest.mark.parametrize("is_granted", [True, False], ids=["granted", "guards of before"])
def test_the_sealer_seals_the_days_it_may_read(
    engine: sa.Engine, tmp_path: Path, is_granted: bool
) -> None:
    sealed = Guarded(engine, tmp_path, is_guarded=True)
    if sealed.is_sqlite:
        pytest.skip("SQLite has no roles")
    days = [
        CalendarDay(
            date=_FIRST + timedelta(days=n), is_working=True, is_provisional=False, label=""
        )
        for n in range(3)
    ]
    with sealed.database.own_transaction() as connection:
        calendars.store(connection, LOG, days, source="test", now=NOON)
    tables = "cleangov.cleangov_calendar_version, cleangov.cleangov_calendar_day"
    if not is_granted:
        sealed.edit(f"REVOKE SELECT ON {tables} FROM cleangov_sealer")
    with as_role(sealed.database, "cleangov_sealer") as sealer:
        seal(sealer, sealed.outside, sealed.signer, lambda: NOON)
        size = seal(sealer, sealed.outside, sealed.signer, lambda: NOON).size
        assert seal(sealer, sealed.outside, sealed.signer, lambda: NOON).size == size
    found = sealed.verified_as("cleangov_auditor")
    assert ("no_calendar" in [what.code for what in found.unchecked]) is not is_granted
    assert not [each for each in found.alarms if each.detector == "RULE"]
    sealed.database.dispose()


def test_an_account_that_may_not_read_days_says_so_and_alarms_nobody(
    engine: sa.Engine, tmp_path: Path
) -> None:
    sealed = Guarded(engine, tmp_path, is_guarded=True)
    if sealed.is_sqlite:
        pytest.skip("SQLite has no roles")
    day = CalendarDay(date=_FIRST, is_working=True, is_provisional=False, label="")
    with sealed.database.own_transaction() as connection:
        calendars.store(connection, LOG, [day], source="test", now=NOON)
    sealed.seal()
    assert "calendar_unread" not in [
        what.code for what in sealed.verified_as("cleangov_auditor").unchecked
    ]
    sealed.edit("REVOKE SELECT ON cleangov.cleangov_calendar_day FROM cleangov_auditor")
    found = sealed.verified_as("cleangov_auditor")
    assert "calendar_unread" in [what.code for what in found.unchecked]
    assert not [each for each in found.alarms if each.detector == "RULE"]
    sealed.database.dispose()
