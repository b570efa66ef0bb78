"""Do the tables fit this code? Asked at the start and by the doctor."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, column, inspect, select, table

from . import tables
from .run import is_sqlite


class SchemaState(StrEnum):
    """How the tables stand to the code."""

    RIGHT = "right"
    MISSING = "missing"
    OLDER = "older"
    NEWER = "newer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """What was found.

    :param state: how the tables stand to this code.
    :param revision: revision of the tables; None where there is none.
    :param wanted: revision of this code.
    :param missing: tables that ought to be there and are not.
    :param views: those of them in whose place a view stands.
    """

    state: SchemaState
    revision: str | None
    wanted: str
    missing: tuple[str, ...] = ()
    views: tuple[str, ...] = ()


#: Revision that this code was written for. Not asked of the migrations: that would load Alembic
#: into every process of the host. A test holds the two equal.
WANTED: Final = "0008"
VERSION_TABLE: Final = "cleangov_alembic_version"


def examine(connection: Connection) -> Schema:
    """Compare the tables of a database with this code.

    :param connection: any connection; two small queries.
    :return: what was found. Revisions are numbered: a later one is a newer one.
    """
    schema = None if is_sqlite(connection) else tables.SCHEMA
    found = inspect(connection)
    there = set(found.get_table_names(schema=schema))
    wanted = {table.name for table in tables.metadata.sorted_tables}
    missing = tuple(sorted(wanted - there))
    views = set(found.get_view_names(schema=schema)) if missing else set()
    revision = None
    if VERSION_TABLE in there:
        versions = table(VERSION_TABLE, column("version_num"), schema=schema)
        told = connection.execute(select(versions.c.version_num)).scalar()
        revision = None if told is None else str(told)  # SQLite keeps any value
    return Schema(
        state=_state(revision, is_complete=not missing),
        revision=revision,
        wanted=WANTED,
        missing=missing,
        views=tuple(name for name in missing if name in views),
    )


def fingerprint(connection: Connection) -> str:
    """Answer a digest of tables and columns as the database has them.

    :param connection: any connection.
    :return: SHA-256, hexadecimal.
    """
    schema = None if is_sqlite(connection) else tables.SCHEMA
    found = inspect(connection)
    lines = [
        f"{name}.{column['name']}:{column['nullable']}"
        for name in sorted(found.get_table_names(schema=schema))
        if name.startswith("cleangov_")
        for column in found.get_columns(name, schema=schema)
    ]
    return sha256("\n".join(lines).encode()).hexdigest()


def _state(revision: str | None, *, is_complete: bool) -> SchemaState:
    if revision is None:
        return SchemaState.MISSING
    if revision < WANTED:
        return SchemaState.OLDER
    if revision > WANTED:
        return SchemaState.NEWER
    return SchemaState.RIGHT if is_complete else SchemaState.MISSING
