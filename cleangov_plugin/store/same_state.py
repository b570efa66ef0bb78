"""More connections to one state of a database: they are asked while the first goes on reading.

SQLite compares indexes with tables in one long statement. It keeps a processor busy, and the
verifier's own work keeps another; a second process may take some of that. All must see the same
state, or they would contradict each other rightly.

On PostgreSQL the first transaction exports its snapshot, and another takes it over. SQLite has
nothing of the kind in Python. There, a connection tells whether anybody committed since it was last
asked (PRAGMA data_version). It is asked before the first transaction sees its state, and again when
its own transaction sees one: where nobody committed in between, both are the same.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, Final, Protocol

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from .database import Database
from .whole import still

#: How often all are begun anew where somebody commits between them.
_TRIES: Final = 5
#: What differs between two states, and between two servers.
_STATE: Final = "SELECT pg_current_snapshot() || ' ' || pg_postmaster_start_time()"


class Follower(Protocol):
    """Another connection, of this process or of a second one."""

    def version(self) -> str:
        """Answer what changes on SQLite where somebody commits; to be asked first."""
        ...

    def begin(self, snapshot: str) -> str:
        """Begin to read.

        :param snapshot: what the first transaction exported on PostgreSQL, and nothing else.
        :return: which state is seen: as `version` on SQLite.
        """
        ...

    def end(self) -> None:
        """Stop whatever still runs; nobody waits for it any more."""
        ...


class Following:
    """A connection that sees the state of another one.

    :param database: the database; a connection of it is held until `close`.
    """

    def __init__(self, database: Database) -> None:
        self._is_sqlite = database.is_sqlite
        self.connection = database.engine.connect()

    def version(self) -> str:
        """Answer what changes on SQLite where somebody commits."""
        return str(self._version()) if self._is_sqlite else ""

    def begin(self, snapshot: str) -> str:
        """Begin to read.

        :param snapshot: what the first transaction exported on PostgreSQL, and nothing else.
        :return: which state is seen.
        :raises DBAPIError: where the snapshot cannot be taken over.
        """
        if self._is_sqlite:
            self.connection.exec_driver_sql("BEGIN")
            _read(self.connection)
            return str(self._version())
        level = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
        self.connection.exec_driver_sql(level)
        quoted = snapshot.replace("'", "")
        self.connection.exec_driver_sql(f"SET TRANSACTION SNAPSHOT '{quoted}'")
        return str(self.connection.exec_driver_sql(_STATE).scalar())

    def end(self) -> None:
        """Stop what may still run there in another thread."""
        if self._is_sqlite:
            driver: Any = self.connection.connection.driver_connection
            driver.interrupt()
            with suppress(DBAPIError):  # where nothing was begun
                self.connection.exec_driver_sql("ROLLBACK")
        self.connection.rollback()

    def close(self) -> None:
        """Give the connection back."""
        self.connection.close()

    def _version(self) -> int:
        return int(self.connection.exec_driver_sql("PRAGMA data_version").scalar() or 0)


@contextmanager
def still_beside(database: Database) -> Iterator[tuple[Connection, Connection | None]]:
    """Hold a reading transaction as `whole.still` does, and on SQLite another of the same state.

    :param database: the database.
    :return: both connections. None for the other where none is needed, or too many commits came
        between; it may be used by another thread.
    """
    with still_with(database) as (connection, other, _):
        yield connection, other


@contextmanager
def still_with(
    database: Database, second: Follower | None = None
) -> Iterator[tuple[Connection, Connection | None, bool]]:
    """Hold a reading transaction, as `still_beside` does, and let a second process see its state.

    :param database: the database.
    :param second: the other end of a second process; None has none.
    :return: the connection; on SQLite another one, as `still_beside` answers it; whether the second
        process sees the same state.
    """
    with ExitStack() as stack:
        own = []
        if database.is_sqlite:
            own.append(Following(database))
            stack.callback(own[0].close)
        with_second: list[Sequence[Follower]] = [[*own, second]] * _TRIES if second else []
        without: list[Sequence[Follower]] = [own] * _TRIES if own else []
        for followers in (*with_second, *without):
            held = stack.enter_context(ExitStack())
            versions = [each.version() for each in followers]
            connection = held.enter_context(still(database))
            for each in followers:
                held.callback(each.end)
            if _are_following(connection, followers, versions):
                other = own[0].connection if own else None
                yield connection, other, second in followers
                return
            held.close()
        yield stack.enter_context(still(database)), None, False


def _are_following(
    connection: Connection, followers: Sequence[Follower], versions: Sequence[str]
) -> bool:
    """Let others begin to read; answer whether all see the same."""
    if connection.dialect.name == "sqlite":
        _read(connection)
        return [each.begin("") for each in followers] == versions
    try:
        snapshot = str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar())
        state = str(connection.exec_driver_sql(_STATE).scalar())
        return all(each.begin(snapshot) == state for each in followers)
    except DBAPIError:
        return False


def _read(connection: Connection) -> None:
    """Let a transaction see its state: SQLite waits for the first reading."""
    connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
