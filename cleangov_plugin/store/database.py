"""The plugin's own connections: short transactions beside the host's, never in its way."""

import os
import sqlite3
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.pool import QueuePool

from .driver import execute
from .sqlite_turns import Turn

#: Milliseconds that a statement of ours waits for a lock: less than the budget of a gate.
PATIENCE_MS: Final = 40
#: Milliseconds for which an officer at a gate stands in line to write, however long its budget is.
_LONGEST_MS: Final = 500
#: Seconds after which a connection that nobody used is asked whether it lives.
_QUIET: Final = 1.0
_LEFT_AT: Final = "cleangov.left_at"
#: Set on a connection that waits for locks no longer than we do, in every transaction.
_PATIENT: Final = "cleangov.patient"


class Database:
    """The engine for transactions of our own: gate, open, answers, rules, calendars, catch-up.

    On SQLite a transaction of ours must not be opened while the host's write transaction is open
    in the same process: it would wait for itself and fail. Gate and open come before the host's
    first write for that reason.

    A forked process starts with an empty pool: connections are not shared between processes.

    :param url: SQLAlchemy URL of the database that holds our tables.
    :param patience_ms: milliseconds to wait for a lock.
    """

    def __init__(self, url: str | URL, *, patience_ms: int = PATIENCE_MS) -> None:
        self.url = named(url)
        self.patience_ms = patience_ms
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = self._sqlite() if self.is_sqlite else self._other()
        self._turn = Turn()
        _ENGINES.add(self.engine)

    @property
    def is_there(self) -> bool:
        """Answer whether there is a database: SQLite would make an empty file by looking."""
        name = self.url.database
        is_file = self.is_sqlite and name not in (None, "", ":memory:")
        return not is_file or os.path.exists(str(name))

    @contextmanager
    def own_transaction(self, *, is_reading: bool = False) -> Iterator[Connection]:
        """Hold a transaction of our own; it is committed at the end, undone by an exception.

        :param is_reading: whether nothing will be written; then SQLite takes no write lock.
        :return: the connection.
        """
        with self.engine.connect() as connection:
            is_in_line = self.is_sqlite and not is_reading
            is_ours = is_in_line and self._turn.take(self.patience_ms / 1000)
            try:
                with connection.begin():
                    self._begin(connection, is_reading)
                    yield connection
            finally:
                if is_ours:
                    self._turn.leave()

    @contextmanager
    def own_look(self) -> Iterator[Connection]:
        """Hold a connection for a few questions, each of which sees what is committed by then.

        Without a transaction of the database around them: on PostgreSQL it would cost three more
        ways to the server and back, for a person who waits. SQLAlchemy takes it for one, so that
        the driver's own cursor is asked, see `driver.execute`.

        :return: the connection; nothing may be written on it.
        """
        with self.engine.connect() as connection:
            if not self.is_sqlite:
                connection.execution_options(isolation_level="AUTOCOMMIT")
            with connection.begin():
                yield connection

    @contextmanager
    def own_reading_first(self) -> Iterator[Connection]:
        """Hold a connection that reads, and then may go on to write: see `turn_to_writing`.

        Each statement sees what is committed when it begins, on SQLite as on PostgreSQL. A
        transaction there that has read and then wants to write fails where somebody else wrote
        meanwhile: so none is begun for reading.

        :return: the connection.
        """
        with self.engine.connect() as connection:
            try:
                with connection.begin():
                    if not self.is_sqlite:
                        self._begin(connection, is_reading=True)
                    yield connection
            finally:
                self._turn.leave()

    def turn_to_writing(self, connection: Connection, within_ms: float = 0) -> None:
        """Go on to write; what was read may be older than what is written.

        :param connection: what `own_reading_first` answered.
        :param within_ms: milliseconds that may pass until it is one's turn; as long as for any lock
            where that is more.
        :raises DBAPIError: where others wrote all the time.
        """
        if not self.is_sqlite:
            return
        patience = max(self.patience_ms, min(within_ms, _LONGEST_MS)) / 1000
        until = time.monotonic() + patience
        self._turn.take(patience)
        while True:
            try:
                self._begin(connection, is_reading=False)
            except DBAPIError:
                if time.monotonic() >= until:
                    raise
            else:
                return

    def dispose(self) -> None:
        """Close all connections that are not in use."""
        self.engine.dispose()

    def _sqlite(self) -> Engine:
        # The sqlite3 module must not begin transactions by itself: it begins too late.
        arguments = {"timeout": self.patience_ms / 1000, "isolation_level": None}
        is_file = self.url.database not in (None, "", ":memory:")
        pool = self._pool() if is_file else {}
        engine = create_engine(self.url, connect_args=arguments, hide_parameters=True, **pool)
        event.listen(engine, "connect", _or_closed(_prepare_sqlite))
        return engine

    def _other(self) -> Engine:
        level = "READ COMMITTED"
        engine = create_engine(
            self.url,
            isolation_level=level,
            hide_parameters=True,  # people's words stand in them, and errors are logged
            **self._pool(),
        )
        event.listen(engine, "connect", _or_closed(self._meet))
        event.listen(engine, "checkin", _note_time)
        event.listen(engine, "checkout", _asked_if_quiet(engine))
        return engine

    def _meet(self, driver: Any, record: Any) -> None:
        """Set up a new connection by what answers on it: the server itself, or a pooler.

        PgBouncer hands a connection on by transaction: a prepared statement and a setting live in
        the server's process, and the next transaction may be in another one. Behind a pooler, the
        process named at the login is not the one that answers.
        """
        info = getattr(driver, "info", None)
        if getattr(driver, "prepare_threshold", None) is None or info is None:
            return  # another driver, or one that was told already
        answering = driver.execute("SELECT pg_backend_pid()").fetchone()[0]
        if answering != info.backend_pid:
            driver.prepare_threshold = None
            driver.rollback()
            return
        # Ours alone for good: said once, it need not be said in every transaction.
        driver.execute(f"SET lock_timeout = {int(self.patience_ms)}")
        driver.commit()
        record.info[_PATIENT] = True

    def _pool(self) -> dict[str, Any]:
        """Wait for a free connection no longer than for a lock; SQLAlchemy's default is 30 s.

        On SQLite a connection is an open file, and whoever wants to write stands in line with it
        in hand: of more officers at one gate than SQLAlchemy's 15 the others got none.
        """
        most = {"max_overflow": -1} if self.is_sqlite else {}
        return {"poolclass": QueuePool, "pool_timeout": self.patience_ms / 1000, **most}

    def _begin(self, connection: Connection, is_reading: bool) -> None:
        if self.is_sqlite:
            execute(connection, "BEGIN" if is_reading else "BEGIN IMMEDIATE", {})
        elif not connection.info.get(_PATIENT):
            # LOCAL: a pooler between us and the server may hand the session to others afterwards.
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(self.patience_ms)}")


