"""Erasing for good: what was erased is not left lying in the files of the database.

SQLite leaves erased bytes where they were until it needs the room, and in its write-ahead log until
the next checkpoint (https://www.sqlite.org/pragma.html#pragma_secure_delete). PostgreSQL keeps the
old version of a row until it is vacuumed, and its log until that is recycled.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from . import tables
from .database import Database
from .run import is_sqlite

#: Bytes of a file that are looked at together.
_CHUNK: Final = 1 << 20
#: Erased texts that are looked for; a file is read once for all of them.
_MOST: Final = 50
#: Tables from which something is erased or deleted.
_VACUUMED: Final = (tables.entry, tables.pseudonym, tables.gap, tables.answer, tables.instrument)


@contextmanager
def wiping(database: Database) -> Iterator[Connection]:
    """Hold a transaction of our own in which SQLite overwrites what is erased.

    :param database: the database.
    :return: the connection.
    """
    with database.own_transaction() as connection:
        if not is_sqlite(connection):
            yield connection
            return
        before = _pragma(connection, "secure_delete")
        _pragma(connection, "secure_delete = ON")
        try:
            yield connection
        finally:  # the connection goes back into the pool
            _pragma(connection, f"secure_delete = {int(before)}")


def empty_log(database: Database) -> bool:
    """Put what SQLite's write-ahead log holds into the file, and empty the log.

    :param database: the database.
    :return: False where somebody reads just now, so that the log is still there.
    """
    if not database.is_sqlite:
        return True
    with database.engine.connect() as connection:
        try:
            found = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").first()
        except OperationalError:  # another connection holds the file
            return False
    return found is not None and found[0] == 0


def vacuum(database: Database) -> bool:
    """Write the files anew without what was erased; on PostgreSQL for our own tables.

    :param database: the database.
    :return: False where another connection or missing rights did not let it.
    """
    options: dict[str, Any] = {} if database.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
    names = [""] if database.is_sqlite else [f" {table.fullname}" for table in _VACUUMED]
    with database.engine.connect().execution_options(**options) as connection:
        try:
            for name in names:  # a name of our own, or none
                connection.exec_driver_sql(f"VACUUM{name}")
        except OperationalError:
            return False
    return empty_log(database)


def left_in_files(database: Database, texts: Sequence[str]) -> list[str]:
    """Name the files of an SQLite database that still hold erased texts.

    :param database: the database; of another kind, no file is known and none is named.
    :param texts: disclosures that were erased: each has a salt, and stands nowhere else.
    :return: names of files.
    """
    name = database.url.database
    if not database.is_sqlite or name in (None, "", ":memory:"):
        return []
    needles = [text.encode() for text in texts[:_MOST]]
    paths = [Path(f"{name}{end}") for end in ("", "-wal", "-journal")]
    return [path.name for path in paths if needles and path.exists() and _holds(path, needles)]


def _holds(path: Path, needles: Sequence[bytes]) -> bool:
    overlap = max(map(len, needles))
    with path.open("rb") as file:
        end = b""
        while chunk := file.read(_CHUNK):
            looked = end + chunk
            if any(needle in looked for needle in needles):
                return True
            end = looked[-overlap:]
    return False


def _pragma(connection: Connection, statement: str) -> Any:
    return connection.exec_driver_sql(f"PRAGMA {statement}").scalar()
