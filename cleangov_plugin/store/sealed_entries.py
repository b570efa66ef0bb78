"""Reading a ledger whole, leaf by leaf, each with its entry as it is stored."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Connection, and_, select

from . import tables
from .run import run

#: Columns of an entry that repeat its body.
REPEATED: Final = ("log_id", "kind", "subject", "lane", "no", "occurred_at", "recorded_at")
#: Rows that are read at once.
_SLICE: Final = 2_000


class EntryRow(NamedTuple):
    """An entry as it is stored.

    :param row: number of its row.
    :param body: its text.
    :param ingested_at: when it was written, fixed-width UTC text.
    :param columns: the columns that repeat what the body says, by name.
    """

    row: int
    body: str
    ingested_at: str
    columns: Mapping[str, Any]


class LeafRow(NamedTuple):
    """A leaf with the entry it stands for, as both are stored.

    :param idx: place of the leaf in the tree, from 0.
    :param hash: hash that is stored for it.
    :param lane: lane of its entry.
    :param no: the entry's number there.
    :param entry: the entry; None where it is not there.
    """

    idx: int
    hash: bytes
    lane: int | None
    no: int | None
    entry: EntryRow | None


def leaves_with_entries(connection: Connection, log_id: str) -> Iterator[LeafRow]:
    """Go through the leaves of a tree in order, each with its entry.

    :param connection: a connection of our own.
    :param log_id: the ledger.
    """
    entry, leaf = tables.entry, tables.leaf
    joined = and_(
        entry.c.log_id == leaf.c.log_id, entry.c.lane == leaf.c.lane, entry.c.no == leaf.c.no
    )
    of_leaf = (leaf.c.idx, leaf.c.hash, leaf.c.lane.label("of_lane"), leaf.c.no.label("of_no"))
    query = (
        select(*of_leaf, *_entry_columns())
        .outerjoin(entry, joined)
        .where(leaf.c.log_id == log_id)
        .order_by(leaf.c.idx)
        .limit(_SLICE)
    )
    after = -1
    while True:
        found = run(connection, query.where(leaf.c.idx > after)).mappings().all()
        for row in found:
            of_it = None if row["id"] is None else _entry_row(dict(row))
            yield LeafRow(row["idx"], row["hash"], row["of_lane"], row["of_no"], of_it)
        if len(found) < _SLICE:
            return
        after = found[-1]["idx"]


def _entry_columns() -> list[Column[Any]]:
    return [tables.entry.c[name] for name in ("id", "body", "ingested_at", *REPEATED)]


def _entry_row(row: Mapping[str, Any]) -> EntryRow:
    return EntryRow(
        row["id"], row["body"], row["ingested_at"], {name: row[name] for name in REPEATED}
    )


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
    for row in run(connection, query).mappings():
        yield _entry_row(dict(row))
