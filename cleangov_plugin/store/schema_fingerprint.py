"""What our tables are made of, as digests: whoever changes how they work changes these.

Every thing that touches them has a name and the SHA-256 of its definition: tables, columns,
indexes, constraints, triggers with their functions, rules, row security, heirs, rights.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from . import tables
from .columns import SCHEMA
from .fingerprint_sql import POSTGRESQL
from .run import is_sqlite
from .schema import VERSION_TABLE

#: Characters of a thing's name; of a longer one the rest stands as a digest.
LONGEST_NAME: Final = 200
#: Things that come and go with a revision of our own: the rest never does.
OF_A_REVISION: Final = frozenset({"table", "column", "index", "constraint", "sequence"})

_OURS: Final = frozenset([*(table.name for table in tables.metadata.sorted_tables), VERSION_TABLE])
_NAMED: Final = re.compile(r"\bcleangov_", re.IGNORECASE)
#: As bytes: a name or a text may be no UTF-8, whoever wrote it there.
_SQLITE: Final = (
    "SELECT type, CAST(name AS BLOB), CAST(tbl_name AS BLOB), CAST(sql AS BLOB) FROM sqlite_master"
)


def fingerprint(connection: Connection) -> dict[str, str]:
    """Answer the digest of every thing that touches our tables.

    A table that nobody made is none; columns of SQLite's tables stand in their table's text.

    :param connection: any connection; on PostgreSQL in a transaction.
    :return: SHA-256, hexadecimal, by name of the thing, as ``trigger cleangov_entry.some_name``.
    """
    found = _sqlite(connection) if is_sqlite(connection) else _postgresql(connection)
    by_name: dict[str, list[str]] = {}
    for name, definition in found:
        digest = sha256(definition.encode("utf-8", "surrogatepass")).hexdigest()
        by_name.setdefault(_bounded(name), []).append(digest)
    return {
        name: digests[0]
        if len(digests) == 1
        else sha256(" ".join(sorted(digests)).encode()).hexdigest()
        for name, digests in sorted(by_name.items())
    }


def digest_of(things: Mapping[str, str]) -> str:
    """Answer one digest of all things.

    :param things: digests by name.
    :return: SHA-256, hexadecimal.
    """
    lines = "".join(f"{digest} {name!r}\n" for name, digest in sorted(things.items()))
    return sha256(lines.encode("ascii", "backslashreplace")).hexdigest()


def revision_of(connection: Connection, things: Mapping[str, str]) -> str | None:
    """Answer the revision the tables say they are at; None where they do not say.

    :param connection: any connection.
    :param things: what `fingerprint` answered: nothing is asked that is not there.
    """
    is_there = f"table {VERSION_TABLE}", f"column {VERSION_TABLE}.version_num"
    prefix = "" if is_sqlite(connection) else f"{SCHEMA}."
    if not things.keys() >= set(is_there[: 1 if is_sqlite(connection) else 2]):
        return None
    query = f"SELECT version_num FROM {prefix}{VERSION_TABLE}"  # noqa: S608  # our own name
    try:
        found = connection.exec_driver_sql(query).scalar()
    except DBAPIError:  # on SQLite alone: there the column may be gone
        return None
    return None if found is None else str(found)[:32]


def _postgresql(connection: Connection) -> Iterator[tuple[str, str]]:
    """Read the catalogue with no schema on the path: so every name in it is written whole."""
    path = connection.execute(text("SELECT current_setting('search_path')")).scalar_one()
    _set_path(connection, "pg_catalog")
    values = {"schema": SCHEMA, "names": sorted(_OURS)}
    rows = connection.execute(text(POSTGRESQL), values).all()
    _set_path(connection, path)
    return ((str(name), str(definition or "")) for name, definition in rows)


def _set_path(connection: Connection, path: Any) -> None:
    """Set the search path until the transaction ends."""
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": path})


def _sqlite(connection: Connection) -> Iterator[tuple[str, str]]:
    for kind, *written in connection.exec_driver_sql(_SQLITE):
        name, table, statement = (_text(part) for part in written)
        if _OURS & {table.lower(), name.lower()} or _NAMED.search(statement):
            yield f"{kind} {name}", f"{table}|{statement}"


def _text(written: bytes | None) -> str:
    return (written or b"").decode("utf-8", "backslashreplace")


def _bounded(name: str) -> str:
    """Shorten a name that somebody made long, so that it still is one of its own."""
    if len(name) <= LONGEST_NAME:
        return name
    rest = sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{name[: LONGEST_NAME - 17]}…{rest}"
