"""What DuckDB counts of a ledger was counted by hand."""

from datetime import date
from importlib.util import find_spec
from itertools import groupby
from random import Random
from typing import Any, TypeAlias

import pytest

from cleangov_plugin.desk.backtested import duckdb_first
from cleangov_plugin.desk.backtested.asking import Side, Sides
from cleangov_plugin.desk.backtested.parts import ledger_of
from cleangov_plugin.store import judged_entries
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.sieve import Sieve, Sifted
from tests.desk.backtested.sieve_ledgers import BOTH_ENGINES, EVENTS, Ledgers
from tests.desk.backtested.sieve_rules import DECISION, FIELDS, KINDS, NOTICE
from tests.rules.rule_building import document
from tests.support.random_cases import Log

pytestmark = pytest.mark.skipif(
    find_spec("duckdb_engine") is None, reason="the extra 'duckdb' is not installed"
)

#: Events by case: kind, day, and yuan where there are any.
Cases: TypeAlias = dict[str, list[tuple[str, int, int | None]]]


def test_what_is_counted_in_duckdb_was_counted_by_hand(ours: Database, ledgers: Ledgers) -> None:
    rule = {
        **document(
            "amount > facts.noticed or facts.visits > 1",
            fields=FIELDS,
            facts={
                "noticed": {"latest": "amount", "of": NOTICE},
                "visits": {"count": KINDS[3], "within": "5 days"},
            },
        ),
        "bindings": EVENTS,
    }
    log_id = ledgers.written([rule], 0, seed=1)
    cases: Cases = {
        "as noticed": [(NOTICE, 0, 500), (DECISION, 3, 500)],
        "heavier": [(NOTICE, 0, 500), (DECISION, 3, 501)],
        "noticed again": [(NOTICE, 0, 500), (NOTICE, 1, 900), (DECISION, 3, 900)],
        "never noticed": [(DECISION, 3, 500)],
        "visited long ago": [(NOTICE, 0, 9), (KINDS[3], 0, 1), (KINDS[3], 1, 1), (DECISION, 6, 9)],
        "visited twice": [(NOTICE, 0, 9), (KINDS[3], 1, 1), (KINDS[3], 1, 1), (DECISION, 6, 9)],
        "of no sum": [(NOTICE, 0, 500), (DECISION, 3, None)],
    }
    write(ours, ledgers, log_id, cases)
    live, found = sifted(ours, log_id, rule)
    assert live == {
        "heavier", "never noticed", "visited twice", "of no sum"
    }  # fmt: skip
    assert found.cases == 3
    assert sorted(found.events) == [
        ("U1", "decide", date(2026, 3, 13), 2),
        ("U1", "decide", date(2026, 3, 16), 1),
    ]
    assert sorted(found.officers) == [("chen", date(2026, 3, 13)), ("chen", date(2026, 3, 16))]


def test_conditions_and_working_days_are_counted_in_duckdb_as_by_hand(
    ours: Database, ledgers: Ledgers
) -> None:
    """10 March 2026 is a Tuesday: from the 10th to Monday the 16th it is four working days."""
    visit = KINDS[3]
    more = {"where": "amount > current.amount", "within": "2 working days"}
    facts = {
        "dearer": {"count": visit, **more},
        "since": {"elapsed_since": NOTICE, "in": "working_days"},
    }
    condition = "facts.dearer > 0 or facts.since > 4 working days"
    rule = {**document(condition, fields=FIELDS, facts=facts), "bindings": EVENTS}
    log_id = ledgers.written([rule], 0, seed=1)
    cases: Cases = {
        "four days after": [(NOTICE, 0, 1), (DECISION, 6, 5)],
        "five days after": [(NOTICE, 0, 1), (DECISION, 7, 5)],
        "as dear": [(NOTICE, 3, 1), (visit, 3, 5), (DECISION, 6, 5)],
        "dearer over the weekend": [(NOTICE, 3, 1), (visit, 3, 6), (DECISION, 6, 5)],
        "dearer before": [(NOTICE, 0, 1), (visit, 1, 6), (DECISION, 6, 5)],
        "of no sum": [(NOTICE, 3, 1), (visit, 3, None), (DECISION, 6, 5)],
        "of no sum before": [(NOTICE, 3, 1), (visit, 1, None), (DECISION, 6, 5)],
        "before the calendar": [(NOTICE, -9, 1), (DECISION, 0, 5)],
    }
    write(ours, ledgers, log_id, cases)
    live, found = sifted(ours, log_id, rule)
    assert live == {
        "five days after", "dearer over the weekend", "of no sum", "before the calendar"
    }  # fmt: skip
    assert found.cases == len(cases) - len(live)
    both = [ledgers.told(log_id, rule, None, engine) for engine in BOTH_ENGINES]
    assert both[0] == both[1]


def write(ours: Database, ledgers: Ledgers, log_id: str, cases: Cases) -> None:
    """Write the events of cases into a ledger."""
    with ours.own_transaction() as connection:
        log = Log(connection, log_id, Random(1), ledgers.row)
        for case, events in cases.items():
            log.write([log.event(case, kind, days=days, yuan=yuan) for kind, days, yuan in events])
        ledgers.row = log.row


def sifted(ours: Database, log_id: str, rule: dict[str, Any]) -> tuple[set[str], Sifted]:
    """Sift the cases of a ledger; answer which of them come back, and what came of the others."""
    sides = Sides({Side.DRAFT: rule})
    with ours.own_transaction(is_reading=True) as connection:
        ledger = ledger_of(connection, log_id)
        sieve = Sieve(duckdb_first._bound(sides), ledger.zone, calendar=ledger.calendar)
        try:
            within = judged_entries.horizon(connection, log_id)
            read = judged_entries.judged_entries(connection, log_id, sides.kinds(), within)
            of_case = [list(entries) for _, entries in groupby(read, lambda entry: entry.subject)]
            found = sieve.sifted(of_case)
        finally:
            sieve.close()
    return {of_case[place][0].subject for place in found.live}, found
