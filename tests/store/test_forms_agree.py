"""One checked tree, many forms: closure, slow reading, core, CEL, SQLite, PostgreSQL, DuckDB agree.

Random expressions of the whole language are asked of random events: values around the boundaries,
missing ones, ones of another type or outside their range. A seed gives 40 expressions and 64
events, 2,560 answers a form; the full counts have 204,800 of them in each.
"""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_plugin.rules import reading
from cleangov_plugin.rules.core import cel, lowering
from cleangov_plugin.store import predicate
from tests.support import cel_engine
from tests.support.core_reading import CoreReading
from tests.support.counts import full
from tests.support.ends import opened
from tests.support.forms import (
    Batch,
    batch,
    by_cel,
    by_core,
    by_sql,
    by_tree,
    differences,
    to_the_end,
)

EXPRESSIONS, EVENTS = 40, 64
#: Four seeds in every run, eighty in the full counts; every fifth seed is deeper.
SEEDS = full(range(4), slow=(range(4, 29), range(29, 54), range(54, 80)))


def made(seed: int) -> Batch:
    return batch(seed, EXPRESSIONS, EVENTS, depth=3 + seed % 5)


@pytest.mark.parametrize("seeds", SEEDS, ids=str)
def test_the_closure_the_slow_reading_and_the_core_agree(seeds: Sequence[int]) -> None:
    for seed in seeds:
        asked = made(seed)
        assert differences("tree", asked, by_tree(asked)) == []
        assert differences("core", asked, by_core(asked)) == []


@cel_engine.needed
@pytest.mark.parametrize("seeds", SEEDS, ids=str)
def test_cel_agrees_where_it_takes_the_expression(seeds: Sequence[int]) -> None:
    refused = 0
    for seed in seeds:
        asked = made(seed)
        answers, too_deep = by_cel(asked)
        assert differences("cel", asked, answers) == []
        refused += too_deep
    assert refused <= len(seeds), "what is left out must not be what is checked"


@pytest.mark.parametrize("seeds", SEEDS, ids=str)
def test_the_database_agrees(seeds: Sequence[int], engine: sa.Engine) -> None:
    for seed in seeds:
        asked = made(seed)
        with engine.begin() as connection:
            answers = by_sql(asked, connection)
        assert differences(engine.dialect.name, asked, answers) == []


@pytest.mark.skipif(
    find_spec("duckdb_engine") is None, reason="the extra 'duckdb' is not installed"
)
@pytest.mark.parametrize("seeds", SEEDS, ids=str)
def test_duckdb_agrees_where_it_is_installed(seeds: Sequence[int]) -> None:
    with opened("duckdb:///:memory:") as engine:
        for seed in seeds:
            asked = made(seed)
            with engine.begin() as connection:
                answers = by_sql(asked, connection)
            assert differences("duckdb", asked, answers) == []


def test_a_batch_holds_every_answer_and_every_sort_of_term() -> None:
    """What is compared is worth comparing: no answer is rare, no term of the core unseen."""
    found, kinds = [], set()
    for seed in SEEDS[0]:
        asked = made(seed)
        found += [answer for answers in asked.expected for answer in answers]
        kinds |= {type(term).__name__ for e in asked.expressions for term in to_the_end(e.term)}
    assert len(found) == 4 * EXPRESSIONS * EVENTS
    assert min(found.count(answer) for answer in (True, False, None)) > len(found) / 6
    assert kinds == {
        "Input", "Constant", "All", "Any", "Opposite", "Compared", "OneOf", "Computed", "Floored",
        "Within", "Where", "First", "IsUnknown", "Entry", "Each",
    }  # fmt: skip


def test_nightly_figures_are_known_and_unknown_and_too_few() -> None:
    """Each kind of figure decides something: it is there, it is not, or it is of too few events."""
    asked = made(0)
    for name in ("usual", "mean", "half", "portion", "cases"):
        fact = asked.bound.facts[name]
        said = [frame.fact(fact) for frame in asked.frames]
        assert fact.key is not None
        keys = [fact.key(frame) for frame in asked.frames]
        there = [
            frame.knowledge.statistics.get(key)
            for frame, key in zip(asked.frames, keys, strict=True)
            if key
        ]
        few = [figure for figure in there if figure and figure.n < fact.spec.at_least]
        assert min(sum(one.value is not None for one in said), len(few)) >= 3, name
        assert None in there or None in keys, name


# ---- It can fail ---------------------------------------------------------------------------------


class UnknownWins(CoreReading):
    """Takes a conjunction for unknown where one part is, as floating-point NaN does."""

    def kleene(self, values: list[Any], *, least: bool) -> Any:
        return None if None in values else super().kleene(values, least=least)


class UnknownIsFalse(CoreReading):
    """Takes unknown for false, as a WHERE clause does."""

    def kleene(self, values: list[Any], *, least: bool) -> Any:
        return super().kleene([value or False for value in values], least=least)


@pytest.mark.parametrize("wrong", [UnknownWins, UnknownIsFalse])
def test_a_wrong_table_of_kleene_is_found(wrong: type[CoreReading]) -> None:
    asked = made(0)
    assert len(differences("core", asked, by_core(asked, wrong))) > 60


@pytest.mark.parametrize("op", ["<", "<=", ">", ">="])
def test_an_operator_that_is_off_by_one_is_found_in_sql(
    op: str, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}[op]
    monkeypatch.setitem(predicate._COMPARE, op, predicate._COMPARE[other])  # type: ignore[index]
    with engine.begin() as connection:
        found = [
            difference
            for asked in map(made, SEEDS[0])
            for difference in differences("sql", asked, by_sql(asked, connection))
        ]
    assert found


def test_a_share_that_is_off_by_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lowering, "WHOLE", lowering.WHOLE - 1)
    found = [d for asked in map(made, SEEDS[0]) for d in differences("core", asked, by_core(asked))]
    assert found
    assert all("ratio(" in text or "占比(" in text for _, text, *_ in found)


def test_a_slow_reading_that_takes_unknown_for_false_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = reading._kleene

    def wrong(values: list[Any], *, decided_by: bool) -> bool | None:
        return right([value or False for value in values], decided_by=decided_by)

    monkeypatch.setattr(reading, "_kleene", wrong)
    asked = made(0)
    assert differences("tree", asked, by_tree(asked))


@cel_engine.needed
def test_cel_that_asks_for_one_day_less_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    right = cel._constant
    wrong = lambda value: right(value - 1 if type(value) is int else value)  # noqa: E731
    monkeypatch.setattr(cel, "_constant", wrong)
    asked = made(0)
    assert differences("cel", asked, by_cel(asked)[0])
