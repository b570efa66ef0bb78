"""Opening a log: packed or not, read as a stream, bounded, and every fault with its place."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import UnsupportedOperation
from pathlib import Path
from typing import IO, Final, Protocol, TypeVar

from cleangov_plugin.domain.errors import IntakeError

T = TypeVar("T")
_PACKED: Final = b"\x1f\x8b"
_UNOPENED: Final = (
    FileNotFoundError, PermissionError, IsADirectoryError, UnsupportedOperation,
)  # fmt: skip
_AGAIN: Final = "Export or copy the file again, whole; events read before stay staged."


class Stream(Protocol):
    """Bytes, read once from the beginning to the end."""

    def read(self, size: int = -1, /) -> bytes:
        """Read bytes.

        :param size: how many at the most.
        """

    def readline(self, size: int = -1, /) -> bytes:
        """Read a line with its end.

        :param size: how many bytes at the most.
        """


class LogFile:
    """A file that is read once.

    :param path: the file; hostile.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self._raw: IO[bytes] | None = None

    @contextmanager
    def opened(self) -> Iterator[Stream]:
        """Hold the file open, unpacked where it is packed, whatever its name says.

        :return: a stream of bytes.
        :raises IntakeError: where it cannot be opened.
        """
        with self.whole() as raw:
            is_packed = raw.read(len(_PACKED)) == _PACKED
            raw.seek(0)
            yield gzip.GzipFile(fileobj=raw) if is_packed else raw

    @contextmanager
    def whole(self) -> Iterator[IO[bytes]]:
        """Hold the file open as it is, to be read in any order.

        :return: the file.
        :raises IntakeError: where it cannot be opened.
        """
        try:
            with self.path.open("rb") as raw:
                self._raw = raw
                yield raw
        except _UNOPENED as told:
            what = f"the file cannot be read ({type(told).__name__})."
            raise IntakeError(what, where=str(self.path), remedy="Name a readable file.") from None

    def position(self) -> int:
        """Answer how many bytes of the file were read, for a progress bar."""
        return self._raw.tell() if self._raw is not None and not self._raw.closed else 0


def bounded(steps: Iterator[T], where: Callable[[], str]) -> Iterator[T]:
    """Pass on what a reader answers; faults of the file become errors that name the place.

    :param steps: the reader's own iterator.
    :param where: answers the place where it stands.
    :return: the same items.
    :raises IntakeError: where the file is cut off, damaged or goes away.
    """
    try:
        yield from steps
    except EOFError:
        what = "the packed file ends too early: it was cut off."
        raise IntakeError(what, where=where(), remedy=_AGAIN) from None
    except (zlib.error, gzip.BadGzipFile):
        raise IntakeError("the packed file is damaged.", where=where(), remedy=_AGAIN) from None
    except RecursionError:  # what the parser still takes, a look into it may not
        what = "lists or objects are nested too deep."
        raise IntakeError(what, where=where(), remedy="This is not an event log.") from None
    except OSError as problem:
        what = f"the file could not be read further ({type(problem).__name__})."
        raise IntakeError(what, where=where(), remedy=_AGAIN) from None
