"""Two connections to one state of a database: one is asked while the other goes on reading.

SQLite compares indexes with tables in one long statement. It keeps a processor busy, and the
verifier's own work keeps another; both must see the same state, or they would contradict each
other rightly.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from sqlalchemy import Connection

from .database import Database
from .whole import still

#: How often both are begun anew where somebody commits between them.
_TRIES: Final = 5


@contextmanager
def still_beside(database: Database) -> Iterator[tuple[Connection, Connection | None]]:
    """Hold a reading transaction as `whole.still` does, and on SQLite another of the same state.

    :param database: the database.
    :return: both connections. None for the other where none is needed, or too many commits came
        between; it may be used by another thread.
    """
    with ExitStack() as stack:
        if not database.is_sqlite:
            yield stack.enter_context(still(database)), None
            return
        other = stack.enter_context(database.engine.connect())
        for _ in range(_TRIES):
            before = _version(other)
            held = stack.enter_context(ExitStack())
            connection = held.enter_context(still(database))
            _read(connection)
            other.exec_driver_sql("BEGIN")
            _read(other)
            if _version(other) == before:
                stack.callback(_end, other)
                yield connection, other
                return
            held.close()
            other.exec_driver_sql("ROLLBACK")
        yield stack.enter_context(still(database)), None


def _version(connection: Connection) -> int:
    """Answer a number that changes where another connection committed since it was asked last."""
    return int(connection.exec_driver_sql("PRAGMA data_version").scalar() or 0)


def _read(connection: Connection) -> None:
    """Let a transaction see its state: SQLite waits for the first reading."""
    connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()


def _end(connection: Connection) -> None:
    """Stop what may still run there in another thread; nobody waits for it any more."""
    driver: Any = connection.connection.driver_connection
    driver.interrupt()
    connection.exec_driver_sql("ROLLBACK")
