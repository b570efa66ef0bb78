"""ROOT: tiles are exactly as wide as the tree has them, and each row is worked out from the one
below: proofs are made from them.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.strict import HASH_BYTES
from cleangov_plugin.ledger.tiles import HEIGHT, WIDTH, tile_rows
from cleangov_plugin.store.own_leaf_rows import TileRow, tiles

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Seen, ends_of


class TileCheck:
    """Looks at the tiles of a tree that is verified from its first leaf on.

    :param connection: a reading connection.
    :param log_id: the ledger.
    """

    def __init__(self, connection: Connection, log_id: str) -> None:
        self._connection = connection
        self._log_id = log_id
        self._first: int | None = None
        self._size = 0
        #: Roots of tiles of leaves that were worked out already.
        self.roots: Sequence[bytes] = ()

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Count the leaves.

        :param slice_: leaves.
        """
        for place in ends_of(slice_):
            if place is not None:
                self._first = place if self._first is None else self._first
                self._size = place + 1
        return iter(())

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Compare each level of tiles with the one below; leaves are compared where they stand."""
        if self._first != 0:
            return
        size, level, below = self._size, 0, None
        for found, rows in groupby(tiles(self._connection, self._log_id), attrgetter("level")):
            if found != level or not size:
                yield alarm("tile_strange", level=found)
                return
            roots: list[bytes] = []
            yield from self._level(rows, size, below, roots)
            size, below, level = size >> HEIGHT, roots, level + 1
        if size:
            yield alarm("tile_gone", level=level)

    def _level(
        self, rows: Iterator[TileRow], size: int, below: list[bytes] | None, roots: list[bytes]
    ) -> Iterator[Alarm]:
        """Look at the tiles of one level, and take the hash of each full one."""
        following = 0
        for level, n, data in rows:
            width = min(size - n * WIDTH, WIDTH)
            named = {"level": level, "n": n}
            if n != following or width < 1 or len(data) != width * HASH_BYTES:
                yield alarm(
                    "tile_width", **named, bytes=len(data), right=max(width, 0) * HASH_BYTES
                )
            elif below is not None and data != b"".join(below[n * WIDTH : n * WIDTH + width]):
                yield alarm("tile_row", **named)
            if -(-len(data) // HASH_BYTES) == WIDTH:
                is_known = level == 0 and n < len(self.roots) and len(data) == WIDTH * HASH_BYTES
                roots.append(self.roots[n] if is_known and n >= 0 else _root(data))
            following = n + 1
        if following * WIDTH < size:
            yield alarm("tile_gone", level=level)


def _root(data: bytes) -> bytes:
    hashes = [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]
    return tile_rows(hashes)[HEIGHT][0]
