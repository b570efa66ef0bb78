"""All rows of ours as they stand at one moment, read in a stream: for an export, and to compare."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, func, inspect, select, true

from . import tables
from .database import Database
from .run import is_sqlite, run
from .schema import VERSION_TABLE

#: The columns that may hold personal text: who stands behind a pseudonym, what was disclosed,
#: people's own words, and events as the host sent them. An export leaves them out unless asked.
PERSONAL: Final[Mapping[str, frozenset[str]]] = {
    "cleangov_answer": frozenset({"words"}),
    "cleangov_answer_basis": frozenset({"evidence"}),
    "cleangov_attempt": frozenset({"event", "context"}),
    "cleangov_entry": frozenset({"disc"}),
    "cleangov_follow_up": frozenset({"words"}),
    "cleangov_gap": frozenset({"event"}),
    "cleangov_instrument": frozenset({"words", "reason"}),
    "cleangov_instrument_act": frozenset({"words"}),
    "cleangov_pseudonym": frozenset({"identity"}),
    "cleangov_second_request": frozenset({"words"}),
    "cleangov_staged_event": frozenset({"payload"}),
}
#: A row without a ledger of its own belongs to that of the row it refers to: by column.
_OWNERS: Final[Mapping[str, Column[Any]]] = {
    "instrument_id": tables.instrument.c.id,
    "prompt_id": tables.prompt.c.prompt_id,
    "run_id": tables.replay_run.c.run_id,
}
#: Rows that are held at once; the longest body has 64 KiB.
_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What of all rows is read.

    :param log_id: only those of one agency's ledger; None: all.
    :param with_identities: whether the columns that may hold personal text are read, too.
    """

    log_id: str | None = None
    with_identities: bool = False


@contextmanager
def still(database: Database) -> Iterator[Connection]:
    """Hold a reading transaction to which the database stands still, however long it takes.

    On SQLite every transaction is one, in WAL mode without keeping the writer waiting.

    :param database: the database.
    :return: the connection.
    """
    with database.own_transaction(is_reading=True) as connection:
        if not is_sqlite(connection):
            level = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
            connection.exec_driver_sql(level)
        yield connection


def present(connection: Connection) -> list[Table]:
    """List our tables that the database has, each after those it refers to.

    :param connection: any connection.
    """
    schema = None if is_sqlite(connection) else tables.SCHEMA
    there = set(inspect(connection).get_table_names(schema=schema))
    return [table for table in tables.metadata.sorted_tables if table.name in there]


def has_versions(connection: Connection) -> bool:
    """Answer whether the table of our own migrations is there.

    :param connection: any connection.
    """
    schema = None if is_sqlite(connection) else tables.SCHEMA
    return inspect(connection).has_table(VERSION_TABLE, schema=schema)


def left_out(table: Table, scope: Scope) -> tuple[str, ...]:
    """Name the columns of a table that are not read.

    :param table: one of our tables.
    :param scope: what is read.
    """
    personal = frozenset() if scope.with_identities else PERSONAL.get(table.name, frozenset())
    return tuple(column.name for column in table.columns if column.name in personal)


def number_of(connection: Connection, table: Table, log_id: str | None = None) -> int:
    """Count the rows of a table.

    :param connection: any connection.
    :param table: one of our tables.
    :param log_id: count those of one agency's ledger; None counts all.
    """
    query = select(func.count()).select_from(table).where(_tied(table, log_id))
    return int(run(connection, query).scalar() or 0)


def stream(
    connection: Connection, table: Table, scope: Scope
) -> Generator[dict[str, Any], None, None]:
    """Go through the rows of a table in the order of its key, a few at a time.

    :param connection: any connection.
    :param table: one of our tables.
    :param scope: what of it is read.
    :return: values by name of column.
    """
    query = _query(connection, table, scope)
    options: dict[str, Any] = {"yield_per": _AT_ONCE}
    if is_sqlite(connection):
        options["schema_translate_map"] = {tables.SCHEMA: None}
    with connection.execute(query, execution_options=options) as result:
        for row in result.mappings():
            yield dict(row)


def _query(connection: Connection, table: Table, scope: Scope) -> Select[Any]:
    without = left_out(table, scope)
    found = [column for column in table.columns if column.name not in without]
    # On SQLite a numbered row lies where its number says: no other order costs less.
    is_numbered = is_sqlite(connection) and "id" in table.c
    order = [table.c.id] if is_numbered else list(table.primary_key.columns)
    return select(*found).where(_tied(table, scope.log_id)).order_by(*order)


def _tied(table: Table, log_id: str | None) -> ColumnElement[bool]:
    """Answer the condition that ties a row to an agency's ledger."""
    if log_id is None:
        return true()
    if "log_id" in table.c:
        return table.c.log_id == log_id
    if "scope" in table.c:  # of a calendar
        return table.c.scope == log_id
    name = next(name for name in _OWNERS if name in table.c)
    owner = _OWNERS[name]
    return table.c[name].in_(select(owner).where(owner.table.c.log_id == log_id))
