"""From a cell of a workbook to its text; what cannot be read for certain is refused by its name."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from .log_rows import TypedTime, shown
from .xlsx_book import Texts, text_of
from .xlsx_dates import BOTH, written
from .xml_parts import Bytes, tag_of

#: Digits a number of a workbook keeps.
_DIGITS: Final = 15
_NUMBER: Final = re.compile(r"[+-]?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?")
_MERGED: Final = re.compile(
    rb'<(?:\w{1,20}:)?mergeCell\s[^>]{0,200}?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)
_CHUNK: Final = 1 << 16
_OVERLAP: Final = 300
_MOST_MERGED: Final = 100_000

#: Of what begins in a row: the cells as people write them, and the columns they cover.
Merged = dict[int, list[tuple[str, range]]]
#: Makes the error of a cell: what it holds, and what to do.
Wrong = Callable[[str, str], Exception]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellReader:
    """How the cells of one workbook are read.

    :param texts: its shared texts.
    :param shown: how numbers of a style are shown, where they are times.
    :param is_1904: whether days are counted from 1904.
    :param serials: headings, bare, of columns whose plain numbers are dates.
    """

    texts: Texts
    shown: Mapping[int, str]
    is_1904: bool
    serials: frozenset[str]

    def value(self, cell: Any, heading: str, wrong: Wrong) -> str | None:
        """Answer a cell's value as text; None where it is empty.

        :param cell: the element.
        :param heading: what its column is called.
        :param wrong: makes the error for what cannot be read.
        :raises Exception: as `wrong` makes it.
        """
        kind, (value, has_formula) = cell.get("t", "n"), _parts(cell)
        if has_formula and (value is None or (value == "" and kind != "str")):
            what = "a formula whose result was not saved"
            raise wrong(what, "Open the workbook and save it, or paste the values.")
        if value is None or kind in ("str", "inlineStr"):
            return value
        if kind == "s":
            return self._shared(value, wrong)
        if kind == "e":
            raise wrong(f"the error {shown(value)}", "Correct the formula, or paste values.")
        if kind == "b":
            return "true" if value == "1" else "false"
        return TypedTime(value) if kind == "d" else self._number(value, cell, heading, wrong)

    def _shared(self, value: str, wrong: Wrong) -> str:
        number = whole(value, -1)
        if not 0 <= number < len(self.texts):
            raise wrong("a text that is not there", "Open the workbook and save it again.")
        return self.texts.at(number)

    def _number(self, value: str, cell: Any, heading: str, wrong: Wrong) -> str | None:
        if not value:
            return None
        kind = self.shown.get(whole(cell.get("s"), 0))
        if kind is None and bare(heading) in self.serials:
            kind = BOTH
        if kind is not None:
            date = written(value, self.is_1904, kind)
            if date is None:
                raise wrong(f"{shown(value)}, which is no date of a workbook", "Correct the cell.")
            return TypedTime(date)
        if not _NUMBER.fullmatch(value):
            raise wrong(f"{shown(value)}, which is no number", "Correct the cell.")
        number = Decimal(value)
        if number == number.to_integral_value() and abs(number) >= 10**_DIGITS:
            what = f"a number of more than {_DIGITS} digits, and a workbook keeps no more of them"
            remedy = "Format the column as text before the export: the last digits are lost."
            raise wrong(what, remedy)
        return format(number, "f") if "e" in value.lower() else value


def _parts(cell: Any) -> tuple[str | None, bool]:
    """Answer what a cell holds, and whether a formula stands in it."""
    value, has_formula = None, False
    for part in cell:
        name = tag_of(part)
        if name == "v":
            value = part.text or ""
        elif name == "is":
            value = text_of(part)
        has_formula = has_formula or name == "f"
    return value, has_formula


def merged_cells(stream: Bytes) -> Merged:
    """Find the merged cells of a sheet, which stand below its rows.

    :param stream: the sheet's part, read to its end.
    :return: the cells by the row in which they begin; of very many the first.
    """
    found: Merged = {}
    number, held = 0, b""
    for chunk in iter(lambda: stream.read(_CHUNK), b""):
        held = held[-_OVERLAP:] + chunk
        for match in _MERGED.finditer(held):
            first, top, last, bottom = (part.decode() for part in match.groups())
            columns = range(column_number(first), column_number(last) + 1)
            place = (f"{first}{top}:{last}{bottom}", columns)
            of_row = found.setdefault(int(top), [])
            if place not in of_row:
                of_row.append(place)
                number += 1
            if number >= _MOST_MERGED:
                return found
    return found


def bare(heading: str) -> str:
    """Answer a heading without blanks and breaks, which are there for looks.

    :param heading: the heading.
    """
    return "".join(heading.split())


def whole(text: str | None, otherwise: int) -> int:
    """Answer a whole number, or something else where there is none.

    :param text: the number as text.
    :param otherwise: the answer where it is none.
    """
    is_number = text is not None and text.isascii() and text.isdigit() and len(text) <= 9
    return int(text) if is_number and text is not None else otherwise


def column_number(name: str) -> int:
    """Answer the number of a column, from 1.

    :param name: its letters, as AB.
    """
    number = 0
    for letter in name:
        number = 26 * number + ord(letter) - 64
    return number


def column_name(number: int) -> str:
    """Answer the letters of a column.

    :param number: its number, from 1.
    """
    name = ""
    while number:
        number, letter = divmod(number - 1, 26)
        name = chr(65 + letter) + name
    return name
