"""Every shipped rule in every form: its own examples, and what lies right beside them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import Money, Precision
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result
from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from cleangov_plugin.rules import Rule, compile_rule
from cleangov_plugin.rules.bound import bind
from cleangov_plugin.rules.core.cel import write_cel
from cleangov_plugin.rules.core.lowered_rule import LoweredRule, given_values, lower_rule
from cleangov_plugin.rules.core.origins import Given
from cleangov_plugin.rules.examples import Example, ask, examples_of
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.store.predicate import judged
from tests.support import cel_engine
from tests.support.core_reading import CoreReading
from tests.support.ends import opened
from tests.support.forms import rows_of

DOCUMENTS = {document["id"]: document for document in load_rulebook(rulebook_folder())}
#: What the four truths of a lowered rule can come to; nobody suppresses or exempts in an example.
JUDGED = (Result.HIT, Result.CLEAR, Result.NOT_APPLICABLE, Result.CANNOT_BE_CHECKED)
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)


@dataclass(slots=True)
class Asked:
    """A rule as some examples ask it, with their rows and what the closures say of them."""

    lowered: LoweredRule
    rows: list[dict[str, Given]]
    expected: list[Result]


def beside(example: Example) -> Iterator[Example]:
    """An example, and what differs from it by one step in one place."""
    yield example
    for record in _changed(example.record):
        yield replace(example, record=record)
    history = example.knowledge.history
    for number, past in enumerate(history):
        before, after = history[:number], history[number + 1 :]
        for other in ((), *((record,) for record in _changed(past))):
            changed = example.knowledge._replace(history=(*before, *other, *after))
            yield replace(example, knowledge=changed)
    yield replace(example, knowledge=example.knowledge._replace(statistics={}))


def _changed(record: Record) -> Iterator[Record]:
    yield replace(record, actor=None, actor_kind=None)
    yield replace(record, unit="" if record.unit is None else None)
    yield replace(record, precision=Precision.DAY)
    for by in (-_DAY, -_SECOND, _SECOND, _DAY):
        yield replace(record, occurred_at=record.occurred_at + by)
        yield replace(record, recorded_at=record.recorded_at + by)
    for amount in _near(record.amount):
        yield replace(record, amount=amount)
    for name, value in record.attributes.items():
        for other in _near(value):
            yield replace(record, attributes={**record.attributes, name: other})


def _near(value: Any) -> list[Any]:
    """Values one step from a value, a missing one, and one of another kind."""
    steps: list[Any] = [None, object()]
    match value:
        case Money(minor=minor, currency=currency):
            steps += [replace(value, minor=minor + by) for by in (-1, 1)]
            steps += [replace(value, minor=0), replace(value, currency="JPY")]
            steps += [Money(minor=-minor, currency=currency)]
        case bool():
            steps += [not value]
        case int():
            steps += [value - 1, value + 1, 0]
        case datetime() | date():
            steps += [value - _DAY, value + _DAY]
        case str():
            steps += ["", f"{value} ", value.upper()]
        case tuple():
            steps += [(), value[1:], (*value, "another")]
    return steps


def asked(rule: Rule, examples: Iterable[Example]) -> list[Asked]:
    """Ask a rule about examples, one set of rows for each binding and phase."""
    found: dict[tuple[Phase, str], Asked] = {}
    for example in examples:
        bound = bind(rule, example.binding)
        key = example.phase, repr(example.binding.parameters)
        if key not in found:
            found[key] = Asked(lower_rule(bound, example.phase), [], [])
        frame = Frame(example.record, example.knowledge)
        found[key].rows.append(given_values(found[key].lowered, bound, frame))
        found[key].expected.append(ask(rule, example).result)
    return list(found.values())


def outcome(applies: Any, condition: Any, complete: Any) -> Result:
    """What three truths come to, as the core says it."""
    if applies is False:
        return Result.NOT_APPLICABLE
    if applies is None or condition is None:
        return Result.CANNOT_BE_CHECKED
    if condition:
        return Result.HIT
    return Result.CLEAR if complete else Result.CANNOT_BE_CHECKED


@lru_cache
def all_of(id_: str) -> list[Asked]:
    document = DOCUMENTS[id_]
    rule = compile_rule(document)
    return asked(rule, (near for e in examples_of(document, rule) for near in beside(e)))


EVERY = pytest.mark.parametrize("id_", DOCUMENTS)


@EVERY
def test_the_core_says_what_the_rule_says(id_: str) -> None:
    for each in all_of(id_):
        assert set(each.expected) <= set(JUDGED)
        terms = each.lowered.applies, each.lowered.condition, each.lowered.complete
        said = [outcome(*map(CoreReading(row).read, terms)) for row in each.rows]
        assert said == each.expected


@cel_engine.needed
@EVERY
def test_cel_says_what_the_rule_says(id_: str) -> None:
    for each in all_of(id_):
        engine = cel_engine.Cel(each.lowered.inputs, each.rows)
        terms = each.lowered.applies, each.lowered.condition, each.lowered.complete
        truths = zip(*(engine.answers(write_cel(term)) for term in terms), strict=True)
        assert [outcome(*row) for row in truths] == each.expected


def test_a_query_says_what_the_rules_say(engine: sa.Engine) -> None:
    all_rules_say_the_same(engine)


@pytest.mark.skipif(
    find_spec("duckdb_engine") is None, reason="the extra 'duckdb' is not installed"
)
def test_a_query_of_duckdb_says_what_the_rules_say() -> None:
    with opened("duckdb:///:memory:") as engine:
        all_rules_say_the_same(engine)


def all_rules_say_the_same(engine: sa.Engine) -> None:
    for each in (each for id_ in DOCUMENTS for each in all_of(id_)):
        lowered = each.lowered
        with (
            engine.begin() as connection,
            rows_of(connection, lowered.inputs, each.rows) as (table, columns),
        ):
            query = judged(lowered, table, engine.dialect.name, keys=["no"], columns=columns)
            found = connection.execute(query.order_by("no")).all()
        assert [row.outcome for row in found] == each.expected, lowered.id
        assert [row.no for row in found] == [*range(len(each.rows))]
        for row in found:
            assert row.outcome == outcome(row.applies, row.condition, row.complete)


def test_what_is_asked_is_every_answer_many_times() -> None:
    found: list[Result] = []
    for id_ in DOCUMENTS:
        results = [result for each in all_of(id_) for result in each.expected]
        assert {Result.HIT, Result.CLEAR} <= set(results), id_
        found += results
    assert len(found) > 5_000
    assert all(found.count(result) > 200 for result in JUDGED)
