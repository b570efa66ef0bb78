"""XLSX logs: one event a row of a sheet, read as a stream; nothing of a cell is guessed."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final
from zipfile import BadZipFile, ZipFile

from cleangov_plugin.domain.errors import IntakeError

from .log_files import LogFile, bounded
from .log_rows import Cell, Row, shown
from .xlsx_book import Book, Sheet, elements
from .xlsx_cells import CellReader, Merged, bare, column_name, column_number, merged_cells, whole
from .xml_parts import tag_of

_NOTHING: Final[dict[str, Cell]] = {}
_PLACE: Final = re.compile(r"([A-Z]{1,3})\d{1,7}")
_MOST_ROWS: Final = 1_048_576
_OLD: Final = b"\xd0\xcf\x11\xe0"
_AGAIN: Final = "Open it and save it again as .xlsx."
_SHEET: Final = "'sheet' under formats.xlsx of the mapping."
_HEADING: Final = "Correct 'heading' under formats.xlsx of the mapping."


@dataclass(frozen=True, slots=True, kw_only=True)
class XlsxFormat:
    """Where the rows stand in a workbook.

    :param sheet: name of the sheet; None: the only one that is not hidden.
    :param heading: number of the row with the headings.
    :param serials: headings of columns whose plain numbers are dates.
    """

    sheet: str | None = None
    heading: int = 1
    serials: Sequence[str] = ()


class XlsxLog:
    """A sheet of a workbook. Rows with nothing in the columns that are read are passed over.

    :param file: the file.
    :param format_: where the rows stand.
    :param wanted: headings that are read, blanks and breaks aside; None for all there are.
    """

    def __init__(
        self, file: LogFile, format_: XlsxFormat, wanted: frozenset[str] | None = None
    ) -> None:
        self.file = file
        self._format = format_
        self._wanted = wanted
        self._sheet = ""
        self._row = 0
        #: Column read, and what the mapping calls it.
        self._columns: dict[int, str] = {}
        self._merged: Merged = {}

    def rows(self) -> Iterator[Row]:
        """Answer the rows below the headings.

        :raises IntakeError: at the first fault, with file, sheet, row and cell.
        """
        return bounded(self._rows(), self._place)

    def sheets(self) -> list[str]:
        """Answer the names of the sheets that people see.

        :raises IntakeError: where there is none, or the file is no workbook.
        """
        with self._opened() as archive:
            seen = [
                each.name for each in Book(archive, self.file.name).sheets if not each.is_hidden
            ]
        if not seen:
            raise self._refused("every sheet is hidden.", f"Name one: {_SHEET}")
        return seen

    def where(self, row: Row, case: str | None = None) -> str:
        """Answer file, sheet and row of a row.

        :param row: the row.
        :param case: its case; the row says enough.
        """
        del case
        return f"{self.file.name}, sheet {shown(self._sheet)}, row {row.number}"

    def _rows(self) -> Iterator[Row]:
        with self._opened() as archive:
            yield from self._of(archive)

    @contextmanager
    def _opened(self) -> Iterator[ZipFile]:
        with self.file.whole() as raw:
            try:
                with self._archive(raw) as archive:
                    yield archive
            except (BadZipFile, NotImplementedError, RuntimeError, KeyError) as problem:
                what = f"the workbook is damaged or was cut off ({type(problem).__name__})."
                raise self._refused(what, _AGAIN) from None

    def _archive(self, raw: IO[bytes]) -> ZipFile:
        begin = raw.read(len(_OLD))
        raw.seek(0)
        if begin == _OLD:
            what = "this is an old workbook (.xls), or one with a password."
            raise self._refused(what, "Save it as .xlsx, without a password.")
        return ZipFile(raw)

    def _of(self, archive: ZipFile) -> Iterator[Row]:
        book = Book(archive, self.file.name)
        sheet = self._chosen(book)
        self._sheet = sheet.name
        with archive.open(sheet.part) as stream:
            self._merged = merged_cells(stream)
        reader = CellReader(
            texts=book.texts(),
            shown=book.shown(),
            is_1904=book.is_1904,
            serials=frozenset(map(bare, self._format.serials)),
        )
        with archive.open(sheet.part) as stream:
            for element, around in elements(stream, self._refused, "row", "sheetData"):
                if tag_of(element) == "sheetData":
                    break
                row = self._read(element, reader)
                around.clear()  # what was read is forgotten
                if row is not None:
                    yield row
        if not self._columns:
            raise self._refused(f"row {self._format.heading} has no headings.", _HEADING)

    def _chosen(self, book: Book) -> Sheet:
        wanted = self._format.sheet
        there = ", ".join(
            shown(each.name) + (" (hidden)" if each.is_hidden else "") for each in book.sheets[:30]
        )
        seen = [each for each in book.sheets if not each.is_hidden]
        if wanted is None and len(seen) != 1:
            what = f"{len(seen)} sheets are not hidden; there are {there}."
            raise self._refused(what, f"Name one: {_SHEET}")
        found = seen if wanted is None else [each for each in book.sheets if each.name == wanted]
        if not found:
            what = f"there is no sheet {shown(wanted)}; there are {there}."
            raise self._refused(what, f"Correct {_SHEET}")
        return found[0]

    def _read(self, element: Any, reader: CellReader) -> Row | None:
        self._row = whole(element.get("r"), self._row + 1)
        if self._row > _MOST_ROWS:
            raise self._refused("no sheet has such a row.", _AGAIN)
        if self._row < self._format.heading:
            return None
        if self._row == self._format.heading:
            self._columns = self._found(self._headings(element, reader))
            self._check_merged()
            return None
        if not self._columns:
            raise self._refused(f"row {self._format.heading} has no headings.", _HEADING)
        self._check_merged()
        values: dict[str, Cell] = {}
        for column, cell in _cells(element):
            key = self._columns.get(column)
            if key is not None:
                value = reader.value(cell, key, self._wrong_at(column))
                if value:
                    values[key] = value
        return Row(values, _NOTHING, True, self._row) if values else None

    def _headings(self, element: Any, reader: CellReader) -> dict[int, str]:
        """Answer the headings by number of their column."""
        texts = (
            (column, reader.value(cell, "", self._wrong_at(column)))
            for column, cell in _cells(element)
        )
        return {column: text.strip() for column, text in texts if text and text.strip()}

    def _found(self, headings: dict[int, str]) -> dict[int, str]:
        """Answer the columns that are read, and what the mapping calls each."""
        found: dict[int, str] = {}
        wanted = list(headings.values()) if self._wanted is None else sorted(self._wanted)
        for key in wanted:
            places = [n for n, text in headings.items() if bare(text) == bare(key)]
            if not places:
                there = ", ".join(shown(text) for text in list(headings.values())[:30])
                what = f"there is no column {shown(key)}; there are {there}."
                raise self._refused(what, "Correct 'names' or 'heading' under formats.xlsx.")
            if len(places) > 1:
                names = " and ".join(f"{column_name(n)}{self._row}" for n in places[:2])
                what = f"the column {shown(key)} stands twice, in {names}."
                raise self._refused(what, "Rename one.")
            found[places[0]] = key
        return found

    def _check_merged(self) -> None:
        for name, columns in self._merged.pop(self._row, ()):
            read = [key for column, key in self._columns.items() if column in columns]
            if read:
                what = f"the cells {name} are merged, and {shown(read[0])} is read from them."
                remedy = "Take the merge apart and fill every cell; only the first holds a value."
                raise self._refused(what, remedy)

    def _wrong_at(self, column: int) -> Any:
        def wrong(what: str, remedy: str) -> IntakeError:
            where = f"{self._place()}, cell {column_name(column)}{self._row}"
            return IntakeError(f"the cell holds {what}.", where=where, remedy=remedy)

        return wrong

    def _place(self) -> str:
        sheet = f", sheet {shown(self._sheet)}" if self._sheet else ""
        return f"{self.file.name}{sheet}" + (f", row {self._row}" if self._row else "")

    def _refused(self, what: str, remedy: str) -> IntakeError:
        return IntakeError(what, where=self._place(), remedy=remedy)


def _cells(row: Any) -> Iterator[tuple[int, Any]]:
    """Answer the cells of a row, each with the number of its column."""
    column = 0
    for cell in row:
        match = _PLACE.fullmatch(cell.get("r", ""))
        column = column + 1 if match is None else column_number(match.group(1))
        yield column, cell
