"""The spool: a bounded folder for events that no table could take, until catch-up reads them."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SUFFIX: Final = ".event.json"


@dataclass(frozen=True, slots=True)
class Spool:
    """One file an event, written whole or not at all.

    :param folder: where the files lie; None keeps nothing.
    :param limit: bytes that all files together may take.
    """

    folder: Path | None
    limit: int

    def put(self, text: str) -> bool:
        """Keep an event, and answer whether there was room.

        :param text: the event as JSON.
        :return: False where the spool is off, full or cannot be written.
        """
        if self.folder is None:
            return False
        data = text.encode("utf-8", "backslashreplace")
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.size() + len(data) > self.limit:
                return False
            draft = self.folder / f".{os.getpid()}.{secrets.token_hex(8)}"
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            draft.rename(self.folder / f"{draft.name[1:]}{_SUFFIX}")
        except OSError:
            return False
        return True

    def size(self) -> int:
        """Answer the bytes in the spool."""
        return sum(size for _, size, _ in self._files())

    def waiting(self) -> int:
        """Answer how many events wait in the spool."""
        return sum(1 for _ in self._files())

    def events(self) -> Iterator[tuple[Path, str]]:
        """Go through the waiting events, oldest first."""
        for _, _, path in sorted(self._files()):
            with suppress(FileNotFoundError):  # another process has taken it
                yield path, path.read_text(encoding="utf-8", errors="replace")

    def age(self, path: Path) -> float:
        """Answer for how many seconds an event has waited.

        :param path: its file.
        """
        return time.time() - path.stat().st_mtime

    def _files(self) -> Iterator[tuple[int, int, Path]]:
        """Go through the files with their time and size."""
        if self.folder is None or not self.folder.is_dir():
            return
        for path in self.folder.glob(f"*{_SUFFIX}"):
            with suppress(FileNotFoundError):
                found = path.stat()
                yield found.st_mtime_ns, found.st_size, path
