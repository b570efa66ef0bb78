"""Ledgers of random cases that a back-test is asked about both ways."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from cleangov_plugin.desk.backtested import running
from cleangov_plugin.desk.backtested.parts import Engine, Wanted
from cleangov_plugin.rules import compile_rule
from cleangov_plugin.store import calendars, rulebook
from cleangov_plugin.store.database import Database
from tests.support.random_cases import NOON, Log

BOTH_ENGINES = (Engine.DUCKDB, Engine.PYTHON)
EVENTS = [{"id": "T01-event", "tier": 0, "phases": ["event"]}]


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the ledgers' calendar; what lies outside it is not known."""

    date: date
    is_provisional: bool = False
    label: str = ""

    @property
    def is_working(self) -> bool:
        return self.date.weekday() < 5


DAYS = [Day(date(2026, 3, 9) + timedelta(days=n)) for n in range(60)]


class Ledgers:
    """Ledgers with random cases, one for each rule, in one database."""

    def __init__(self, database: Database) -> None:
        self.database, self.row, self.number = database, 0, 0

    def written(self, documents: list[dict[str, Any]], cases: int, seed: int) -> str:
        self.number += 1
        log_id = f"CN-{self.number:06}"
        rules = [compile_rule(each) for each in documents]
        with self.database.own_transaction() as connection:
            rulebook.save_agency(connection, log_id, {"zh": "云汀"}, "Asia/Shanghai", "CN")
            calendars.store(connection, log_id, DAYS, source="tests", now=NOON)
            log = Log(connection, log_id, Random(seed), self.row)
            log.fill(rules, cases)
            self.row = log.row
        return log_id

    def told(self, log_id: str, draft: Any, against: Any, engine: Engine, **more: Any) -> str:
        with self.database.own_transaction(is_reading=True) as connection:
            wanted = Wanted(log_id=log_id, draft=draft, against=against, engine=engine, **more)
            return running.written(running.backtest(connection, wanted, noted=pytest.fail))
