"""Many writers at once, with rollbacks and savepoints: no alarm; and any entry taken away is named.

Each entry has its code and its receipt, midnight passes while they write, and clocks differ.
"""

import itertools
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.verified.verifying import verify
from tests.desk.sealed.early_city import EarlyCity

#: A second before the keys of the codes change.
START = datetime(2026, 3, 10, 23, 59, 59, tzinfo=UTC)
WRITERS = 4
TURNS = 8


@pytest.fixture
def city(engine: sa.Engine, tmp_path: Path) -> Iterator[EarlyCity]:
    found = EarlyCity(engine, tmp_path, START - timedelta(hours=1))
    yield found
    found.close()


class Writer:
    """One process of the platform, with a clock of its own.

    :param city: the ledger.
    :param seed: of what it does.
    :param numbers: where the numbers of events come from.
    """

    def __init__(self, city: EarlyCity, seed: str, numbers: Iterator[int]) -> None:
        self.city, self.chance, self.numbers = city, random.Random(seed), numbers
        self.begun, self.off = time.monotonic(), timedelta(seconds=self.chance.randint(-9, 9))

    def work(self) -> int:
        return sum(self.transaction() for _ in range(TURNS))

    def transaction(self) -> int:
        with self.city.engine.connect() as connection, connection.begin() as transaction:
            written = self.some(connection) + self.savepoint(connection, 2)
            if self.chance.random() < 0.3:
                transaction.rollback()
                return 0
        return written

    def some(self, connection: sa.Connection) -> int:
        number = self.chance.randint(1, 2)
        for _ in range(number):
            now = START + self.off + timedelta(seconds=time.monotonic() - self.begun)
            self.city.enter(connection, next(self.numbers), now)
        return number

    def savepoint(self, connection: sa.Connection, depth: int) -> int:
        if not depth or self.chance.random() < 0.4:
            return 0
        with connection.begin_nested() as savepoint:
            written = self.some(connection) + self.savepoint(connection, depth - 1)
            if self.chance.random() < 0.5:
                savepoint.rollback()
                return 0
        return written


@pytest.mark.parametrize("seed", range(3))
def test_any_entry_taken_away_before_sealing_is_named_and_nothing_else_is(
    city: EarlyCity, seed: int
) -> None:
    numbers = itertools.count()
    for part in range(2):
        writers = [Writer(city, f"{seed} {part} {n}", numbers) for n in range(WRITERS)]
        with ThreadPoolExecutor(WRITERS) as pool:
            written = list(pool.map(Writer.work, writers))
        city.receipts.flush(patience=5)
        assert city.alarms() == []
        if part == 0:
            city.seal()
            assert city.alarms() == []
    rows = city.rows("SELECT id, lane, no FROM {s}cleangov_entry ORDER BY lane, no")
    assert city.lines() == len(rows)
    unsealed = rows_of(city)
    assert len(unsealed) == sum(written)
    for row, lane, no in random.Random(seed).sample(unsealed, min(12, len(unsealed))):
        assert (lane, no) in missed(city, row)


def rows_of(city: EarlyCity) -> list[tuple[int, int, int]]:
    """Answer row, lane and number of each entry that is in no leaf."""
    return city.rows(
        "SELECT e.id, e.lane, e.no FROM {s}cleangov_entry e LEFT JOIN {s}cleangov_leaf f"
        " ON f.log_id = e.log_id AND f.lane = e.lane AND f.no = e.no WHERE f.idx IS NULL"
        " ORDER BY e.lane, e.no"
    )


def missed(city: EarlyCity, row: int) -> list[tuple[int, int]]:
    """Answer lane and number of what is missed while an entry is gone; it comes back afterwards."""
    evidence = city.evidence()
    with city.engine.connect() as connection, connection.begin() as transaction:
        prefix = "" if city.is_sqlite else "cleangov."
        connection.exec_driver_sql(f"DELETE FROM {prefix}cleangov_entry WHERE id = {row}")
        alarms = verify(connection, evidence).alarms
        transaction.rollback()
    return [(a.values["lane"], a.values["no"]) for a in alarms if a.code == "receipt_gone"]


@pytest.mark.parametrize("minutes", [-5, -1, 1, 5])
def test_a_clock_that_is_put_back_or_forward_around_midnight_raises_no_alarm(
    city: EarlyCity, minutes: int
) -> None:
    step = timedelta(minutes=minutes)
    for number, offset in enumerate([-400, -290, -1, 0, 1, 60, 290, 400]):
        moment = START + timedelta(seconds=1 + offset)
        for part, now in enumerate((moment, moment + step, moment)):
            with city.engine.begin() as connection:
                city.enter(connection, 10 * number + part, now)
    city.receipts.flush(patience=5)
    assert [alarm.said("en") for alarm in city.alarms()] == []
