"""Tests of the entries of lists in SQL: on SQLite, PostgreSQL and DuckDB.

A list is a column with a JSON array: text on SQLite and DuckDB, jsonb on PostgreSQL. As for the
closure, a list with an entry of another type or outside its range is unknown as a whole, and so is
one of more or fewer entries than declared.
"""

from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.dialects.postgresql import JSONB

from cleangov_plugin.rules.core.nodes import Entry, Input, Sort

_NUMBER: Final = sa.BigInteger()
_NULL: Final = sa.null()


def column_type() -> sa.types.TypeEngine[Any]:
    """Answer the type of a column that holds a list."""
    return sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def checked_list(given: Input, column: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """Answer a list where it is of the declared type and length; else NULL.

    :param given: the list, as an input of the core.
    :param column: a JSON array, or anything else that JSON can hold.
    :param dialect: ``"sqlite"``, ``"postgresql"`` or ``"duckdb"``.
    """
    entry = given.entry
    assert entry is not None  # noqa: S101 - it is a list
    is_array = _is_array(column, dialect)
    array = sa.case((is_array, column), else_=sa.cast(_NULL, column.type))
    of_length = sa.func.jsonb_array_length if dialect == "postgresql" else sa.func.json_array_length
    value, is_good = _raw(array, entry, dialect)
    is_bad = sa.exists(sa.select(1).select_from(value).where(sa.not_(is_good)))
    good = sa.and_(is_array, of_length(array).between(given.low, given.high), sa.not_(is_bad))
    return sa.case((good, column), else_=sa.cast(_NULL, column.type))


def tested(
    op: str,
    column: ColumnElement[Any],
    entry: Entry,
    dialect: str,
    write: Callable[[ColumnElement[Any]], ColumnElement[Any]],
) -> ColumnElement[Any]:
    """Answer a test of every entry of a checked list.

    :param op: ``"any"``, ``"all"`` or ``"count"``.
    :param column: the list, NULL where unknown.
    :param entry: what its entries are.
    :param dialect: ``"sqlite"``, ``"postgresql"`` or ``"duckdb"``.
    :param write: writes the test over the column of one entry.
    :return: Kleene's answer over the entries; a number for ``"count"``.
    """
    rows, value = _entries(column, entry, dialect)
    test = write(value)
    is_unknown = sa.exists(sa.select(1).select_from(rows).where(test.is_(None)))
    if op == "count":
        number = sa.select(sa.func.count()).select_from(rows).where(test).scalar_subquery()
        unknown = sa.or_(column.is_(None), is_unknown)
        return sa.case((unknown, sa.cast(_NULL, _NUMBER)), else_=sa.cast(number, _NUMBER))
    decided = test if op == "any" else sa.not_(test)
    return sa.case(
        (column.is_(None), sa.cast(_NULL, sa.Boolean())),
        (sa.exists(sa.select(1).select_from(rows).where(decided)), _truth(op == "any")),
        (is_unknown, sa.cast(_NULL, sa.Boolean())),
        else_=_truth(op != "any"),
    )


def _truth(value: bool) -> ColumnElement[Any]:
    return sa.true() if value else sa.false()


def _is_array(column: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """Answer whether a column holds an array; a text that is no JSON is none, and no error."""
    if dialect == "postgresql":
        return sa.func.jsonb_typeof(column) == "array"
    name = "array" if dialect == "sqlite" else "ARRAY"
    is_json = sa.func.json_valid(column, type_=sa.Boolean())
    return sa.case((is_json, sa.func.json_type(column, type_=sa.Text()) == name), else_=sa.false())


def _raw(array: ColumnElement[Any], entry: Entry, dialect: str) -> tuple[Any, ColumnElement[Any]]:
    """Answer the entries of any array as rows, and whether one is of the declared type."""
    if dialect == "postgresql":
        rows = sa.func.jsonb_array_elements(array).table_valued(sa.column("value", JSONB()))
        kind = sa.func.jsonb_typeof(rows.c.value)
        if entry.sort is Sort.TEXT:
            return rows, kind == "string"
        number = sa.cast(rows.c.value, sa.Numeric())
        is_good = sa.and_(number == sa.func.trunc(number), number.between(entry.low, entry.high))
        return rows, sa.case((kind == "number", is_good), else_=False)
    rows = sa.func.json_each(array).table_valued("value", "type")
    if entry.sort is Sort.TEXT:
        return rows, rows.c.type == ("text" if dialect == "sqlite" else "VARCHAR")
    if dialect == "sqlite":
        is_whole = sa.and_(rows.c.type == "integer", sa.func.typeof(rows.c.value) == "integer")
    else:
        is_whole = rows.c.type.in_(["BIGINT", "UBIGINT"])
    wide: sa.types.TypeEngine[Any] = _NUMBER if dialect == "sqlite" else sa.Numeric(38, 0)
    number = sa.cast(rows.c.value, wide)
    low, high = (sa.cast(bound, _NUMBER) for bound in (entry.low, entry.high))
    return rows, sa.case((is_whole, number.between(low, high)), else_=False)


def _entries(column: ColumnElement[Any], entry: Entry, dialect: str) -> tuple[Any, Any]:
    """Answer the entries of a checked list as rows, and the column of their values."""
    type_: Any = sa.Text() if entry.sort is Sort.TEXT else _NUMBER
    if dialect == "postgresql":
        rows = sa.func.jsonb_array_elements_text(column).table_valued(sa.column("value", sa.Text()))
        return rows, sa.cast(rows.c.value, type_)
    if dialect == "duckdb":
        shape = '["VARCHAR"]' if entry.sort is Sort.TEXT else '["BIGINT"]'
        listed = sa.func.from_json(column, shape)
        rows = sa.func.unnest(listed).table_valued(sa.column("value", type_)).render_derived()
        return rows, rows.c.value
    rows = sa.func.json_each(column).table_valued("value")
    return rows, sa.cast(rows.c.value, type_)
