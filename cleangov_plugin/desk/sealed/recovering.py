"""Recovery: a database that was put back goes on behind what the head outside covers.

The hashes of the leaves that were lost with it are in the tiles outside. They are taken over, so
that the tree is the one that was signed, and a leaf of the ledger's own names what was lost, by
whom it was declared and why. Entries that nobody had sealed yet are named by their receipts.
Nothing is said to be there that is not.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.ledger.meta import MetaKind
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.receipt_line import Receipt
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tiles import WIDTH, split_tile, tile_at
from cleangov_plugin.ledger.tree import EMPTY_ROOT, CompactRange
from cleangov_plugin.ledger.tree_head import TreeHead
from cleangov_plugin.store import tree
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.stored_entries import taken_places

from .case_tables import CaseTables, index_leaf
from .heads import check_continues, head_outside
from .lost_tail import LostTail, tail_of
from .outside import Outside
from .own_leaves import own_leaf
from .sealing import put_leaves

#: Leaves that are taken over at once.
_SLICE: Final = 2_000
#: Places with another entry that a declaration lists.
_MOST_HELD: Final = 400
#: A reason is one or two sentences.
_LONGEST: Final = 2_000


class NothingLost(CleanGovError):
    """The database continues the head outside: there is nothing to recover."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What a database that was put back has lost.

    :param first: first leaf that it has not.
    :param end: the first one after them: the size of the head outside; `first` where no leaf was.
    :param tail: entries that were lost before they were sealed; None where no receipt tells of one.
    :param held: of all places of which a receipt tells, lane and number of those where another
        entry stands: written since, or put there instead of the one that is lost.
    """

    first: int
    end: int
    tail: LostTail | None = None
    held: tuple[tuple[int, int], ...] = ()

    def said(self) -> dict[str, Any]:
        """Answer it as a leaf of the ledger's own says it; of many places their number alone."""
        said: dict[str, Any] = {"first": self.first, "end": self.end}
        said |= {"tail": self.tail.said()} if self.tail else {}
        if self.held:
            places = [*map(list, self.held[:_MOST_HELD])]
            said |= {"held": {"entries": len(self.held), "places": places}}
        return said


def lost(
    database: Database, outside: Outside, signer: SignerKey, receipts: Sequence[Receipt] = ()
) -> Lost:
    """Find out what a database has lost; nothing is changed.

    :param database: the database.
    :param outside: where head and tiles are kept.
    :param signer: the key that signs.
    :param receipts: receipts of entries that are not there: see `lost_receipts`.
    :raises NothingLost: where the database continues the head outside, and no receipt tells of
        an entry that is not there.
    :raises CleanGovError: where it is not an earlier state of what the head outside covers, or
        tiles are missing or do not fit their head.
    """
    known = head_outside(outside, signer)
    with database.own_transaction(is_reading=True) as connection:
        last = tree.last_head(connection, outside.log_id)
        size, root = (0, EMPTY_ROOT) if last is None else (last.size, last.root)
        places = [(receipt.lane, receipt.no) for receipt in receipts]
        held = tuple(taken_places(connection, outside.log_id, places))
        if known is None or known.size <= size:
            tail = tail_of(receipts, ())
            if tail is None or not size:
                raise _nothing_lost(outside, size, known, tail)
            check_continues(connection, outside, known)
            return Lost(first=size, end=size, tail=tail, held=held)
        _check_tiles(outside, known, size, root)
    gone = _hashes(outside, size, known.size) if receipts else ()
    sealed = frozenset(hash_ for hashes in gone for hash_ in hashes)
    return Lost(first=size, end=known.size, tail=tail_of(receipts, sealed), held=held)


def _nothing_lost(
    outside: Outside, size: int, known: TreeHead | None, tail: LostTail | None
) -> NothingLost:
    what = f"the database has {size} leaves, the head outside {known.size if known else 0}."
    remedy = (
        "Run 'cleangov verify': if it finds something, it was not lost but changed. Entries that"
        " were lost before they were sealed are found with --receipts FOLDER alone."
    )
    if tail is not None:
        remedy = f"Run 'cleangov seal' first; then declare the {tail.entries} entries lost."
    return NothingLost(what, where=str(outside.own), remedy=remedy)


