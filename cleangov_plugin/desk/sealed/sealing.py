"""Sealing: entries become leaves, the tree grows, its head is signed and kept outside.

The order is what makes it safe to be killed anywhere: put in, commit, prove that the new tree
continues the head that stands outside, sign, publish, note it. No head is signed for a size before
the leaves of that size are durable, and the same head signs to the same bytes again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.merkle_proof import consistency_proof, range_root, verify_consistency
from cleangov_plugin.ledger.note import open_note, sign_note
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.strict import HASH_BYTES, Refused
from cleangov_plugin.ledger.tiles import Tile, TileNodes, next_tiles, tiles_of
from cleangov_plugin.ledger.tree import EMPTY_ROOT
from cleangov_plugin.ledger.tree_head import TreeHead, read_tree_head, write_tree_head
from cleangov_plugin.store import tree
from cleangov_plugin.store.database import Database

from .outside import Outside
from .own_leaves import own_leaves

#: Leaves of one transaction: on SQLite it keeps the host's writer waiting.
SLICE: Final = 2_000


class Recovery(CleanGovError):
    """The database is behind the head outside, or tells another story: nothing is signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What a sealing did.

    :param size: leaves of the tree now.
    :param added: how many of them are new.
    :param root: hash of the root, hexadecimal.
    """

    size: int
    added: int
    root: str


def seal(
    database: Database, outside: Outside, signer: SignerKey, now: Callable[[], datetime]
) -> Sealed:
    """Seal what is unsealed of a ledger.

    :param database: the database.
    :param outside: where head and tiles are kept.
    :param signer: the key that signs.
    :param now: answers the present time.
    :return: what was done.
    :raises Recovery: where the database does not continue the head outside.
    :raises Busy: where another process seals it.
    """
    known = _head_outside(outside, signer)
    added = 0
    while more := _put_in(database, outside, signer, now()):
        added += more
    with database.own_transaction(is_reading=True) as connection:
        last = tree.last_head(connection, outside.log_id)
        size, root = (0, EMPTY_ROOT) if last is None else (last.size, last.root)
        _check_continues(connection, outside, known, size, root)
        tiles = _tiles(connection, outside.log_id, size, since=known.size if known else 0)
    if last is not None and (known is None or known.size < size or last.note is None):
        head = TreeHead(origin=signer.name, size=size, root=root)
        note = sign_note(write_tree_head(head), [signer])
        outside.publish(note, tiles)
        with database.own_transaction() as connection:
            tree.published(connection, outside.log_id, size, note.decode(), now())
    return Sealed(size=size, added=added, root=root.hex())


def nodes_of(connection: Connection, log_id: str, size: int) -> TileNodes:
    """Answer the stored hashes of a tree; what is fetched may lie.

    :param connection: any connection.
    :param log_id: the ledger.
    :param size: leaves of the tree.
    """
    return TileNodes(size, lambda tile: _fetch(connection, log_id, tile))


def _put_in(database: Database, outside: Outside, signer: SignerKey, now: datetime) -> int:
    """Put a slice of entries into the tree, in one transaction; answer how many there were."""
    log_id = outside.log_id
    with database.own_transaction() as connection:
        tree.hold_seal(connection, log_id)
        found = tree.unsealed(connection, log_id, SLICE)
        if not found:
            return 0
        last = tree.last_head(connection, log_id)
        before = 0 if last is None else last.size
        leaves = [tree.Leaf(leaf_hash(e.body.encode()), e.lane, e.no) for e in found]
        first, behind = own_leaves(connection, log_id, signer, before, found, now)
        add_to_tree(connection, log_id, before, [*first, *leaves, *behind], now)
        return len(found)


def add_to_tree(
    connection: Connection, log_id: str, before: int, leaves: Sequence[tree.Leaf], now: datetime
) -> None:
    """Write leaves, the tiles they change, and the head above them, which is not signed yet.

    :param connection: a writing connection that holds the seal.
    :param log_id: the ledger.
    :param before: leaves of the tree until now.
    :param leaves: the new ones.
    :param now: the present time, aware.
    """
    hashes = [leaf.hash for leaf in leaves]
    new = dict(next_tiles(before, hashes, lambda tile: _fetch(connection, log_id, tile)))
    tree.add_leaves(connection, log_id, before, leaves)
    tree.save_tiles(connection, log_id, {(t.level, t.index): data for t, data in new.items()})
    size = before + len(leaves)
    root = range_root(0, size, nodes_of(connection, log_id, size))
    tree.add_head(connection, log_id, size, root, now)


def _head_outside(outside: Outside, signer: SignerKey) -> TreeHead | None:
    note = outside.head()
    if note is None:
        return None
    try:
        head = read_tree_head(open_note(note, [signer.verifier]).text)
    except Refused as problem:
        raise _recovery(outside, f"the head outside is not ours: {problem}") from problem
    if head.origin != signer.name:
        raise _recovery(outside, f"the head outside is of another log, {head.origin!r}.")
    return head


def _check_continues(
    connection: Connection, outside: Outside, known: TreeHead | None, size: int, root: bytes
) -> None:
    """Refuse to go on from a database that was put back or rewritten."""
    if known is None or known.size == 0:
        return
    if known.size > size:
        what = f"the head outside has {known.size} leaves, the database {size}."
        raise _recovery(outside, what)
    try:
        nodes = nodes_of(connection, outside.log_id, size)
        proof = consistency_proof(known.size, size, nodes)
        verify_consistency(known.size, size, known.root, root, proof)
    except Refused as problem:
        what = f"the tree does not continue the head outside: {problem}"
        raise _recovery(outside, what) from problem


def _tiles(connection: Connection, log_id: str, size: int, since: int) -> dict[Tile, bytes]:
    return {tile: _fetch(connection, log_id, tile) for tile in tiles_of(size, since)}


def _fetch(connection: Connection, log_id: str, tile: Tile) -> bytes:
    """Read a tile as a tree of its size has it: a wider one begins with the same hashes."""
    data = tree.tile_data(connection, log_id, tile.level, tile.index)
    return (data or b"")[: tile.width * HASH_BYTES]


def _recovery(outside: Outside, what: str) -> Recovery:
    return Recovery(
        what,
        where=str(outside.own),
        remedy="Nothing was signed. Run 'cleangov verify'; restore the newest database.",
    )
