"""What is kept away from the database: the signed head, the hash tiles, and the key that signs.

The folder has the layout of C2SP tlog-tiles, so that any reader of such logs can follow it.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote

from cleangov_plugin.desk.keys import make_key
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.strict import HASH_BYTES
from cleangov_plugin.ledger.suites import Ed25519
from cleangov_plugin.ledger.tiles import Tile
from cleangov_plugin.store.run import Busy

#: Name of the file with the signed head, as C2SP calls it.
HEAD: Final = "checkpoint"
_COSIGNED: Final = "checkpoint.cosigned"
_LOCK: Final = ".sealing"
_PURPOSE: Final = "tree"
_KEY_BYTES: Final = 32
#: A head has three lines and a few signatures.
LARGEST_HEAD: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Outside:
    """The folder of one ledger.

    :param folder: where head and tiles of all ledgers lie.
    :param log_id: the ledger.
    """

    folder: Path
    log_id: str

    @property
    def own(self) -> Path:
        """Answer the folder of this ledger; any id makes one plain name."""
        return self.folder / quote(self.log_id, safe="").replace(".", "%2E")

    def head(self) -> bytes | None:
        """Read the signed head; None where none was published.

        :raises SettingsError: where the file cannot be read.
        """
        return self._read(HEAD, LARGEST_HEAD)

    def tile(self, tile: Tile) -> bytes:
        """Read a tile; no bytes where it is not there.

        :param tile: which.
        :return: its bytes, hostile; a longer file is cut.
        :raises SettingsError: where the file cannot be read.
        """
        return self.file(tile.path, tile.width * HASH_BYTES)

    def file(self, name: str, most: int) -> bytes:
        """Read a file; no bytes where it is not there.

        :param name: its path below the folder.
        :param most: bytes that it has at the most.
        :return: its bytes, hostile; of a longer file one byte more than that.
        :raises SettingsError: where it cannot be read.
        """
        return self._read(name, most + 1) or b""

    def _read(self, name: str, most: int) -> bytes | None:
        """Read the first bytes of a file; None where it is not there."""
        path = self.own / name
        try:
            with path.open("rb") as file:
                return file.read(most)
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise _unusable(path, problem) from problem

    def cosigned(self) -> bytes | None:
        """Read the newest head that enough witnesses cosigned; None where there is none.

        :raises SettingsError: where the file cannot be read.
        """
        return self._read(_COSIGNED, LARGEST_HEAD)

    def noted(self) -> "Outside":
        """Answer this folder with the heads that are there now, and none that come later.

        To be taken before the database is read, or before the tiles are: a head that is published
        meanwhile is of leaves that are not seen from there. What is cosigned is read first, so that
        it is not ahead of the other.

        :raises SettingsError: where a file cannot be read.
        """
        cosigned = self.cosigned()
        return _Noted(self.folder, self.log_id, self.head(), cosigned)

    def keep_cosigned(self, note: bytes) -> None:
        """Keep a head that enough witnesses cosigned.

        :param note: the signed head with their cosignatures.
        :raises SettingsError: where the folder cannot be written.
        """
        try:
            _write(self.own / _COSIGNED, note)
        except OSError as problem:
            raise _unusable(self.own, problem) from problem

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other sealer of this folder out.

        Where the folder knows no locks (some network file systems, Windows), the database's own
        lock is what there is.

        :raises Busy: where another one seals it just now.
        :raises SettingsError: where the folder cannot be written.
        """
        path = self.own / _LOCK
        try:
            self.own.mkdir(parents=True, exist_ok=True)
            file = path.open("ab")
        except OSError as problem:
            raise _unusable(path, problem) from problem
        with file:
            if not _locked(file):
                raise Busy(
                    "another process seals this ledger just now.",
                    where=self.log_id,
                    remedy="Nothing need be done: it seals what is there.",
                )
            yield

    def publish(self, note: bytes, tiles: dict[Tile, bytes]) -> None:
        """Write tiles, and then the head: whoever reads the head finds its tiles.

        :param note: the signed head.
        :param tiles: new tiles and their bytes.
        :raises SettingsError: where the folder cannot be written.
        """
        self.save(tiles)
        try:
            _write(self.own / HEAD, note)
        except OSError as problem:
            raise _unusable(self.own, problem) from problem

    def save(self, tiles: dict[Tile, bytes]) -> None:
        """Write tiles alone; whoever writes many of them writes the head at the end.

        :param tiles: new tiles and their bytes.
        :raises SettingsError: where the folder cannot be written.
        """
        try:
            for tile, data in tiles.items():
                _write(self.own / tile.path, data)
        except OSError as problem:
            raise _unusable(self.own, problem) from problem


