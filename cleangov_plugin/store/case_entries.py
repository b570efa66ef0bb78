"""The entries of a case, and how many a ledger has."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from . import tables
from .run import run


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One entry.

    :param subject: its case.
    :param row: number of its row.
    :param body: its body.
    """

    subject: str
    row: int
    body: str


def number_of_entries(connection: Connection, log_id: str) -> int:
    """Count the entries of a ledger.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    """
    entry = tables.entry
    query = select(func.count()).select_from(entry).where(entry.c.log_id == log_id)
    return int(run(connection, query).scalar_one())


def bodies(connection: Connection, subject: str, after: int = 0) -> Iterator[CaseEntry]:
    """Answer the entries of a case in every ledger, in row order, a few at a time.

    :param connection: any connection.
    :param subject: the case.
    :param after: only those of later rows.
    """
    agency, entry = tables.agency, tables.entry
    columns = (entry.c.subject, entry.c.id, entry.c.body)
    for log_id in run(connection, select(agency.c.log_id)).scalars().all():
        of_it = select(*columns).where(entry.c.log_id == log_id, entry.c.subject == subject)
        ordered = of_it.where(entry.c.id > after).order_by(entry.c.id)
        for row in run(connection, ordered):
            yield CaseEntry(row.subject, row.id, row.body)


def event_keys(connection: Connection, log_id: str, subject: str) -> list[str]:
    """Answer the keys of the events of a case.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    """
    entry = tables.entry
    query = select(entry.c.event_key).where(entry.c.log_id == log_id, entry.c.subject == subject)
    return list(run(connection, query).scalars())


def first_ingested(connection: Connection, log_id: str) -> str | None:
    """Answer when the first entry of a ledger was written; None where there is none.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :return: fixed-width UTC text.
    """
    entry = tables.entry
    query = (
        select(entry.c.ingested_at)
        .where(entry.c.log_id == log_id)
        .order_by(entry.c.lane, entry.c.no)
        .limit(1)
    )
    found: str | None = run(connection, query).scalar()
    return found
