"""People behind pseudonyms: the one mapping from record to person, and its erasure."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select, update

from cleangov_plugin.ledger.body import stamp

from . import tables
from .run import Retention, insert_missing, kept, run


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
        for name, (kind, identity) in sorted(missing.items())  # one order: no deadlocks
    ]
    insert_missing(connection, tables.pseudonym, rows)


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
