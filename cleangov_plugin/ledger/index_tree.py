"""The tree over the buckets of the case index, read from tiles and written to them."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final

from .case_index import BUCKETS, DEPTH
from .leaf import leaf_hash
from .strict import HASH_BYTES, Refused
from .tree import node_hash

#: Levels of the tree to a tile, and so hashes to a tile. Small, for with every batch of thousands
#: of cases the tiles above thousands of buckets are read, worked out and written.
HEIGHT: Final = 4
WIDTH: Final = 1 << HEIGHT
#: Levels of tiles: 4,096 tiles of 16 buckets, 256 and 16 tiles above them, and one.
LEVELS: Final = DEPTH // HEIGHT
#: Leaf of a bucket in which no case stands.
EMPTY_BUCKET: Final = leaf_hash(b"")

#: Hashes over empty buckets alone, from one bucket up to all of them.
_EMPTY: Final = [EMPTY_BUCKET]
for _ in range(DEPTH):
    _EMPTY.append(node_hash(_EMPTY[-1], _EMPTY[-1]))


class IndexTree:
    """The tree over all buckets, in tiles of 16 hashes; at first all buckets are empty."""

    __slots__ = ("_known", "_nodes")

    def __init__(self) -> None:
        #: The root at 1, and below the node n the nodes 2n and 2n + 1: so a tile is one slice.
        self._nodes = [b""]
        for level in range(DEPTH, -1, -1):
            self._nodes += [_EMPTY[level]] * (BUCKETS >> level)
        self._known: set[tuple[int, int]] = set()

    def unread(self, numbers: Iterable[int]) -> list[list[int]]:
        """Answer which tiles above buckets were not read yet.

        :param numbers: numbers of the buckets.
        :return: for each level from 0, the numbers of its tiles, sorted; at the last level that of
            the root, whatever buckets there are.
        """
        found = []
        within = set(numbers)
        for level in range(LEVELS):
            within = {number // WIDTH for number in within} if level + 1 < LEVELS else {0}
            found.append(sorted(n for n in within if (level, n) not in self._known))
        return found

    def read(self, unread: Iterable[Iterable[int]], tiles: Mapping[tuple[int, int], bytes]) -> None:
        """Take in tiles. What is not in the tile that the one above it is of, is refused.

        :param unread: which, as `unread` answers; those above them have been read, or are here.
        :param tiles: bytes by level and number; hostile. Those never written are left out.
        :raises Refused: ``"index.tile"``.
        """
        for level, numbers in reversed(list(enumerate(unread))):
            for number in numbers:
                self._take_in(level, number, tiles.get((level, number)))

    def put(self, leaves: Mapping[int, bytes]) -> dict[tuple[int, int], bytes]:
        """Change leaves, and what is above them.

        :param leaves: leaf hashes by number of their bucket.
        :return: the tiles that changed, by level and number.
        """
        rows = self.grow(leaves)
        return {
            (level, node - (BUCKETS >> HEIGHT * (level + 1))): self._below(node)
            for level, nodes in enumerate(rows[HEIGHT - 1 :: HEIGHT])
            for node in nodes
        }

    def grow(self, leaves: Mapping[int, bytes]) -> list[set[int]]:
        """Change leaves, and what is above them, where nobody asks for the tiles.

        :param leaves: leaf hashes by number of their bucket.
        :return: the nodes that changed above buckets, level by level.
        """
        nodes, rows = self._nodes, []
        for number, leaf in leaves.items():
            nodes[BUCKETS + number] = leaf
        changed = {BUCKETS + number for number in leaves}
        for _ in range(DEPTH):
            changed = {node >> 1 for node in changed}
            for node in changed:  # no call: thousands of nodes change with every batch
                pair = nodes[2 * node] + nodes[2 * node + 1]
                nodes[node] = sha256(b"\x01" + pair).digest()
            rows.append(changed)
        return rows

    def root(self) -> bytes:
        """Answer the root of the index."""
        return self._nodes[1]

    def leaf(self, number: int) -> bytes:
        """Answer the leaf hash of a bucket.

        :param number: number of the bucket.
        """
        return self._nodes[BUCKETS + number]

    def tile(self, level: int, number: int) -> bytes:
        """Answer the bytes of a tile.

        :param level: 0 to 3.
        :param number: its number.
        """
        first = _first(level, number)
        return b"".join(self._nodes[first : first + WIDTH])

    def _below(self, node: int) -> bytes:
        """Answer the bytes of the tile that a node is the root of."""
        return b"".join(self._nodes[node << HEIGHT : (node << HEIGHT) + WIDTH])

    def path(self, number: int) -> list[bytes]:
        """Answer the proof of a bucket.

        :param number: number of the bucket.
        :return: 16 hashes from the bucket up.
        """
        node = BUCKETS + number
        return [self._nodes[(node >> level) ^ 1] for level in range(DEPTH)]

    def _take_in(self, level: int, number: int, data: bytes | None) -> None:
        nodes, first = self._nodes, _first(level, number)
        if data is None:
            root = _EMPTY[(level + 1) * HEIGHT]
        elif len(data) != WIDTH * HASH_BYTES:
            raise _no_tile(level, number)
        else:
            row = [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
            nodes[first : first + WIDTH] = row
            for above in range(1, HEIGHT):
                pairs = zip(row[::2], row[1::2], strict=True)
                row = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
                nodes[first >> above : (first >> above) + len(row)] = row
            root = node_hash(*row)
        if level + 1 == LEVELS:
            nodes[1] = root
        elif nodes[first >> HEIGHT] != root:
            raise _no_tile(level, number)
        self._known.add((level, number))


def _first(level: int, number: int) -> int:
    """Answer the place of the first node of a tile."""
    return (BUCKETS >> HEIGHT * level) + WIDTH * number


def _no_tile(level: int, number: int) -> Refused:
    told = "this is not the tile that the hash above it is of."
    return Refused("index.tile", told, where=f"tile {level}/{number}")
