"""Events with the moment since which they are known, in the order they came."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select

from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.ledger.instants import instant

from . import tables
from .run import run

_SLICE: Final = 1_000


class Known(NamedTuple):
    """An event, and since when it is known.

    :param row: number of its row.
    :param since: when it came, aware.
    :param supersedes: key of the event that it corrects; None where it corrects none.
    :param record: the event.
    """

    row: int
    since: datetime
    supersedes: str | None
    record: Record


def known_after(
    connection: Connection, log_id: str, kinds: Iterable[str], last: int
) -> Iterator[Known]:
    """Go through events of some kinds, and all that correct another, in the order they came.

    :param connection: a connection of our own; rows are read in slices, memory stays flat.
    :param log_id: the agency's ledger.
    :param kinds: kinds of events.
    :param last: the row after which to begin; 0 for the first.
    """
    entry = tables.entry
    wanted = entry.c.kind.in_(sorted(set(kinds))) | entry.c.supersedes.is_not(None)
    while True:
        query = (
            select(entry.c.id, entry.c.ingested_at, entry.c.supersedes, entry.c.body)
            .where(entry.c.log_id == log_id, entry.c.id > last, wanted)
            .order_by(entry.c.id)
            .limit(_SLICE)
        )
        rows = run(connection, query).all()
        for row in rows:
            yield _known(row)
        if len(rows) < _SLICE:
            return
        last = rows[-1].id


def known_as(connection: Connection, log_id: str, key: str) -> Known | None:
    """Answer the event of a key; None where it has no entry.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param key: its key.
    """
    entry = tables.entry
    query = select(entry.c.id, entry.c.ingested_at, entry.c.supersedes, entry.c.body).where(
        entry.c.log_id == log_id, entry.c.event_key == key
    )
    row = run(connection, query).first()
    return None if row is None else _known(row)


def _known(row: Any) -> Known:
    return Known(row.id, instant(row.ingested_at), row.supersedes, decode_record(row.body, row.id))
