"""One expression in every form, asked of the same events; what differs is named."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

import sqlalchemy as sa

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules import compile_rule
from cleangov_plugin.rules.bound import BoundRule, bind
from cleangov_plugin.rules.checker import check
from cleangov_plugin.rules.closure import closure, name_closure
from cleangov_plugin.rules.core.cel import write_cel
from cleangov_plugin.rules.core.lowering import Lowering
from cleangov_plugin.rules.core.nodes import Input, Sort, Term, inputs_of, parts
from cleangov_plugin.rules.core.origins import Given, value_for
from cleangov_plugin.rules.evaluation import default_binding
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.quantities import names_of
from cleangov_plugin.rules.reading import value_of
from cleangov_plugin.rules.tree import Node
from cleangov_plugin.store.entries_sql import column_type
from cleangov_plugin.store.predicate import check_inputs, predicate
from tests.rules.rule_building import known
from tests.support.core_reading import CoreReading
from tests.support.random_expressions import RandomExpressions
from tests.support.random_rules import RandomEvents, rule_document

COLUMNS = {Sort.NUMBER: sa.BigInteger(), Sort.TRUTH: sa.Boolean(), Sort.TEXT: sa.Text()}
COLUMNS[Sort.LIST] = column_type()
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression as text, as checked tree and as term of the core."""

    text: str
    node: Node
    term: Term


@dataclass(slots=True)
class Batch:
    """Some expressions, some events, and what the closures say."""

    bound: BoundRule
    expressions: list[Expression]
    frames: list[Frame]
    rows: list[dict[str, Given]]
    expected: list[list[Any]] = field(default_factory=list)
    refused: int = 0

    @property
    def inputs(self) -> tuple[Input, ...]:
        return inputs_of(*(expression.term for expression in self.expressions))


Difference = tuple[str, str, int, Any, Any]


def batch(seed: int, expressions: int, events: int, depth: int = 4) -> Batch:
    """Make a batch from a seed: expressions that the checker takes, and events."""
    random = Random(seed)
    rule = compile_rule(rule_document())
    bound = bind(rule, default_binding(rule))
    lowering = Lowering(bound.binding.parameters, "batch")
    names, maker = names_of(rule), RandomExpressions(random)
    chosen: list[Expression] = []
    refused = 0
    while len(chosen) < expressions:
        text = maker.truth(random.randint(1, depth))
        try:
            node = check(text, names, "batch")
        except RuleError:  # past 2^63, too deep or too long: refused at saving
            refused += 1
            continue
        chosen.append(Expression(text, node, lowering.lower(node)))
    frames = list(_frames(random, bound, events))
    found = Batch(bound, chosen, frames, [], refused=refused)
    for frame in frames:
        values = {
            each.name: value_for(
                lowering.origins[each.name],
                closure(lowering.origins[each.name].node, bound.inputs)(frame),
            )
            for each in found.inputs
        }
        found.rows.append(values)
    for expression in chosen:
        run = closure(expression.node, bound.inputs)
        found.expected.append([run(frame) for frame in frames])
    return found


def _frames(random: Random, bound: BoundRule, number: int) -> Iterable[Frame]:
    events = RandomEvents(random)
    figures = [fact for fact in bound.facts.values() if fact.key is not None]
    for _ in range(number):
        record = events.record()
        alone = Frame(record, known())
        keys = [key for fact in figures if fact.key and (key := fact.key(alone)) is not None]
        yield Frame(record, events.knowledge(tuple(keys)))


def differences(form: str, asked: Batch, answers: list[list[Any]]) -> list[Difference]:
    """Name where a form does not say what the closure says, the kind of answer included."""
    found: list[Difference] = []
    for expression, wanted, said in zip(asked.expressions, asked.expected, answers, strict=True):
        for row, (a, b) in enumerate(zip(wanted, said, strict=True)):
            if a is not b:
                found.append((form, expression.text, row, a, b))
    return found


def by_tree(asked: Batch) -> list[list[Any]]:
    """Ask the slow reading, from which explanations are made."""
    inputs = asked.bound.inputs
    return [
        [
            value_of(e.node, lambda name, f=frame: name_closure(name, inputs)(f))
            for frame in asked.frames
        ]
        for e in asked.expressions
    ]


def by_core(asked: Batch, reading: type[CoreReading] = CoreReading) -> list[list[Any]]:
    """Ask the obvious reading of the core."""
    return [[reading(row).read(e.term) for row in asked.rows] for e in asked.expressions]


def by_cel(asked: Batch) -> tuple[list[list[Any]], int]:
    """Ask cel-expr-python; answers too how many expressions are too deep for it."""
    from tests.support.cel_engine import Cel

    engine, answers, refused = Cel(asked.inputs, asked.rows), [], 0
    for expression, wanted in zip(asked.expressions, asked.expected, strict=True):
        try:
            text = write_cel(expression.term)
        except RuleError:
            refused += 1
            answers.append(wanted)
            continue
        answers.append(engine.answers(text))
    return answers, refused


def by_sql(asked: Batch, connection: sa.Connection) -> list[list[Any]]:
    """Ask a database, in a table of its own that is dropped again."""
    dialect = connection.dialect.name
    with rows_of(connection, asked.inputs, asked.rows) as (table, columns):
        checked = check_inputs(asked.inputs, table, dialect, keys=["no"], columns=columns)
        answers: list[list[Any]] = []
        for first in range(0, len(asked.expressions), AT_ONCE):
            some = asked.expressions[first : first + AT_ONCE]
            asks = [predicate(e.term, checked).label(f"e{n}") for n, e in enumerate(some)]
            query = sa.select(*asks).order_by(checked.rows.c.no)
            found = [tuple(row) for row in connection.execute(query)]
            answers.extend([row[n] for row in found] for n in range(len(some)))
    return answers


class rows_of:  # noqa: N801 - used like a function
    """A table with one column for each input and one row for each event."""

    def __init__(
        self, connection: sa.Connection, inputs: Iterable[Input], rows: list[dict[str, Given]]
    ) -> None:
        inputs = tuple(inputs)
        self.connection, self.rows = connection, rows
        self.columns = {each.name: f"c{n}" for n, each in enumerate(inputs)}
        self.table = sa.Table(
            "asked_rows",
            sa.MetaData(),
            sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
            *(sa.Column(f"c{n}", COLUMNS[each.sort]) for n, each in enumerate(inputs)),
            prefixes=["TEMPORARY"],
        )

    def __enter__(self) -> tuple[sa.Table, dict[str, str]]:
        self.table.create(self.connection)
        values = [
            {"no": no, **{self.columns[name]: row[name] for name in self.columns}}
            for no, row in enumerate(self.rows)
        ]
        self.connection.execute(sa.insert(self.table), values)
        return self.table, self.columns

    def __exit__(self, *_: object) -> None:
        self.table.drop(self.connection)


def to_the_end(term: Term) -> Iterable[Term]:
    """Walk a term and everything below it."""
    yield term
    for item in parts(term):
        yield from to_the_end(item)
