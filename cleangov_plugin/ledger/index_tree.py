"""The tree over the buckets of the case index, read from tiles and written to them."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Final

from .case_index import BUCKETS, DEPTH
from .leaf import leaf_hash
from .merkle_proof import inclusion_proof
from .strict import HASH_BYTES, Refused
from .tiles import tile_rows
from .tree import node_hash

#: Levels of the tree to a tile, and so hashes to a tile. Small, for with every batch of thousands
#: of cases the tiles above thousands of buckets are read, worked out and written.
HEIGHT: Final = 4
WIDTH: Final = 1 << HEIGHT
#: Levels of tiles: 4,096 tiles of 16 buckets, 256 and 16 tiles above them, and one.
LEVELS: Final = DEPTH // HEIGHT
#: Leaf of a bucket in which no case stands.
EMPTY_BUCKET: Final = leaf_hash(b"")
#: Answers the bytes of a tile of the index by level and number.
FetchTile = Callable[[int, int], bytes | None]

#: Hashes over empty buckets alone, from one bucket up to all of them.
_EMPTY: Final = [EMPTY_BUCKET]
for _ in range(DEPTH):
    _EMPTY.append(node_hash(_EMPTY[-1], _EMPTY[-1]))


class IndexTree:
    """The tree over all buckets, in tiles of 16 hashes.

    :param fetch: answers the bytes of a tile by level, 0 to 3, and number; None where it was
        never written. It may lie: what does not lead to the tile above is refused.
    """

    __slots__ = ("_fetch", "_tiles")

    def __init__(self, fetch: FetchTile = lambda _level, _number: None) -> None:
        self._fetch = fetch
        self._tiles: dict[tuple[int, int], list[list[bytes]]] = {}

    def put(self, leaves: Mapping[int, bytes]) -> dict[tuple[int, int], bytes]:
        """Change leaves, and what is above them.

        :param leaves: leaf hashes by number of their bucket.
        :return: the tiles that changed, by level and number.
        :raises Refused: ``"index.tile"`` where a tile is not what the one above it says.
        """
        changed = {}
        for level in range(LEVELS):
            above = {}
            for number, within in _by_tile(leaves).items():
                rows = self._rows(level, number)
                _put_within(rows, within)
                changed[level, number] = b"".join(rows[0])
                above[number] = rows[HEIGHT][0]
            leaves = above
        return changed

    def root(self) -> bytes:
        """Answer the root of the index.

        :raises Refused: as `put`.
        """
        return self._rows(LEVELS - 1, 0)[HEIGHT][0]

    def leaf(self, number: int) -> bytes:
        """Answer the leaf hash of a bucket.

        :param number: number of the bucket.
        :raises Refused: as `put`.
        """
        return self._rows(0, number // WIDTH)[0][number % WIDTH]

    def tile(self, level: int, number: int) -> bytes:
        """Answer the bytes of a tile.

        :param level: 0 to 3.
        :param number: its number.
        :raises Refused: as `put`.
        """
        return b"".join(self._rows(level, number)[0])

    def path(self, number: int) -> list[bytes]:
        """Answer the proof of a bucket.

        :param number: number of the bucket.
        :return: 16 hashes from the bucket up.
        :raises Refused: as `put`.
        """
        return inclusion_proof(number, BUCKETS, self._node)

    def _node(self, level: int, index: int) -> bytes:
        above, row = divmod(level, HEIGHT)
        number, at = divmod(index, WIDTH >> row)
        return self._rows(above, number)[row][at]

    def _above(self, level: int, number: int) -> bytes:
        """Answer what the tile above says that a tile is."""
        return self._rows(level + 1, number // WIDTH)[0][number % WIDTH]

    def _rows(self, level: int, number: int) -> list[list[bytes]]:
        rows = self._tiles.get((level, number))
        if rows is None:
            data = self._fetch(level, number)
            if data is None:  # all below it is empty: one hash for a whole row
                row_of = enumerate(_EMPTY[level * HEIGHT : (level + 1) * HEIGHT + 1])
                rows = [[empty] * (WIDTH >> row) for row, empty in row_of]
            elif len(data) != WIDTH * HASH_BYTES:
                raise _no_tile(level, number)
            else:
                hashes = [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
                rows = tile_rows(hashes)
            if level + 1 < LEVELS and rows[HEIGHT][0] != self._above(level, number):
                raise _no_tile(level, number)
            self._tiles[level, number] = rows
        return rows


def tiles_above(numbers: Iterable[int]) -> list[list[int]]:
    """Answer which tiles stand above buckets.

    :param numbers: numbers of the buckets.
    :return: for each level, the numbers of its tiles, sorted; that of the root always.
    """
    found = []
    within = set(numbers)
    for _ in range(LEVELS):
        within = {number // WIDTH for number in within}
        found.append(sorted(within))
    return [*found[:-1], [0]]


def _by_tile(leaves: Mapping[int, bytes]) -> dict[int, dict[int, bytes]]:
    found: dict[int, dict[int, bytes]] = {}
    for number, leaf in leaves.items():
        found.setdefault(number // WIDTH, {})[number % WIDTH] = leaf
    return found


def _put_within(rows: list[list[bytes]], leaves: Mapping[int, bytes]) -> None:
    """Change hashes of a tile, and the nodes above them."""
    row = rows[0]
    for number, leaf in leaves.items():
        row[number] = leaf
    changed = set(leaves)
    for above in rows[1:]:
        changed = {number >> 1 for number in changed}
        for number in changed:  # no call: thousands of nodes change with every batch
            pair = row[2 * number] + row[2 * number + 1]
            above[number] = sha256(b"\x01" + pair).digest()
        row = above


def _no_tile(level: int, number: int) -> Refused:
    told = "this is not the tile that the hash above it is of."
    return Refused("index.tile", told, where=f"tile {level}/{number}")
