"""DuckDB says of a ledger what the closures say of it, to the byte; where it cannot, it says so."""

from datetime import date
from importlib.util import find_spec
from random import Random
from typing import Any

import pytest

from cleangov_plugin.desk.backtested import duckdb_first, running
from cleangov_plugin.desk.backtested.asking import Side, Sides
from cleangov_plugin.desk.backtested.parts import Engine, Wanted
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.sieve import Sieve, Sifted
from tests.desk.backtested.sieve_ledgers import BOTH_ENGINES, EVENTS, Ledgers
from tests.desk.backtested.sieve_rules import FIELDS, random_rule
from tests.rules.rule_building import document

pytestmark = pytest.mark.skipif(
    find_spec("duckdb_engine") is None, reason="the extra 'duckdb' is not installed"
)
SHIPPED = {each["id"]: each for each in load_rulebook(rulebook_folder())}


@pytest.fixture
def sifted(monkeypatch: pytest.MonkeyPatch) -> list[Sifted]:
    found: list[Sifted] = []
    sift = Sieve.sifted

    def noting(self: Sieve, cases: Any) -> Sifted:
        found.append(sift(self, cases))
        return found[-1]

    monkeypatch.setattr(Sieve, "sifted", noting)
    monkeypatch.setattr(duckdb_first, "_HANDFUL", 300)
    return found


FIT = ("E07", "E60", "E61", "E62", "E63", "E64", "J10", "P02A", "X10", "X10A", "X10B", "X10C")
UNFIT = {"J01": "across", "J11": "where", "P02": "field"}


@pytest.mark.parametrize("id_", FIT)
def test_a_shipped_rule_gives_the_same_bytes(
    ledgers: Ledgers, sifted: list[Sifted], id_: str
) -> None:
    rule = SHIPPED[id_]
    log_id = ledgers.written([rule], 120, seed=len(id_))
    both = [ledgers.told(log_id, rule, None, engine) for engine in BOTH_ENGINES]
    assert both[0] == both[1]
    assert sifted


def test_half_of_the_shipped_rules_and_more_are_asked_in_duckdb() -> None:
    found = {id_: duckdb_first.unfit(Sides({Side.DRAFT: text})) for id_, text in SHIPPED.items()}
    assert sum(why is None for why in found.values()) * 2 > len(SHIPPED)
    assert {found[id_] for id_ in FIT} == {None}
    assert {id_: found[id_] for id_ in UNFIT} == UNFIT


# ---- Random rules --------------------------------------------------------------------------------


def agree(ledgers: Ledgers, seed: int, cases: int) -> None:
    """Compare two random rules on a random ledger, asked both ways."""
    random = Random(seed)
    rules = [random_rule(random), random_rule(random)]
    log_id = ledgers.written(rules, cases, seed)
    both = [ledgers.told(log_id, *rules, engine) for engine in BOTH_ENGINES]
    assert both[0] == both[1], f"seed {seed}"


def test_random_rules_give_the_same_bytes_and_many_cases_are_sifted(
    ledgers: Ledgers, sifted: list[Sifted]
) -> None:
    for seed in range(8):
        agree(ledgers, seed, cases=60)
    assert sum(found.cases for found in sifted) > 20
    assert sum(len(found.live) for found in sifted) > 40


def test_days_of_the_report_bound_what_duckdb_judges(
    ledgers: Ledgers, sifted: list[Sifted]
) -> None:
    random = Random(7)
    rule = random_rule(random)
    log_id = ledgers.written([rule], 100, seed=7)
    days = {"first": date(2026, 3, 11), "last": date(2026, 3, 16)}
    both = [ledgers.told(log_id, rule, None, engine, **days) for engine in BOTH_ENGINES]
    assert both[0] == both[1]
    assert both[0] != ledgers.told(log_id, rule, None, Engine.PYTHON)
    assert sifted


def test_a_handful_that_duckdb_cannot_read_is_asked_of_the_closures(
    ledgers: Ledgers, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = random_rule(Random(3))
    log_id = ledgers.written([rule], 30, seed=3)
    monkeypatch.setattr("cleangov_plugin.store.sieve.sql.LIVE", "SELECT nothing")
    both = [ledgers.told(log_id, rule, None, engine) for engine in BOTH_ENGINES]
    assert both[0] == both[1]


def test_where_most_cases_come_back_duckdb_is_asked_no_more(
    ledgers: Ledgers, sifted: list[Sifted], monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = {**document("amount > -1元", fields=FIELDS), "bindings": EVENTS}
    log_id = ledgers.written([rule], 100, seed=5)
    monkeypatch.setattr(duckdb_first, "_HANDFUL", 50)
    both = [ledgers.told(log_id, rule, None, engine) for engine in BOTH_ENGINES]
    assert both[0] == both[1]
    assert len(sifted) == 1


# ---- Which engine --------------------------------------------------------------------------------


@pytest.mark.parametrize(("id_", "why"), UNFIT.items())
def test_what_duckdb_cannot_do_is_said_and_done_the_old_way(
    ours: Database, ledgers: Ledgers, id_: str, why: str
) -> None:
    rule = SHIPPED[id_]
    log_id = ledgers.written([rule], 10, seed=2)
    noted: list[str] = []
    with ours.own_transaction(is_reading=True) as connection:
        wanted = Wanted(log_id=log_id, draft=rule, engine=Engine.DUCKDB)
        found = running.written(running.backtest(connection, wanted, noted=noted.append))
    assert noted == [why]
    assert all(duckdb_first.WHY[why])
    assert found == ledgers.told(log_id, rule, None, Engine.PYTHON)


def test_a_large_ledger_is_asked_in_duckdb_unless_it_is_not_there(
    ledgers: Ledgers, sifted: list[Sifted], monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = random_rule(Random(11))
    log_id = ledgers.written([rule], 10, seed=2)
    small = ledgers.told(log_id, rule, None, Engine.AUTO)
    assert not sifted
    monkeypatch.setattr(running, "WORTH", 1)
    assert ledgers.told(log_id, rule, None, Engine.AUTO) == small
    assert sifted
    sifted.clear()
    monkeypatch.setattr(running, "is_installed", lambda: False)
    assert ledgers.told(log_id, rule, None, Engine.AUTO) == small
    assert not sifted
    monkeypatch.setattr(duckdb_first, "is_installed", lambda: False)
    with pytest.raises(RuleError, match="not installed"):
        ledgers.told(log_id, rule, None, Engine.DUCKDB)


@pytest.mark.thorough
def test_more_random_rules_give_the_same_bytes_on_longer_ledgers(ledgers: Ledgers) -> None:
    for seed in range(100, 106):
        agree(ledgers, seed, cases=150)
