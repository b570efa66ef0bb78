"""Who is a party of a case, as its newest entries name them."""

from typing import Final

from sqlalchemy import Connection, select

from cleangov_plugin.domain.terms import Mark
from cleangov_plugin.ledger.body import decode_record

from . import tables
from .run import run

#: Newest entries of a case that are looked at, and parties at the most.
NEWEST: Final = 100
MOST: Final = 20


def parties_of(connection: Connection, log_id: str, subject: str) -> list[str]:
    """List the parties of a case, by pseudonym; whom the newest entry names first.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    """
    entry = tables.entry
    query = (
        select(entry.c.id, entry.c.body)
        .where(entry.c.log_id == log_id, entry.c.subject == subject)
        .where(entry.c.marks.bitwise_and(Mark.OURS.value) == 0)
        .order_by(entry.c.id.desc())
        .limit(NEWEST)
    )
    found: dict[str, None] = {}
    for row in run(connection, query):
        found |= dict.fromkeys(decode_record(row.body, row.id).parties)
    return list(found)[:MOST]
