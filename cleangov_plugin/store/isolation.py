"""What kind of transaction a host's connection is in, asked without a statement."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from cleangov_hooks import savepoint_is_held

from .driver import driver_of

#: Events that are judged in one transaction of the host on PostgreSQL. Each holds a lock until the
#: commit, and one more for each new person and finding; an ordinary server has room for 64 x 100.
MOST_EVENTS: Final = 1_000
_COUNTED: Final = "cleangov_events"
#: What PostgreSQL says where a row was written after the snapshot was fixed.
_NOT_SEEN: Final = "40001"

T = TypeVar("T")


class Isolation(NamedTuple):
    """The state of a connection.

    :param dialect: ``"sqlite"``, ``"postgresql"`` or another.
    :param level: ``"READ COMMITTED"``, ``"REPEATABLE READ"``, ``"SERIALIZABLE"``, ...
    :param is_autocommit: whether each statement is a transaction of its own.
    :param in_transaction: whether SQLAlchemy holds a transaction.
    :param has_begun: whether the database holds one; None where the driver does not say.
    """

    dialect: str
    level: str
    is_autocommit: bool
    in_transaction: bool
    has_begun: bool | None

    @property
    def is_serializable(self) -> bool:
        """Answer whether reading shared rows here can make the host's commit fail.

        PostgreSQL only: SQLite's transactions are serial anyway and fail for no read.
        """
        return self.dialect == "postgresql" and self.level == "SERIALIZABLE"

    @property
    def has_fixed_snapshot(self) -> bool:
        """Answer whether a row that others change meanwhile cannot be locked without an error."""
        return self.dialect == "postgresql" and self.level in ("REPEATABLE READ", "SERIALIZABLE")


def describe(connection: Connection) -> Isolation:
    """Describe a connection; nothing is sent to the database.

    A level that the host set by a statement of its own (``SET TRANSACTION``) is not seen here;
    `knowledge.read` reports what the database says, in the statement that it sends anyway.

    :param connection: the host's connection.
    :return: its state.
    """
    driver = driver_of(connection)
    dialect = connection.dialect.name
    found = _sqlite(driver) if dialect == "sqlite" else _other(connection, driver)
    level, is_autocommit, has_begun = found
    return Isolation(
        dialect=dialect,
        level=level,
        is_autocommit=is_autocommit,
        in_transaction=connection.in_transaction(),
        has_begun=has_begun,
    )


def _sqlite(driver: Any) -> tuple[str, bool, bool | None]:
    # Since Python 3.12 the attribute `autocommit` decides, where it is not -1 (the old way).
    has_begun = bool(driver.in_transaction)
    said = getattr(driver, "autocommit", -1)
    is_manual = driver.isolation_level is None if said == -1 else said is True
    return "SERIALIZABLE", is_manual and not has_begun, has_begun


def _other(connection: Connection, driver: Any) -> tuple[str, bool, bool | None]:
    """Ask psycopg's connection; other drivers by what SQLAlchemy was told."""
    told = connection.get_execution_options().get("isolation_level")
    is_autocommit = bool(getattr(driver, "autocommit", False)) or told == "AUTOCOMMIT"
    own = getattr(getattr(driver, "isolation_level", None), "name", None)
    default = connection.default_isolation_level
    level = str(own or (default if is_autocommit else told or default) or "")
    level = level.replace("_", " ").upper()
    status = getattr(getattr(driver, "info", None), "transaction_status", None)
    return level, is_autocommit, None if status is None else int(status) != 0


def has_room(connection: Connection, state: Isolation) -> bool:
    """Answer whether the transaction may record one more event, and count it.

    :param connection: the host's connection.
    :param state: what `describe` answered of it.
    """
    if state.dialect != "postgresql" or state.is_autocommit:
        return True
    transaction = connection.get_transaction()
    counted = connection.info.get(_COUNTED)
    if counted is None or counted[0] is not transaction:
        counted = connection.info[_COUNTED] = [transaction, 0]
    counted[1] += 1
    return bool(counted[1] <= MOST_EVENTS)


#: Holds nothing; one is as good as another.
_UNHELD: Final = nullcontext()


def shielded(
    connection: Connection, *, is_first: bool = False
) -> AbstractContextManager[None, bool | None]:
    """Let a failure undo this block alone, and leave the host's transaction usable.

    On PostgreSQL by a savepoint. On SQLite a failed statement spoils nothing, and a savepoint
    there can commit the host's work by itself where it is the first write; outside a transaction
    there is nothing to spoil.

    :param connection: the host's connection.
    :param is_first: whether nothing was written yet in the running call of a hook. Then the
        savepoint that the guard set for the call serves as well, and two round trips are saved.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite or not connection.in_transaction() or describe(connection).is_autocommit:
        return _UNHELD
    return _savepoint(connection, is_first)


@contextmanager
def _savepoint(connection: Connection, is_first: bool) -> Iterator[None]:
    name = _guards_savepoint(connection) if is_first else None
    if name is None:
        with connection.begin_nested():
            yield
        return
    try:
        yield
    except BaseException:
        connection.dialect.do_rollback_to_savepoint(connection, name)
        raise


def _guards_savepoint(connection: Connection) -> str | None:
    """Answer the name of the savepoint that the guard holds; None where it holds none."""
    nested = connection.get_nested_transaction() if savepoint_is_held() else None
    name = getattr(nested, "_savepoint", None)  # SQLAlchemy tells it nowhere else
    return name if isinstance(name, str) else None


def unless_there(connection: Connection, insert: Callable[[], T]) -> T | None:
    """Write a row unless it is there, also where the snapshot is older than it.

    With a fixed snapshot, ON CONFLICT DO NOTHING is an error where the row was committed since:
    then it is there, and nothing is to be done. A savepoint lets the transaction go on.

    :param connection: the host's connection, or one of our own.
    :param insert: writes the row by such a statement; nobody else is writing it just now.
    :return: what that answered; None where the row was committed since.
    """
    state = describe(connection)
    if not state.has_fixed_snapshot or state.is_autocommit:
        return insert()
    try:
        with connection.begin_nested():
            return insert()
    except OperationalError as problem:
        if getattr(problem.orig, "sqlstate", "") != _NOT_SEEN:
            raise
        return None