def named(url: str | URL) -> URL:
    """Name the driver: SQLAlchemy's default for PostgreSQL changes between its releases.

    :param url: the address.
    """
    found = make_url(url)
    return found.set(drivername="postgresql+psycopg") if found.drivername == "postgresql" else found


def _or_closed(prepare: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Close a connection that cannot be prepared: SQLAlchemy before 2.1 forgets it open."""

    def preparing(driver: Any, record: Any) -> None:
        try:
            prepare(driver, record)
        except BaseException:
            driver.close()
            raise

    return preparing


def _prepare_sqlite(driver: Any, _: Any) -> None:
    if driver.execute("PRAGMA journal_mode").fetchone()[0] not in ("wal", "memory"):
        # Somebody may hold the file just now: then the next connection tries again.
        with suppress(sqlite3.OperationalError):
            driver.execute("PRAGMA journal_mode = WAL")
    driver.execute("PRAGMA synchronous = NORMAL")
    driver.execute("PRAGMA foreign_keys = ON")


def _note_time(_: Any, record: Any) -> None:
    record.info[_LEFT_AT] = time.monotonic()


def _asked_if_quiet(engine: Engine) -> Callable[[Any, Any, Any], None]:
    """Ask a connection whether it lives, as SQLAlchemy's `pool_pre_ping` does, but not always.

    Each asking is a way to the server and back, for which an officer at the gate waits. One that
    answered a moment ago is asked again by its next statement.
    """

    def asked(driver: Any, record: Any, _: Any) -> None:
        left_at = record.info.get(_LEFT_AT)
        if left_at is None or time.monotonic() - left_at < _QUIET:
            return
        try:
            engine.dialect.do_ping(driver)
        except Exception:
            raise InvalidatePoolError from None  # all others of the pool are as dead

    return asked


#: Engines whose pools a forked process must forget. Registered once: the list of what is done
#: after a fork only grows.
_ENGINES: Final[weakref.WeakSet[Engine]] = weakref.WeakSet()


def _forget_all() -> None:
    for engine in tuple(_ENGINES):
        engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
