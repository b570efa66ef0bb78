"""Proofs for leaves of a ledger, made from the tiles of the database or of the folder outside.

What is stored may lie. So each proof is checked against the signed head before it is handed out,
and one that does not lead there is not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cleangov_plugin.desk.sealed.outside import Outside, signers_of
from cleangov_plugin.desk.sealed.stored_tiles import fetch
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import CleanGovError, SettingsError
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.log_proof import LogProof, write_log_proof
from cleangov_plugin.ledger.merkle_proof import inclusion_proof, verify_inclusion
from cleangov_plugin.ledger.meta import MetaKind, decode_meta
from cleangov_plugin.ledger.note import open_note, split_note
from cleangov_plugin.ledger.note_key import VerifierKey, read_verifier_key
from cleangov_plugin.ledger.strict import HASH_BYTES, Refused
from cleangov_plugin.ledger.tiles import HEIGHT, Fetch, Tile, TileNodes
from cleangov_plugin.ledger.tree_head import TreeHead, read_tree_head
from cleangov_plugin.store import leaf_places

#: Codes of `NotProven` that say something else should have been asked for.
MISUSE: Final = frozenset(
    {"no_entry", "ambiguous", "no_case", "case_of_many", "too_many", "no_disclosure"}
)


class NotProven(CleanGovError):
    """Something for which there is no proof, or none yet.

    :param code: key of the sentence that says why.
    :param values: what it names.
    """

    def __init__(self, code: str, /, **values: object) -> None:
        super().__init__(code, where=", ".join(f"{name} {value}" for name, value in values.items()))
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A signed head, as it was published. Nobody has checked its signature here.

    :param note: the signed note, byte for byte.
    :param head: what it says.
    :param at: when it was noted as published, fixed-width UTC text; empty where it was not.
    """

    note: bytes
    head: TreeHead
    at: str = ""


def published(connection: Connection, note: bytes | None, log_id: str) -> Published:
    """Answer the newest signed head: the one outside, and where there is none, the database's.

    :param connection: any connection, opened after the head outside was read: so that it sees
        every leaf of it.
    :param note: the head outside; None where there is none.
    :param log_id: the ledger.
    :raises NotProven: where there is none: ``"no_head"``, or ``"bad_head"``.
    """
    size = None if note is None else head_of(note).size
    return _published(note, leaf_places.signed_head(connection, log_id, size), log_id)


def _published(note: bytes | None, found: tuple[str, str] | None, log_id: str) -> Published:
    """Answer a head by its note, and by what the database has of it."""
    if note is None:
        if found is None:
            raise NotProven("no_head", log_id=log_id)
        note = found[0].encode()
    return Published(note=note, head=head_of(note), at=found[1] if found else "")


def head_of(note: bytes) -> TreeHead:
    """Read what a signed note says; its signature is for whoever has the key.

    :param note: the note; hostile.
    :raises NotProven: where it is no head, ``"bad_head"``.
    """
    try:
        return read_tree_head(split_note(note)[0])
    except Refused as problem:
        raise NotProven("bad_head", why=problem.rule) from problem


class StoredTiles:
    """Tiles as the database keeps them; those that one proof needs are read at once.

    :param connection: any connection.
    :param log_id: the ledger.
    :param size: leaves of the tree.
    :param read: tiles that were read already, by level and number.
    """

    def __init__(
        self,
        connection: Connection,
        log_id: str,
        size: int,
        read: Mapping[tuple[int, int], bytes] | None = None,
    ) -> None:
        self._connection, self._log_id, self._size = connection, log_id, size
        self._read: dict[tuple[int, int], bytes] = dict(read or {})

    def read_for(self, index: int) -> None:
        """Read what the proof of a leaf is made from: its way up, and the tree's right edge.

        :param index: place of the leaf.
        """
        wanted = set()
        level, row = 0, self._size
        while row:
            wanted |= {(level, index >> HEIGHT), (level, (row - 1) >> HEIGHT)}
            level, row, index = level + 1, row >> HEIGHT, index >> HEIGHT
        self._read.update(
            leaf_places.tiles(self._connection, self._log_id, wanted - set(self._read))
        )

    def __call__(self, tile: Tile) -> bytes:
        """Answer a tile as a tree of its size has it: a wider one begins with the same hashes.

        :param tile: which.
        """
        data = self._read.get((tile.level, tile.index))
        if data is None:
            data = fetch(self._connection, self._log_id, tile)
        return data[: tile.width * HASH_BYTES]


