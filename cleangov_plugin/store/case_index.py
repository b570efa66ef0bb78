"""The case index as rows: buckets, the tiles of the tree over them, and how far it goes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Executable, and_, delete, select

from cleangov_plugin.ledger.strict import LARGEST

from . import tables
from .bulk import among, put_rows
from .run import run

#: Buckets that are gone through at once.
_BUCKETS: Final = 1_000
#: Leaves behind which the newest leaf of the index is looked for: more than a batch has.
_FAR: Final = 4_096


class IndexState(NamedTuple):
    """How far the tables of the index go.

    :param leaves: leaves of the tree that they cover.
    :param cases: cases that have entries among these.
    :param entries: entries among these.
    """

    leaves: int = 0
    cases: int = 0
    entries: int = 0


class SealedRow(NamedTuple):
    """A leaf, with the body of its entry as it stands now.

    :param idx: place of the leaf.
    :param hash: hash that is stored for it.
    :param lane: lane of the entry; None where the leaf is of the ledger's own.
    :param body: text of the entry; None where there is none.
    """

    idx: int
    hash: bytes
    lane: int | None
    body: str | None


def state(connection: Connection, log_id: str) -> IndexState | None:
    """Answer how far the index goes; None where it was not begun.

    :param connection: any connection.
    :param log_id: the ledger.
    """
    it = tables.index_state
    query = select(it.c.leaves, it.c.cases, it.c.entries).where(it.c.log_id == log_id)
    found = _tuples(connection, query)
    if not found:
        return None
    # SQLite takes a text for a number. No ledger has as many leaves: so nobody goes on from there.
    return IndexState(*(n if isinstance(n, int) else LARGEST for n in found[0]))


def save_state(connection: Connection, log_id: str, reached: IndexState) -> None:
    """Write how far the index goes.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :param reached: how far.
    """
    put_rows(connection, tables.index_state, [(log_id, *reached)], over=True)


def begin(connection: Connection, log_id: str) -> None:
    """Take away what there is of an index, so that it can be made from the first leaf on.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    """
    for table in (tables.case_index, tables.index_tile, tables.index_state):
        run(connection, delete(table).where(table.c.log_id == log_id))


def buckets(connection: Connection, log_id: str, numbers: Sequence[int]) -> dict[int, bytes]:
    """Read buckets; those in which no case stands are left out.

    :param connection: any connection.
    :param log_id: the ledger.
    :param numbers: their numbers.
    :return: bytes by number.
    """
    found = among(connection, tables.case_index, log_id, "bucket", numbers)
    return {number: _data(items) for _, number, items in found}


def all_buckets(connection: Connection, log_id: str) -> Iterator[tuple[object, bytes]]:
    """Go through all buckets that were ever written, by number; SQLite takes a text for one.

    :param connection: a connection of our own.
    :param log_id: the ledger.
    """
    it = tables.case_index
    query = select(it.c.bucket, it.c["items"]).where(it.c.log_id == log_id)
    query = query.order_by(it.c.bucket).limit(_BUCKETS)
    slice_ = _tuples(connection, query)
    while slice_:
        yield from ((number, _data(items)) for number, items in slice_)
        after = slice_[-1][0]
        slice_ = _tuples(connection, query.where(it.c.bucket > after))


def save_buckets(connection: Connection, log_id: str, changed: Mapping[int, bytes]) -> None:
    """Write buckets over what is there of them.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :param changed: bytes by number.
    """
    rows = [(log_id, number, changed[number]) for number in sorted(changed)]
    put_rows(connection, tables.case_index, rows, over=True)


def tiles(
    connection: Connection, log_id: str, numbers: Sequence[Sequence[int]]
) -> dict[tuple[int, int], bytes]:
    """Read tiles of the tree over the buckets; those never written are left out.

    :param connection: any connection.
    :param log_id: the ledger.
    :param numbers: for each level, the numbers of its tiles.
    :return: bytes by level and number.
    """
    it = tables.index_tile
    found: dict[tuple[int, int], bytes] = {}
    for level, within in enumerate(numbers):
        rows = among(connection, it, log_id, "n", within, {"level": level})
        found.update(((level, n), _data(data)) for _, _, n, data in rows)
    return found


def all_tiles(connection: Connection, log_id: str) -> list[tuple[object, object, bytes]]:
    """Read all tiles: 4,369 of 512 bytes, where nobody added any.

    :param connection: any connection.
    :param log_id: the ledger.
    :return: level, number and bytes of each.
    """
    it = tables.index_tile
    query = select(it.c.level, it.c.n, it.c.data).where(it.c.log_id == log_id)
    query = query.order_by(it.c.level, it.c.n)
    return [(level, n, _data(data)) for level, n, data in _tuples(connection, query)]


def save_tiles(
    connection: Connection, log_id: str, changed: Mapping[tuple[int, int], bytes]
) -> None:
    """Write tiles over what is there of them.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :param changed: bytes by level and number.
    """
    rows = [(log_id, *place, changed[place]) for place in sorted(changed)]
    put_rows(connection, tables.index_tile, rows, over=True)


def sealed_rows(connection: Connection, log_id: str, first: int, most: int) -> list[SealedRow]:
    """Read leaves with the bodies of their entries.

    :param connection: any connection.
    :param log_id: the ledger.
    :param first: the leaf to begin with.
    :param most: how many at the most.
    """
    entry, leaf = tables.entry, tables.leaf
    joined = and_(
        entry.c.log_id == leaf.c.log_id, entry.c.lane == leaf.c.lane, entry.c.no == leaf.c.no
    )
    query = (
        select(leaf.c.idx, leaf.c.hash, leaf.c.lane, entry.c.body)
        .outerjoin(entry, joined)
        .where(leaf.c.log_id == log_id, leaf.c.idx >= first)
        .order_by(leaf.c.idx)
        .limit(most)
    )
    return [SealedRow(*row) for row in _tuples(connection, query)]


def own_before(connection: Connection, log_id: str, size: int) -> Iterator[tuple[int, str]]:
    """Go back through the leaves of the ledger's own, newest first, at most some thousand leaves.

    :param connection: any connection.
    :param log_id: the ledger.
    :param size: leaves of the tree: what stands behind them is left out.
    :return: place and text of each.
    """
    leaf = tables.leaf
    query = (
        select(leaf.c.idx, leaf.c.meta)
        .where(
            leaf.c.log_id == log_id,
            leaf.c.idx < size,
            leaf.c.idx >= size - _FAR,
            leaf.c.meta.is_not(None),
        )
        .order_by(leaf.c.idx.desc())
    )
    yield from ((idx, meta) for idx, meta in _tuples(connection, query))


def _tuples(connection: Connection, query: Executable) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in run(connection, query)]


def _data(stored: Any) -> bytes:
    """Answer bytes, whatever stands there: SQLite takes anything for them."""
    return bytes(stored) if isinstance(stored, bytes | memoryview) else str(stored).encode()
