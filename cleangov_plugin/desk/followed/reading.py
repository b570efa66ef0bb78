"""A slice of a ledger is read from its source, and every leaf of it is hashed anew."""

from collections.abc import Sequence
from typing import Final

from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tiles import WIDTH, split_tile, tile_at
from cleangov_plugin.ledger.tree_head import TreeHead

from .copying import Piece, read_piece, undeclared
from .refusing import Contradiction
from .sources import Source

#: Leaves of a slice: four bundles. The longest bodies make 64 MiB of it.
SLICE: Final = 4 * WIDTH
#: Leaves in a row with nothing behind them: more were never lost at once.
_MOST_LOST: Final = 1_000_000


def read_slice(source: Source, log_id: str, head: TreeHead, first: int) -> list[Piece]:
    """Read the next leaves, and compare each with the tree.

    A slice ends with the leaf that declares others lost; one that has nothing behind its last leaf
    goes on until that is declared.

    :param source: where the ledger is read.
    :param log_id: the ledger.
    :param head: the head that covers them.
    :param first: place of the first of them.
    :return: at least one.
    :raises Contradiction: with the leaf that is not what the tree says.
    """
    pieces: list[Piece] = []
    at = first
    while at < head.size:
        wanted, texts = _read(source, log_id, head, at)
        for hash_, text in zip(wanted, texts, strict=True):
            pieces.append(_piece(log_id, first + len(pieces), hash_, text))
            if pieces[-1].lost is not None:
                return _declared(log_id, first, pieces)
        at += len(texts)
        if pieces[-1].text is not None or len(pieces) > _MOST_LOST:
            break
    return _declared(log_id, first, pieces)


def _read(
    source: Source, log_id: str, head: TreeHead, at: int
) -> tuple[list[bytes], Sequence[bytes | None]]:
    """Read the hashes of leaves from the tiles, and what is behind them."""
    most = min(SLICE - at % SLICE, head.size - at)
    try:
        hashes: list[bytes] = []
        for n in range(at // WIDTH, (at + most + WIDTH - 1) // WIDTH):
            tile = tile_at(0, n, head.size)
            hashes += split_tile(tile, source.tile(log_id, tile))
        texts = source.texts(log_id, at, most, head.size)
    except Refused as problem:
        values = {"leaf": at, "why": problem.rule}
        raise Contradiction("unreadable", log_id, values) from problem
    skipped = at % WIDTH
    return hashes[skipped : skipped + most], texts


def _piece(log_id: str, idx: int, wanted: bytes, text: bytes | None) -> Piece:
    if text is None:
        return Piece(wanted)
    try:
        piece = read_piece(log_id, idx, text)
    except ValueError as problem:
        values = {"leaf": idx, "why": "leaf.text"}
        raise Contradiction("unreadable", log_id, values) from problem
    if piece.hash != wanted:
        values = {"leaf": idx, "wanted": wanted.hex(), "found": piece.hash.hex()}
        raise Contradiction("body", log_id, values)
    return piece


def _declared(log_id: str, first: int, pieces: list[Piece]) -> list[Piece]:
    leaf = undeclared(first, pieces)
    if leaf is not None:
        raise Contradiction("gone", log_id, {"leaf": leaf})
    return pieces
