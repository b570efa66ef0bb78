"""The core as SQL: a rule asked of many rows at once, on SQLite, PostgreSQL and DuckDB.

Unknown is NULL, whose logic is Kleene's. What the engines do not share is written so that they do:
numbers are ``bigint`` throughout, written ones too, truths on SQLite 0 and 1, texts compared byte
by byte. A value of another type or outside the declared range is NULL, as it is missing for the
closure; so the proof that nothing passes 2^63 holds for whatever a column has. PostgreSQL and
DuckDB raise an error past 2^63, SQLite would go on with a floating-point number.
"""

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.rules.core import nodes as core
from cleangov_plugin.rules.core.lowered_rule import LoweredRule
from cleangov_plugin.rules.core.nodes import Input, Sort, Term, sort_of

from .entries_sql import checked_list, column_type, tested
from .run import StoreError

#: The most terms of one statement; SQLite has 1,000 levels and PostgreSQL 1 GB, see `cost`.
MOST_TERMS: Final = 5_000

_NUMBER: Final = sa.BigInteger()
_TYPES: Final[Mapping[Sort, sa.types.TypeEngine[Any]]] = {
    Sort.NUMBER: _NUMBER,
    Sort.TRUTH: sa.Boolean(),
    Sort.TEXT: sa.Text(),
    Sort.LIST: column_type(),
}
_COMPARE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPUTE: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_COLLATIONS: Final = {"sqlite": "BINARY", "postgresql": "C", "duckdb": "C"}


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows whose values are of the declared types and ranges, or NULL.

    :param rows: the rows: keys under their own names, inputs as ``in0``, ``in1``, …
    :param columns: the column of each input, by name.
    :param dialect: ``"sqlite"``, ``"postgresql"`` or ``"duckdb"``.
    """

    rows: sa.Subquery
    columns: Mapping[str, ColumnElement[Any]]
    dialect: str


def judged(
    lowered: LoweredRule,
    source: sa.FromClause,
    dialect: str,
    *,
    keys: Iterable[str] = (),
    columns: Mapping[str, str] | None = None,
) -> sa.Select[Any]:
    """Answer the query that asks a rule of many rows.

    :param lowered: the rule in the core.
    :param source: a table or subquery with a column for each input: whole numbers, truths (on
        SQLite 0 and 1), texts and JSON arrays, see `entries_sql`; days as day numbers, moments in
        microseconds, see `lowering`.
    :param dialect: ``"sqlite"``, ``"postgresql"`` or ``"duckdb"``.
    :param keys: columns of the source that are answered as they are, to know the rows by.
    :param columns: names of the columns that are not called as their input.
    :return: keys, then ``applies``, ``condition`` and ``complete``, each true, false or NULL, and
        ``outcome``: hit, clear, not_applicable or cannot_be_checked, as `rules.evaluate` says it.
    :raises StoreError: for another database, or where an input has no column.
    :raises RuleError: where the statement would be too large.
    """
    keys = tuple(keys)
    checked = check_inputs(lowered.inputs, source, dialect, keys=keys, columns=columns)
    terms = {
        "applies": lowered.applies, "condition": lowered.condition, "complete": lowered.complete
    }  # fmt: skip
    truths = [predicate(term, checked).label(name) for name, term in terms.items()]
    asked = sa.select(*(checked.rows.c[key] for key in keys), *truths).subquery("asked")
    applies, condition, complete = (asked.c[name] for name in terms)
    outcome = sa.case(
        (sa.not_(applies), Result.NOT_APPLICABLE.value),
        (sa.and_(applies, condition), Result.HIT.value),
        (sa.and_(applies, sa.not_(condition), complete), Result.CLEAR.value),
        else_=Result.CANNOT_BE_CHECKED.value,
    )
    return sa.select(*asked.c, outcome.label("outcome"))


def check_inputs(
    inputs: Iterable[Input],
    source: sa.FromClause,
    dialect: str,
    *,
    keys: Iterable[str] = (),
    columns: Mapping[str, str] | None = None,
) -> Checked:
    """Answer the rows of a source with every value checked that an input stands for.

    :param inputs: the inputs.
    :param source: a table or subquery.
    :param dialect: ``"sqlite"``, ``"postgresql"`` or ``"duckdb"``.
    :param keys: columns of the source that are answered as they are.
    :param columns: names of the columns that are not called as their input.
    :return: the rows.
    :raises StoreError: for another database, or where an input has no column.
    """
    if dialect not in _COLLATIONS:
        raise StoreError(f"rules are not asked in the SQL of '{dialect}'.")
    found = {}
    for number, given in enumerate(inputs):
        column = source.c.get((columns or {}).get(given.name, given.name))
        if column is None:
            raise StoreError(f"there is no column for '{given.name}'.")
        found[given.name] = _checked(given, column, dialect).label(f"in{number}")
    rows = sa.select(*(source.c[key] for key in keys), *found.values()).subquery("checked")
    return Checked(rows, {name: rows.c[label.name] for name, label in found.items()}, dialect)


def _checked(given: Input, column: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    if given.sort is Sort.LIST:
        return checked_list(given, column, dialect)
    if given.sort is Sort.TEXT or (given.sort is Sort.TRUTH and dialect != "sqlite"):
        return column
    is_good: ColumnElement[bool]
    if given.sort is Sort.NUMBER:
        is_good = column.between(_constant(given.low), _constant(given.high))
    else:
        is_good = sa.cast(column, sa.BigInteger()).between(_constant(0), _constant(1))
    if dialect == "sqlite":
        is_good = sa.and_(sa.func.typeof(column) == "integer", is_good)
    return _where(is_good, sa.cast(column, _type(given)), given)


def predicate(term: Term, checked: Checked) -> ColumnElement[Any]:
    """Answer a term of the core as an expression of SQL.

    :param term: the term.
    :param checked: rows that hold its inputs.
    :return: the expression; NULL is unknown.
    :raises RuleError: where the expression would be too large.
    """
    terms = cost(term)
    if terms > MOST_TERMS:
        what = f"as SQL this has {terms:,} terms; at most {MOST_TERMS:,} are asked at once."
        raise RuleError(what, remedy="Make two rules.")
    return sa.type_coerce(_Writer(checked).write(term), _type(term))


def cost(term: Term) -> int:
    """Answer how many terms of SQL a term of the core becomes.

    :param term: the term; a range is tested beside the value and counts it twice,
        and so does a test of entries.
    """
    below = sum(cost(item) for item in core.parts(term))
    return 1 + below * (2 if isinstance(term, core.Within | core.Each) else 1)


class _Writer:
    """Writes terms over checked rows."""

    def __init__(self, checked: Checked) -> None:
        self.columns = checked.columns
        self.collation = _COLLATIONS[checked.dialect]
        self.dialect = checked.dialect
        self.entry: ColumnElement[Any] = sa.null()

    def write(self, term: Term) -> ColumnElement[Any]:
        match term:
            case Input(name):
                return self.columns[name]
            case core.Constant(value):
                return _constant(value)
            case core.All(items):
                return sa.and_(sa.true(), *(self.write(item) for item in items))
            case core.Any(items):
                return sa.or_(sa.false(), *(self.write(item) for item in items))
            case core.Opposite(item):
                return sa.not_(self.write(item))
            case core.IsUnknown(item):
                return self.write(item).is_(None)
            case core.OneOf(item, options):
                return self.plain(item).in_([_constant(option) for option in options])
        return self.quantity(term)

    def quantity(self, term: Term) -> ColumnElement[Any]:
        found: ColumnElement[Any]
        match term:
            case core.Compared(op, left, right):
                found = _COMPARE[op](self.plain(left), self.plain(right))
                return found
            case core.Computed(op, left, right):
                found = _COMPUTE[op](self.write(left), self.write(right))
                return found
            case core.First(items):
                return sa.func.coalesce(*(self.write(item) for item in items), type_=_type(term))
            case core.Floored(item, by, shift):
                shifted = self.write(item) + _constant(shift)
                return self.divided(shifted, _constant(by)) - _constant(shift // by)
            case core.Within(item, low, high):
                value = self.write(item)
                return _where(value.between(_constant(low), _constant(high)), value, term)
            case core.Where(test, item):
                return _where(self.write(test), self.write(item), term)
            case core.Entry():
                return self.entry
            case core.Each(op, entries, test) if entries.entry is not None:
                column = self.columns[entries.name]
                return tested(op, column, entries.entry, self.dialect, partial(self.within, test))
        raise TypeError(term)

    def within(self, test: Term, entry: ColumnElement[Any]) -> ColumnElement[Any]:
        """Answer the test of an entry.

        :param test: the test.
        :param entry: the column of the entry.
        """
        self.entry = entry
        return self.write(test)

    def divided(self, a: ColumnElement[Any], b: ColumnElement[Any]) -> ColumnElement[Any]:
        """Answer a whole number divided by another: DuckDB has a sign of its own for it."""
        found: ColumnElement[Any] = a // b
        return (
            a.op("//", precedence=8, return_type=_NUMBER)(b) if self.dialect == "duckdb" else found
        )

    def plain(self, term: Term) -> ColumnElement[Any]:
        """Answer a term to be compared: texts by their bytes, whatever the column says."""
        found = self.write(term)
        return found.collate(self.collation) if _is_text(term) else found


def _constant(value: bool | int | str) -> ColumnElement[Any]:
    """A number in a statement must not be an int4, in which PostgreSQL or DuckDB would compute."""
    if isinstance(value, bool):
        return sa.true() if value else sa.false()
    return sa.cast(value, _NUMBER) if isinstance(value, int) else sa.literal(value, sa.Text())


def _where(test: ColumnElement[Any], item: Any, term: Term) -> ColumnElement[Any]:
    return sa.case((test, item), else_=sa.null().cast(_type(term)))


def _type(term: Term) -> sa.types.TypeEngine[Any]:
    return _TYPES[sort_of(term)]


def _is_text(term: Term) -> bool:
    return sort_of(term) is Sort.TEXT
