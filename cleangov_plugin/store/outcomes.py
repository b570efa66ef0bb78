"""What became of transactions that wrote entries, asked afterwards from a connection of our own.

Nothing is hung on the host's connection for it, and however the host ends its transaction, the
answer is the database's own: a commit that failed, a savepoint that was rolled back, a transaction
that was prepared first. What it says does not hang on whether the entry is still there.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from hashlib import sha256
from typing import Final, NamedTuple

from sqlalchemy import Connection

from .run import is_sqlite

#: Rows that are asked about by one statement.
_AT_ONCE: Final = 500


class Outcome(Enum):
    """What became of an entry's transaction."""

    COMMITTED = "committed"
    UNDONE = "undone"
    OPEN = "open"


class Written(NamedTuple):
    """An entry as it was written, in a transaction whose end nobody has told us.

    :param row: number of its row.
    :param xid: on PostgreSQL, the transaction or the savepoint's own; None on SQLite.
    :param leaf: hash of its body as a leaf.
    """

    row: int
    xid: int | None
    leaf: bytes


def outcomes(connection: Connection, asked: Sequence[Written]) -> list[Outcome]:
    """Answer what became of entries.

    :param connection: a reading connection of our own.
    :param asked: the entries.
    :return: what became of each, in their order.
    """
    of_one = _on_sqlite if is_sqlite(connection) else _on_postgresql
    found: list[Outcome] = []
    for first in range(0, len(asked), _AT_ONCE):
        found.extend(of_one(connection, asked[first : first + _AT_ONCE]))
    return found


def _on_postgresql(connection: Connection, asked: Sequence[Written]) -> Iterable[Outcome]:
    """Ask for the state of transactions, savepoints among them (``pg_xact_status``)."""
    states = {"committed": Outcome.COMMITTED, "in progress": Outcome.OPEN}
    numbers = ", ".join({str(written.xid) for written in asked if written.xid is not None})
    said: Mapping[str, str] = {}
    if numbers:  # whole numbers of ours alone
        query = (
            "SELECT CAST(n AS text), pg_xact_status(CAST(CAST(n AS text) AS xid8))"  # noqa: S608
            f" FROM unnest(CAST(ARRAY[{numbers}] AS bigint[])) AS asked(n)"
        )
        said = {row[0]: row[1] for row in connection.exec_driver_sql(query)}
    return [states.get(said.get(str(written.xid), ""), Outcome.UNDONE) for written in asked]


def _on_sqlite(connection: Connection, asked: Sequence[Written]) -> Iterable[Outcome]:
    """Look for the rows; and for the highest number that any row was committed with.

    A number is given again after a rollback, and never after a commit (AUTOINCREMENT). So a number
    that was committed and has no row is of an entry that somebody took away.
    """
    numbers = ", ".join(str(written.row) for written in asked)
    query = f"SELECT id, body FROM cleangov_entry WHERE id IN ({numbers})"  # noqa: S608
    there = {row[0]: row[1] for row in connection.exec_driver_sql(query)}
    highest = connection.exec_driver_sql(
        "SELECT seq FROM sqlite_sequence WHERE name = 'cleangov_entry'"
    ).scalar()
    return [_of_row(written, there.get(written.row), int(highest or 0)) for written in asked]


def _of_row(written: Written, body: str | None, highest: int) -> Outcome:
    if body is None:
        return Outcome.COMMITTED if highest >= written.row else Outcome.OPEN
    leaf = sha256(b"\x00" + body.encode("utf-8", "surrogateescape")).digest()
    return Outcome.COMMITTED if leaf == written.leaf else Outcome.UNDONE
