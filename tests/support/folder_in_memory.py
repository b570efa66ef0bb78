"""Folders of tests in memory, where there is room: nothing of a test has to outlast the machine.

On a disk each commit of SQLite waits some milliseconds for it; that is most of what a test waits
for. `PYTEST_DEBUG_TEMPROOT` or `--basetemp` names another place, where the folders are kept.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEMORY = Path("/dev/shm")
NAMED = "PYTEST_DEBUG_TEMPROOT"
_PREFIX = "cleangov-tests-"
#: Bytes that a whole run needs at most, with room for those who share the machine.
_ROOM = 8 << 30


@contextmanager
def held_in_memory(memory: Path = MEMORY, room: int = _ROOM) -> Iterator[Path | None]:
    """Give pytest a place in memory, and take it away at the end.

    :param memory: a file system in memory.
    :param room: bytes that have to be free there, and in the machine's memory.
    :return: the place; None where it stays on the disk.
    """
    if NAMED in os.environ or not _is_fit(memory, room):
        yield None
        return
    _swept(memory)
    place = memory / f"{_PREFIX}{os.getpid()}"
    # Passed through by the account of a PostgreSQL; each folder of ours in it is closed itself.
    place.mkdir(mode=0o711)
    os.environ[NAMED] = str(place)
    try:
        yield place
    finally:
        del os.environ[NAMED]
        shutil.rmtree(place, ignore_errors=True)


def held() -> Path | None:
    """Answer the place in memory of this run; None where it stays on the disk."""
    place = Path(os.environ.get(NAMED, ""))
    return place if place.parent == MEMORY and place.name.startswith(_PREFIX) else None


def _is_fit(memory: Path, room: int) -> bool:
    """Answer whether there is room, and whether programs that tests write may be run there."""
    try:
        found = os.statvfs(memory)
        with open("/proc/meminfo", encoding="ascii") as file:
            free = next(int(line.split()[1]) for line in file if line.startswith("MemAvailable"))
    except (OSError, StopIteration, AttributeError):  # not Linux
        return False
    may_run = not found.f_flag & os.ST_NOEXEC and os.access(memory, os.W_OK | os.X_OK)
    return may_run and min(found.f_bavail * found.f_frsize, free << 10) >= room


def _swept(memory: Path) -> None:
    """Take away what runs left behind that were killed."""
    for place in memory.glob(f"{_PREFIX}*"):
        number = place.name.removeprefix(_PREFIX)
        if number == str(os.getpid()) or not Path("/proc", number).exists():
            shutil.rmtree(place, ignore_errors=True)
