"""Who is a party of a case, as its entries name them."""

from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from cleangov_plugin.domain.terms import Mark
from cleangov_plugin.ledger.body import decode_record

from . import tables
from .review import LARGE_CASE
from .run import run

#: Parties that are named at the most.
MOST: Final = 200


class Parties(NamedTuple):
    """The parties of a case.

    :param names: by pseudonym; whom the newest entry names first.
    :param is_whole: whether these are all: every entry was looked at, and nobody was left out.
    """

    names: tuple[str, ...]
    is_whole: bool


def parties_of(
    connection: Connection, log_id: str, subject: str, *, newest: int = LARGE_CASE
) -> Parties:
    """List the parties of a case.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    :param newest: how many of its newest entries are looked at.
    """
    entry = tables.entry
    query = (
        select(entry.c.id, entry.c.body)
        .where(entry.c.log_id == log_id, entry.c.subject == subject)
        .where(entry.c.marks.bitwise_and(Mark.OURS.value) == 0)
        .order_by(entry.c.id.desc())
        .limit(newest + 1)
    )
    found, rows = dict[str, None](), list(run(connection, query))
    for row in rows[:newest]:
        found |= dict.fromkeys(decode_record(row.body, row.id).parties)
    names = tuple(found)
    return Parties(names[:MOST], len(rows) <= newest and len(names) <= MOST)
