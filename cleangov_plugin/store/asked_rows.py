"""Requests to a second person and follow-ups of answers, as verifying looks at them."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import fields
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table, null, select

from . import tables
from .follow_ups import FollowRow
from .gaps import GapState
from .run import may_read, run
from .second_requests import RequestRow

_AT_ONCE: Final = 1_000
_COLUMNS: Final = ("state", "decided_by", "decided_at")
#: Each table, the column of its id, and the columns that are never changed.
_TABLES: Final[tuple[tuple[Table, str, tuple[str, ...]], ...]] = (
    (tables.second_request, "request_id", tuple(field.name for field in fields(RequestRow))),
    (tables.follow_up, "follow_id", tuple(field.name for field in fields(FollowRow))),
)


class AskedNow(NamedTuple):
    """What a table says of somebody who is asked.

    :param id: id of the row.
    :param fixed: the columns that are never changed, by name.
    :param state: where it stands.
    :param decided_by: pseudonym of who decided; None where nobody did.
    :param decided_at: when it ended, fixed-width UTC text.
    :param words: their own words; None where there are none, or none any more.
    """

    id: str
    fixed: Mapping[str, Any]
    state: str
    decided_by: str | None
    decided_at: str | None
    words: str | None


def may_be_read(connection: Connection) -> bool:
    """Answer whether this account may read requests and follow-ups.

    :param connection: any connection.
    """
    return all(may_read(connection, table, "state") for table, _, _ in _TABLES)


def words_may_be_read(connection: Connection) -> bool:
    """Answer whether this account may read people's own words: an auditor's may not.

    :param connection: any connection.
    """
    return all(may_read(connection, table, "words") for table, _, _ in _TABLES)


def asked(connection: Connection, log_id: str, *, with_words: bool) -> Iterator[AskedNow]:
    """Go through the requests and follow-ups of a ledger.

    :param connection: a reading connection.
    :param log_id: the ledger.
    :param with_words: whether words are read; else there seem to be none.
    """
    for table, id_, fixed in _TABLES:
        words = table.c.words if with_words else null()
        columns = [table.c[name] for name in (*fixed, *_COLUMNS)]
        query = select(*columns, words.label("words")).where(table.c.log_id == log_id)
        found = run(connection, query.order_by(table.c[id_]))
        while some := list(islice(found, _AT_ONCE)):
            for row in some:
                told = dict(zip(fixed, row, strict=False))
                yield AskedNow(told[id_], told, *row[len(fixed) :])


def events_may_be_read(connection: Connection) -> bool:
    """Answer whether this account may read what waits: an auditor's may not, it tells of people.

    :param connection: any connection.
    """
    return may_read(connection, tables.gap, "event")


def owed(
    connection: Connection,
    log_id: str,
    ids: Collection[str],
    source: str,
    is_believed: Callable[[str], bool],
) -> frozenset[str]:
    """Answer of which rows an entry waits as a gap, or was given up.

    An account that may not read what waits, as an auditor's, takes all of them for those that wait
    as long as an event of ours does.

    :param connection: any connection.
    :param log_id: the ledger.
    :param ids: ids of rows.
    :param source: source of our own events.
    :param is_believed: answers whether what waits was put there by the plugin.
    """
    if not ids:
        return frozenset()
    gap = tables.gap
    waits = (gap.c.log_id == log_id, gap.c.state != GapState.SETTLED.value)
    if not events_may_be_read(connection):
        own = gap.c.event_key.startswith(f"{source}\t")
        is_any = run(connection, select(gap.c.id).where(*waits, own).limit(1)).first()
        return frozenset(ids) if is_any else frozenset()
    found: set[str] = set()
    for event in run(connection, select(gap.c.event).where(*waits)).scalars():
        named = [id_ for id_ in ids if id_ in (event or "")]
        found.update(named if named and is_believed(event) else ())
    return frozenset(found)
