"""Running statements on a connection that is somebody else's."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, CursorResult, Executable, Table, text
from sqlalchemy.dialects import postgresql, sqlite

from cleangov_plugin.domain.errors import CleanGovError

from .columns import SCHEMA

Row: TypeAlias = Mapping[str, Any]
#: Why a row is kept, and the ISO day until which; None for ever.
Retention: TypeAlias = tuple[str, str | None]

#: For one statement at a time: set on a connection it would stay there and be the host's, too.
_PLAIN: Final = {"schema_translate_map": {SCHEMA: None}}
#: A parameter in a template of `driver_sql`.
NAMED: Final = re.compile(r":(\w+)")


class StoreError(CleanGovError):
    """A statement that did not do what it was for."""


class Busy(StoreError):
    """Another transaction holds what a statement needs; it was not waited for."""


def run(
    connection: Connection, statement: Executable, parameters: Row | Sequence[Row] | None = None
) -> CursorResult[Any]:
    """Run a Core statement with our tables where this database has them.

    :param connection: any connection, the host's own included; its options stay as they are.
    :param statement: a statement on our tables.
    :param parameters: one row, or several for executemany.
    :return: the result.
    """
    options = _PLAIN if is_sqlite(connection) else {}
    return connection.execute(statement, parameters, execution_options=options)


def rows(connection: Connection, query: Executable) -> list[dict[str, Any]]:
    """Run a query and answer all its rows by column name.

    :param connection: any connection.
    :param query: a query on our tables.
    """
    return [dict(row) for row in run(connection, query).mappings()]


def plain_rows(connection: Connection, query: Executable) -> list[tuple[Any, ...]]:
    """Run a query and answer its rows as the driver gives them: a third of the time for many.

    :param connection: any connection.
    :param query: a query on our tables, of texts and whole numbers alone.
    """
    result = run(connection, query)
    try:
        return [] if result.cursor is None else list(result.cursor.fetchall())
    finally:
        result.close()


def first(connection: Connection, query: Executable) -> dict[str, Any] | None:
    """Run a query and answer its first row by column name; None where there is none.

    :param connection: any connection.
    :param query: a query on our tables.
    """
    row = run(connection, query).mappings().first()
    return None if row is None else dict(row)


def kept(retention: Retention) -> dict[str, str | None]:
    """Answer the two columns that say why and until when a row is kept.

    :param retention: class and ISO day.
    """
    return {"retention_class": retention[0], "retain_until": retention[1]}


def is_sqlite(connection: Connection) -> bool:
    """Answer whether a connection leads to SQLite.

    :param connection: any connection.
    """
    return connection.dialect.name == "sqlite"


def insert_missing(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, leaving alone those whose key is there already.

    :param connection: any connection.
    :param table: one of our tables.
    :param rows: rows with the same columns each.
    """
    if not rows:
        return
    insert = sqlite.insert if is_sqlite(connection) else postgresql.insert
    run(connection, insert(table).on_conflict_do_nothing(), list(rows))


@lru_cache(maxsize=512)
def driver_sql(template: str, dialect: str) -> str:
    """Write a statement for the driver itself: on the hot path no compiler is asked.

    :param template: SQL with ``:name`` for parameters and ``{s}`` before each table's name.
    :param dialect: ``"sqlite"`` or ``"postgresql"``.
    :return: the statement in the driver's own style; sqlite3 knows ``:name``, psycopg another.
    """
    statement = template.replace("{s}", "" if dialect == "sqlite" else f"{SCHEMA}.")
    return statement if dialect == "sqlite" else NAMED.sub(r"%(\1)s", statement)


def may_read(connection: Connection, table: Table, column: str) -> bool:
    """Answer whether this account may read a column; SQLite has no rights.

    :param connection: any connection.
    :param table: one of our tables.
    :param column: name of the column.
    """
    if is_sqlite(connection):
        return True
    query = text("SELECT has_column_privilege(:name, :column, 'SELECT')")
    values = {"name": table.fullname, "column": column}
    return bool(connection.execute(query, values).scalar())


def alone(connection: Connection, purpose: str) -> None:
    """Wait until no other process does the same, and keep others waiting until the commit.

    SQLite has one writer at a time anyway.

    :param connection: a writing connection of our own.
    :param purpose: what is done, the same text in every process.
    """
    if not is_sqlite(connection):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({lock_number(purpose)})")


def lock_number(*parts: str) -> int:
    """Answer the number under which PostgreSQL locks something: 64 bits, signed.

    :param parts: what is locked, the same texts in every process.
    """
    found = sha256("\x1f".join(parts).encode("utf-8", "backslashreplace")).digest()
    return int.from_bytes(found[:8], "big", signed=True)
