"""Reading a table's own rows: on PostgreSQL a table that inherits from it adds rows of its own.

``CREATE TABLE x () INHERITS (cleangov_entry)`` needs no right on the ledger's rows and puts others
among them, for everybody who does not say ONLY. A partitioned table has no such heirs, and no rows
of its own either: there, its parts are what is wanted.
"""

from typing import Any, TypeVar

from sqlalchemy import Connection, Select, Table, text

from .run import is_sqlite

_Query = TypeVar("_Query", bound=Select[Any])


def is_plain(connection: Connection, table: Table) -> bool:
    """Answer whether a table is a plain one on PostgreSQL: others can inherit from it.

    :param connection: any connection.
    :param table: one of our tables.
    """
    if is_sqlite(connection):
        return False
    query = text("SELECT relkind = 'r' FROM pg_class WHERE oid = to_regclass(:name)")
    return bool(connection.execute(query, {"name": table.fullname}).scalar())


def own_rows(connection: Connection, query: _Query, *tables: Table) -> _Query:
    """Have a query read the own rows of tables, and none of their heirs.

    :param connection: any connection.
    :param query: the query.
    :param tables: tables in it.
    :return: the query.
    """
    for table in tables:
        if is_plain(connection, table):
            query = query.with_hint(table, "ONLY", "postgresql")
    return query