def recover(
    database: Database,
    outside: Outside,
    signer: SignerKey,
    now: Callable[[], datetime],
    *,
    reason: str,
    by: str,
    receipts: Sequence[Receipt] = (),
) -> Lost:
    """Take over the hashes of lost leaves, and declare them lost; all of it or nothing.

    The next sealing goes on behind them.

    :param database: the database.
    :param outside: where head and tiles are kept.
    :param signer: the key that signs.
    :param now: answers the present time.
    :param reason: why the database was put back; it is sealed, so no name stands in it.
    :param by: which office declares it.
    :param receipts: receipts of entries that are not there.
    :return: what was declared lost.
    :raises CleanGovError: as `lost`, or where a reason or an office is missing.
    """
    if not reason.strip() or not by.strip() or max(len(reason), len(by)) > _LONGEST:
        what = f"a reason and an office are wanted, of at most {_LONGEST} characters."
        raise CleanGovError(what, where="--reason, --by", remedy="Say what was put back, and why.")
    with outside.held():
        found = lost(database, outside, signer, receipts)
        log_id = outside.log_id
        with database.own_transaction() as connection:
            tree.hold_seal(connection, log_id)
            at = _taken_over(connection, outside, signer, found, now)
            said = found.said() | {"reason": reason, "by": by}
            said |= {"key": signer.verifier.text}  # the first leaf may be among the lost ones
            declared = own_leaf(MetaKind.INCARNATION, log_id, now(), **said)
            root = put_leaves(connection, log_id, at, [declared])
            tree.add_head(connection, log_id, at + 1, root, now())
            _say_index(connection, log_id, at + 1, now())
    return found


def _taken_over(
    connection: Connection,
    outside: Outside,
    signer: SignerKey,
    found: Lost,
    now: Callable[[], datetime],
) -> int:
    """Take over the hashes of the lost leaves; answer how many leaves there are then."""
    at, root = found.first, EMPTY_ROOT
    if found.first == found.end:
        return at
    for hashes in _slices(outside, found):
        leaves = [tree.Leaf(hash_) for hash_ in hashes]
        root, at = put_leaves(connection, outside.log_id, at, leaves), at + len(hashes)
    _check_root(outside, signer, root)
    tree.add_head(connection, outside.log_id, at, root, now())
    return at


def _say_index(connection: Connection, log_id: str, size: int, now: datetime) -> None:
    """Say again what the case index is, behind what was declared: a head ends with it."""
    index = CaseTables(connection, log_id)
    while index.is_behind(size):
        index.catch_up(size, _SLICE)
    said = index.says_behind(size)
    if said is not None:
        root = put_leaves(connection, log_id, size, [index_leaf(said, log_id, now)])
        tree.add_head(connection, log_id, size + 1, root, now)


def _slices(outside: Outside, found: Lost) -> Iterator[list[bytes]]:
    """Go through the hashes of the lost leaves, as the tiles outside have them."""
    waiting: list[bytes] = []
    for hashes in _hashes(outside, found.first, found.end):
        waiting.extend(hashes)
        if len(waiting) >= _SLICE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting


def _hashes(outside: Outside, first: int, end: int) -> Iterator[list[bytes]]:
    for n in range(first // WIDTH, (end + WIDTH - 1) // WIDTH):
        tile = tile_at(0, n, end)
        try:
            hashes = split_tile(tile, outside.tile(tile))
        except Refused as problem:
            raise _unfit(outside, f"tile {tile.path} cannot be used ({problem.rule}).") from problem
        yield hashes[max(0, first - n * WIDTH) :]


def _check_tiles(outside: Outside, known: TreeHead, size: int, root: bytes) -> None:
    """Grow the tree from the tiles: first to what the database has, then to what was signed."""
    grown = CompactRange()
    for hashes in _hashes(outside, 0, known.size):
        before = size - grown.size
        first = hashes[: max(0, before)]
        grown.extend(first)
        if 0 < before <= len(hashes) and grown.root() != root:
            what = f"the {size} leaves of the database are not the first ones of the head."
            raise _unfit(outside, what)
        grown.extend(hashes[len(first) :])
    if grown.root() != known.root:
        raise _unfit(outside, "the tiles outside do not fit their head.")


def _check_root(outside: Outside, signer: SignerKey, root: bytes) -> None:
    """Make sure, before the commit, that the tree is the one that was signed."""
    known = head_outside(outside, signer)
    if known is None or root != known.root:
        raise _unfit(outside, "the tree that was put together is not the one that was signed.")


def _unfit(outside: Outside, what: str) -> CleanGovError:
    return CleanGovError(
        what,
        where=str(outside.own),
        remedy="Nothing was changed. Restore a backup whose 'cleangov verify' is clean up to its"
        " own size, or the folder of heads and tiles.",
    )
