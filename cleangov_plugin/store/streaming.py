"""Reading a long result in slices: by the driver's own cursor, and never all of it at once.

A million rows come through here, and what SQLAlchemy does for each of them takes as long as the
database itself. As in `driver`, what is seen stays the same: the cursor works in the transaction
that SQLAlchemy holds, its errors are SQLAlchemy's, and where somebody listens to the statements of
a connection, they go SQLAlchemy's way.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any, TypeAlias

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from .driver import is_heard, plain
from .isolation import describe
from .run import Row, driver_sql, is_sqlite

Rows: TypeAlias = list[tuple[Any, ...]]


def slices(
    connection: Connection,
    template: str,
    values: Row,
    size: int,
    *,
    begun: int = 0,
    is_short: bool = False,
) -> Iterator[Rows]:
    """Run a query and answer its rows, many at a time.

    :param connection: a connection of our own, in a transaction. It may be used meanwhile.
    :param template: the query, as `run.driver_sql` takes it.
    :param values: its parameters.
    :param size: rows of a slice.
    :param begun: rows by which the first slice is shorter, fewer than `size`.
    :param is_short: whether the result is so short that it may come as a whole, which costs a
        server less than to keep it open.
    :return: slices, the last one shorter; none is empty. On PostgreSQL numbers, texts and bytes
        come as such, and nothing else can be read.
    :raises DBAPIError: as SQLAlchemy raises it.
    """
    statement = driver_sql(template, connection.dialect.name)
    opened = _own_cursor(connection, is_short)
    if opened is None:
        yield from _heard(connection, statement, values, size, begun)
        return
    dialect = connection.dialect
    error: Any = dialect.loaded_dbapi.Error
    try:
        with closing(opened()) as cursor:
            cursor.execute(statement, values)
            found = cursor.fetchmany(size - begun)
            while found:
                yield found
                found = cursor.fetchmany(size)
    except error as problem:
        made = DBAPIError.instance(statement, None, problem, error, dialect=dialect)
        raise made from problem


def _own_cursor(connection: Connection, is_short: bool) -> Callable[[], Any] | None:
    """Answer what opens the driver's own cursor; None where SQLAlchemy has to be asked."""
    if not connection.in_transaction() or is_heard(connection):
        return None
    driver: Any = connection.connection.driver_connection
    if is_sqlite(connection):
        return connection.connection.cursor
    if connection.dialect.driver != "psycopg" or describe(connection).is_autocommit:
        return None  # a cursor of the server lives in a transaction
    name = {} if is_short else {"name": "cleangov_slices"}
    return lambda: driver.cursor(binary=True, **name)


def _heard(
    connection: Connection, statement: str, values: Row, size: int, begun: int
) -> Iterator[Rows]:
    options: Any = {"stream_results": True, "max_row_buffer": size}
    with connection.exec_driver_sql(statement, values, execution_options=options) as result:
        found = result.fetchmany(size - begun)
        while found:
            yield [tuple(map(plain, row)) for row in found]
            found = result.fetchmany(size)
