"""A ledger for a follower: read from the agency's database, and kept in the follower's own.

What personal fields were disclosed is not read: an account that may read leaves, heads, tiles and
the bodies of entries is enough.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, delete, insert, inspect, select, tuple_, update

from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.instants import stamp

from . import tables
from .entries import part_of
from .knowledge import event_key
from .run import is_sqlite, run

#: Keys that are looked up at once: SQLite takes 32,766 parameters.
_AT_ONCE: Final = 1_000
#: Why a copy is kept, and that no term of the agency's ends it.
_RETENTION: Final = "copy"


class Text(NamedTuple):
    """A leaf as the database has it.

    :param idx: its place.
    :param text: what was hashed for it: the body of an entry, or a leaf of the ledger's own; None
        where there is neither.
    """

    idx: int
    text: str | None


class Copied(NamedTuple):
    """An entry that is copied.

    :param lane: its lane.
    :param no: its number there.
    :param record: what its body says.
    :param body: its exact text.
    :param leaf: hash of it as a leaf.
    """

    lane: int
    no: int
    record: Record
    body: str
    leaf: bytes


def has_tree(connection: Connection) -> bool:
    """Answer whether there is anything that could be followed.

    :param connection: any connection.
    """
    schema = None if is_sqlite(connection) else tables.SCHEMA
    there = set(inspect(connection).get_table_names(schema=schema))
    needed = (tables.agency, tables.entry, tables.leaf, tables.tile, tables.tree_head)
    return all(table.name in there for table in needed)


def is_copy(connection: Connection) -> bool:
    """Answer whether a database has no entries but copied ones, as far as one of them shows it.

    :param connection: any connection.
    """
    found = run(connection, select(tables.entry.c.retention_class).limit(1)).scalar()
    return found in (None, _RETENTION)


def notes(connection: Connection, log_id: str, most: int) -> list[str]:
    """List the newest signed heads, the largest first.

    :param connection: any connection.
    :param log_id: the ledger.
    :param most: how many at the most.
    """
    head = tables.tree_head
    query = select(head.c.note).where(head.c.log_id == log_id, head.c.note.is_not(None))
    return list(run(connection, query.order_by(head.c.size.desc()).limit(most)).scalars())


def texts(connection: Connection, log_id: str, first: int, most: int) -> list[Text]:
    """Read what was hashed for leaves.

    :param connection: any connection.
    :param log_id: the ledger.
    :param first: place of the first leaf.
    :param most: how many.
    :return: those that are there, in their order.
    """
    entry, leaf = tables.entry, tables.leaf
    joined = and_(
        entry.c.log_id == leaf.c.log_id, entry.c.lane == leaf.c.lane, entry.c.no == leaf.c.no
    )
    query = (
        select(leaf.c.idx, leaf.c.meta, entry.c.body)
        .outerjoin(entry, joined)
        .where(leaf.c.log_id == log_id, leaf.c.idx >= first, leaf.c.idx < first + most)
        .order_by(leaf.c.idx)
    )
    return [
        Text(idx, body if meta is None else meta)
        for idx, meta, body in map(tuple, run(connection, query))
    ]


def add_entries(
    connection: Connection, log_id: str, copied: Sequence[Copied], now: datetime
) -> None:
    """Write entries; columns are made of the bodies, and nothing else is believed.

    :param connection: a writing connection.
    :param log_id: the ledger.
    :param copied: the entries.
    :param now: the present time, aware.
    """
    rows = [_row(log_id, each, stamp(now)) for each in copied]
    if rows:
        run(connection, insert(tables.entry), rows)


def key_of(record: Record) -> tuple[str, int]:
    """Answer what no two entries of a ledger have in common: key of the event, and part.

    :param record: the event.
    """
    return event_key(record.source, record.event_id), part_of(record.occurred_at)


def taken_keys(
    connection: Connection, log_id: str, keys: Sequence[tuple[str, int]]
) -> set[tuple[str, int]]:
    """Answer which keys of events are there already.

    :param connection: any connection.
    :param log_id: the ledger.
    :param keys: keys, as `key_of` answers them.
    """
    entry = tables.entry
    found: set[tuple[str, int]] = set()
    for at in range(0, len(keys), _AT_ONCE):
        some = [key for key, _ in keys[at : at + _AT_ONCE]]
        query = select(entry.c.event_key, entry.c.part)
        query = query.where(entry.c.log_id == log_id, entry.c.event_key.in_(some))
        found.update((row.event_key, row.part) for row in run(connection, query))
    return found


def taken_places(
    connection: Connection, log_id: str, places: Sequence[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Answer which places of lanes have an entry already.

    :param connection: any connection.
    :param log_id: the ledger.
    :param places: lane and number of each.
    """
    entry = tables.entry
    found: set[tuple[int, int]] = set()
    for at in range(0, len(places), _AT_ONCE):
        some = places[at : at + _AT_ONCE]
        query = select(entry.c.lane, entry.c.no)
        query = query.where(
            entry.c.log_id == log_id, tuple_(entry.c.lane, entry.c.no).in_(list(some))
        )
        found.update((row.lane, row.no) for row in run(connection, query))
    return found


def set_aside(connection: Connection, log_id: str, first: int, end: int) -> None:
    """Take away what stands behind leaves that the agency declared lost; their hashes stay.

    :param connection: a writing connection.
    :param log_id: the ledger.
    :param first: the first of these leaves.
    :param end: one past the last.
    """
    entry, leaf, state = tables.entry, tables.leaf, tables.index_state
    within = (leaf.c.log_id == log_id, leaf.c.idx >= first, leaf.c.idx < end)
    places = select(leaf.c.lane, leaf.c.no).where(*within, leaf.c.lane.is_not(None))
    gone = delete(entry).where(
        entry.c.log_id == log_id, tuple_(entry.c.lane, entry.c.no).in_(places)
    )
    run(connection, gone)
    run(connection, update(leaf).where(*within).values(lane=None, no=None, meta=None))
    run(connection, delete(state).where(state.c.log_id == log_id))  # the index is made anew


def _row(log_id: str, copied: Copied, now: str) -> dict[str, Any]:
    record = copied.record
    corrected = record.supersedes
    key, part = key_of(record)
    return {
        "log_id": log_id,
        "part": part,
        "lane": copied.lane,
        "no": copied.no,
        "event_key": key,
        "stream": record.stream.value,
        "kind": record.kind,
        "subject": record.case_id,
        "actor": record.actor,
        "unit": record.unit,
        "occurred_at": stamp(record.occurred_at),
        "recorded_at": stamp(record.recorded_at),
        "ingested_at": now,
        "attempt_id": record.attempt_id,
        "supersedes": None if corrected is None else event_key(record.source, corrected),
        "origin": record.origin.value,
        "digest": copied.leaf,
        "body": copied.body,
        "snapshot": "",
        "marks": 0,
        "retention_class": _RETENTION,
    }
