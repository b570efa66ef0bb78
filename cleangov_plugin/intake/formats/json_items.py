"""A large JSON document read piece by piece: the items of the arrays that matter, one at a time.

Only braces, brackets and quotation marks are looked at; what lies between them is left to the JSON
reader, item by item. So memory holds one item, however long the document.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from .log_files import Stream

_CHUNK: Final = 1 << 16
_BLANK: Final = b" \t\r\n\xef\xbb\xbf"
_MARK: Final = re.compile(rb'["{}\[\]]')
_QUOTE: Final = re.compile(rb'["\\]')
_NAME: Final = re.compile(rb'\s*,?\s*"((?:[^"\\]|\\.){0,200})"\s*:\s*\Z', re.DOTALL)


class JsonItems:
    """The items of a document, each as its bytes.

    Of an object with an array under one of the names, the items of that array; of an array at the
    top, its items; of any other object at the top, the object itself. Several documents may stand
    one after the other.

    :param stream: the file.
    :param names: names of arrays whose items are answered.
    :param longest: most bytes of an item, and of all that stands beside the arrays.
    :param refused: makes the error for a fault of the document.
    """

    def __init__(
        self,
        stream: Stream,
        names: frozenset[bytes],
        longest: int,
        refused: Callable[[str], Exception],
    ) -> None:
        self._stream = stream
        self._names = names
        self._longest = longest
        self._refused = refused
        self._held = b""
        self._at = 0
        self._line = 1
        self.begun = 1

    def items(self) -> Iterator[bytes]:
        """Answer the items in the order of the document; `begun` says in which line one began.

        :raises Exception: as `refused` makes it, at the first fault.
        """
        while (mark := self._next_mark()) is not None:
            if mark == b"[":
                yield from self._of_array()
            elif mark == b"{":
                yield from self._of_object()
            else:
                raise self._refused("this is no JSON document")

    def _of_object(self) -> Iterator[bytes]:
        """Answer the items of the arrays that are looked for; without them the object itself."""
        kept = bytearray(b"{")
        is_package = False
        begun = self._line
        while True:
            mark = self._until_mark(kept)
            if mark == b"}":
                break
            if mark == b"[" and self._is_named(kept):
                is_package = True
                kept += b"null"
                yield from self._of_array()
            elif mark in (b"[", b"{", b'"'):
                self._whole(mark, kept)
            else:
                raise self._refused("brackets do not match")
        if not is_package:
            self.begun = begun
            yield bytes(kept + b"}")

    def _of_array(self) -> Iterator[bytes]:
        while True:
            beside = bytearray()
            mark = self._until_mark(beside)
            if beside.strip(_BLANK + b","):
                yield bytes(
                    beside.strip(_BLANK + b",")
                )  # numbers and words: for the reader to refuse
            if mark == b"]":
                return
            if mark not in (b"[", b"{", b'"'):
                raise self._refused("brackets do not match")
            item = bytearray()
            self.begun = self._line
            self._whole(mark, item)
            yield bytes(item)

    def _is_named(self, kept: bytearray) -> bool:
        """Answer whether what stands before an array is one of the names, at the top."""
        begin = max(0, len(kept) - 400)
        tail = bytes(kept[begin:])
        cut = tail.rfind(b'"', 0, tail.rfind(b'"')) if tail.count(b'"') > 1 else -1
        match = None if cut < 0 else _NAME.match(tail, cut)
        return match is not None and match.group(1) in self._names

    def _whole(self, mark: bytes, kept: bytearray) -> None:
        """Take a text, or all up to the bracket that closes this one."""
        kept += mark
        depth = 0 if mark == b'"' else 1
        if not depth:
            self._text(kept)
        while depth:
            mark = self._until_mark(kept)
            kept += mark
            if mark == b'"':
                self._text(kept)
            else:
                depth += 1 if mark in (b"[", b"{") else -1

    def _text(self, kept: bytearray) -> None:
        while True:
            match = _QUOTE.search(self._held, self._at)
            self._take(len(self._held) if match is None else match.end(), kept)
            if match is None:
                self._more()
            elif match.group() == b'"':
                return
            else:  # what is escaped, a quotation mark perhaps
                if self._at == len(self._held):
                    self._more()
                self._take(self._at + 1, kept)

    def _until_mark(self, kept: bytearray) -> bytes:
        """Take what stands before the next bracket or quotation mark, and answer that."""
        while True:
            match = _MARK.search(self._held, self._at)
            if match is not None:
                self._take(match.start(), kept)
                self._at += 1
                return match.group()
            self._take(len(self._held), kept)
            self._more()

    def _next_mark(self) -> bytes | None:
        """Answer the first byte of the next document; None at the end of the file."""
        while True:
            rest = self._held[self._at :].lstrip(_BLANK)
            self._line += self._held.count(b"\n", self._at, len(self._held) - len(rest))
            self._held, self._at = rest, 0
            if rest:
                self._at = 1
                return rest[:1]
            self._held = self._stream.read(_CHUNK)
            if not self._held:
                return None

    def _take(self, end: int, kept: bytearray) -> None:
        kept += self._held[self._at : end]
        self._line += self._held.count(b"\n", self._at, end)
        self._at = end
        if len(kept) > self._longest:
            raise self._refused(f"a part of more than {self._longest:,} bytes")

    def _more(self) -> None:
        self._held, self._at = self._stream.read(_CHUNK), 0
        if not self._held:
            raise self._refused("the document ends too early")
