"""The tree over a ledger's entries as rows: leaves, hash tiles and heads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    Connection,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    union,
    update,
)

from cleangov_plugin.ledger.instants import stamp

from . import tables
from .bulk import put_rows
from .heirs import is_plain
from .run import Busy, is_sqlite, lock_number, run


class Unsealed(NamedTuple):
    """An entry that no leaf stands for.

    :param row: number of its row.
    :param lane: its lane.
    :param no: its number there.
    :param body: its exact text.
    """

    row: int
    lane: int
    no: int
    body: str


class Leaf(NamedTuple):
    """A leaf of the tree.

    :param hash: hash of its bytes as a leaf.
    :param lane: lane of its entry; None where it is of the ledger's own.
    :param no: the entry's number there.
    :param meta: text of a leaf of the ledger's own.
    """

    hash: bytes
    lane: int | None = None
    no: int | None = None
    meta: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeHeadRow:
    """A head of the tree as it is stored.

    :param size: number of leaves.
    :param root: hash of the root.
    :param integrated_at: when the last of its leaves was put in, fixed-width UTC text.
    :param note: the signed note; None where it was not published yet.
    :param published_at: when it was published.
    """

    size: int
    root: bytes
    integrated_at: str
    note: str | None
    published_at: str | None


def hold_seal(connection: Connection, log_id: str) -> None:
    """Keep every other sealer of a ledger out until the transaction ends.

    SQLite has one writer at a time anyway.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :raises Busy: where another one seals it just now.
    """
    if is_sqlite(connection):
        return
    lock = lock_number("cleangov seal", log_id)
    if not connection.exec_driver_sql(f"SELECT pg_try_advisory_xact_lock({lock})").scalar():
        raise Busy(
            "another process seals this ledger just now.",
            where=log_id,
            remedy="Nothing need be done: it seals what is there.",
        )


#: What follows the last leaf of each lane. A lane has no gaps and one writer at a time, so that
#: its entries are committed in the order of their numbers, however late other lanes are.
_UNSEALED: Final = (
    "SELECT e.id, e.lane, e.no, e.body FROM cleangov.cleangov_lane AS l"
    " CROSS JOIN LATERAL (SELECT id, lane, no, body FROM cleangov.cleangov_entry"
    " WHERE log_id = l.log_id AND lane = l.lane AND no > COALESCE((SELECT max(f.no)"
    " FROM cleangov.cleangov_leaf AS f WHERE f.log_id = l.log_id AND f.lane = l.lane), 0)"
    " ORDER BY no LIMIT :most) AS e WHERE l.log_id = :log_id ORDER BY e.id LIMIT :most"
)
#: SQLite has one lane.
_UNSEALED_SQLITE: Final = (
    "SELECT id, lane, no, body FROM cleangov_entry WHERE log_id = :log_id AND lane = 0"
    " AND no > COALESCE((SELECT max(no) FROM cleangov_leaf"
    " WHERE log_id = :log_id AND lane = 0), 0) ORDER BY no LIMIT :most"
)


def unsealed(connection: Connection, log_id: str, most: int) -> list[Unsealed]:
    """Answer entries that no leaf stands for, the oldest of each lane first.

    :param connection: a connection of our own.
    :param log_id: the ledger.
    :param most: how many at the most.
    """
    query = _UNSEALED_SQLITE if is_sqlite(connection) else _own_unsealed(connection)
    found = connection.execute(text(query), {"log_id": log_id, "most": most})
    return [Unsealed(*row) for row in found]


def _own_unsealed(connection: Connection) -> str:
    """Write the query so that no heir of a table adds rows."""
    query = _UNSEALED
    for table in (tables.entry, tables.leaf):
        if is_plain(connection, table):
            query = query.replace(f" {table.fullname}", f" ONLY {table.fullname}")
    return query


def add_leaves(connection: Connection, log_id: str, first: int, leaves: Sequence[Leaf]) -> None:
    """Write leaves behind those that are there.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :param first: place of the first of them: the size of the tree before.
    :param leaves: in their order.
    """
    rows = [
        (log_id, idx, leaf.lane, leaf.no, leaf.hash, leaf.meta)
        for idx, leaf in enumerate(leaves, first)
    ]
    put_rows(connection, tables.leaf, rows)


def is_named(connection: Connection, log_id: str, key: str) -> bool:
    """Answer whether a leaf of the ledger's own names a key. All leaves are read: ask seldom.

    :param connection: any connection.
    :param log_id: the ledger.
    :param key: text of the key.
    """
    leaf = tables.leaf
    query = select(leaf.c.idx).where(
        leaf.c.log_id == log_id, leaf.c.meta.contains(f'"key":"{key}"', autoescape=True)
    )
    return run(connection, query.limit(1)).first() is not None


def tile_data(connection: Connection, log_id: str, level: int, n: int) -> bytes | None:
    """Read the hashes of a tile; None where there is none.

    :param connection: any connection.
    :param log_id: the ledger.
    :param level: level of the tile, from 0.
    :param n: its number within the level.
    """
    tile = tables.tile
    query = select(tile.c.data).where(tile.c.log_id == log_id, tile.c.level == level, tile.c.n == n)
    found: bytes | None = run(connection, query).scalar()
    return found


def save_tiles(connection: Connection, log_id: str, tiles: Mapping[tuple[int, int], bytes]) -> None:
    """Write tiles over what is there of them.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :param tiles: hashes by level and number.
    """
    tile = tables.tile
    old = delete(tile).where(
        tile.c.log_id == log_id, tile.c.level == bindparam("l"), tile.c.n == bindparam("m")
    )
    places = sorted(tiles)
    if places:
        run(connection, old, [{"l": level, "m": n} for level, n in places])
        rows = [
            {"log_id": log_id, "level": level, "n": n, "data": tiles[level, n]}
            for level, n in places
        ]
        run(connection, insert(tile), rows)


def last_head(connection: Connection, log_id: str) -> TreeHeadRow | None:
    """Answer the largest head of a ledger's tree; None where nothing was sealed yet.

    :param connection: any connection.
    :param log_id: the ledger.
    """
    head = tables.tree_head
    query = _heads(log_id).order_by(head.c.size.desc()).limit(1)
    row = run(connection, query).mappings().first()
    return None if row is None else TreeHeadRow(**row)


def heads(connection: Connection, log_id: str) -> list[TreeHeadRow]:
    """List all heads of a ledger's tree, the smallest first.

    :param connection: any connection.
    :param log_id: the ledger.
    """
    query = _heads(log_id).order_by(tables.tree_head.c.size)
    return [TreeHeadRow(**row) for row in run(connection, query).mappings()]


def sizes(connection: Connection) -> dict[str, int]:
    """Answer the size of each ledger's newest head, as it is stored.

    :param connection: any connection.
    """
    newest = func.max(tables.tree_head.c.size)
    query = select(tables.tree_head.c.log_id, newest).group_by(tables.tree_head.c.log_id)
    found = map(tuple, run(connection, query))
    return {log_id: size for log_id, size in found if isinstance(size, int)}


def ledgers(connection: Connection) -> list[str]:
    """List the ledgers of authorities and of heads; what is no text in SQLite names none.

    :param connection: any connection.
    """
    query = union(select(tables.agency.c.log_id), select(tables.tree_head.c.log_id))
    found = run(connection, query).scalars()
    return sorted(log_id for log_id in found if isinstance(log_id, str))


def add_head(connection: Connection, log_id: str, size: int, root: bytes, now: datetime) -> None:
    """Write a head that is not signed yet.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :param size: number of leaves.
    :param root: hash of the root.
    :param now: the present time, aware.
    """
    values = {"log_id": log_id, "size": size, "root": root, "integrated_at": stamp(now)}
    run(connection, insert(tables.tree_head), values)


def published(connection: Connection, log_id: str, size: int, note: str, now: datetime) -> None:
    """Keep the signed note of a head that was published.

    :param connection: a writing connection of our own.
    :param log_id: the ledger.
    :param size: size of the head.
    :param note: the note.
    :param now: the present time, aware.
    """
    head = tables.tree_head
    run(
        connection,
        update(head)
        .where(head.c.log_id == log_id, head.c.size == size)
        .values(note=note, published_at=stamp(now)),
    )


def _heads(log_id: str) -> Select[Any]:
    head = tables.tree_head
    return select(
        head.c.size, head.c.root, head.c.integrated_at, head.c.note, head.c.published_at
    ).where(head.c.log_id == log_id)
