"""Verifying: is what was sealed still what it was, and is anything missing before it is sealed?

Everything is worked out anew from the bodies: stored hashes, heads and columns are what is
checked, never what is believed. What cannot be checked is said to be so.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import CleanGovError
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


class Detector(StrEnum):
    """What found it."""

    LEAF = "LEAF"
    ROOT = "ROOT"
    SIGNATURE = "SIG"
    OUTSIDE = "ANCH"
    LANE = "STRM"
    COLUMN = "COL"
    DELAY = "MMD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that is not as it was.

    :param detector: what found it.
    :param what: what is wrong, one sentence.
    :param entry: number of the entry's row; None where it is not one entry, or the row is gone.
    :param leaf: number of the leaf; None where there is none.
    """

    detector: Detector
    what: str
    entry: int | None = None
    leaf: int | None = None


@dataclass(slots=True, kw_only=True)
class Verified:
    """What was looked at, and what was found.

    :param leaves: leaves that were worked out anew.
    :param unsealed: entries that no leaf stands for.
    :param alarms: what is wrong.
    :param unchecked: what could not be checked, and why.
    """

    leaves: int = 0
    unsealed: int = 0
    alarms: list[Alarm] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)


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
        found.unchecked.append("signatures: the key of the log is not here")
    return found


def _known(outside: Outside, key: VerifierKey | None, found: Verified) -> TreeHead | None:
    """Read the head outside."""
    note = outside.head()
    if note is None:
        found.unchecked.append(f"the head outside: there is none in {outside.own}")
        return None
    if key is None:
        return None
    try:
        return read_tree_head(open_note(note, [key]).text)
    except Refused as problem:
        found.alarms.append(Alarm(detector=Detector.SIGNATURE, what=f"the head outside: {problem}"))
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
    tile, newest = b"", ""
    for leaf in sealed_entries.leaves_with_entries(connection, log_id):
        if leaf.idx % WIDTH == 0:
            tile = tree.tile_data(connection, log_id, 0, leaf.idx // WIDTH) or b""
        place = leaf.idx % WIDTH * HASH_BYTES
        if tile[place : place + HASH_BYTES] != leaf.hash:
            what = f"leaf {leaf.idx} has another hash than its tile."
            row = leaf.entry.row if leaf.entry else None
            found.alarms.append(Alarm(detector=Detector.ROOT, what=what, entry=row, leaf=leaf.idx))
        if leaf.idx != found.leaves:
            what = f"leaf {found.leaves} is not there; leaf {leaf.idx} follows."
            found.alarms.append(Alarm(detector=Detector.ROOT, what=what, leaf=found.leaves))
        waiting.append(leaf.hash)
        found.leaves += 1
        if leaf.entry is None:
            what = f"the entry of leaf {leaf.idx} is gone: lane {leaf.lane}, no {leaf.no}."
            found.alarms.append(Alarm(detector=Detector.LEAF, what=what, leaf=leaf.idx))
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
            what = f"entry {row.row} is in no leaf, and later ones are."
            found.alarms.append(Alarm(detector=Detector.DELAY, what=what, entry=row.row))


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
        what = f"the body of entry {row.row} is not what was sealed as leaf {leaf}."
        yield Alarm(detector=Detector.LEAF, what=what, entry=row.row, leaf=leaf)
    try:
        body = json.loads(row.body)
        repeated = {name: body[key] for name, key in _REPEATED.items()}
        previous = str(body["prev"])
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        what = f"entry {row.row} is no body ({type(problem).__name__})."
        yield Alarm(detector=Detector.COLUMN, what=what, entry=row.row, leaf=leaf)
        return
    wrong = sorted(name for name, value in repeated.items() if row.columns[name] != value)
    if wrong:
        what = f"columns of entry {row.row} are not what its body says: {', '.join(wrong)}."
        yield Alarm(detector=Detector.COLUMN, what=what, entry=row.row, leaf=leaf)
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
            what = f"lane {lane} goes from no {last} to no {no}: entries are missing or were added."
            yield Alarm(detector=Detector.LANE, what=what, entry=row.row, leaf=leaf)
        elif previous != before.hex():
            what = f"entry {row.row} names another entry before it than lane {lane} has."
            yield Alarm(detector=Detector.LANE, what=what, entry=row.row, leaf=leaf)
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
        what = f"a head has {head.size} leaves, and there are {found.leaves}."
        found.alarms.append(Alarm(detector=Detector.ROOT, what=what))
    elif root != head.root:
        what = f"the first {head.size} leaves have another root than their head says."
        found.alarms.append(Alarm(detector=Detector.ROOT, what=what))
    if head.note is None or key is None:
        return
    try:
        signed = read_tree_head(open_note(head.note.encode(), [key]).text)
    except CleanGovError as problem:
        what = f"the note of head {head.size}: {problem}"
        found.alarms.append(Alarm(detector=Detector.SIGNATURE, what=what))
        return
    if (signed.size, signed.root) != (head.size, head.root):
        what = f"the note of head {head.size} is of another head."
        found.alarms.append(Alarm(detector=Detector.SIGNATURE, what=what))


def _check_outside(known: TreeHead | None, roots: dict[int, bytes], found: Verified) -> None:
    if known is None or known.size == 0:
        return
    root = roots.get(known.size)
    if root is None:
        what = f"the head outside has {known.size} leaves, the database {found.leaves}."
        found.alarms.append(Alarm(detector=Detector.OUTSIDE, what=what))
    elif root != known.root:
        what = f"the first {known.size} leaves are not those of the head outside."
        found.alarms.append(Alarm(detector=Detector.OUTSIDE, what=what))
