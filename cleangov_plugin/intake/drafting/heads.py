"""The head of a file of any format: its columns and some of their values, nothing interpreted."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final

from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake.formats.csv_rows import DELIMITERS, CsvFormat, CsvLog
from cleangov_plugin.intake.formats.json_values import cell_of, read_json
from cleangov_plugin.intake.formats.jsonl import JsonlLog
from cleangov_plugin.intake.formats.log_files import LogFile, Stream
from cleangov_plugin.intake.formats.log_rows import Cell, Row, TypedTime, shown
from cleangov_plugin.intake.formats.xes import XesLog
from cleangov_plugin.intake.formats.xlsx import XlsxFormat, XlsxLog
from cleangov_plugin.intake.log_formats import ENDINGS, ending_of

#: Bytes, once unpacked, and rows of a file that are looked at: the heading of a real XES log has
#: five million.
BYTES: Final = 32 << 20
ROWS: Final = 500
#: Columns, at the most.
MOST: Final = 200
_ENCODINGS: Final = ("utf-8", "gb18030")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_DEEPEST: Final = 4
_DEEPEST_HEADING: Final = 10


@dataclass(slots=True)
class Column:
    """One column of a file, or one key.

    :param name: what the file calls it.
    :param of_case: whether the file tells it of the case, apart from the events.
    :param values: what stands in it, row by row; "" where nothing.
    :param is_typed: whether the file itself says that these are times.
    """

    name: str
    of_case: bool
    values: list[str] = field(default_factory=list)
    is_typed: bool = False

    @property
    def told(self) -> list[str]:
        """Answer the values that are not empty."""
        return [value for value in self.values if value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What is known of a file from its beginning.

    :param path: the file.
    :param format_: its format.
    :param options: how it is written, as the mapping says it: encoding, delimiter, sheet.
    :param columns: its columns.
    :param rows: how many rows were looked at.
    """

    path: Path
    format_: str
    options: Mapping[str, Any]
    columns: Sequence[Column]
    rows: int


def head_of(path: Path, format_: str | None = None) -> Head:
    """Read the head of a file.

    :param path: the file; hostile.
    :param format_: its format, where the name does not say it.
    :return: what is known of it.
    :raises IntakeError: where nothing of it can be read.
    """
    told = format_ or _format_by_name(path)
    file = _Beginning(path)
    options: dict[str, Any] = {}
    rows: Iterator[Row]
    if told == "csv":
        options = _csv_options(file)
        return _of_csv(path, file, options)
    if told == "xlsx":
        options = _xlsx_options(file)
        rows = XlsxLog(file, XlsxFormat(**options)).rows()
    elif told == "xes":
        rows = XesLog(file).rows()
    else:
        rows = _members(file)
        told, rows = _or_ocds(told, rows)
    return _gathered(path, told, options, rows)


def _of_csv(path: Path, file: LogFile, options: dict[str, Any]) -> Head:
    """Read the head of a CSV file; a column of JSON objects is opened."""
    rows = CsvLog(file, CsvFormat(**options), frozenset()).rows()
    found = _gathered(path, "csv", options, rows)
    packed = next((column.name for column in found.columns if _is_packed(column)), None)
    if packed is None:
        return found
    options = {**options, "unpack": packed}
    rows = CsvLog(file, CsvFormat(**options), frozenset()).rows()
    return _gathered(path, "csv", options, rows)


def _is_packed(column: Column) -> bool:
    """Answer whether a column holds JSON objects."""
    try:
        return bool(column.told) and all(
            isinstance(read_json(value), dict) for value in column.told
        )
    except ValueError:
        return False


def _format_by_name(path: Path) -> str:
    ending = ending_of(path)
    found = next((name for name, endings in ENDINGS.items() if ending in endings), None)
    if found is None:
        remedy = f"Say it with --format: {', '.join(ENDINGS)}."
        raise IntakeError("the name does not say the format.", where=path.name, remedy=remedy)
    return found


class _Beginning(LogFile):
    """A file of which only the beginning is read, as if it ended there."""

    @contextmanager
    def opened(self) -> Iterator[Stream]:
        with super().opened() as stream:
            yield _Cut(stream)


class _Cut:
    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._left = BYTES

    def read(self, size: int = -1) -> bytes:
        return self._told(self._stream.read(self._left if size < 0 else min(size, self._left)))

    def readline(self, size: int = -1) -> bytes:
        return self._told(self._stream.readline(self._left if size < 0 else min(size, self._left)))

    def _told(self, data: bytes) -> bytes:
        self._left -= len(data)
        return data


