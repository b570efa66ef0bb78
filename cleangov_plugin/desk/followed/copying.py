"""A slice of a ledger is copied: every leaf is hashed anew, and all of them lead to the head.

Columns are made of the bodies. A body that fits no row (one that the log sealed although it is
none, or whose place is taken) is kept as its leaf's text, so that nothing that was signed is
missing; verifying the copy names it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import record_of
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.meta import MetaKind
from cleangov_plugin.ledger.strict import is_number
from cleangov_plugin.store import copying
from cleangov_plugin.store.copying import Copied
from cleangov_plugin.store.tree import Leaf

#: Largest number of a lane: the column has 32 bits.
_LARGEST_LANE: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Piece:
    """One leaf of a slice, read.

    :param hash: its hash.
    :param text: what was hashed; None where it was lost.
    :param entry: the entry it stands for; None where there is none.
    :param lost: leaves that it declares lost, the first and one past the last.
    """

    hash: bytes
    text: str | None = None
    entry: Copied | None = None
    lost: tuple[int, int] | None = None


def read_piece(log_id: str, idx: int, data: bytes) -> Piece:
    """Read what was hashed for a leaf.

    :param log_id: the ledger.
    :param idx: place of the leaf.
    :param data: its bytes; hostile, but for their hash.
    :return: what it is.
    :raises ValueError: where it is no text that a database could hold.
    """
    hash_, text = leaf_hash(data), data.decode("utf-8")
    if "\x00" in text:
        raise ValueError("a text of a database holds no zero character")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return Piece(hash_, text)
    if isinstance(document, dict) and "meta" in document and "kind" not in document:
        return Piece(hash_, text, lost=_declared(document, idx))
    return Piece(hash_, text, _entry(log_id, document, text, hash_))


def put_entries(
    connection: Connection, log_id: str, pieces: Sequence[Piece], now: datetime
) -> list[Leaf]:
    """Write the entries of a slice, and answer its leaves.

    :param connection: a writing connection.
    :param log_id: the ledger.
    :param pieces: the slice.
    :param now: the present time, aware.
    """
    entries = [piece.entry for piece in pieces if piece.entry is not None]
    keys = copying.taken_keys(connection, log_id, [copying.key_of(e.record) for e in entries])
    places = copying.taken_places(connection, log_id, [(e.lane, e.no) for e in entries])
    kept, leaves = [], []
    for piece in pieces:
        entry = piece.entry
        if entry is not None:
            key, place = copying.key_of(entry.record), (entry.lane, entry.no)
            if key not in keys and place not in places:
                keys.add(key)
                places.add(place)
                kept.append(entry)
                leaves.append(Leaf(piece.hash, entry.lane, entry.no))
                continue
        leaves.append(Leaf(piece.hash, meta=piece.text))
    copying.add_entries(connection, log_id, kept, now)
    return leaves


def undeclared(first: int, pieces: Sequence[Piece]) -> int | None:
    """Look for a leaf of a slice that has nothing behind it and is not declared lost by it.

    :param first: place of the first leaf of the slice.
    :param pieces: the slice; a declaration stands at its end.
    :return: place of the leaf; None where there is none.
    """
    lost = pieces[-1].lost
    for n, piece in enumerate(pieces):
        if piece.text is None and (lost is None or not lost[0] <= first + n < lost[1]):
            return first + n
    return None


def _entry(log_id: str, document: Any, text: str, hash_: bytes) -> Copied | None:
    """Read an entry; None where it fits no row."""
    try:
        record = record_of(document)
        lane, no = document["lane"], document["no"]
        key = copying.key_of(record)[0]
    except (ProfileError, KeyError, TypeError, OverflowError):
        return None
    is_placed = is_number(no) and is_number(lane) and lane <= _LARGEST_LANE
    if record.log_id != log_id or not is_placed or not all(_texts(record, key)):
        return None
    return Copied(lane, no, record, text, hash_)


def _texts(record: Record, key: str) -> Iterator[bool]:
    """Answer for each text of a row whether a database can hold it."""
    yield from map(_is_text, (record.source, record.event_id, record.kind, record.case_id, key))
    for value in (record.actor, record.unit, record.attempt_id, record.supersedes):
        yield value is None or _is_text(value)


def _is_text(value: object) -> bool:
    if not isinstance(value, str) or "\x00" in value:
        return False
    return value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value)


def _declared(document: dict[str, Any], idx: int) -> tuple[int, int] | None:
    """Read which leaves a leaf declares lost: those right before it."""
    first, end = document.get("first"), document.get("end")
    if document["meta"] != MetaKind.INCARNATION or not isinstance(first, int) or end != idx:
        return None
    return (first, idx) if 0 <= first < idx else None
