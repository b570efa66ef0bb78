"""Tiles: the tree's hashes, 256 leaves and eight levels to a file (C2SP tlog-tiles)."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .strict import HASH_BYTES, LARGEST, Refused, is_number, whole
from .tree import parents

#: Levels of the tree to a tile, and so hashes to a full one.
HEIGHT: Final = 8
WIDTH: Final = 1 << HEIGHT
#: Stands for the level where a tile is a bundle of entries.
ENTRIES: Final = -1

_PATH: Final = re.compile(
    r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([0-9]{1,3}))?", re.ASCII
)
_HIGHEST: Final = 63


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Which tile it is.

    :param level: level of tiles, from 0, which is leaves; `ENTRIES` for a bundle of entries.
    :param index: number of the tile on its level, from 0.
    :param width: hashes or entries in it, 1 to 256; below 256 it is partial.
    """

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Its path below the log's address, as ``tile/0/x001/x234/067.p/5``."""
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        *above, last = (digits[at : at + 3] for at in range(0, len(digits), 3))
        folders = "".join(f"x{part}/" for part in above)
        level = "entries" if self.level == ENTRIES else self.level
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{folders}{last}{partial}"


Fetch = Callable[[Tile], bytes]


def read_path(path: str) -> Tile:
    """Read the path of a tile.

    :param path: hostile.
    :return: the tile.
    :raises Refused: where it is not the one path of a tile.
    """
    found = _PATH.fullmatch(path)
    if not found:
        raise Refused("tile.path", f"{path[:60]!r} is no path of a tile.")
    level, folders, partial = found.groups()
    tile = Tile(
        level=ENTRIES if level == "entries" else whole(level, "tile.path", "level"),
        index=int(folders.replace("x", "").replace("/", "")),
        width=WIDTH if partial is None else whole(partial, "tile.path", "width"),
    )
    # Another path for the same tile, as with needless x000, would be a second name for it.
    is_one = tile.level <= _HIGHEST and tile.index <= LARGEST and 0 < tile.width <= WIDTH
    if tile.path != path or not is_one:
        raise Refused("tile.path", f"{path[:60]!r} is no path of a tile.")
    return tile


def tile_at(level: int, index: int, size: int) -> Tile:
    """Answer a tile as a tree of this size has it.

    :param level: level of tiles, or `ENTRIES`.
    :param index: number of the tile.
    :param size: leaves of the tree.
    :return: the tile, with its width.
    :raises Refused: where the tree has no such tile.
    """
    width = min(_row(level, size) - index * WIDTH, WIDTH)
    if level < ENTRIES or index < 0 or width < 1:
        raise Refused("tile.outside", f"a tree of {size} leaves has no tile {level}/{index}.")
    return Tile(level, index, width)


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """Answer the hash tiles of a tree, or those of them that a smaller tree does not have.

    :param size: leaves of the tree.
    :param since: leaves of the tree whose tiles there are already.
    :return: the tiles, level by level.
    :raises Refused: where a size is none.
    """
    if not is_number(size) or not is_number(since):
        raise Refused("tile.size", "a size is a whole number up to 2^63-1.")
    level = 0
    while _row(level, size):
        # A tile that was partial is there again with another width; a full one stays.
        for index in range(_row(level, since) // WIDTH, -(-_row(level, size) // WIDTH)):
            tile = tile_at(level, index, size)
            if _row(level, since) < index * WIDTH + tile.width:
                yield tile
        level += 1


def split_tile(tile: Tile, data: bytes) -> list[bytes]:
    """Read a hash tile.

    :param tile: which one it is said to be.
    :param data: its bytes; hostile.
    :return: its hashes.
    :raises Refused: where it has not exactly as many hashes as its width.
    """
    if len(data) != tile.width * HASH_BYTES:
        told = f"a tile {tile.width} wide has {tile.width * HASH_BYTES} bytes, not {len(data)}."
        raise Refused("tile.width", told, where=tile.path)
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def tile_rows(hashes: Sequence[bytes]) -> list[list[bytes]]:
    """Answer the rows of a tile: its hashes, and above them every full node between.

    :param hashes: hashes of the tile, 1 to 256.
    :return: rows from the lowest; a full tile has nine, the last of them is its own hash.
    """
    rows = [list(hashes)]
    while len(rows[-1]) > 1:
        rows.append(parents(rows[-1]))
    return rows


def next_tiles(size: int, leaves: Sequence[bytes], fetch: Fetch) -> Iterator[tuple[Tile, bytes]]:
    """Answer the tiles that come to a tree with new leaves.

    :param size: leaves of the tree before.
    :param leaves: hashes of the new leaves.
    :param fetch: answers the partial tiles of the tree before, one for each level at most.
    :return: tiles and their bytes, level by level: those of `tiles_of(size + new, since=size)`.
    """
    level, row = 0, list(leaves)
    while row:
        before = _row(level, size)
        index, width = divmod(before, WIDTH)
        if width:
            partial = Tile(level, index, width)
            row = split_tile(partial, fetch(partial)) + row
        full = []
        for at in range(0, len(row), WIDTH):
            hashes = row[at : at + WIDTH]
            yield Tile(level, index + at // WIDTH, len(hashes)), b"".join(hashes)
            if len(hashes) == WIDTH:
                full.append(tile_rows(hashes)[HEIGHT][0])
        level, row = level + 1, full


class TileNodes:
    """Answers stored hashes out of tiles: what proofs are made from.

    What is fetched may lie; a proof made of it is to be checked against a root that is believed.

    :param size: leaves of the tree whose tiles they are.
    :param fetch: answers the bytes of a tile, each asked for once.
    """

    def __init__(self, size: int, fetch: Fetch) -> None:
        self._size = size
        self._fetch = fetch
        self._rows: dict[tuple[int, int], list[list[bytes]]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """Answer the hash of the full subtree over leaves index * 2^level to (index + 1) * 2^level.

        :param level: level of the tree.
        :param index: number of the node on its level.
        :return: 32 bytes.
        :raises Refused: where the tree has no such node, or a tile has another width.
        """
        if level < 0 or index < 0 or index + 1 << level > self._size:
            told = f"a tree of {self._size} leaves has no full node {level}/{index}."
            raise Refused("tile.outside", told)
        tiles_level, row = divmod(level, HEIGHT)
        tile_index, at = divmod(index, WIDTH >> row)
        rows = self._rows.get((tiles_level, tile_index))
        if rows is None:
            tile = tile_at(tiles_level, tile_index, self._size)
            rows = tile_rows(split_tile(tile, self._fetch(tile)))
            self._rows[tiles_level, tile_index] = rows
        return rows[row][at]


def _row(level: int, size: int) -> int:
    """Answer how many hashes, or entries, a tree has on a level of tiles."""
    return size >> HEIGHT * max(level, 0)
