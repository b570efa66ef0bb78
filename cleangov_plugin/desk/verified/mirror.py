"""Verifying the published mirror alone: head and tiles, without a database and without a body."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from cleangov_plugin.desk.sealed.outside import Outside
from cleangov_plugin.ledger.entry_bundle import read_bundle
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.strict import HASH_BYTES, Refused
from cleangov_plugin.ledger.tiles import ENTRIES, HEIGHT, WIDTH, Tile, split_tile, tile_at
from cleangov_plugin.ledger.tree import root_of

from .alarms import Unchecked, Verified
from .evidence import Evidence
from .held_heads import compare, held_heads
from .walking import Walked

#: A bundle has 256 entries of at most 65,535 bytes, each with its length before it.
_LARGEST_BUNDLE: Final = WIDTH * (2 + 65_535)


def verify_mirror(evidence: Evidence, bundles: Path | None = None) -> Verified:
    """Work the root out from the lowest tiles, and every other tile from the ones below it.

    :param evidence: the mirror, the key of the log, and what else the mirror is compared with.
    :param bundles: folder with entry bundles, for those entitled to bodies; None has none.
    :return: what was found.
    """
    found = Verified()
    evidence = replace(evidence, outside=evidence.outside.noted())
    held = held_heads(evidence, found)
    if any(what.code == "no_head" for what in found.unchecked):
        # There is nothing else to look at here: a folder that was emptied is not a clean one.
        found.unchecked = [what for what in found.unchecked if what.code != "no_head"]
        found.raise_alarm("mirror_empty", place=str(evidence.outside.own))
    own = next((each.head for each in held if each.code == "outside"), None)
    if evidence.key is None:
        found.unchecked.append(Unchecked(code="no_key"))
    if own is None:
        return found
    walked = Walked(leaves=own.size)
    sizes = sorted({each.head.size for each in held if 0 < each.head.size <= own.size})
    _grow(evidence.outside, own.size, sizes, walked, found, bundles)
    compare(held, walked, found)
    found.leaves = own.size
    return found


def _grow(
    outside: Outside,
    size: int,
    sizes: list[int],
    walked: Walked,
    found: Verified,
    bundles: Path | None,
) -> None:
    """Grow the tree from the tiles of leaves, and compare the tiles above them."""
    full: list[bytes] = []
    for n in range(-(-size // WIDTH)):
        tile = tile_at(0, n, size)
        hashes = _tile(outside, tile, found)
        if hashes is None:
            return  # what is missing is named; no root can be worked out without it
        if bundles is not None:
            _check_bundle(Outside(bundles, outside.log_id), tile, hashes, found)
        done = 0
        while sizes and sizes[0] <= n * WIDTH + len(hashes):
            until = sizes.pop(0) - n * WIDTH
            walked.grown.extend(hashes[done:until])
            walked.roots[n * WIDTH + until] = walked.grown.root()
            done = until
        walked.grown.extend(hashes[done:])
        if len(hashes) == WIDTH:
            full.append(root_of(hashes))
    _check_above(outside, size, full, found)


def _check_above(outside: Outside, size: int, row: Sequence[bytes], found: Verified) -> None:
    level = 1
    while row:
        above = []
        for n in range(-(-len(row) // WIDTH)):
            wanted = row[n * WIDTH : (n + 1) * WIDTH]
            hashes = _tile(outside, tile_at(level, n, size), found)
            if hashes is not None and hashes != list(wanted):
                found.raise_alarm("tile_row", level=level, n=n)
            if len(wanted) == WIDTH:
                above.append(root_of(wanted))
        row, level = above, level + 1


def _tile(outside: Outside, tile: Tile, found: Verified) -> list[bytes] | None:
    data = outside.tile(tile)
    try:
        return split_tile(tile, data)
    except Refused:
        right = tile.width * HASH_BYTES
        found.raise_alarm(
            "tile_width", level=tile.level, n=tile.index, bytes=len(data), right=right
        )
        return None


def _check_bundle(bundles: Outside, tile: Tile, hashes: Sequence[bytes], found: Verified) -> None:
    """Compare the bodies of a bundle with the leaves of its tile."""
    bundle = Tile(ENTRIES, tile.index, tile.width)
    try:
        bodies = read_bundle(bundles.file(bundle.path, _LARGEST_BUNDLE), tile.width)
    except Refused as problem:
        found.raise_alarm("bundle", n=tile.index, why=problem.rule)
        return
    for place, (body, hash_) in enumerate(zip(bodies, hashes, strict=True)):
        if leaf_hash(body) != hash_:
            found.raise_alarm("bundle_leaf", leaf=(tile.index << HEIGHT) + place)