class Prover:
    """Makes proofs for the leaves of one ledger under one signed head.

    :param log_id: the ledger.
    :param head: the signed head.
    :param fetch: answers the tiles of the tree of that size.
    """

    def __init__(self, log_id: str, head: Published, fetch: Fetch) -> None:
        self.log_id = log_id
        self.published = head
        self._fetch = fetch
        self._node = TileNodes(head.head.size, fetch)

    def proof(self, index: int, leaf: bytes) -> bytes:
        """Make the proof of a leaf, as a C2SP tlog-proof.

        :param index: its place.
        :param leaf: its hash.
        :raises NotProven: where the head does not cover it yet, ``"not_signed"``, or the stored
            hashes lead elsewhere, ``"not_in_tree"``.
        """
        head = self.published.head
        if index >= head.size:
            raise NotProven("not_signed", leaf=index, size=head.size)
        if isinstance(self._fetch, StoredTiles):
            self._fetch.read_for(index)
        try:
            hashes = inclusion_proof(index, head.size, self._node)
            verify_inclusion(index, head.size, head.root, leaf, hashes)
        except Refused as problem:
            raise NotProven("not_in_tree", leaf=index, why=problem.rule) from problem
        return write_log_proof(LogProof(index, tuple(hashes), self.published.note))


def prover(
    connection: Connection,
    outside: Outside | None,
    log_id: str,
    *,
    from_outside: bool = False,
    leaf: int | None = None,
) -> Prover:
    """Answer what makes proofs under the newest signed head.

    :param connection: a connection on which nothing was read yet.
    :param outside: where heads and tiles are kept; None where that is not known here.
    :param log_id: the ledger.
    :param from_outside: whether hashes are taken from the folder outside, not from the database.
    :param leaf: place of the one leaf that is to be proven, to read all at once; None where several
        are.
    :raises NotProven: where there is no signed head.
    :raises SettingsError: where hashes outside are wanted and no folder is known.
    """
    note = outside.head() if outside else None
    if leaf is not None and not from_outside:
        size = None if note is None else head_of(note).size
        found, tiles = leaf_places.signed_head_and_tiles(connection, log_id, size, leaf)
        head = _published(note, found, log_id)
        return Prover(log_id, head, StoredTiles(connection, log_id, head.head.size, tiles))
    head = published(connection, note, log_id)
    if not from_outside:
        return Prover(log_id, head, StoredTiles(connection, log_id, head.head.size))
    if outside is None:
        raise SettingsError("the folder of the heads is not known.", where="CLEANGOV_HEADS")
    own = outside.own
    return Prover(log_id, head, lambda tile: _file(own, tile))


def outside_nodes(own: Path, size: int) -> TileNodes:
    """Answer the hashes of a tree as they are kept in a folder.

    :param own: folder of the ledger.
    :param size: leaves of the tree.
    """
    return TileNodes(size, lambda tile: _file(own, tile))


def known_keys(connection: Connection, folder: Path | None, log_id: str) -> list[VerifierKey]:
    """Answer the public keys of a ledger that are known here, the newest first.

    They are the word of this machine. Whoever checks something takes the key from elsewhere.

    :param connection: any connection.
    :param folder: folder of the key files; None asks the first leaf of the ledger alone.
    :param log_id: the ledger.
    :raises SettingsError: where a key file cannot be used.
    """
    signers = signers_of(folder, log_id, is_made=False) if folder else []
    keys = [signer.verifier for signer in reversed(signers)]
    try:
        document = decode_meta(leaf_places.own_text(connection, log_id, 0) or "")
        if document["meta"] == MetaKind.GENESIS and isinstance(document.get("key"), str):
            keys.append(read_verifier_key(document["key"]))
    except (Refused, ProfileError):
        pass  # verifying the ledger names it; here there is one key less
    return list({key.text: key for key in keys}.values())


def key_of(note: bytes, keys: Sequence[VerifierKey]) -> VerifierKey | None:
    """Answer the first of the keys that signed a note; None where none did.

    :param note: the note; hostile.
    :param keys: the keys.
    """
    try:
        signed = {key.text for key, _ in open_note(note, keys).verified}
    except Refused:
        return None
    return next((key for key in keys if key.text in signed), None)


def _file(own: Path, tile: Tile) -> bytes:
    """Read a tile; where a later one has taken the place of a partial one, from that."""
    try:
        return (own / tile.path).read_bytes()
    except OSError:
        pass
    full = Tile(tile.level, tile.index)
    try:
        return (own / full.path).read_bytes()[: tile.width * HASH_BYTES]
    except OSError as problem:
        raise Refused("tile.missing", "the folder has no such tile.", where=tile.path) from problem
