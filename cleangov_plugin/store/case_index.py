"""The case index as rows: buckets, the tiles of the tree over them, and how far it goes."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Executable, Table, and_, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from . import tables
from .run import is_sqlite, run

#: Buckets that are asked for, or gone through, at once: SQLite takes 32,766 parameters.
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
    row = run(connection, query).first()
    return None if row is None else IndexState(*row)


def save_state(connection: Connection, log_id: str, reached: IndexState) -> None:
    """Write how far the index goes.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :param reached: how far.
    """
    _put(connection, tables.index_state, [{"log_id": log_id, **reached._asdict()}])


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
    it = tables.case_index
    found: dict[int, bytes] = {}
    for at in range(0, len(numbers), _BUCKETS):
        asked = it.c.bucket.in_(numbers[at : at + _BUCKETS])
        query = select(it.c.bucket, it.c["items"]).where(it.c.log_id == log_id, asked)
        found.update((number, bytes(items)) for number, items in _tuples(connection, query))
    return found


def all_buckets(connection: Connection, log_id: str) -> Iterator[tuple[int, bytes]]:
    """Go through all buckets that were ever written, by number.

    :param connection: a connection of our own.
    :param log_id: the ledger.
    """
    it = tables.case_index
    query = select(it.c.bucket, it.c["items"]).where(it.c.log_id == log_id)
    query = query.order_by(it.c.bucket).limit(_BUCKETS)
    slice_ = _tuples(connection, query)
    while slice_:
        yield from ((number, bytes(items)) for number, items in slice_)
        after = slice_[-1][0]
        slice_ = _tuples(connection, query.where(it.c.bucket > after))


def save_buckets(connection: Connection, log_id: str, changed: Mapping[int, bytes]) -> None:
    """Write buckets over what is there of them.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :param changed: bytes by number.
    """
    rows = [{"log_id": log_id, "bucket": n, "items": changed[n]} for n in sorted(changed)]
    _put(connection, tables.case_index, rows)


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
        for at in range(0, len(within), _BUCKETS):
            asked = and_(it.c.level == level, it.c.n.in_(within[at : at + _BUCKETS]))
            query = select(it.c.n, it.c.data).where(it.c.log_id == log_id, asked)
            found |= {(level, n): bytes(data) for n, data in _tuples(connection, query)}
    return found


def all_tiles(connection: Connection, log_id: str) -> list[tuple[int, int, bytes]]:
    """Read all tiles: 4,369 of 512 bytes, where nobody added any.

    :param connection: any connection.
    :param log_id: the ledger.
    :return: level, number and bytes of each.
    """
    it = tables.index_tile
    query = select(it.c.level, it.c.n, it.c.data).where(it.c.log_id == log_id)
    query = query.order_by(it.c.level, it.c.n)
    return [(level, n, bytes(data)) for level, n, data in _tuples(connection, query)]


def save_tiles(
    connection: Connection, log_id: str, changed: Mapping[tuple[int, int], bytes]
) -> None:
    """Write tiles over what is there of them.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :param changed: bytes by level and number.
    """
    rows = [
        {"log_id": log_id, "level": level, "n": n, "data": changed[level, n]}
        for level, n in sorted(changed)
    ]
    _put(connection, tables.index_tile, rows)


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


def _put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, over those that have the same key."""
    if not rows:
        return
    making = sqlite.insert(table) if is_sqlite(connection) else postgresql.insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {name: making.excluded[name] for name in rows[0] if name not in keys}
    run(connection, making.on_conflict_do_update(index_elements=keys, set_=changed), list(rows))
