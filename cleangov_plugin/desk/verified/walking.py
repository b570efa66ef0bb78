"""Going through a ledger once: every leaf with its entry, then what no leaf stands for.

The root is worked out over the hashes that are stored for the leaves, and each of these is
compared with the body it stands for: so a change shows where it was made, and not all over.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.terms import FIELDS_ERASED, IDENTITY_ERASED
from cleangov_plugin.ledger.body_head import body_head
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.meta import decode_meta
from cleangov_plugin.ledger.strict import HASH_BYTES
from cleangov_plugin.ledger.tiles import WIDTH
from cleangov_plugin.ledger.tree import CompactRange
from cleangov_plugin.store import sealed_entries, tree
from cleangov_plugin.store.sealed_entries import EntryRow, LeafRow

from .alarms import Verified
from .checks import Check, Gone, Meta, Seen
from .columns import of_body

#: Kinds whose attributes are asked, too.
_WHOLE: Final = frozenset({FIELDS_ERASED, IDENTITY_ERASED})
#: Unsealed entries that are looked at together.
_SLICE: Final = 2_000


@dataclass(slots=True)
class Walked:
    """How far the walk came.

    :param leaves: leaves so far.
    :param grown: the tree over them.
    :param roots: its root at each size that was asked for.
    """

    leaves: int = 0
    grown: CompactRange = field(default_factory=CompactRange)
    roots: dict[int, bytes] = field(default_factory=dict)


def walk(
    connection: Connection,
    log_id: str,
    checks: Sequence[Check],
    sizes: set[int],
    found: Verified,
    begun: Walked | None = None,
    behind: Callable[[], Iterable[EntryRow]] | None = None,
) -> Walked:
    """Go through leaves and entries, and have every check look at them.

    :param connection: a reading connection to which the database stands still.
    :param log_id: the ledger.
    :param checks: what looks.
    :param sizes: sizes of the tree at which its root is wanted.
    :param found: what was found; alarms are added.
    :param begun: what was verified before; it is gone on from there.
    :param behind: answers what no leaf stands for; the whole ledger is read where left out.
    :return: the tree as it was found.
    """
    walked = begun or Walked()
    wanted = sorted(size for size in sizes if size > walked.leaves)
    for rows in sealed_entries.leaf_slices(connection, log_id, walked.leaves):
        _check_tiles(connection, log_id, rows, found)
        _grow(walked, rows, wanted, found)
        hashes = _check_leaves(rows, found)
        if checks:
            pairs = zip(rows, hashes, strict=True)
            _have_looked(checks, [_seen(row, hash_, found) for row, hash_ in pairs], found)
    found.leaves = walked.leaves
    rest = iter(behind() if behind else sealed_entries.left_behind(connection, log_id))
    while slice_ := [_unsealed(row) for row in islice(rest, _SLICE)]:
        found.unsealed += len(slice_)
        _have_looked(checks, slice_, found)
    return walked


def _have_looked(
    checks: Sequence[Check], slice_: Sequence[Seen | Gone | Meta | None], found: Verified
) -> None:
    seen = [each for each in slice_ if each is not None]
    for check in checks:
        found.alarms.extend(check.look(seen))


def _grow(walked: Walked, rows: Sequence[LeafRow], wanted: list[int], found: Verified) -> None:
    """Grow the tree, and take its root at each size that is wanted."""
    following = rows[0].idx if walked.leaves == 0 and rows[0].idx == 0 else walked.leaves
    for row in rows:
        if row.idx != following:
            found.raise_alarm("leaf_gap", leaf=following, next=row.idx)
        following = row.idx + 1
    hashes = [row.hash for row in rows]
    done = 0
    while wanted and wanted[0] <= walked.leaves + len(rows):
        size = wanted.pop(0)
        walked.grown.extend(hashes[done : size - walked.leaves])
        done = size - walked.leaves
        walked.roots[size] = walked.grown.root()
    walked.grown.extend(hashes[done:])
    walked.leaves += len(rows)


def _check_tiles(
    connection: Connection, log_id: str, rows: Sequence[LeafRow], found: Verified
) -> None:
    """Compare the hashes of leaves with those in the tiles that proofs are made from."""
    for n, group in _by_tile(rows):
        tile = tree.tile_data(connection, log_id, 0, n) or b""
        place = group[0].idx % WIDTH * HASH_BYTES
        if tile[place : place + len(group) * HASH_BYTES] == b"".join(row.hash for row in group):
            continue
        for row in group:
            place = row.idx % WIDTH * HASH_BYTES
            if tile[place : place + HASH_BYTES] != row.hash:
                entry = row.entry.row if row.entry else None
                found.raise_alarm("tile", entry=entry, leaf=row.idx)


def _by_tile(rows: Sequence[LeafRow]) -> Iterator[tuple[int, list[LeafRow]]]:
    at = 0
    while at < len(rows):
        n, group = rows[at].idx // WIDTH, []
        while at < len(rows) and rows[at].idx // WIDTH == n:
            group.append(rows[at])
            at += 1
        yield n, group


def _check_leaves(rows: Sequence[LeafRow], found: Verified) -> list[bytes]:
    """Work out what each leaf should be from what it stands for, and name what was changed."""
    hashes = []
    for row in rows:
        text = row.meta if row.meta is not None else row.entry.body if row.entry else None
        hash_ = b"" if text is None else _hash(text)
        hashes.append(hash_)
        if hash_ == row.hash or text is None:
            continue
        if row.meta is not None:
            found.raise_alarm("meta", leaf=row.idx)
        elif row.entry is not None:
            found.raise_alarm("body", entry=row.entry.row, leaf=row.idx)
    return hashes


def _hash(text: str) -> bytes:
    # As `leaf_hash`; a million bodies come through here.
    return sha256(b"\x00" + text.encode("utf-8", "surrogateescape")).digest()


def _seen(row: LeafRow, hash_: bytes, found: Verified) -> Seen | Gone | Meta | None:
    if row.entry is not None and row.meta is None:
        body = _body(row.entry.body, is_sealed=hash_ == row.hash)
        return Seen(row.entry, hash_, row.hash, row.idx, body)
    if row.meta is None:
        return Gone(row.idx, row.lane, row.no, row.hash)
    try:
        return Meta(row.idx, decode_meta(row.meta))
    except ProfileError as problem:
        found.raise_alarm("meta_unread", leaf=row.idx, why=problem.where)
        return None


def _unsealed(row: EntryRow) -> Seen:
    return Seen(row, _hash(row.body), None, None, _body(row.body, is_sealed=False))


def _body(text: str, *, is_sealed: bool) -> Mapping[str, Any] | None:
    """Read what is asked of a body; None where it has not what every body has."""
    head = body_head(text) if is_sealed else None
    if head is not None and head["kind"] not in _WHOLE:
        return head
    try:
        document = json.loads(text)
        of_body(document)
        is_whole = isinstance(document["prev"], str)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return document if is_whole else None