@dataclass(frozen=True, slots=True)
class _Noted(Outside):
    """The folder of one ledger with its heads as they were at one moment."""

    noted_head: bytes | None
    noted_cosigned: bytes | None

    def head(self) -> bytes | None:
        """Answer the signed head as it was."""
        return self.noted_head

    def cosigned(self) -> bytes | None:
        """Answer the cosigned head as it was."""
        return self.noted_cosigned


def signers_of(folder: Path, log_id: str, *, is_made: bool) -> list[SignerKey]:
    """Read the keys that sign the heads of a ledger, and make one where there is none.

    While an old key lies beside a newer one, both sign: whoever holds either can verify.

    :param folder: the folder of the key files.
    :param log_id: the ledger, which names the keys.
    :param is_made: whether a missing key is made.
    :return: the keys, the newest last; none where there is none and none is made.
    :raises SettingsError: where a file cannot be used.
    """
    try:
        numbers = _numbers(folder)
        if not numbers and is_made:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_key(folder, _PURPOSE)
            numbers = _numbers(folder)
        files = [folder / f"{_PURPOSE}-{number}.key" for number in numbers]
        secrets_ = [(path, path.read_bytes()) for path in files]
    except OSError as problem:
        raise _unusable(folder, problem) from problem
    for path, secret in secrets_:
        if len(secret) != _KEY_BYTES:
            raise SettingsError(
                f"a key has {_KEY_BYTES} bytes, this file has {len(secret)}.",
                where=str(path),
                remedy="Restore the file from its backup; a new key signs nothing old.",
            )
    return [SignerKey(origin_of(log_id), Ed25519(), secret) for _, secret in secrets_]


def signer_of(folder: Path, log_id: str, *, is_made: bool) -> SignerKey | None:
    """Read the newest key that signs the heads of a ledger.

    :param folder: the folder of the key files.
    :param log_id: the ledger, which names the key.
    :param is_made: whether a missing key is made.
    :return: the key; None where there is none and none is made.
    :raises SettingsError: where a file cannot be used.
    """
    found = signers_of(folder, log_id, is_made=is_made)
    return found[-1] if found else None


def add_key(folder: Path) -> Path:
    """Make the next key that signs heads; the older ones go on signing beside it.

    :param folder: the folder of the key files.
    :return: the new file.
    :raises SettingsError: where it cannot be written.
    """
    try:
        number = max(_numbers(folder), default=0) + 1
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_key(folder, _PURPOSE, number)
    except OSError as problem:
        raise _unusable(folder, problem) from problem
    return folder / f"{_PURPOSE}-{number}.key"


def _numbers(folder: Path) -> list[int]:
    names = [path.stem.partition("-")[2] for path in folder.glob(f"{_PURPOSE}-*.key")]
    return sorted(int(name) for name in names if name.isascii() and name.isdigit())


def origin_of(log_id: str) -> str:
    """Answer the origin line of a ledger's heads, and the name of its key.

    :param log_id: the ledger; blanks and plus signs, which no name of a key may have, are written
        as in an address.
    """
    return f"cleangov/{quote(log_id, safe='')}"


def _locked(file: IO[bytes]) -> bool:
    """Take the lock of a file, which ends with the file; False where somebody else has it."""
    try:
        import fcntl  # not there on Windows

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except (ImportError, OSError):  # no locks here: see `Outside.held`
        return True
    return True


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, and make sure that it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unusable(path: Path, problem: OSError) -> SettingsError:
    return SettingsError(
        f"this cannot be used ({type(problem).__name__}).",
        where=str(path),
        remedy="Name folders that this process can read and write: CLEANGOV_HEADS, CLEANGOV_KEYS.",
    )
