"""The folder in which a demo keeps everything: who uses it, and how it is emptied."""

import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TextIO

if sys.platform != "win32":
    import fcntl

_LOCK: Final = "in-use.lock"
#: What a demo makes there. Whatever else lies in the folder is somebody's, and stays.
_MADE: Final = (
    "administrator.json",
    "city.db",
    "city.db-wal",
    "city.db-shm",
    "city.log",
    "heads",
    "keys",
    "oversight",
    "receipts",
    "replayed.json",
    "session.key",
    "spool",
    "supervision.off",
)
#: What tells of a database, and is of no use without it.
_TELL: Final = ("administrator.json", "heads", "receipts", "replayed.json")


class FolderInUseError(Exception):
    """A demo is running on the folder, or is just being made there."""


@contextmanager
def used(folder: Path, *, alone: bool = False) -> Iterator[None]:
    """Use the folder; several demos may, but none while one of them begins anew.

    The system lets go of the lock when the process ends, however it ends.

    :param folder: the demo's folder.
    :param alone: whether nobody else may use it meanwhile.
    :raises FolderInUseError: where somebody does.
    """
    with (folder / _LOCK).open("a", encoding="ascii") as file:
        _lock(file, folder, alone=alone)
        yield


def empty(folder: Path) -> None:
    """Remove what a demo has made in its folder, and nothing else; use it alone meanwhile.

    :param folder: the demo's folder.
    :raises FolderInUseError: where the system does not let go of a file that is in use.
    """
    _remove(folder, _MADE)


def forget_database(folder: Path) -> None:
    """Remove what tells of a database that is gone: another one will be made.

    :param folder: the demo's folder.
    :raises FolderInUseError: where the system does not let go of a file that is in use.
    """
    _remove(folder, _TELL)


def _remove(folder: Path, names: Iterable[str]) -> None:
    for path in (folder / name for name in names):
        try:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        except OSError as problem:
            raise FolderInUseError(f"{path} cannot be removed: {problem.strerror}.") from problem


def _lock(file: TextIO, folder: Path, *, alone: bool) -> None:
    """Lock without waiting. Windows has no such lock; there no open file can be removed."""
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(file, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as problem:
        raise FolderInUseError(
            f"another demo is running on {folder}. End it first (Ctrl-C in its terminal), "
            "then begin anew."
            if alone
            else f"another demo is beginning anew in {folder}. Start again when it is ready."
        ) from problem
