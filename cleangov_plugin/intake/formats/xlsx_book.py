"""The parts of a workbook beside its rows: sheets, shared texts, formats of numbers."""

import re
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from posixpath import join, normpath
from typing import Any, Final
from zipfile import ZipFile

from cleangov_plugin.domain.errors import IntakeError

from .xlsx_dates import shown_as
from .xml_parts import Bytes, Counted, parser_of, tag_of

#: Largest part beside rows and texts, and bytes of shared texts, that are held.
LARGEST: Final = 16 << 20
MOST_TEXT: Final = 128 << 20
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SMALLER: Final = "Save the sheet as CSV (UTF-8), which has no such limit."


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook.

    :param name: its name.
    :param part: the file it stands in.
    :param is_hidden: whether people do not see it.
    """

    name: str
    part: str
    is_hidden: bool


class Texts:
    """The shared texts of a workbook, held as one piece: some bytes more than their letters."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", (0,))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, text: str) -> bool:
        """Add a text; answer whether it could still be held.

        :param text: the text.
        """
        self._bytes += text.encode("utf-8", "replace")
        self._ends.append(len(self._bytes))
        return len(self._bytes) + 8 * len(self._ends) <= MOST_TEXT

    def at(self, number: int) -> str:
        """Answer a text.

        :param number: its number, from 0 and below the length.
        """
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode()


class Book:
    """A workbook, as far as its rows need it.

    :param archive: the file.
    :param name: how it is called in messages.
    :raises IntakeError: where it is no workbook.
    """

    def __init__(self, archive: ZipFile, name: str) -> None:
        self._archive = archive
        self._name = name
        self._there = set(archive.namelist())
        self.is_1904 = False
        self.sheets: list[Sheet] = []
        self._part = "xl/workbook.xml"
        for relation in self._elements("_rels/.rels", "Relationship"):
            if relation.get("Type", "").endswith("/officeDocument"):
                self._part = _joined("", relation.get("Target", ""))
        self._read()

    def texts(self) -> Texts:
        """Answer the shared texts.

        :raises IntakeError: where they are too long.
        """
        found = Texts()
        part = self._related("/sharedStrings")
        if part is not None:
            for element in self.each(part, "si"):
                if not found.add(text_of(element)):
                    what = f"the texts of the workbook have more than {MOST_TEXT:,} bytes."
                    raise self._refused(what, _SMALLER)
        return found

    def shown(self) -> Mapping[int, str]:
        """Answer how numbers are shown, by number of style; only those that are times."""
        part = self._related("/styles")
        if part is None:
            return {}
        codes: dict[int, str] = {}
        styles: list[int] = []
        for parent in self._elements(part, "numFmts", "cellXfs"):
            for item in parent:
                number = int(item.get("numFmtId", "0"))
                if tag_of(item) == "numFmt":
                    codes[number] = item.get("formatCode", "")
                elif tag_of(item) == "xf":
                    styles.append(number)
        kinds = (
            (style, shown_as(number, codes.get(number))) for style, number in enumerate(styles)
        )
        return {style: kind for style, kind in kinds if kind is not None}

    def each(self, part: str, name: str) -> Iterator[Any]:
        """Answer the elements of a name in a part, one at a time; each is forgotten afterwards.

        :param part: the file within the workbook.
        :param name: name of the elements, without namespace.
        """
        with self._archive.open(part) as stream:
            for element, parent in elements(stream, self._refused, name):
                yield element
                if parent is not None:
                    parent.clear()

    def _read(self) -> None:
        targets = dict(self._targets())
        for element in self._elements(self._part, "workbookPr", "sheets"):
            if tag_of(element) == "workbookPr":
                self.is_1904 = element.get("date1904", "0") in ("1", "true")
            for sheet in element:
                id_ = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), "")
                part = targets.get(id_, ("", ""))[1]
                if part in self._there:
                    is_hidden = sheet.get("state", "visible") != "visible"
                    self.sheets.append(Sheet(sheet.get("name", ""), part, is_hidden))
        if not self.sheets:
            raise self._refused("this is no workbook with a sheet.", "Save it as .xlsx.")

    def _targets(self) -> Iterator[tuple[str, tuple[str, str]]]:
        """Answer the parts that belong to the workbook: id, kind and file."""
        folder, _, own = self._part.rpartition("/")
        for relation in self._elements(join(folder, "_rels", f"{own}.rels"), "Relationship"):
            part = _joined(folder, relation.get("Target", ""))
            yield relation.get("Id", ""), (relation.get("Type", ""), part)

    def _related(self, kind: str) -> str | None:
        parts = (part for _, (type_, part) in self._targets() if type_.endswith(kind))
        return next((part for part in parts if part in self._there), None)

    def _elements(self, part: str, *names: str) -> Iterator[Any]:
        """Answer elements of a small part, with what stands in them."""
        if part not in self._there:
            return
        with self._archive.open(part) as stream:
            data = stream.read(LARGEST + 1)
        if len(data) > LARGEST:
            what = f"the part {part} has more than {LARGEST:,} bytes."
            raise self._refused(what, _SMALLER)
        for element, _ in elements(BytesIO(data), self._refused, *names):
            yield element

    def _refused(self, what: str, remedy: str) -> IntakeError:
        return IntakeError(what, where=self._name, remedy=remedy)


def elements(
    stream: Bytes, refused: Callable[[str, str], Exception], *names: str
) -> Iterator[tuple[Any, Any]]:
    """Answer elements of certain names, each with the one around it.

    :param stream: the part.
    :param refused: makes the error where something has no end, or is no XML.
    :param names: their names, without namespace.
    """
    iterparse, faults = parser_of("XLSX workbooks", "xlsx")
    counted = Counted(stream, refused)
    around: list[Any] = []
    try:
        for step, element in iterparse(counted, events=("start", "end"), forbid_dtd=True):
            counted.element()
            if step == "start":
                around.append(element)
                continue
            around.pop()
            if tag_of(element) in names:
                yield element, around[-1] if around else None
    except faults as problem:
        what = f"a part of the workbook is no plain XML ({type(problem).__name__})."
        raise refused(what, "Open it and save it again.") from None
    except (LookupError, ValueError) as problem:  # an encoding the parser does not know
        what = f"a part of the workbook cannot be read ({type(problem).__name__})."
        raise refused(what, "Open it and save it again.") from None


def text_of(element: Any) -> str:
    """Answer the text of a shared or own text, runs joined, without the help for reading it.

    :param element: the element.
    """
    texts = []
    for part in element:
        if tag_of(part) == "t":
            texts.append(part.text or "")
        elif tag_of(part) == "r":
            texts += [inner.text or "" for inner in part if tag_of(inner) == "t"]
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), "".join(texts))


def _joined(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join(folder, target))
