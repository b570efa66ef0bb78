"""Reading a ledger whole, leaf by leaf, each with its entry as it is stored."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Connection, and_, select, true

from . import tables
from .heirs import own_rows
from .run import run

#: Columns of an entry that repeat its body.
REPEATED: Final = ("log_id", "kind", "subject", "lane", "no", "occurred_at", "recorded_at")
#: Columns besides, in the order of `EntryRow`.
_BESIDES: Final = ("id", "body", "ingested_at", "disc", "mac")
#: Rows that are read at once.
_SLICE: Final = 2_000


class EntryRow(NamedTuple):
    """An entry as it is stored.

    :param row: number of its row.
    :param body: its text.
    :param ingested_at: when it was written, fixed-width UTC text.
    :param disc: disclosures of its erasable fields; None where there is none.
    :param mac: its code; None where it has none.
    :param lane: its lane, as the column says.
    :param no: its number there, as the column says.
    :param repeated: the columns that repeat what the body says, in the order of `REPEATED`.
    """

    row: int
    body: str
    ingested_at: str
    disc: str | None
    mac: bytes | None
    lane: int
    no: int
    repeated: tuple[Any, ...]


class LeafRow(NamedTuple):
    """A leaf with the entry it stands for, as both are stored.

    :param idx: place of the leaf in the tree, from 0.
    :param hash: hash that is stored for it.
    :param lane: lane of its entry.
    :param no: the entry's number there.
    :param meta: text of a leaf of the ledger's own.
    :param entry: the entry; None where it is not there.
    """

    idx: int
    hash: bytes
    lane: int | None
    no: int | None
    meta: str | None
    entry: EntryRow | None


def leaf_slices(connection: Connection, log_id: str, first: int = 0) -> Iterator[list[LeafRow]]:
    """Go through the leaves of a tree in order, each with its entry, many at a time.

    :param connection: a connection of our own.
    :param log_id: the ledger.
    :param first: the leaf to begin with.
    """
    entry, leaf = tables.entry, tables.leaf
    joined = and_(
        entry.c.log_id == leaf.c.log_id, entry.c.lane == leaf.c.lane, entry.c.no == leaf.c.no
    )
    of_leaf = (leaf.c.idx, leaf.c.hash, leaf.c.lane, leaf.c.no, leaf.c.meta)
    query = (
        select(*of_leaf, *_entry_columns())
        .outerjoin(entry, joined)
        .where(leaf.c.log_id == log_id)
        .order_by(leaf.c.idx)
        .limit(_SLICE)
    )
    query = own_rows(connection, query, entry, leaf)
    after = first - 1
    while True:
        found = run(connection, query.where(leaf.c.idx > after)).all()
        if found:
            yield [_leaf_row(tuple(row)) for row in found]
        if len(found) < _SLICE:
            return
        after = found[-1][0]


def _entry_columns() -> list[Column[Any]]:
    return [tables.entry.c[name] for name in (*_BESIDES, *REPEATED)]


def _leaf_row(row: tuple[Any, ...]) -> LeafRow:
    idx, hash_, lane, no, meta, *entry = row
    of_it = None if entry[0] is None else _entry_row(tuple(entry))
    return LeafRow(idx, hash_, lane, no, meta, of_it)


def _entry_row(row: tuple[Any, ...]) -> EntryRow:
    id_, body, ingested_at, disc, mac, *columns = row
    repeated = tuple(columns)
    return EntryRow(id_, body, ingested_at, disc, mac, repeated[3], repeated[4], repeated)


def left_behind(connection: Connection, log_id: str) -> Iterator[EntryRow]:
    """Go through every entry that no leaf stands for, wherever it is: the whole ledger is read.

    :param connection: a connection of our own.
    :param log_id: the ledger.
    """
    entry, leaf = tables.entry, tables.leaf
    joined = and_(leaf.c.log_id == entry.c.log_id, leaf.c.lane == entry.c.lane)
    query = (
        select(*_entry_columns())
        .outerjoin(leaf, and_(joined, leaf.c.no == entry.c.no))
        .where(entry.c.log_id == log_id, leaf.c.idx.is_(None))
        .order_by(entry.c.lane, entry.c.no, entry.c.id)
    )
    for row in run(connection, own_rows(connection, query, entry, leaf)):
        yield _entry_row(tuple(row))


def behind(connection: Connection, log_id: str, ends: Mapping[int, int]) -> Iterator[EntryRow]:
    """Go through the entries behind the last one of each lane; nothing before them is read.

    :param connection: a connection of our own.
    :param log_id: the ledger.
    :param ends: last number of each lane that is known.
    """
    entry = tables.entry
    lanes = sorted(ends)
    places = [and_(entry.c.lane == lane, entry.c.no > no) for lane, no in ends.items()]
    # Lanes that nobody knew of: whatever lies between those that are known.
    for lane, following in zip([None, *lanes], [*lanes, None], strict=True):
        between = [entry.c.lane > lane] if lane is not None else []
        until = [entry.c.lane < following] if following is not None else []
        places.append(and_(true(), *between, *until))
    for place in places:
        query = (
            select(*_entry_columns())
            .where(entry.c.log_id == log_id, place)
            .order_by(entry.c.lane, entry.c.no, entry.c.id)
        )
        for row in run(connection, own_rows(connection, query, entry)):
            yield _entry_row(tuple(row))
