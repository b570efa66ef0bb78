"""People behind pseudonyms: the one mapping from record to person, and its erasure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select, update

from cleangov_plugin.ledger.instants import stamp

from . import tables
from .isolation import unless_there
from .run import (
    Busy,
    Retention,
    Row,
    driver_sql,
    first,
    insert_missing,
    is_sqlite,
    kept,
    lock_number,
    may_read,
    run,
)

_COLUMNS: Final = ("log_id", "pseudonym", "kind", "identity", "retention_class", "retain_until")
#: ON CONFLICT would wait, without limit, for another transaction that names the same person for
#: the first time: so the pseudonym is try-locked first.
_POSTGRESQL: Final = (  # every name is our own
    "WITH held AS MATERIALIZED"  # noqa: S608
    " (SELECT pg_try_advisory_xact_lock(CAST(:lock AS bigint)) AS is_free),"
    f" made AS (INSERT INTO {{s}}cleangov_pseudonym ({', '.join(_COLUMNS)})"
    f" SELECT {', '.join(f'CAST(:{name} AS text)' for name in _COLUMNS)} FROM held WHERE is_free"
    " ON CONFLICT DO NOTHING RETURNING 1)"
    " SELECT is_free FROM held"
)


def add_missing(
    connection: Connection,
    log_id: str,
    people: Iterable[tuple[str, str, str]],
    known: Iterable[str],
    retention: Retention,
) -> None:
    """Keep who stands behind pseudonyms that have no row yet.

    :param connection: the host's connection: the mapping commits with the entry that needs it.
    :param log_id: the agency's ledger.
    :param people: (pseudonym, ``"officer"`` | ``"party"``, the host's id of the person).
    :param known: pseudonyms that have a row, see `KnowledgeRows.pseudonyms`.
    :param retention: class and ISO day until which it is kept.
    :raises Busy: where another transaction names one of them for the first time just now.
    """
    present = frozenset(known)
    missing = {name: (kind, identity) for name, kind, identity in people if name not in present}
    rows = [
        {
            "log_id": log_id,
            "pseudonym": name,
            "kind": kind,
            "identity": identity,
            **kept(retention),
        }
        for name, (kind, identity) in sorted(missing.items())
    ]
    if is_sqlite(connection):
        insert_missing(connection, tables.pseudonym, rows)
        return
    for row in rows:
        _add(connection, row)


def _add(connection: Connection, row: Row) -> None:
    values = {**row, "lock": lock_number("pseudonym", row["log_id"], row["pseudonym"])}
    statement = driver_sql(_POSTGRESQL, "postgresql")
    is_free = unless_there(
        connection, lambda: bool(connection.exec_driver_sql(statement, values).scalar())
    )
    if is_free is False:
        what = "another transaction names this person for the first time just now."
        raise Busy(what, where=tables.pseudonym.name)


def identities(connection: Connection, log_id: str, names: Iterable[str]) -> dict[str, str]:
    """Answer the host's ids behind pseudonyms; erased and unknown ones are left out.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param names: pseudonyms.
    :return: id by pseudonym.
    """
    table = tables.pseudonym
    query = select(table.c.pseudonym, table.c.identity).where(
        table.c.log_id == log_id,
        table.c.pseudonym.in_(sorted(set(names))),
        table.c.identity.is_not(None),
    )
    return {row.pseudonym: row.identity for row in run(connection, query)}


def found(connection: Connection, log_id: str, name: str) -> dict[str, Any] | None:
    """Look a pseudonym up, as a row of its table; None where it was never given.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param name: the pseudonym.
    """
    table = tables.pseudonym
    return first(
        connection, select(table).where(table.c.log_id == log_id, table.c.pseudonym == name)
    )


def may_be_read(connection: Connection) -> bool:
    """Answer whether this account may see who stands behind a pseudonym: an auditor may not.

    :param connection: any connection.
    """
    return may_read(connection, tables.pseudonym, "identity")


def erased(connection: Connection, log_id: str) -> frozenset[str]:
    """Answer the pseudonyms behind which no name stands any more.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    """
    table = tables.pseudonym
    query = select(table.c.pseudonym).where(table.c.log_id == log_id, table.c.identity.is_(None))
    return frozenset(run(connection, query).scalars())


def erase(connection: Connection, log_id: str, name: str, now: datetime) -> bool:
    """Forget who stands behind a pseudonym; the records that carry it stay as they are.

    :param connection: a connection of our own.
    :param log_id: the agency's ledger.
    :param name: the pseudonym.
    :param now: the present time, aware.
    :return: whether there was anything to forget.
    """
    table = tables.pseudonym
    statement = (
        update(table)
        .where(table.c.log_id == log_id, table.c.pseudonym == name, table.c.identity.is_not(None))
        .values(identity=None, erased_at=stamp(now))
    )
    return run(connection, statement).rowcount == 1
