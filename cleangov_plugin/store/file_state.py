"""Do the indexes of an SQLite file lead to the rows of their tables? A query believes them."""

from collections.abc import Sequence

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from .run import is_sqlite

#: Faults of one table that are told.
MOST = 20


def faults(connection: Connection, tables: Sequence[Table]) -> list[str]:
    """Compare the indexes of tables with their rows; every row is read.

    PostgreSQL has no such question without an extension (amcheck), and is asked nothing.

    :param connection: any connection.
    :param tables: some of our tables.
    :return: what the database says is wrong.
    """
    if not is_sqlite(connection):
        return []
    found: list[str] = []
    for table in tables:
        try:
            told = connection.exec_driver_sql(f"PRAGMA integrity_check({table.name})").scalars()
            found.extend(str(line) for line in list(told)[:MOST] if line != "ok")
        except DBAPIError as problem:  # no such table any more, or a file that cannot be read
            found.append(str(problem.orig))
    return found
