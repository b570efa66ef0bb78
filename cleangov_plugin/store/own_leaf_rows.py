"""The rows of the tree that stand for no entry: leaves about the tables, and all tiles in order."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from . import tables
from .run import run

#: Stands where an entry's number stands, in a leaf that says how the tables are made. With no lane
#: beside it no entry has it, and the unique index of lanes and numbers leads to these few leaves.
SCHEMA_LEAF: Final = -1
#: And in one that says which rules came or went.
RULES_LEAF: Final = -2
#: Tiles that are held at once, 8 KiB each.
_AT_ONCE: Final = 256


class TileRow(NamedTuple):
    """A tile as it is stored.

    :param level: its level.
    :param n: its number there.
    :param data: its hashes.
    """

    level: int
    n: int
    data: bytes


def newest_schema(connection: Connection, log_id: str) -> str | None:
    """Answer the text of the newest leaf about the tables; None where there is none.

    :param connection: any connection.
    :param log_id: the ledger.
    """
    return _newest(connection, log_id, SCHEMA_LEAF)


def newest_rules(connection: Connection, log_id: str) -> str | None:
    """Answer the text of the newest leaf about rules; None where there is none.

    :param connection: any connection.
    :param log_id: the ledger.
    """
    return _newest(connection, log_id, RULES_LEAF)


def all_rules(connection: Connection, log_id: str) -> list[str]:
    """List the texts of all leaves about rules, in their order. They come when rules change.

    :param connection: any connection.
    :param log_id: the ledger.
    """
    leaf = tables.leaf
    query = select(leaf.c.idx, leaf.c.meta).where(*_are(log_id, RULES_LEAF))
    return [row.meta or "" for row in sorted(run(connection, query).all())]


def _newest(connection: Connection, log_id: str, no: int) -> str | None:
    leaf = tables.leaf
    places = run(connection, select(leaf.c.idx).where(*_are(log_id, no))).scalars().all()
    if not places:
        return None
    query = select(leaf.c.meta).where(leaf.c.log_id == log_id, leaf.c.idx == max(places))
    found: str | None = run(connection, query).scalar()
    return found


def _are(log_id: str, no: int) -> tuple[ColumnElement[bool], ...]:
    leaf = tables.leaf
    return (leaf.c.log_id == log_id, leaf.c.lane.is_(None), leaf.c.no == no)


def tiles(connection: Connection, log_id: str) -> Iterator[TileRow]:
    """Go through all tiles of a ledger's tree, level by level.

    :param connection: any connection.
    :param log_id: the ledger.
    """
    tile = tables.tile
    query = select(tile.c.level, tile.c.n, tile.c.data).where(tile.c.log_id == log_id)
    ordered = query.order_by(tile.c.level, tile.c.n).limit(_AT_ONCE)
    after: TileRow | None = None
    while True:
        found = run(connection, ordered if after is None else ordered.where(_is_after(after))).all()
        for row in found:
            after = TileRow._make(row)
            yield after
        if len(found) < _AT_ONCE:
            return


def _is_after(row: TileRow) -> ColumnElement[bool]:
    tile = tables.tile
    return or_(tile.c.level > row.level, and_(tile.c.level == row.level, tile.c.n > row.n))
