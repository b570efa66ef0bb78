"""Where a follower reads an agency's ledger: its database, or a folder of bundles.

All that is answered here is hostile: whoever asks compares it with a signed head.
"""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import unquote

from cleangov_plugin.desk.sealed.outside import HEAD, LARGEST_HEAD, Outside
from cleangov_plugin.desk.sealed.stored_tiles import fetch
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.ledger.entry_bundle import read_bundle
from cleangov_plugin.ledger.leaf import LONGEST
from cleangov_plugin.ledger.strict import HASH_BYTES, Refused
from cleangov_plugin.ledger.tiles import ENTRIES, WIDTH, Tile, tile_at
from cleangov_plugin.store import copying, rulebook
from cleangov_plugin.store.database import Database

#: Heads that are looked at: the newest ones may wait for their witnesses.
_HEADS: Final = 20
#: Ledgers of one source.
_MOST_LEDGERS: Final = 1_000


class Source(Protocol):
    """What a follower asks for."""

    def agencies(self) -> list[dict[str, Any]]:
        """List the ledgers: log_id, names, zone, country."""
        ...

    def notes(self, log_id: str) -> list[bytes]:
        """List signed heads, the newest first; none where there is none.

        :param log_id: the ledger.
        """
        ...

    def tile(self, log_id: str, tile: Tile) -> bytes:
        """Read a hash tile; no bytes where it is not there.

        :param log_id: the ledger.
        :param tile: which.
        """
        ...

    def texts(self, log_id: str, first: int, most: int, size: int) -> Sequence[bytes | None]:
        """Read what was hashed for leaves; None where there is nothing behind a leaf.

        :param log_id: the ledger.
        :param first: the first leaf.
        :param most: how many of them.
        :param size: leaves of the tree.
        :raises Refused: where it cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class DatabaseSource:
    """The agency's database, by an account that need not write, or read what is disclosed.

    :param database: the database.
    """

    database: Database

    def agencies(self) -> list[dict[str, Any]]:
        """List the ledgers of the database."""
        with self.database.own_transaction(is_reading=True) as connection:
            return rulebook.agencies(connection) if copying.has_tree(connection) else []

    def notes(self, log_id: str) -> list[bytes]:
        """List the newest signed heads.

        :param log_id: the ledger.
        """
        with self.database.own_transaction(is_reading=True) as connection:
            if not copying.has_tree(connection):
                return []
            return [_encoded(note) for note in copying.notes(connection, log_id, _HEADS)]

    def tile(self, log_id: str, tile: Tile) -> bytes:
        """Read a hash tile.

        :param log_id: the ledger.
        :param tile: which.
        """
        with self.database.own_transaction(is_reading=True) as connection:
            return fetch(connection, log_id, tile)

    def texts(self, log_id: str, first: int, most: int, size: int) -> Sequence[bytes | None]:
        """Read bodies, and leaves of the ledger's own.

        :param log_id: the ledger.
        :param first: the first leaf.
        :param most: how many of them.
        :param size: leaves of the tree.
        """
        count = min(most, size - first)
        with self.database.own_transaction(is_reading=True) as connection:
            rows = copying.texts(connection, log_id, first, count)
        found = {row.idx: None if row.text is None else _encoded(row.text) for row in rows}
        return [found.get(first + n) for n in range(count)]


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder of bundles, as ``cleangov seal --bundles`` writes it (C2SP tlog-tiles).

    :param folder: the folder; one folder in it for each ledger.
    """

    folder: Path

    def agencies(self) -> list[dict[str, Any]]:
        """List the ledgers of the folder; it has no names of agencies."""
        try:
            there = sorted(path.name for path in self.folder.iterdir() if (path / HEAD).exists())
        except OSError as problem:
            raise SettingsError(
                f"this folder cannot be read ({type(problem).__name__}).",
                where=str(self.folder),
                remedy="Name a folder that 'cleangov seal --bundles' writes: --from FOLDER.",
            ) from problem
        ids = [unquote(name) for name in there[:_MOST_LEDGERS]]
        ids = [id_ for id_, name in zip(ids, there, strict=False) if self._of(id_).name == name]
        return [
            {"log_id": id_, "names": {"zh": id_, "en": id_}, "zone": "UTC", "country": ""}
            for id_ in ids
        ]

    def notes(self, log_id: str) -> list[bytes]:
        """Read the signed head.

        :param log_id: the ledger.
        """
        note = _read(self._of(log_id) / HEAD, LARGEST_HEAD)
        return [] if note is None else [note]

    def tile(self, log_id: str, tile: Tile) -> bytes:
        """Read a hash tile, or the begin of a wider one where this one is not kept any more.

        :param log_id: the ledger.
        :param tile: which.
        """
        wider = self._there(log_id, tile)
        data = _read(self._of(log_id) / wider.path, wider.width * HASH_BYTES + 1) or b""
        return data if wider == tile else data[: tile.width * HASH_BYTES]

    def texts(self, log_id: str, first: int, most: int, size: int) -> Sequence[bytes | None]:
        """Read bundles; an entry without a byte stands for what was lost.

        :param log_id: the ledger.
        :param first: the first leaf.
        :param most: how many of them.
        :param size: leaves of the tree.
        :raises Refused: where a bundle is missing, cut off or too long.
        """
        end = min(first + most, size)
        found: list[bytes] = []
        for n in range(first // WIDTH, (end + WIDTH - 1) // WIDTH):
            found += self._bundle(log_id, tile_at(ENTRIES, n, size))
        skipped = first // WIDTH * WIDTH
        return [text or None for text in found[first - skipped : end - skipped]]

    def _bundle(self, log_id: str, tile: Tile) -> list[bytes]:
        wider = self._there(log_id, tile)
        limit = wider.width * (LONGEST + 2)
        data = _read(self._of(log_id) / wider.path, limit + 1)
        if data is None or len(data) > limit:
            what = "is not there" if data is None else "is too long"
            raise Refused("bundle.missing", f"this bundle {what}.", where=tile.path)
        return read_bundle(data, wider.width)[: tile.width]

    def _of(self, log_id: str) -> Path:
        return Outside(self.folder, log_id).own

    def _there(self, log_id: str, tile: Tile) -> Tile:
        """Answer the narrowest tile that is there and wide enough; partial ones are cleared."""
        own = self._of(log_id)
        full = Tile(tile.level, tile.index)
        if (own / tile.path).exists():
            return tile
        if (own / full.path).exists():
            return full
        widths = []
        try:
            for path in (own / f"{full.path}.p").iterdir():
                if path.name.isascii() and path.name.isdigit() and len(path.name) <= 3:
                    widths.append(int(path.name))
        except OSError:
            return tile
        wide = [width for width in widths if tile.width <= width < WIDTH]
        return Tile(tile.level, tile.index, min(wide)) if wide else tile


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _read(path: Path, most: int) -> bytes | None:
    """Read a plain file; None where there is none."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            return file.read(most) if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as problem:
        raise SettingsError(
            f"this cannot be read ({type(problem).__name__}).",
            where=str(path),
            remedy="Give this account the right to read the folder.",
        ) from problem
