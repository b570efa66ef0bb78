"""XML of strangers: no declarations, no entities, nothing without end."""

from collections.abc import Callable
from typing import Any, Final, Protocol

from cleangov_plugin.domain.errors import IntakeError

#: Bytes that may go by before an element begins or ends: no attribute and no text is longer.
LONGEST: Final = 4 << 20


class Bytes(Protocol):
    """Anything that bytes are read from."""

    def read(self, size: int = -1, /) -> bytes:
        """Read bytes.

        :param size: how many at the most.
        """


class Counted:
    """A stream that counts what goes by without an element.

    :param stream: the file.
    :param refused: makes the error where it is too much.
    """

    def __init__(self, stream: Bytes, refused: Callable[[str, str], Exception]) -> None:
        self._stream = stream
        self._refused = refused
        self._bytes = 0

    def read(self, size: int = -1) -> bytes:
        """Read bytes, and count them.

        :param size: how many at the most.
        :raises Exception: as `refused` makes it.
        """
        data = self._stream.read(size)
        self._bytes += len(data)
        if self._bytes > LONGEST:
            what = f"{LONGEST:,} bytes without an element's begin or end."
            raise self._refused(what, "Shorten or drop the attribute.")
        return data

    def element(self) -> None:
        """Count anew: an element began or ended."""
        self._bytes = 0


def parser_of(files: str, extra: str) -> tuple[Any, tuple[type[Any], type[Any]]]:
    """Answer the parser, and its errors: of a declaration, and of what is no XML.

    :param files: what is to be read, for the message.
    :param extra: the extra that brings the parser.
    :raises IntakeError: where it is not installed.
    """
    try:
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import ParseError, iterparse
    except ImportError:
        raise IntakeError(
            f"{files} need the package 'defusedxml', which is not installed.",
            where=extra,
            remedy=f"Install the extra: pip install 'cleangov-plugin[{extra}]'.",
        ) from None
    return iterparse, (DefusedXmlException, ParseError)


def tag_of(element: Any) -> str:
    """Answer the name without its namespace: exporters differ in it.

    :param element: an element.
    """
    return str(element.tag).rpartition("}")[2]
