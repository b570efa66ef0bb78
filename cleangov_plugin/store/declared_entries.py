"""Entries that tell of what two people declare for a time: modes, passings, deputies."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, or_, select, update

from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import decode_record

from . import tables
from .rulebook import bump
from .run import run


def records(
    connection: Connection, log_id: str, subject: str, kinds: Iterable[str], source: str
) -> list[Record]:
    """Read what the ledger tells of one sort of declaration, in row order.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case, of nobody's, under which these entries stand.
    :param kinds: their kinds.
    :param source: our own source: what a host sends under these kinds declares nothing.
    """
    entry = tables.entry
    query = (
        select(entry.c.id, entry.c.body)
        .where(entry.c.log_id == log_id, entry.c.subject == subject, entry.c.kind.in_(list(kinds)))
        .order_by(entry.c.id)
    )
    found = [decode_record(row.body, row.id) for row in run(connection, query)]
    return [record for record in found if record.source == source]


def naming(connection: Connection, log_id: str, text: str, since: str) -> int:
    """Count the entries since a moment whose outcomes name something.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param text: what they name; letters, digits and colons alone.
    :param since: fixed-width UTC text.
    """
    entry = tables.entry
    query = select(func.count()).where(
        entry.c.log_id == log_id,
        entry.c.ingested_at >= since,
        entry.c.body.contains(f'"{text}"', autoescape=True),
    )
    return int(run(connection, query).scalar_one())


def look_for(connection: Connection, log_id: str, what: str, until: str) -> None:
    """Say that what two people declared is to be looked for.

    It stands beside the revisions, which every request reads: so where nothing was declared,
    nothing is looked for, and nothing is read for it.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param what: ``"passings"`` or ``"deputies"``.
    :param until: up to when, fixed-width UTC text; a later moment that stands there is kept.
    """
    bump(connection, log_id)
    table = tables.revision
    column = table.c[f"{what}_until"]
    is_later = or_(column.is_(None), column < until)
    run(
        connection,
        update(table).where(table.c.log_id == log_id, is_later).values({column.name: until}),
    )
