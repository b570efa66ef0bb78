"""One reading connection to the database that a command was told of."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .options import Options


@contextmanager
def reading(options: Options) -> Iterator[tuple[Any, Any]]:
    """Open a reading transaction on a database that has our tables.

    :param options: the options of the command line.
    :return: the connection, and the database.
    """
    from cleangov_plugin.store.connecting import connected, require_schema

    with connected(options.url, is_made=False) as database:
        require_schema(database)
        with database.own_transaction(is_reading=True) as connection:
            yield connection, database
