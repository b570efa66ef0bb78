"""Bundles for who may read every entry: bodies and hash tiles of a sealed ledger in one folder.

Bodies name people by pseudonym; what was disclosed is not in them, and never here. The folder is
for entitled verifiers alone, and so never the public one of heads and tiles.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.ledger.entry_bundle import write_bundle
from cleangov_plugin.ledger.leaf import LONGEST
from cleangov_plugin.ledger.note import split_note
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tiles import ENTRIES, WIDTH, Tile, tile_at, tiles_of
from cleangov_plugin.ledger.tree_head import read_tree_head
from cleangov_plugin.store import copying
from cleangov_plugin.store.database import Database

from .outside import Outside
from .stored_tiles import fetch

#: Tiles that are held at once: a bundle has at most 16 MiB, and mostly some hundred KiB.
_AT_ONCE: Final = 4


def bundles_of(folder: Path, heads: Path, log_id: str) -> Outside:
    """Answer the folder of a ledger's bundles; made, for its owner alone, where it is not there.

    :param folder: the folder that was named.
    :param heads: the folder of heads and tiles, which is public.
    :param log_id: the ledger.
    :raises SettingsError: where one lies in the other, or it cannot be made.
    """
    bundles, public = folder.resolve(), heads.resolve()
    if bundles == public or public in bundles.parents or bundles in public.parents:
        what = "bundles hold the text of every entry, and the folder of heads is public."
        raise SettingsError(what, where="--bundles", remedy="Name a folder of its own.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        what = f"this folder cannot be made ({type(problem).__name__})."
        raise SettingsError(what, where=str(folder), remedy="Name another: --bundles.") from problem
    return Outside(folder, log_id)


def publish_bundles(database: Database, outside: Outside, bundles: Outside) -> int:
    """Write what the head outside covers and the bundles do not; the head last.

    What stands in the database is written as it is: whether it is what was sealed is judged by who
    reads it. Killed anywhere, it goes on from the head that is there.

    :param database: the database.
    :param outside: where the head is kept.
    :param bundles: the folder of the bundles.
    :return: leaves that are there now.
    :raises SettingsError: where the folder cannot be written.
    """
    note = outside.head()
    if note is None:
        return 0
    size, before = size_of(note), size_of(bundles.head())
    if before < size:
        new = _new(database, outside.log_id, size, before)
        while some := dict(islice(new, _AT_ONCE)):
            bundles.save(some)
    if bundles.head() != note:
        bundles.publish(note, {})
        _clear(bundles, before)
    return size


def size_of(note: bytes | None) -> int:
    """Answer the leaves of a head of our own; 0 where there is none, or it cannot be read.

    :param note: the signed head.
    """
    if note is None:
        return 0
    try:
        return read_tree_head(split_note(note)[0]).size
    except Refused:
        return 0


def _new(database: Database, log_id: str, size: int, before: int) -> Iterator[tuple[Tile, bytes]]:
    for tile in tiles_of(size, before):
        with database.own_transaction(is_reading=True) as connection:
            yield tile, fetch(connection, log_id, tile)
    for n in range(before // WIDTH, (size + WIDTH - 1) // WIDTH):
        tile = tile_at(ENTRIES, n, size)
        with database.own_transaction(is_reading=True) as connection:
            yield tile, write_bundle(_entries(connection, log_id, tile))


def _entries(connection: Connection, log_id: str, tile: Tile) -> list[bytes]:
    """Answer what was hashed for the leaves of a tile; no byte where there is nothing."""
    first = tile.index * WIDTH
    rows = copying.texts(connection, log_id, first, tile.width)
    found = {row.idx: (row.text or "").encode("utf-8", "surrogateescape")[:LONGEST] for row in rows}
    return [found.get(first + n, b"") for n in range(tile.width)]


def _clear(bundles: Outside, before: int) -> None:
    """Take away partial tiles that the last but one head had: a wider one holds all of each.

    A follower that reads just now finds what it needs in the wider one.
    """
    level, row = 0, before
    while row:
        for kind in (level, ENTRIES) if level == 0 else (level,):
            _clear_narrower(bundles, Tile(kind, row // WIDTH), row % WIDTH)
            if row >= WIDTH:
                _clear_narrower(bundles, Tile(kind, row // WIDTH - 1), WIDTH)
        level, row = level + 1, row // WIDTH


def _clear_narrower(bundles: Outside, full: Tile, width: int) -> None:
    folder = bundles.own / f"{full.path}.p"
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name.isdigit() and int(path.name) < width:
                path.unlink()
