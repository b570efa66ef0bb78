"""Verifying: is what was sealed still what it was, and is anything missing before it is sealed?

Everything is worked out anew from the bodies: stored hashes, heads and columns are what is
checked, never what is believed. What cannot be checked is said to be so.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.ledger.leaf import NO_PREDECESSOR, leaf_hash
from cleangov_plugin.ledger.note import open_note
from cleangov_plugin.ledger.note_key import VerifierKey
from cleangov_plugin.ledger.strict import HASH_BYTES, Refused
from cleangov_plugin.ledger.tiles import WIDTH
from cleangov_plugin.ledger.tree import CompactRange
from cleangov_plugin.ledger.tree_head import TreeHead, read_tree_head
from cleangov_plugin.store import sealed_entries, tree
from cleangov_plugin.store.sealed_entries import EntryRow
from cleangov_plugin.store.tree import TreeHeadRow

from .alarms import Alarm, Unchecked, Verified, alarm
from .outside import Outside

#: The longest that a transaction may last between writing an entry and its commit.
_LONGEST_DELAY: Final = timedelta(seconds=60)
#: Columns that repeat the body, by their key there.
_REPEATED: Final = {
    "log_id": "log_id",
    "kind": "kind",
    "subject": "subject",
    "lane": "lane",
    "no": "no",
    "occurred_at": "at",
    "recorded_at": "recorded",
}


def verify(connection: Connection, outside: Outside, key: VerifierKey | None) -> Verified:
    """Verify a ledger whole.

    :param connection: a reading connection to which the database stands still.
    :param outside: where head and tiles are kept.
    :param key: the key of the log, from somewhere else than the database; None checks no signature.
    :return: what was found.
    """
    found = Verified()
    stored = tree.heads(connection, outside.log_id)
    known = _known(outside, key, found)
    roots = _walk(connection, outside.log_id, found, {head.size for head in stored}, known)
    for head in stored:
        _check_head(head, roots.get(head.size), key, found)
    _check_outside(known, roots, found)
    if key is None:
        found.unchecked.append(Unchecked(code="no_key"))
    return found


def _known(outside: Outside, key: VerifierKey | None, found: Verified) -> TreeHead | None:
    """Read the head outside."""
    note = outside.head()
    if note is None:
        found.unchecked.append(Unchecked(code="no_head", values={"place": str(outside.own)}))
        return None
    if key is None:
        return None
    try:
        return read_tree_head(open_note(note, [key]).text)
    except Refused as problem:
        found.raise_alarm("outside_note", why=problem.rule)
        return None


def _walk(
    connection: Connection,
    log_id: str,
    found: Verified,
    sizes: set[int],
    known: TreeHead | None,
) -> dict[int, bytes]:
    """Go through leaves and entries; answer the root at each size that is asked for."""
    wanted = sizes | ({known.size} if known else set())
    grown, roots, lanes = CompactRange(), {}, _Lanes(log_id)
    waiting: list[bytes] = []
    tile, newest, following = b"", "", 0
    for leaf in sealed_entries.leaves_with_entries(connection, log_id):
        if leaf.idx % WIDTH == 0:
            tile = tree.tile_data(connection, log_id, 0, leaf.idx // WIDTH) or b""
        place = leaf.idx % WIDTH * HASH_BYTES
        if tile[place : place + HASH_BYTES] != leaf.hash:
            row = leaf.entry.row if leaf.entry else None
            found.raise_alarm("tile", entry=row, leaf=leaf.idx)
        if leaf.idx != following:
            found.raise_alarm("leaf_gap", leaf=following, next=leaf.idx)
        following = leaf.idx + 1
        waiting.append(leaf.hash)
        found.leaves += 1
        if leaf.entry is None:
            found.raise_alarm("entry_gone", leaf=leaf.idx, lane=leaf.lane, no=leaf.no)
            lanes.lost(leaf.lane, leaf.no, leaf.hash)
        else:
            found.alarms.extend(_of_entry(leaf.entry, lanes, leaf.idx, leaf.hash))
            if _moment(leaf.entry.ingested_at) is not None:
                newest = max(newest, leaf.entry.ingested_at)
        if found.leaves in wanted or len(waiting) == 4096:  # as many at a time
            grown.extend(waiting)
            waiting.clear()
            roots[found.leaves] = grown.root()
    _unsealed(connection, log_id, found, lanes, newest)
    return roots


def _unsealed(
    connection: Connection, log_id: str, found: Verified, lanes: "_Lanes", newest: str
) -> None:
    """Go through what no leaf stands for: lanes go on, and nothing may be left behind.

    :param newest: when the newest entry that is sealed was written, by the host's own clock.
    """
    last = _moment(newest)
    for row in sealed_entries.left_behind(connection, log_id):
        found.unsealed += 1
        found.alarms.extend(_of_entry(row, lanes, None, None))
        written = _moment(row.ingested_at)
        if last is not None and (written is None or written + _LONGEST_DELAY < last):
            found.raise_alarm("left_behind", entry=row.row)


def _moment(text: str) -> datetime | None:
    """Read when an entry was written; None where somebody wrote something else there."""
    try:
        found = instant(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _of_entry(
    row: EntryRow, lanes: "_Lanes", leaf: int | None, stored: bytes | None
) -> Iterator[Alarm]:
    """Check one entry: its leaf, its place in its lane, and what its columns repeat."""
    hash_ = leaf_hash(row.body.encode("utf-8", "surrogateescape"))
    if stored is not None and hash_ != stored:
        yield alarm("body", entry=row.row, leaf=leaf)
    try:
        body = json.loads(row.body)
        repeated = {name: body[key] for name, key in _REPEATED.items()}
        previous = str(body["prev"])
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        yield alarm("no_body", entry=row.row, leaf=leaf, why=type(problem).__name__)
        return
    wrong = sorted(name for name, value in repeated.items() if row.columns[name] != value)
    if wrong:
        yield alarm("columns", entry=row.row, leaf=leaf, names=", ".join(wrong))
    yield from lanes.follow(row, previous, stored or hash_, leaf)


class _Lanes:
    """Follows every lane: numbers without a gap, each entry naming the one before it."""

    def __init__(self, log_id: str) -> None:
        self._log_id = log_id
        self._heads: dict[int, tuple[int, bytes]] = {}

    def follow(
        self, row: EntryRow, previous: str, hash_: bytes, leaf: int | None
    ) -> Iterator[Alarm]:
        """Go on to an entry.

        :param row: the entry.
        :param previous: what it names as the entry before it, hexadecimal.
        :param hash_: its own hash, as it was sealed.
        :param leaf: number of its leaf.
        """
        lane, no = int(row.columns["lane"]), int(row.columns["no"])
        last, before = self._heads.get(lane, (0, NO_PREDECESSOR))
        if no != last + 1:
            yield alarm("lane_gap", entry=row.row, leaf=leaf, lane=lane, last=last, no=no)
        elif previous != before.hex():
            yield alarm("lane_order", entry=row.row, leaf=leaf, lane=lane)
        self._heads[lane] = (no, hash_)

    def lost(self, lane: int | None, no: int | None, hash_: bytes) -> None:
        """Go on past an entry of which only the leaf is left.

        :param lane: its lane.
        :param no: its number.
        :param hash_: its hash.
        """
        if lane is not None and no is not None:
            self._heads[lane] = (no, hash_)


def _check_head(
    head: TreeHeadRow, root: bytes | None, key: VerifierKey | None, found: Verified
) -> None:
    if root is None:
        found.raise_alarm("head_size", size=head.size, leaves=found.leaves)
    elif root != head.root:
        found.raise_alarm("head_root", size=head.size)
    if head.note is None or key is None:
        return
    try:
        signed = read_tree_head(open_note(head.note.encode(), [key]).text)
    except Refused as problem:
        found.raise_alarm("note", size=head.size, why=problem.rule)
        return
    if (signed.size, signed.root) != (head.size, head.root):
        found.raise_alarm("note_of_another", size=head.size)


def _check_outside(known: TreeHead | None, roots: dict[int, bytes], found: Verified) -> None:
    if known is None or known.size == 0:
        return
    root = roots.get(known.size)
    if root is None:
        found.raise_alarm("outside_size", size=known.size, leaves=found.leaves)
    elif root != known.root:
        found.raise_alarm("outside_root", size=known.size)
