"""Following: oversight copies an agency's ledger, and verifies it while it is copied.

The copy has its own database, its own folder of heads and its own key. A slice is committed only
where all its leaves, hashed anew, lead to a head that the agency signed and that continues every
head the copy has had. Then the copy cosigns that head (C2SP tlog-cosignature): it is a witness.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final

from cleangov_plugin.desk.sealed.case_tables import CaseTables, IndexChanged
from cleangov_plugin.desk.sealed.outside import Outside
from cleangov_plugin.desk.sealed.sealing import put_leaves
from cleangov_plugin.desk.sealed.stored_tiles import new_tiles, nodes_of
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.ledger.merkle_proof import consistency_proof, range_root, verify_consistency
from cleangov_plugin.ledger.note import sign_note, split_note
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tiles import TileNodes
from cleangov_plugin.ledger.tree import EMPTY_ROOT
from cleangov_plugin.ledger.tree_head import TreeHead, read_tree_head
from cleangov_plugin.store import tree
from cleangov_plugin.store.database import Database

from .believing import Believed
from .copying import put_entries
from .reading import read_slice
from .refusing import Contradiction, stands
from .setting_aside import set_aside
from .sources import Source

#: Leaves that the index of cases takes in at once, and tiles that are written at once.
_INDEXED: Final = 2_000
_TILES: Final = 64
#: Heads that contradict ours and are kept.
_MOST_PROOFS: Final = 100


@dataclass(frozen=True, slots=True)
class Copy:
    """A follower's own: nothing of it is the agency's.

    :param database: its database, with our tables.
    :param outside: its folder of heads and tiles for one ledger.
    :param witness: the key it cosigns with.
    :param private: its folder for what only it may read.
    """

    database: Database
    outside: Outside
    witness: SignerKey
    private: Path

    @property
    def log_id(self) -> str:
        """Answer the ledger."""
        return self.outside.log_id

    def stands(self) -> tuple[int, bytes]:
        """Answer size and root of what was copied."""
        with self.database.own_transaction(is_reading=True) as connection:
            last = tree.last_head(connection, self.log_id)
        return (0, EMPTY_ROOT) if last is None else (last.size, last.root)

    def cosigned(self) -> TreeHead | None:
        """Answer the newest head that was cosigned here.

        :raises SettingsError: where the file is not what was written.
        """
        note = self.outside.head()
        if note is None:
            return None
        try:
            return read_tree_head(split_note(note)[0])
        except Refused as problem:
            raise SettingsError(
                f"the copy's own head cannot be read [{problem.rule}].",
                where=str(self.outside.own),
                remedy="Restore the folder of the copy's heads from its backup.",
            ) from problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What one turn did.

    :param size: leaves of the copy.
    :param added: leaves that were copied.
    :param root: hash of the root, hexadecimal.
    """

    size: int
    added: int
    root: str


