"""Looking at a few leaves alone: whatever depends on nothing that was looked at before.

Where nothing at all is wrong with them, what is left of them is small. So it can be worked out in
another process. Where anything is, they are looked at as ever, in their turn.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

from cleangov_plugin.ledger.strict import HASH_BYTES
from cleangov_plugin.ledger.tiles import HEIGHT, WIDTH, tile_rows
from cleangov_plugin.store.leaf_reader import Leaves

from .alarms import Verified
from .checks import Meta, Run
from .reading import hash_of
from .sorting import Sorter, is_gapless, others


class Looked(NamedTuple):
    """Leaves with which nothing is wrong so far.

    :param first: place of the first one; the others follow without a gap.
    :param hashes: their hashes.
    :param root: root over them, where they are a full tile; else None.
    :param parts: runs of entries, and what is between them.
    """

    first: int
    hashes: Sequence[bytes]
    root: bytes | None
    parts: Sequence[Run | Sequence[Meta]]


def look_at(rows: Leaves, tiles: Mapping[int, bytes], sorter: Sorter) -> Looked | None:
    """Look at leaves.

    :param rows: leaves with their entries, as they are stored.
    :param tiles: hashes of leaves by number of the tile, as they are stored.
    :param sorter: sorts them.
    :return: what is left of them; None where anything is not as it should be.
    """
    first, begin = rows.idx[0], rows.idx[0] % WIDTH * HASH_BYTES
    joined, tile = b"".join(rows.hash), tiles.get(first // WIDTH, b"")
    if not is_gapless(rows.idx) or tile[begin : begin + len(joined)] != joined:
        return None
    hashes = hashes_of(rows)
    if tuple(hashes) != rows.hash:
        return None
    found = Verified()
    parts: list[Run | Sequence[Meta]] = []
    for part in sorter.parts(rows, hashes, found):
        if isinstance(part, Run):
            parts.append(part)
        else:
            metas = [each for each in part if isinstance(each, Meta)]
            if len(metas) != len(part):
                return None
            parts.append(metas)
    is_tile = not begin and len(hashes) == WIDTH
    root = tile_rows(hashes)[HEIGHT][0] if is_tile else None
    return None if found.alarms else Looked(first, rows.hash, root, parts)


def hashes_of(rows: Leaves) -> list[bytes]:
    """Work out what each leaf should be from what it stands for.

    :param rows: leaves with their entries, as they are stored.
    :return: hashes; nothing for a leaf whose entry is not there.
    """
    hashes = [sha256(b"\x00" + body).digest() for body in rows.body]
    for n in others(rows):
        meta = rows.meta[n]
        hashes[n] = b"" if meta is None else hash_of(meta.encode("utf-8", "surrogateescape"))
    return hashes
