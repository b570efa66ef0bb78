"""How soon an entry has to be sealed, where the auditor asks for it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.verified.alarms import Alarm
from cleangov_plugin.desk.verified.evidence import Evidence
from cleangov_plugin.desk.verified.verifying import verify
from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import NOON

MINUTE = timedelta(minutes=1)


def alarms(log: Sealer, now: datetime | None, within: timedelta | None) -> list[Alarm]:
    evidence = Evidence(outside=log.outside, key=log.signer.verifier, now=now, within=within)
    with log.database.own_transaction(is_reading=True) as connection:
        return verify(connection, evidence).alarms


def test_38_an_entry_that_nobody_seals_is_late(engine: sa.Engine, tmp_path: Path) -> None:
    log = Sealer(engine, tmp_path)
    log.write(0, 3)
    assert alarms(log, NOON + timedelta(hours=9), MINUTE) != [], "nothing was ever sealed"
    log.seal()
    assert alarms(log, NOON + timedelta(hours=9), MINUTE) == []
    log.write(3, 4)  # three minutes after noon, and three seconds
    written = NOON + 3 * MINUTE + timedelta(seconds=3)
    assert alarms(log, written + MINUTE, MINUTE) == []
    (late,) = alarms(log, written + MINUTE + timedelta(seconds=1), MINUTE)
    assert (late.code, late.detector.value) == ("unsealed_late", "MMD")
    assert late.entry is not None
    log.database.dispose()


@pytest.mark.parametrize(
    ("now", "within"), [(None, MINUTE), (NOON + timedelta(days=9), None), (None, None)]
)
def test_without_a_clock_or_a_term_nobody_is_late(
    engine: sa.Engine, tmp_path: Path, now: datetime | None, within: timedelta | None
) -> None:
    log = Sealer(engine, tmp_path)
    log.write(0, 3)
    assert alarms(log, now, within) == []
    log.database.dispose()
