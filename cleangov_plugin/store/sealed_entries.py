"""Reading a ledger whole, leaf by leaf, each with its entry as it is stored."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Connection, and_, select, true

from cleangov_plugin.ledger.body_beside import BESIDE, Beside
from cleangov_plugin.ledger.body_derived import DERIVED, Derived

from . import tables
from .heirs import own_rows
from .run import run

#: Columns of an entry that repeat its body.
REPEATED: Final = ("log_id", "kind", "subject", "lane", "no", "occurred_at", "recorded_at")
#: Columns besides, in the order of `EntryRow`; behind them stand `BESIDE`, `DERIVED`, `REPEATED`.
BESIDES: Final = ("id", "body", "ingested_at", "disc", "mac")


class EntryRow(NamedTuple):
    """An entry as it is stored.

    :param row: number of its row.
    :param body: its text in UTF-8.
    :param ingested_at: when it was written, fixed-width UTC text.
    :param disc: disclosures of its erasable fields; None where there is none.
    :param mac: its code; None where it has none.
    :param lane: its lane, as the column says.
    :param no: its number there, as the column says.
    :param beside: the columns of which the body says what they may be.
    :param derived: the columns that are made of the body's attributes.
    :param repeated: the columns that repeat what the body says, in the order of `REPEATED`.
    """

    row: int
    body: bytes
    ingested_at: str
    disc: str | None
    mac: bytes | None
    lane: int
    no: int
    beside: Beside
    derived: Derived
    repeated: tuple[Any, ...]


def bytes_of(text: Any) -> bytes:
    """Answer the bytes of a body; what is no text is none.

    :param text: what stands in its column; hostile.
    """
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else b""


def _entry_columns() -> list[Column[Any]]:
    return [tables.entry.c[name] for name in (*BESIDES, *BESIDE, *DERIVED, *REPEATED)]


def entry_row(row: tuple[Any, ...]) -> EntryRow:
    """Make an entry; what is no text and no bytes any more is one that nobody would write.

    :param row: its columns: `BESIDES`, `BESIDE`, `DERIVED`, then `REPEATED`; hostile.
    """
    id_, body, ingested_at, disc, mac, *columns = row
    beside, columns = Beside(*columns[: len(BESIDE)]), columns[len(BESIDE) :]
    derived, repeated = Derived(*columns[: len(DERIVED)]), tuple(columns[len(DERIVED) :])
    ingested_at = ingested_at if isinstance(ingested_at, str) else ""
    disc = disc if disc is None or isinstance(disc, str) else "?"
    mac = mac if mac is None or isinstance(mac, bytes) else b""
    told = (id_, body, ingested_at, disc, mac, repeated[3], repeated[4])
    return EntryRow(*told, beside, derived, repeated)


def _unsealed(row: tuple[Any, ...]) -> EntryRow:
    id_, body, *rest = row
    return entry_row((id_, bytes_of(body), *rest))


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
        yield _unsealed(tuple(row))


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
            yield _unsealed(tuple(row))
