"""Reading a ledger whole, leaf by leaf, each with its entry as it is stored."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Connection, Table, and_, select, true

from . import tables
from .driver import execute
from .heirs import is_plain, own_rows
from .run import is_sqlite, run
from .streaming import Rows, slices

#: Columns of an entry that repeat its body.
REPEATED: Final = ("log_id", "kind", "subject", "lane", "no", "occurred_at", "recorded_at")
#: Columns besides, in the order of `EntryRow`.
_BESIDES: Final = ("id", "body", "ingested_at", "disc", "mac")
#: Rows that are read at once.
_SLICE: Final = 2_000
#: Of a leaf, and of its entry behind them.
_OF_LEAF: Final = ("idx", "hash", "lane", "no", "meta")
_BODY_AT: Final = len(_OF_LEAF) + _BESIDES.index("body")
#: The bytes of a body in UTF-8. What is no text in SQLite is no body: an entry without one.
_BODY: Final = {
    "sqlite": "CASE typeof(e.body) WHEN 'text' THEN CAST(e.body AS BLOB) ELSE X'' END",
    "postgresql": "COALESCE(convert_to(e.body, 'UTF8'), '')",
}
_TILES: Final = (
    "SELECT n, data FROM {s}cleangov_tile"
    " WHERE log_id = :log_id AND level = 0 AND n BETWEEN :first AND :last"
)
_LEAVES: Final = (
    "SELECT {columns} FROM {leaf_only}{{s}}cleangov_leaf l"
    " LEFT JOIN {entry_only}{{s}}cleangov_entry e"
    " ON e.log_id = l.log_id AND e.lane = l.lane AND e.no = l.no"
    " WHERE l.log_id = :log_id AND l.idx >= :first ORDER BY l.idx"
)


class EntryRow(NamedTuple):
    """An entry as it is stored.

    :param row: number of its row.
    :param body: its text in UTF-8.
    :param ingested_at: when it was written, fixed-width UTC text.
    :param disc: disclosures of its erasable fields; None where there is none.
    :param mac: its code; None where it has none.
    :param lane: its lane, as the column says.
    :param no: its number there, as the column says.
    :param repeated: the columns that repeat what the body says, in the order of `REPEATED`.
    """

    row: int
    body: bytes
    ingested_at: str
    disc: str | None
    mac: bytes | None
    lane: int
    no: int
    repeated: tuple[Any, ...]


class Leaves(NamedTuple):
    """Leaves in order, each with the entry it stands for, as both are stored: column by column.

    :param idx: places of the leaves in the tree, from 0.
    :param hash: hashes that are stored for them.
    :param lane: lanes of their entries.
    :param no: the entries' numbers there.
    :param meta: texts of leaves of the ledger's own.
    :param row: numbers of the entries' rows; None where the entry is not there.
    :param body: texts in UTF-8.
    :param ingested_at: when they were written.
    :param disc: disclosures of their erasable fields.
    :param mac: their codes.
    :param log_id: ledgers, as the entries' columns say; those that follow are columns, too.
    :param kind: kinds.
    :param subject: cases.
    :param of_lane: lanes.
    :param of_no: numbers there.
    :param occurred_at: when it happened.
    :param recorded_at: when the host recorded it.
    """

    idx: tuple[int, ...]
    hash: tuple[bytes, ...]
    lane: tuple[int | None, ...]
    no: tuple[int | None, ...]
    meta: tuple[str | None, ...]
    row: tuple[int | None, ...]
    body: tuple[bytes, ...]
    ingested_at: tuple[str, ...]
    disc: tuple[str | None, ...]
    mac: tuple[bytes | None, ...]
    log_id: tuple[str, ...]
    kind: tuple[str, ...]
    subject: tuple[str, ...]
    of_lane: tuple[int, ...]
    of_no: tuple[int, ...]
    occurred_at: tuple[str, ...]
    recorded_at: tuple[str, ...]

    def part(self, begin: int, end: int) -> "Leaves":
        """Answer some of them.

        :param begin: the first, counted from 0.
        :param end: the one behind the last.
        """
        columns: Iterator[Any] = (column[begin:end] for column in self)
        return Leaves(*columns)

    def repeated(self) -> tuple[tuple[Any, ...], ...]:
        """Answer the columns that repeat what bodies say, in the order of `REPEATED`."""
        return self[-len(REPEATED) :]

    def entry(self, n: int) -> EntryRow | None:
        """Answer the entry of a leaf; None where it is not there.

        :param n: which, counted from 0.
        """
        if self.row[n] is None:
            return None
        return _entry_row(tuple(column[n] for column in self[len(_OF_LEAF) :]))


def leaf_slices(connection: Connection, log_id: str, first: int = 0) -> Iterator[Leaves]:
    """Go through the leaves of a tree in order, each with its entry, many at a time.

    :param connection: a connection of our own, in a transaction.
    :param log_id: the ledger.
    :param first: the leaf to begin with.
    """
    is_utf8 = not is_sqlite(connection) or _is_utf8(connection)
    body = _BODY[connection.dialect.name] if is_utf8 else "e.body"
    of_entry = (body if name == "body" else f"e.{name}" for name in (*_BESIDES, *REPEATED))
    columns = ", ".join([*(f"l.{name}" for name in _OF_LEAF), *of_entry])
    query = _LEAVES.format(
        columns=columns,
        leaf_only=_only(connection, tables.leaf),
        entry_only=_only(connection, tables.entry),
    )
    for rows in slices(connection, query, {"log_id": log_id, "first": first}, _SLICE):
        yield Leaves(*zip(*(rows if is_utf8 else _encoded(rows)), strict=True))


def tiles_between(connection: Connection, log_id: str, first: int, last: int) -> dict[int, bytes]:
    """Read the hashes of some tiles of leaves.

    :param connection: a connection of our own.
    :param log_id: the ledger.
    :param first: number of the first tile.
    :param last: number of the last one.
    :return: by number; those that are not there are left out.
    """
    values = {"log_id": log_id, "first": first, "last": last}
    return dict(map(tuple, execute(connection, _TILES, values).fetchall()))


def _only(connection: Connection, table: Table) -> str:
    return "ONLY " if is_plain(connection, table) else ""


def _is_utf8(connection: Connection) -> bool:
    """Answer whether an SQLite file keeps its texts in UTF-8."""
    return str(connection.exec_driver_sql("PRAGMA encoding").scalar()) == "UTF-8"


def _encoded(rows: Rows) -> Rows:
    return [(*row[:_BODY_AT], _bytes_of(row[_BODY_AT]), *row[_BODY_AT + 1 :]) for row in rows]


def _bytes_of(text: Any) -> bytes:
    """Answer the bytes of a body; what is no text is none."""
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else b""


def _entry_columns() -> list[Column[Any]]:
    return [tables.entry.c[name] for name in (*_BESIDES, *REPEATED)]


def _entry_row(row: tuple[Any, ...]) -> EntryRow:
    id_, body, ingested_at, disc, mac, *columns = row
    repeated = tuple(columns)
    return EntryRow(id_, body, ingested_at, disc, mac, repeated[3], repeated[4], repeated)


def _unsealed(row: tuple[Any, ...]) -> EntryRow:
    id_, body, *rest = row
    return _entry_row((id_, _bytes_of(body), *rest))


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