def _csv_options(file: LogFile) -> dict[str, Any]:
    """Find out encoding and delimiter; what is usual is left out."""
    with file.opened() as stream:
        data = stream.read(1 << 18)
    encoding = encoding_of(data)
    if encoding is None:
        remedy = "Save it as UTF-8 or GB18030."
        what = "the encoding is none of utf-8, gb18030 and utf-16."
        raise IntakeError(what, where=file.name, remedy=remedy)
    heading = data.decode(encoding, "replace").lstrip("\ufeff").partition("\n")[0]
    delimiter = max(DELIMITERS, key=heading.count)
    found = {"encoding": encoding} if encoding != "utf-8" else {}
    return {**found, **({"delimiter": delimiter} if delimiter != "," else {})}


def _xlsx_options(file: LogFile) -> dict[str, Any]:
    """Find the first sheet that people see, and the row with the headings: titles stand above."""
    seen = XlsxLog(file, XlsxFormat()).sheets()
    found: dict[str, Any] = {} if len(seen) == 1 else {"sheet": seen[0]}
    for heading in range(1, _DEEPEST_HEADING + 1):
        options = {**found, **({"heading": heading} if heading > 1 else {})}
        try:
            first = next(iter(XlsxLog(file, XlsxFormat(**options)).rows()), None)
        except IntakeError:
            continue  # a title over several columns, or a row that is empty
        if first is not None and len(first.values) > 1:
            return options
    return found


def encoding_of(data: bytes) -> str | None:
    """Answer the encoding of the beginning of a file; None where it is none of those known.

    :param data: the first bytes; the last character may be cut.
    """
    if data.startswith(_WIDE):
        return "utf-16"
    whole = data[: data.rfind(b"\n") + 1] or data
    for encoding in _ENCODINGS:
        try:
            whole.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def _members(file: LogFile) -> Iterator[Row]:
    """Answer JSON lines with every member by its path."""
    for number, found in JsonlLog(file, frozenset()).objects():
        yield Row(dict(islice(_paths(found, "", 0), MOST)), {}, True, number)


def _paths(value: dict[str, Any], above: str, depth: int) -> Iterator[tuple[str, Cell]]:
    for name, member in value.items():
        path = f"{above}{name}"
        if isinstance(member, dict) and depth < _DEEPEST:
            yield from _paths(member, f"{path}/", depth + 1)
        elif (cell := cell_of(member)) is not None:
            yield path, cell


def _or_ocds(told: str, rows: Iterator[Row]) -> tuple[str, Iterator[Row]]:
    """Tell OCDS releases from other JSON lines: each has an ``ocid``."""
    if told == "ocds":
        return told, iter(())
    first = list(islice(rows, 1))
    is_ocds = any("ocid" in row.values for row in first)
    return ("ocds", iter(())) if is_ocds else (told, _after(first, rows))


def _after(first: list[Row], rows: Iterator[Row]) -> Iterator[Row]:
    yield from first
    yield from rows


def _gathered(path: Path, format_: str, options: dict[str, Any], rows: Iterator[Row]) -> Head:
    columns: dict[tuple[bool, str], Column] = {}
    number = 0
    try:
        for row in islice(rows, ROWS):
            _take(columns, row, number)
            number += 1
    except IntakeError:
        if number == 0:
            raise  # else the file goes on, or is faulty further down: replay will say so
    if number == 0 and format_ != "ocds":
        what = "there is no row below the headings."
        raise IntakeError(what, where=path.name, remedy="Name a file that holds some.")
    for column in columns.values():
        column.values += [""] * (number - len(column.values))
    found = list(columns.values())
    return Head(path=path, format_=format_, options=options, columns=found, rows=number)


def _take(columns: dict[tuple[bool, str], Column], row: Row, number: int) -> None:
    for of_case, cells in ((False, row.values), (True, row.trace)):
        for name, cell in cells.items():
            if (of_case, name) not in columns and len(columns) >= MOST:
                continue
            column = columns.setdefault((of_case, name), Column(name, of_case))
            column.values += [""] * (number - len(column.values))
            column.values.append(cell if isinstance(cell, str) else "; ".join(cell))
            column.is_typed = column.is_typed or isinstance(cell, TypedTime)


def described(column: Column) -> str:
    """Answer some values of a column, for people.

    :param column: the column.
    """
    return ", ".join(shown(value) for value in list(dict.fromkeys(column.told))[:3])
