"""Values of another type than their column: SQLite keeps any value in any column."""

from typing import Final, NamedTuple

from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary
from sqlalchemy.exc import DBAPIError

from . import tables
from .run import is_sqlite

#: Rows of one column that are named.
_MOST: Final = 5


class WrongType(NamedTuple):
    """A value of another type than its column.

    :param table: the table.
    :param column: the column.
    :param row: number of its row.
    :param found: what SQLite calls its type.
    """

    table: str
    column: str
    row: int
    found: str


def wrong_types(connection: Connection) -> list[WrongType]:
    """Look for values of another type than their column, through all of our tables.

    On PostgreSQL there are none.

    :param connection: any connection.
    """
    if not is_sqlite(connection):
        return []
    found: list[WrongType] = []
    for table in tables.metadata.sorted_tables:
        for column in table.columns:
            query = (
                f"SELECT rowid, typeof({column.name}) FROM {table.name}"  # noqa: S608  # our names
                f" WHERE typeof({column.name}) NOT IN ('null', {_types(column)}) LIMIT {_MOST}"
            )
            try:
                rows = connection.exec_driver_sql(query).all()
            except DBAPIError:  # no such table any more: the schema's check says so
                continue
            found.extend(WrongType(table.name, column.name, row, kind) for row, kind in rows)
    return found


def _types(column: Column[object]) -> str:
    if isinstance(column.type, LargeBinary):
        return "'blob'"
    if isinstance(column.type, Integer | BigInteger):
        return "'integer'"
    return "'text'" if column.type.python_type is str else "'text', 'integer', 'real'"
