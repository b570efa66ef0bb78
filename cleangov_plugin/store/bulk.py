"""Many rows at once: written and asked for by the driver, without SQLAlchemy's work for each row.

Sealing writes a handful of rows for every entry. To PostgreSQL they go as one array for each
column, in one statement.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Integer, LargeBinary, Table, Text

from .columns import SCHEMA
from .run import is_sqlite

#: Rows that are asked for at once: SQLite takes 32,766 parameters.
_ASKED: Final = 1_024
_ARRAYS: Final = (
    (BigInteger, "bigint[]"),
    (Integer, "integer[]"),
    (LargeBinary, "bytea[]"),
    (Text, "text[]"),
)


def put_rows(
    connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]], *, over: bool = False
) -> None:
    """Insert rows.

    :param connection: a writing connection of our own.
    :param table: one of our tables.
    :param rows: values of each, in the order of the table's columns.
    :param over: whether rows with the same key are written over; else they are an error.
    """
    if not rows:
        return
    if is_sqlite(connection):
        connection.exec_driver_sql(_to_sqlite(table, over=over), list(rows))
    else:
        columns = tuple(list(column) for column in zip(*rows, strict=True))
        connection.exec_driver_sql(_to_postgresql(table, over=over), columns)


def among(
    connection: Connection,
    table: Table,
    log_id: str,
    key: str,
    values: Sequence[int],
    also: Mapping[str, int] | None = None,
) -> Iterator[tuple[Any, ...]]:
    """Ask for rows of a ledger by a number.

    :param connection: any connection of our own.
    :param table: one of our tables.
    :param log_id: the ledger.
    :param key: the column that has the number.
    :param values: the numbers that are wanted.
    :param also: other columns, and the numbers they have to have.
    :return: all columns of each row that is there.
    """
    names = ", ".join(column.name for column in table.columns)
    mark = "?" if is_sqlite(connection) else "%s"
    asked = "".join(f"{name} = {mark} AND " for name in ("log_id", *(also or {})))
    query = f"SELECT {names} FROM {_name(table, connection)} WHERE {asked}{key}"  # noqa: S608
    first = (log_id, *(also or {}).values())
    for at in range(0, len(values), _ASKED):
        part = list(values[at : at + _ASKED])
        if is_sqlite(connection):  # few lengths: so that the driver knows the statement again
            part += part[-1:] * ((1 << (len(part) - 1).bit_length()) - len(part))
            marks = ", ".join("?" * len(part))
            found: Any = connection.exec_driver_sql(f"{query} IN ({marks})", (*first, *part))
        else:
            found = connection.exec_driver_sql(f"{query} = ANY(%s)", (*first, part))
        yield from map(tuple, found)


@lru_cache(maxsize=16)
def _to_sqlite(table: Table, *, over: bool) -> str:
    names = [column.name for column in table.columns]
    marks = ", ".join("?" * len(names))
    into = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
    return into + _over(table, over=over)


@lru_cache(maxsize=16)
def _to_postgresql(table: Table, *, over: bool) -> str:
    names = ", ".join(column.name for column in table.columns)
    arrays = ", ".join(f"%s::{_array(column.type)}" for column in table.columns)
    into = f"INSERT INTO {SCHEMA}.{table.name} ({names}) SELECT * FROM unnest({arrays})"  # noqa: S608
    return into + _over(table, over=over)


def _over(table: Table, *, over: bool) -> str:
    if not over:
        return ""
    keys = [column.name for column in table.primary_key]
    changed = [column.name for column in table.columns if column.name not in keys]
    values = ", ".join(f"{name} = excluded.{name}" for name in changed)
    return f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {values}"


def _array(kind: Any) -> str:
    return next(array for type_, array in _ARRAYS if isinstance(kind, type_))


def _name(table: Table, connection: Connection) -> str:
    return table.name if is_sqlite(connection) else f"{SCHEMA}.{table.name}"
