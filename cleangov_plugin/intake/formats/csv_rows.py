"""CSV logs: one event a line, cells over several lines included; any encoding a mapping names."""

import codecs
import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from cleangov_plugin.domain.errors import IntakeError

from .json_values import cell_of, read_json
from .line_logs import LineLog
from .log_files import LogFile, Stream
from .log_rows import Cell, Row, shown

#: Longest record in bytes, its cells over several lines included. A record that never ends is
#: how a quotation mark too many, or a hostile file, would fill the memory.
LONGEST: Final = 1 << 20
#: Encodings that a file may have. But for the wide one, a line ends with the byte 10 in them, and
#: nothing else does.
ENCODINGS: Final = ("utf-8", "gb18030", "gbk", "gb2312", "big5", "latin-1", "cp1252", "utf-16")
#: What stands between cells in files met so far; looked for where one heading looks like several.
DELIMITERS: Final = (",", ";", "\t", "|")
_UTF_16: Final = "utf-16"
_TOGETHER: Final = 1 << 16
_MARK: Final = "\ufeff"
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_NOTHING: Final[dict[str, Cell]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvFormat:
    """How a CSV file is written.

    :param encoding: one of `ENCODINGS`.
    :param delimiter: what stands between cells.
    :param unpack: column that holds a JSON object, whose members then stand beside the columns.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    unpack: str | None = None


class CsvLog(LineLog):
    """A CSV file, packed or not.

    :param file: the file.
    :param format_: how it is written.
    :param wanted: columns that the mapping reads; one that is missing is refused at the start.
    """

    def __init__(self, file: LogFile, format_: CsvFormat, wanted: frozenset[str]) -> None:
        super().__init__(file)
        self._format = format_
        self._wanted = wanted
        self._line = 0
        self._begin = 1
        self._size = 0

    def _rows(self) -> Iterator[Row]:
        with self.file.opened() as stream:
            lines = self._lines(stream)
            reader = csv.reader(lines, delimiter=self._format.delimiter, strict=True)
            records = self._records(reader)
            columns = self._columns(next(records, []))
            unpack = self._format.unpack
            for record in records:
                if len(record) != len(columns):
                    what = f"{len(record)} cells under {len(columns)} headings."
                    raise self._refused(what, "Check the delimiter and the quotation marks.")
                values: dict[str, Any] = dict(zip(columns, record, strict=True))
                if unpack is not None:
                    self._unpack(values, unpack)
                yield Row(values, _NOTHING, True, self._begin)

    def _records(self, reader: Iterator[list[str]]) -> Iterator[list[str]]:
        """Answer records without the empty lines; each begins anew to count its bytes."""
        while True:
            self._begin, self._size = self._line + 1, 0
            try:
                record = next(reader, None)
            except csv.Error as problem:
                raise self._no_csv(str(problem)) from None
            if record is None:
                return
            if record:
                yield record

    def _lines(self, stream: Stream) -> Iterator[str]:
        # What calls itself gb2312 or gbk often holds more: gb18030 contains them both.
        encoding = "gb18030" if self._format.encoding.startswith("gb") else self._format.encoding
        if encoding == _UTF_16:
            yield from self._wide_lines(stream)
            return
        for line in iter(lambda: stream.readline(LONGEST + 1), b""):
            self._measure(len(line))
            text = self._decoded(line, encoding)
            self._line += 1
            yield text.removeprefix(_MARK) if self._line == 1 else text

    def _wide_lines(self, stream: Stream) -> Iterator[str]:
        """Answer the lines of a file in which a letter has two bytes or four."""
        decoder = codecs.getincrementaldecoder(_UTF_16)()
        held, is_read = "", False
        while not is_read:
            part = stream.read(_TOGETHER)
            is_read = not part
            try:
                *lines, held = (held + decoder.decode(part, final=is_read)).split("\n")
            except UnicodeError:
                raise self._misread(_UTF_16) from None
            for line in lines:
                self._measure(2 * len(line) + 2)
                self._line += 1
                yield f"{line}\n"
            self._measure(2 * len(held), is_whole=False)
        if held:
            self._line += 1
            yield held

    def _measure(self, size: int, *, is_whole: bool = True) -> None:
        if self._size + size > LONGEST:
            what = f"a record of more than {LONGEST:,} bytes."
            raise self._refused(what, "Look for a quotation mark that is never closed.")
        self._size += size if is_whole else 0

    def _decoded(self, line: bytes, encoding: str) -> str:
        if self._line == 0 and line.startswith(_WIDE):
            raise self._refused("this is UTF-16.", "Say 'encoding: utf-16' in the mapping.")
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            raise self._misread(encoding) from None

    def _misread(self, encoding: str) -> IntakeError:
        remedy = f"Say in the mapping which encoding it is: {', '.join(ENCODINGS)}."
        where = f"{self.file.name}:{self._line + 1}"
        return IntakeError(f"this is not {encoding}.", where=where, remedy=remedy)

    def _no_csv(self, problem: str) -> IntakeError:
        """Answer what the standard library's reader found, in words for who has the file."""
        if problem.startswith("field larger"):
            what = f"a cell of more than {csv.field_size_limit():,} characters."
            return self._refused(what, "Shorten it, or look for a quotation mark never closed.")
        if problem.startswith("new-line character"):
            what = "a carriage return (CR) stands in a line, or ends it."
            return self._refused(what, "Save the file with the line ends LF or CRLF.")
        return self._refused(f"this is no CSV: {problem}.", "Check quotation marks and delimiter.")

    def _columns(self, heading: list[str]) -> list[str]:
        columns = [name.strip() for name in heading]
        if not columns:
            raise self._refused("the file is empty.", "Export it again, with its headings.")
        if len(set(columns)) < len(columns):
            name = next(name for name, times in Counter(columns).items() if times > 1)
            raise self._refused(f"the column {shown(name)} stands twice.", "Rename one.")
        there = f"there are {', '.join(shown(name) for name in columns[:30])}."
        split = self._split_hint(columns)
        missing = sorted(self._wanted - set(columns))
        if missing and self._format.unpack is None:
            what = f"there is no column {shown(missing[0])}; {there}"
            remedy = "Correct the names under formats.csv of the mapping."
            raise self._refused(what, split or remedy)
        if self._format.unpack is not None and self._format.unpack not in columns:
            what = f"there is no column {shown(self._format.unpack)} to unpack; {there}"
            raise self._refused(what, split or "Correct 'unpack' under formats.csv of the mapping.")
        return columns

    def _split_hint(self, columns: list[str]) -> str:
        """Answer what to say in the mapping where one heading looks like several; else nothing."""
        others = [mark for mark in DELIMITERS if len(columns) == 1 and mark in columns[0]]
        return f"Say 'delimiter: {json.dumps(others[0])}' in the mapping." if others else ""

    def _unpack(self, values: dict[str, Any], column: str) -> None:
        text = values.pop(column)
        if text in ("", "{}"):
            return
        try:
            members = read_json(text)
        except ValueError:
            what = f"the column '{column}' holds no JSON, or a name twice."
            raise self._refused(what, "Correct the cell, or leave 'unpack' out.") from None
        if not isinstance(members, dict):
            raise self._refused(f"the column '{column}' holds no JSON object.", "Correct the cell.")
        for name, value in members.items():
            if name in values:
                what = f"{shown(name)} stands twice: in '{column}' and beside it."
                raise self._refused(what, "Rename one of them.")
            found = cell_of(value)
            if found is not None:
                values[name] = found

    def _place(self) -> str:
        return f"{self.file.name}:{self._begin}"

    def _refused(self, what: str, remedy: str) -> IntakeError:
        return IntakeError(what, where=self._place(), remedy=remedy)
