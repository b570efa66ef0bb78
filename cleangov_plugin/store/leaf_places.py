"""Where entries stand in the tree: one entry by its number, its event or its place, or a case."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, func, select

from cleangov_plugin.ledger.tiles import HEIGHT

from . import tables
from .driver import execute, read_short
from .run import run

#: Entries of several sources that have one id: more than are named in a message.
_MOST = 10
#: Whoever asks for a proof waits for these two: they are not written anew each time.
_SIGNED: Final = (
    "SELECT note, published_at FROM {s}cleangov_tree_head WHERE log_id = :log_id"
    " AND note IS NOT NULL AND published_at IS NOT NULL{of_size} ORDER BY size DESC LIMIT 1"
)
_TILES: Final = "SELECT level, n, data FROM {s}cleangov_tile WHERE log_id = :log_id"
#: A head and, on a row each, the tiles that the proof of one leaf under it is made from: those of
#: its way up and of the right edge, of as many levels as a tree of 2^32 leaves has.
_LEVELS: Final = 4
_WITH_TILES: Final = (
    "WITH h AS (SELECT note, published_at, size FROM {s}cleangov_tree_head WHERE log_id = :log_id"
    " AND note IS NOT NULL AND published_at IS NOT NULL{of_size} ORDER BY size DESC LIMIT 1)"
    " SELECT h.note, h.published_at, t.level, t.n, t.data FROM h LEFT JOIN {s}cleangov_tile t"
    " ON t.log_id = :log_id AND ({places})"
)
_OF_LEVEL: Final = (
    "(t.level = {level} AND t.n IN (:n{level}, ((h.size >> {bits}) - 1) >> {height}))"
)
_PLACES: Final = " OR ".join(
    _OF_LEVEL.format(level=level, bits=level * HEIGHT, height=HEIGHT) for level in range(_LEVELS)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPlace:
    """An entry and the leaf that stands for it, as both are stored.

    :param row: number of the entry's row.
    :param log_id: its ledger.
    :param lane: its lane.
    :param no: its number there.
    :param event_key: key of its event.
    :param body: its exact text.
    :param disc: disclosures of its erasable fields; None where there are none.
    :param ingested_at: when it was written, fixed-width UTC text.
    :param leaf: place of its leaf; None where it is not sealed.
    :param hash: hash that is stored for the leaf.
    """

    row: int
    log_id: str
    lane: int
    no: int
    event_key: str
    body: str
    disc: str | None
    ingested_at: str
    leaf: int | None
    hash: bytes | None


def by_row(connection: Connection, row: int) -> list[EntryPlace]:
    """Look an entry up by the number of its row.

    :param connection: any connection.
    :param row: the number.
    :return: the entry; nothing where there is none.
    """
    return _found(connection, _joined().where(tables.entry.c.id == row))


def by_place(connection: Connection, lane: int, no: int) -> list[EntryPlace]:
    """Look entries up by lane and number; several ledgers may have the same.

    :param connection: any connection.
    :param lane: the lane.
    :param no: the number there.
    """
    entry = tables.entry
    return _found(connection, _joined().where(entry.c.lane == lane, entry.c.no == no))


def of_lane(
    connection: Connection, log_id: str, lane: int, numbers: Iterable[int]
) -> dict[int, int]:
    """Answer the places of the leaves that stand for some entries of a lane.

    :param connection: any connection.
    :param log_id: the ledger.
    :param lane: the lane.
    :param numbers: numbers there, some hundreds at the most.
    :return: places by number; those that no leaf stands for are left out.
    """
    leaf = tables.leaf
    which = (leaf.c.log_id == log_id, leaf.c.lane == lane, leaf.c.no.in_(list(numbers)))
    return {row.no: row.idx for row in run(connection, select(leaf.c.no, leaf.c.idx).where(*which))}


def by_event(connection: Connection, event_id: str) -> list[EntryPlace]:
    """Look entries up by the id of their event in its source; several sources may have the same.

    The source is not known, so that every key is looked at.

    :param connection: any connection.
    :param event_id: the id.
    """
    ending = f"\t{event_id}"
    key = tables.entry.c.event_key
    query = _joined().where(func.substr(key, func.length(key) - len(ending) + 1) == ending)
    return _found(connection, query)


def by_key(connection: Connection, log_id: str, event_key: str) -> list[EntryPlace]:
    """Look an entry up by the key of its event.

    :param connection: any connection.
    :param log_id: the ledger.
    :param event_key: the key, see `knowledge.event_key`.
    """
    entry = tables.entry
    query = _joined().where(entry.c.log_id == log_id, entry.c.event_key == event_key)
    return _found(connection, query)


def of_case(connection: Connection, log_id: str, subject: str, most: int) -> list[EntryPlace]:
    """List the entries of a case: sealed ones in the order of their leaves, then the others.

    :param connection: any connection.
    :param log_id: the ledger.
    :param subject: the case.
    :param most: how many at the most.
    """
    entry, leaf = tables.entry, tables.leaf
    query = _joined().where(entry.c.log_id == log_id, entry.c.subject == subject)
    ordered = query.order_by(leaf.c.idx.is_(None), leaf.c.idx, entry.c.id).limit(most)
    return [EntryPlace(**row) for row in run(connection, ordered).mappings()]


def ledgers_of_case(connection: Connection, subject: str) -> list[str]:
    """List the ledgers that have entries of a case.

    :param connection: any connection.
    :param subject: the case.
    """
    agency, entry = tables.agency, tables.entry
    there = select(entry.c.id).where(entry.c.log_id == agency.c.log_id, entry.c.subject == subject)
    query = select(agency.c.log_id).where(there.exists()).order_by(agency.c.log_id)
    return list(run(connection, query).scalars())


def signed_head(
    connection: Connection, log_id: str, size: int | None = None
) -> tuple[str, str] | None:
    """Read the note of a head, and when it was published; None where there is none.

    :param connection: any connection.
    :param log_id: the ledger.
    :param size: size of the head; None for the largest that was published.
    """
    values: dict[str, object] = {"log_id": log_id}
    if size is not None:
        values["size"] = size
    template = _SIGNED.format(s="{s}", of_size="" if size is None else " AND size = :size")
    found = execute(connection, template, values).fetchone()
    return None if found is None else (found[0], found[1])


def signed_head_and_tiles(
    connection: Connection, log_id: str, size: int | None, index: int
) -> tuple[tuple[str, str] | None, dict[tuple[int, int], bytes]]:
    """Read a head as `signed_head` does, and with it what a proof under it is made from.

    One way to the server and back, for a person who waits for a receipt.

    :param connection: any connection.
    :param log_id: the ledger.
    :param size: size of the head; None for the largest that was published.
    :param index: place of the leaf to be proven.
    :return: the head; bytes of tiles by level and number, as far as they are there.
    """
    values: dict[str, object] = {"log_id": log_id}
    values |= {f"n{level}": index >> HEIGHT * (level + 1) for level in range(_LEVELS)}
    if size is not None:
        values["size"] = size
    of_size = "" if size is None else " AND size = :size"
    template = _WITH_TILES.format(s="{s}", of_size=of_size, places=_PLACES)
    found = read_short(connection, template, values)
    head = (str(found[0][0]), str(found[0][1])) if found else None
    return head, {(row[2], row[3]): row[4] for row in found if isinstance(row[4], bytes)}


def tiles(
    connection: Connection, log_id: str, places: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], bytes]:
    """Read several tiles at once; those that are not there are left out.

    :param connection: any connection.
    :param log_id: the ledger.
    :param places: level and number of each; a few.
    :return: bytes by level and number.
    """
    wanted = sorted(places)
    if not wanted:
        return {}
    values: dict[str, object] = {"log_id": log_id}
    for at, (level, n) in enumerate(wanted):
        values |= {f"l{at}": level, f"n{at}": n}
    which = " OR ".join(f"(level = :l{at} AND n = :n{at})" for at in range(len(wanted)))
    found = execute(connection, f"{_TILES} AND ({which})", values).fetchall()
    return {(level, n): bytes(data) for level, n, data in found}


def own_text(connection: Connection, log_id: str, idx: int) -> str | None:
    """Read a leaf of the ledger's own; None where there is none at this place.

    :param connection: any connection.
    :param log_id: the ledger.
    :param idx: place of the leaf.
    """
    leaf = tables.leaf
    query = select(leaf.c.meta).where(leaf.c.log_id == log_id, leaf.c.idx == idx)
    text: str | None = run(connection, query).scalar()
    return text


def _found(connection: Connection, query: Select[Any]) -> list[EntryPlace]:
    found = run(connection, query.order_by(tables.entry.c.id).limit(_MOST)).mappings()
    return [EntryPlace(**row) for row in found]


def _joined() -> Select[Any]:
    entry, leaf = tables.entry, tables.leaf
    is_of = and_(
        leaf.c.log_id == entry.c.log_id, leaf.c.lane == entry.c.lane, leaf.c.no == entry.c.no
    )
    names = ("log_id", "lane", "no", "event_key", "body", "disc", "ingested_at")
    columns = [entry.c[name] for name in names]
    return select(
        entry.c.id.label("row"), *columns, leaf.c.idx.label("leaf"), leaf.c.hash
    ).outerjoin(leaf, is_of)
