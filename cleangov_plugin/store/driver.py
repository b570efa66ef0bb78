"""Statements of the hot path: written once, and run by the cursor of sqlite3 or psycopg itself.

SQLAlchemy's bookkeeping of a statement takes as long as what the driver has to do, and every
step of an officer waits for it (docs/decisions/0010-the-hot-path.md). What is seen stays the same:
the cursor works in the transaction that SQLAlchemy holds, its errors are SQLAlchemy's, and where
somebody listens to the statements of a connection, they go SQLAlchemy's way.
"""

import sqlite3
from collections.abc import Callable
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from .run import NAMED, Row, driver_sql


def execute(connection: Connection, template: str, values: Row) -> Any:
    """Run a statement of the hot path.

    :param connection: any connection.
    :param template: the statement, as `run.driver_sql` takes it.
    :param values: its parameters.
    :return: something with ``fetchall()``, ``rowcount`` and, on SQLite, ``lastrowid``.
    :raises DBAPIError: as SQLAlchemy raises it.
    """
    dialect = connection.dialect
    is_plain = connection.in_transaction() and not is_heard(connection)
    if is_plain and dialect.name == "sqlite":
        statement, picked = _by_place(template)
        held: Any = connection.connection.dbapi_connection
        try:
            return held.cursor().execute(statement, picked(values))
        except sqlite3.Error as problem:
            made = DBAPIError.instance(statement, None, problem, sqlite3.Error, dialect=dialect)
            raise made from problem
    statement = driver_sql(template, dialect.name)
    if is_plain and _is_psycopg(connection):
        return _by_psycopg(connection, statement, values, binary=False)
    return connection.exec_driver_sql(statement, values)


def read_short(connection: Connection, template: str, values: Row) -> list[tuple[Any, ...]]:
    """Run a query with a short result that somebody waits for; bytes are not written as text.

    :param connection: any connection.
    :param template: the query, as `run.driver_sql` takes it; of numbers, texts and bytes.
    :param values: its parameters.
    :return: all rows, bytes as such.
    :raises DBAPIError: as SQLAlchemy raises it.
    """
    if not _is_psycopg(connection) or is_heard(connection):
        found = execute(connection, template, values).fetchall()
        return [tuple(map(plain, row)) for row in found]
    driver: Any = connection.connection.driver_connection
    if not connection.in_transaction() and not driver.autocommit:
        connection.begin()
    statement = driver_sql(template, connection.dialect.name)
    return list(_by_psycopg(connection, statement, values, binary=True).fetchall())


def driver_of(connection: Connection) -> Any:
    """Answer the driver's own connection.

    :param connection: any connection.
    """
    held = connection.connection
    found: Any = held.dbapi_connection
    # What an adapter for asyncio holds is another, and asked for in three calls more.
    return found if type(found) is sqlite3.Connection else held.driver_connection


@lru_cache(maxsize=512)
def _by_place(template: str) -> tuple[str, Callable[[Row], tuple[Any, ...]]]:
    """Write a statement for sqlite3 with parameters by place, and answer what puts them there.

    By name it looks each of them up for itself: that takes as long again as binding it.
    """
    statement = driver_sql(template, "sqlite")
    names = NAMED.findall(statement)
    if len(names) > 1:
        return NAMED.sub("?", statement), itemgetter(*names)
    return NAMED.sub("?", statement), lambda values: tuple(values[name] for name in names)


def _is_psycopg(connection: Connection) -> bool:
    return connection.dialect.driver == "psycopg" and not connection.dialect.is_async


def _by_psycopg(connection: Connection, statement: str, values: Row, *, binary: bool) -> Any:
    """Run a statement by psycopg's own cursor."""
    driver: Any = connection.connection.driver_connection
    error: Any = connection.dialect.loaded_dbapi.Error
    try:
        return driver.cursor(binary=binary).execute(statement, values)
    except error as problem:
        if driver.closed:  # nothing runs there any more: SQLAlchemy is to let go of it
            return connection.exec_driver_sql(statement, values)
        made = DBAPIError.instance(statement, None, problem, error, dialect=connection.dialect)
        raise made from problem


def plain(value: Any) -> Any:
    """Answer bytes as such, whatever the driver makes of them.

    :param value: what a column has.
    """
    return bytes(value) if isinstance(value, memoryview) else value


def is_heard(connection: Connection) -> bool:
    """Answer whether somebody listens to the statements of a connection: to log or to refuse them.

    :param connection: any connection.
    """
    # SQLAlchemy's own short cut: set once anybody listens to an engine or a connection at all.
    if not (
        getattr(connection, "_has_events", True) or getattr(connection.engine, "_has_events", True)
    ):
        return False
    heard = connection.dispatch
    return bool(heard.before_cursor_execute or heard.after_cursor_execute)
