"""Reading a ledger whole, leaf by leaf, each with its entry as it is stored."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Table

from cleangov_plugin.ledger.body_beside import BESIDE, Beside
from cleangov_plugin.ledger.body_derived import DERIVED, Derived
from cleangov_plugin.ledger.tiles import WIDTH

from . import tables
from .driver import execute
from .heirs import is_plain
from .run import is_sqlite
from .sealed_entries import BESIDES, REPEATED, EntryRow, bytes_of, entry_row
from .streaming import Rows, slices

#: Leaves that are looked at together: so few that all of them stay in a processor's cache, and as
#: many as a tile has.
SLICE: Final = WIDTH
#: Leaves that are asked for together.
STRETCH: Final = 2_048
#: Of a leaf, and of its entry behind them.
_OF_LEAF: Final = ("idx", "hash", "lane", "no", "meta")
_BODY_AT: Final = len(_OF_LEAF) + BESIDES.index("body")
#: The bytes of a body in UTF-8. What is no text in SQLite is no body: an entry without one.
_BODY: Final = {
    "sqlite": "CASE typeof(e.body) WHEN 'text' THEN CAST(e.body AS BLOB) ELSE X'' END",
    "postgresql": "COALESCE(convert_to(e.body, 'UTF8'), '')",
}
_LEAVES: Final = (
    "SELECT {columns} FROM {leaf_only}{{s}}cleangov_leaf l"
    " LEFT JOIN {entry_only}{{s}}cleangov_entry e"
    " ON e.log_id = l.log_id AND e.lane = l.lane AND e.no = l.no"
    " WHERE l.log_id = :log_id AND l.idx >= :first{until} ORDER BY l.idx"
)
_TILES: Final = (
    "SELECT n, data FROM {s}cleangov_tile"
    " WHERE log_id = :log_id AND level = 0 AND n BETWEEN :first AND :last"
)


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
    :param marks: what the rules said; those that follow are columns beside the bodies, too.
    :param fact_values: values of hits and unknowns.
    :param retention_class: why they are kept.
    :param retain_until: until when.
    :param part_no: parts, as the entries' columns say; those that follow are columns, too.
    :param event_key: keys of the events.
    :param stream: kinds of business.
    :param actor: pseudonyms of who acted.
    :param unit: their offices.
    :param attempt_id: attempts.
    :param supersedes: keys of what is corrected.
    :param origin: how the events came.
    :param log_id: ledgers.
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
    marks: tuple[int, ...]
    fact_values: tuple[str | None, ...]
    retention_class: tuple[str, ...]
    retain_until: tuple[str | None, ...]
    part_no: tuple[int, ...]
    event_key: tuple[str, ...]
    stream: tuple[str, ...]
    actor: tuple[str | None, ...]
    unit: tuple[str | None, ...]
    attempt_id: tuple[str | None, ...]
    supersedes: tuple[str | None, ...]
    origin: tuple[str, ...]
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

    def derived(self) -> Derived:
        """Answer the columns that are made of the bodies' attributes."""
        return Derived(*self[-len(REPEATED) - len(DERIVED) : -len(REPEATED)])

    def beside(self) -> Beside:
        """Answer the columns of which the bodies say what they may be."""
        return Beside(self.marks, self.fact_values, self.retention_class, self.retain_until)

    def entry(self, n: int) -> EntryRow | None:
        """Answer the entry of a leaf; None where it is not there.

        :param n: which, counted from 0.
        """
        if self.row[n] is None:
            return None
        return entry_row(tuple(column[n] for column in self[len(_OF_LEAF) :]))


class LeafReader:
    """Reads the leaves of a tree in order, each with its entry, many at a time.

    :param connection: a connection of our own, in a transaction.
    :param log_id: the ledger.
    """

    def __init__(self, connection: Connection, log_id: str) -> None:
        self.connection, self.log_id = connection, log_id
        self._held, self._tiles = range(0), dict[int, bytes]()
        self._is_utf8 = not is_sqlite(connection) or _is_utf8(connection)
        body = _BODY[connection.dialect.name] if self._is_utf8 else "e.body"
        of_entry = (
            body if name == "body" else f"e.{name}"
            for name in (*BESIDES, *BESIDE, *DERIVED, *REPEATED)
        )
        self._query = _LEAVES.format(
            columns=", ".join([*(f"l.{name}" for name in _OF_LEAF), *of_entry]),
            leaf_only=_only(connection, tables.leaf),
            entry_only=_only(connection, tables.entry),
            until="{until}",
        )

    def slices(self, first: int, until: int | None) -> Iterator[Leaves]:
        """Read leaves, a tile's at a time.

        :param first: the first place.
        :param until: the place behind the last one, not many thousand further on; None reads all.
        """
        values = {"log_id": self.log_id, "first": first}
        query = self._query.format(until="" if until is None else " AND l.idx < :until", s="{s}")
        if until is not None:
            values["until"] = until
        found = slices(
            self.connection, query, values, SLICE, begun=first % SLICE, is_short=until is not None
        )
        for rows in found:
            yield Leaves(*zip(*(rows if self._is_utf8 else _encoded(rows)), strict=True))

    def all(self, first: int) -> Iterator[Leaves]:
        """Read all leaves, a stretch of them after the other.

        :param first: the leaf to begin with.
        """
        is_full = True
        while is_full:
            until, number = stretch_end(first), 0
            for rows in self.slices(first, until):
                number += len(rows.idx)
                yield rows
            is_full, first = number == until - first, until
        yield from self.slices(first, None)  # behind a gap, they may be anywhere

    def some(self, first: int, until: int) -> Leaves | None:
        """Read a few leaves at once.

        :param first: the first place.
        :param until: the place behind the last one.
        :return: None where there are none.
        """
        found = [*self.slices(first, until)]
        columns: Iterator[Any] = (tuple(chain(*column)) for column in zip(*found, strict=True))
        return Leaves(*columns) if found else None

    def tiles(self, first: int, until: int) -> dict[int, bytes]:
        """Read the hashes of leaves as the tiles have them, with those of the whole stretch.

        :param first: the first place.
        :param until: the place behind the last one.
        :return: by number of the tile, others among them; those that are not there are left out.
        """
        begin, end = first // WIDTH, (until - 1) // WIDTH
        if begin not in self._held or end not in self._held:
            self._held = range(begin, max(end, (stretch_end(first) - 1) // WIDTH) + 1)
            last = self._held[-1]
            self._tiles = tiles_between(self.connection, self.log_id, begin, last)
        return self._tiles


def leaf_slices(connection: Connection, log_id: str, first: int = 0) -> Iterator[Leaves]:
    """Go through the leaves of a tree in order, each with its entry, many at a time.

    :param connection: a connection of our own, in a transaction.
    :param log_id: the ledger.
    :param first: the leaf to begin with.
    """
    return LeafReader(connection, log_id).all(first)


def stretch_end(first: int) -> int:
    """Answer where the stretch ends that is asked for together.

    :param first: where it begins.
    """
    return first - first % STRETCH + STRETCH


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
    return [(*row[:_BODY_AT], bytes_of(row[_BODY_AT]), *row[_BODY_AT + 1 :]) for row in rows]