def follow(
    source: Source,
    copy: Copy,
    believed: Believed,
    now: Callable[[], datetime],
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Followed:
    """Copy what is new of a ledger, verify it, and cosign its head.

    Killed anywhere, it goes on behind the last slice that was committed.

    :param source: where the agency's ledger is read.
    :param copy: the follower's own.
    :param believed: whose heads are believed.
    :param now: answers the present time.
    :param progress: told after each slice how many leaves are copied, and of how many.
    :return: what was done.
    :raises Contradiction: where the source does not continue the copy, or is not what it signed.
    :raises Busy: where another process follows it into the same copy.
    """
    with copy.outside.held():
        size, root = copy.stands()
        _check_own(copy, size, root)
        note, head = _newest(source, copy, believed, size, root)
        _check_continues(source, copy, note, head)
        done = size
        while done < head.size:
            done = _copy_slice(source, copy, head, done, now())
            progress(done, head.size)
        if head.size:
            _cosign(copy, note, head, now())
            _index(copy, head.size)
    return Followed(size=head.size, added=head.size - size, root=head.root.hex())


def _check_own(copy: Copy, size: int, root: bytes) -> None:
    """Refuse to build on tables of our own that were changed."""
    if not size:
        return
    with copy.database.own_transaction(is_reading=True) as connection:
        try:
            found = range_root(0, size, nodes_of(connection, copy.log_id, size))
        except Refused:
            found = b""
    if found != root:
        raise Contradiction("own", copy.log_id, stands(size, root))


def _newest(
    source: Source, copy: Copy, believed: Believed, size: int, root: bytes
) -> tuple[bytes, TreeHead]:
    """Answer the head to copy up to."""
    notes = source.notes(copy.log_id)
    known = copy.cosigned()
    if known is not None and known.size > size:
        size, root = known.size, known.root
    if not notes:
        if size:
            raise Contradiction("wiped", copy.log_id, stands(size, root))
        return b"", TreeHead("-", 0, EMPTY_ROOT)
    try:
        return believed.newest(notes)
    except Refused as problem:
        raise Contradiction(
            "head", copy.log_id, {"why": problem.rule, **stands(size, root)}
        ) from problem


def _check_continues(source: Source, copy: Copy, note: bytes, head: TreeHead) -> None:
    """Compare with what was copied and with what was cosigned; usually both are one head."""
    known = copy.cosigned()
    heads = {copy.stands(), (known.size, known.root) if known else (0, EMPTY_ROOT)}
    for size, root in sorted(heads, reverse=True):
        if not size or (size, root) == (head.size, head.root):
            continue
        if head.size <= size:
            code = "put_back" if _is_earlier(copy, head) else "fork"
            raise _proven(copy, note, Contradiction(code, copy.log_id, stands(size, root, head)))
        nodes = _nodes(source, copy.log_id, head)
        try:
            proof = consistency_proof(size, head.size, nodes)
            verify_consistency(size, head.size, root, head.root, proof)
        except Refused as problem:
            code = "fork" if _leads(nodes, head) else "tiles"
            contradiction = Contradiction(code, copy.log_id, stands(size, root, head))
            raise _proven(copy, note, contradiction) from problem


def _nodes(source: Source, log_id: str, head: TreeHead) -> TileNodes:
    return TileNodes(head.size, lambda tile: source.tile(log_id, tile))


def _leads(nodes: TileNodes, head: TreeHead) -> bool:
    """Answer whether the tiles of the source lead to its head at all."""
    try:
        return range_root(0, head.size, nodes) == head.root
    except Refused:
        return False


def _is_earlier(copy: Copy, head: TreeHead) -> bool:
    """Answer whether a smaller head is one that the copy has had, too."""
    size, _ = copy.stands()
    if not 0 < head.size <= size:
        return head.size == 0
    with copy.database.own_transaction(is_reading=True) as connection:
        nodes = nodes_of(connection, copy.log_id, size)
        return range_root(0, head.size, nodes) == head.root


def _proven(copy: Copy, note: bytes, contradiction: Contradiction) -> Contradiction:
    """Keep the signed head that contradicts ours: the two of them are the proof."""
    folder = copy.private / "contradicting"
    with suppress(OSError):  # a full disk must not hide what was found
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{sha256(note).hexdigest()[:16]}.checkpoint"
        if not path.exists() and sum(1 for _ in folder.iterdir()) < _MOST_PROOFS:
            path.write_bytes(note)
    return contradiction


def _copy_slice(source: Source, copy: Copy, head: TreeHead, first: int, now: datetime) -> int:
    """Copy one slice: all of it is proven, or nothing is kept."""
    log_id = copy.log_id
    pieces = read_slice(source, log_id, head, first)
    end = first + len(pieces)
    with copy.database.own_transaction() as connection:
        tree.hold_seal(connection, log_id)
        if pieces[-1].lost is not None:
            set_aside(connection, copy.private, log_id, pieces[-1].lost[0], first)
        root = put_leaves(connection, log_id, first, put_entries(connection, log_id, pieces, now))
        _check_slice(source, log_id, head, (first, end), root)
        tree.add_head(connection, log_id, end, root, now)
    return end


def _check_slice(
    source: Source, log_id: str, head: TreeHead, slice_: tuple[int, int], root: bytes
) -> None:
    """Make sure, before the commit, that the leaves so far lead to the signed head."""
    first, end = slice_
    nodes = _nodes(source, log_id, head)
    try:
        proof = consistency_proof(end, head.size, nodes)
        verify_consistency(end, head.size, root, head.root, proof)
    except Refused as problem:
        values = {"leaf": first, "last": end - 1, **stands(0, EMPTY_ROOT, head)}
        raise Contradiction("slice", log_id, values) from problem


def _cosign(copy: Copy, note: bytes, head: TreeHead, now: datetime) -> None:
    """Publish tiles and head in the copy's own folder, with its cosignature."""
    known = copy.cosigned()
    before = known.size if known else 0
    if before == head.size:
        return
    with copy.database.own_transaction(is_reading=True) as connection:
        new = new_tiles(connection, copy.log_id, head.size, before)
        while some := dict(islice(new, _TILES)):
            copy.outside.save(some)
    text, signatures = split_note(note)
    signed = sign_note(text, [copy.witness], at=int(now.timestamp()), signatures=signatures)
    copy.outside.publish(signed, {})
    with copy.database.own_transaction() as connection:
        tree.published(connection, copy.log_id, head.size, signed.decode(), now)


def _index(copy: Copy, size: int) -> None:
    """Bring the index of cases up to the head; what contradicts the leaves is named elsewhere."""
    is_behind = True
    with suppress(IndexChanged):
        while is_behind:
            with copy.database.own_transaction() as connection:
                index = CaseTables(connection, copy.log_id)
                is_behind = index.is_behind(size)
                if is_behind:
                    index.catch_up(size, _INDEXED)
