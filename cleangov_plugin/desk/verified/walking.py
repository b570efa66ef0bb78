"""Going through a ledger once: every leaf with its entry, then what no leaf stands for.

The root is worked out over the hashes that are stored for the leaves, and each of these is
compared with the body it stands for: so a change shows where it was made, and not all over.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.strict import HASH_BYTES
from cleangov_plugin.ledger.tiles import HEIGHT, WIDTH
from cleangov_plugin.ledger.tree import CompactRange
from cleangov_plugin.store import sealed_entries, tree
from cleangov_plugin.store.leaf_reader import LeafReader, Leaves
from cleangov_plugin.store.sealed_entries import EntryRow

from .alarms import Verified
from .checks import Check, Gone, Meta, Seen, moved
from .looking import Looked, hashes_of
from .reading import hash_of, said_by
from .sorting import Sorter, is_gapless
from .stretches import Looking
from .together import Together

#: Unsealed entries that are looked at together.
_SLICE: Final = 2_000


@dataclass(slots=True)
class Walked:
    """How far the walk came.

    :param leaves: leaves so far.
    :param grown: the tree over them.
    :param roots: its root at each size that was asked for.
    :param following: the place that the next leaf should have.
    :param is_sound: whether no leaf was missing so far, and tiles had what stood in the leaves.
    """

    leaves: int = 0
    grown: CompactRange = field(default_factory=lambda: CompactRange(kept_level=HEIGHT))
    roots: dict[int, bytes] = field(default_factory=dict)
    following: int = 0
    is_sound: bool = True

    def tile_roots(self) -> Sequence[bytes]:
        """Answer the roots of full tiles of leaves, from the first on; none where one is unsure."""
        return self.grown.kept if self.is_sound else ()


def walk(
    connection: Connection,
    log_id: str,
    checks: Sequence[Check],
    sizes: set[int],
    found: Verified,
    begun: Walked | None = None,
    behind: Callable[[], Iterable[EntryRow]] | None = None,
    looking: Looking | Together | None = None,
) -> Walked:
    """Go through leaves and entries, and have every check look at them.

    :param connection: a reading connection to which the database stands still.
    :param log_id: the ledger.
    :param checks: what looks.
    :param sizes: sizes of the tree at which its root is wanted.
    :param found: what was found; alarms are added.
    :param begun: what was verified before; it is gone on from there.
    :param behind: answers what no leaf stands for; the whole ledger is read where left out.
    :param looking: looks at leaves alone, as far as it can be done; None reads them only.
    :return: the tree as it was found.
    :raises CleanGovError: where the database does not stand still.
    """
    walked = begun or Walked()
    walked.following = walked.leaves
    wanted = sorted(size for size in sizes if size > walked.leaves)
    sorter = looking.sorter if looking else Sorter()
    reader = looking.reader if looking else LeafReader(connection, log_id)
    pieces = looking.all(walked.leaves) if looking else reader.all(walked.leaves)
    for piece in pieces:
        if isinstance(piece, Looked) and piece.first == walked.leaves == walked.following:
            _grow_looked(walked, piece, wanted)
            _have_looked(checks, piece.parts, found)
            continue
        rows = piece if isinstance(piece, Leaves) else _again(reader, piece)
        walked.is_sound &= _check_tiles(reader, rows, found)
        _grow(walked, rows, wanted, found)
        hashes = _check_leaves(rows, found)
        if checks:
            _have_looked(checks, _seen(sorter, rows, hashes, found), found)
    found.leaves = walked.leaves
    rest = iter(behind() if behind else sealed_entries.left_behind(connection, log_id))
    while slice_ := [_unsealed(row) for row in islice(rest, _SLICE)]:
        found.unsealed += len(slice_)
        _have_looked(checks, [slice_], found)
    return walked


def _again(reader: LeafReader, looked: Looked) -> Leaves:
    """Read leaves that were looked at before, where a gap came before them."""
    rows = reader.some(looked.first, looked.first + len(looked.hashes))
    if rows is None or rows.hash != tuple(looked.hashes):
        raise moved()
    return rows


def _have_looked(
    checks: Sequence[Check], parts: Sequence[Sequence[Seen | Gone | Meta]], found: Verified
) -> None:
    for check in checks:
        for part in parts:
            found.alarms.extend(check.look(part))


def _grow(walked: Walked, rows: Leaves, wanted: list[int], found: Verified) -> None:
    """Grow the tree, and take its root at each size that is wanted."""
    for idx in rows.idx if rows.idx[0] != walked.following or not is_gapless(rows.idx) else ():
        if idx != walked.following:
            walked.is_sound = False
            found.raise_alarm("leaf_gap", leaf=walked.following, next=idx)
        walked.following = idx + 1
    walked.following = rows.idx[-1] + 1
    _grow_by(walked, rows.hash, wanted)


def _grow_looked(walked: Walked, looked: Looked, wanted: list[int]) -> None:
    number = len(looked.hashes)
    walked.following += number
    if looked.root is None or (wanted and wanted[0] < walked.leaves + number):
        _grow_by(walked, looked.hashes, wanted)
        return
    walked.grown.append_full(HEIGHT, looked.root)
    walked.leaves += number
    if wanted and wanted[0] == walked.leaves:
        walked.roots[wanted.pop(0)] = walked.grown.root()


def _grow_by(walked: Walked, hashes: Sequence[bytes], wanted: list[int]) -> None:
    done = 0
    while wanted and wanted[0] <= walked.leaves + len(hashes):
        size = wanted.pop(0)
        walked.grown.extend(hashes[done : size - walked.leaves])
        done = size - walked.leaves
        walked.roots[size] = walked.grown.root()
    walked.grown.extend(hashes[done:])
    walked.leaves += len(hashes)


def _check_tiles(reader: LeafReader, rows: Leaves, found: Verified) -> bool:
    """Compare the hashes of leaves with those in the tiles that proofs are made from.

    :return: whether all were looked at together, and are the same.
    """
    begin, number = rows.idx[0], len(rows.idx)
    first, last = begin // WIDTH, rows.idx[-1] // WIDTH
    if rows.idx == tuple(range(begin, begin + number)):
        tiles = reader.tiles(begin, begin + number)
        place, joined = begin % WIDTH * HASH_BYTES, b"".join(rows.hash)
        is_full = all(len(tiles.get(n, b"")) == WIDTH * HASH_BYTES for n in range(first, last))
        there = b"".join(tiles.get(n, b"") for n in range(first, last + 1))
        if is_full and there[place : place + len(joined)] == joined:
            return True
    n, tile = -1, b""
    for idx, hash_, entry in zip(rows.idx, rows.hash, rows.row, strict=True):
        if idx // WIDTH != n:
            n = idx // WIDTH
            tile = tree.tile_data(reader.connection, reader.log_id, 0, n) or b""
        place = idx % WIDTH * HASH_BYTES
        if tile[place : place + HASH_BYTES] != hash_:
            found.raise_alarm("tile", entry=entry, leaf=idx)
    return False


def _check_leaves(rows: Leaves, found: Verified) -> list[bytes]:
    """Work out what each leaf should be from what it stands for, and name what was changed."""
    hashes = hashes_of(rows)
    if tuple(hashes) != rows.hash:
        for n, (hash_, sealed) in enumerate(zip(hashes, rows.hash, strict=True)):
            if hash_ in (sealed, b""):
                continue
            if rows.meta[n] is not None:
                found.raise_alarm("meta", leaf=rows.idx[n])
            else:
                found.raise_alarm("body", entry=rows.row[n], leaf=rows.idx[n])
    return hashes


def _seen(
    sorter: Sorter, rows: Leaves, hashes: Sequence[bytes], found: Verified
) -> list[Sequence[Seen | Gone | Meta]]:
    return sorter.parts(rows, hashes, found)


def _unsealed(row: EntryRow) -> Seen:
    return Seen(row, hash_of(row.body), None, None, said_by(row.body, is_sealed=False))
