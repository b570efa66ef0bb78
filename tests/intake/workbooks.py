"""Workbooks for tests: written by openpyxl, which is not ours, and spoilt part by part."""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"
TEXTS = "xl/sharedStrings.xml"
_INLINE = re.compile(rb't="inlineStr"><is>(.*?)</is>', re.DOTALL)
_KIND = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"


def workbook(
    path: Path,
    rows: Sequence[Sequence[Any]],
    change: Callable[[openpyxl.Workbook], None] | None = None,
) -> Path:
    """Write rows into the first sheet; `change` may do more to the workbook."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "月报"
    for row in rows:
        sheet.append(list(row))
    if change is not None:
        change(book)
    book.save(path)
    return path


def with_part(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Change the bytes of one part of a workbook."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts.get(part, b""))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    path.write_bytes(held.getvalue())
    return path


def with_sheet(path: Path, old: bytes, new: bytes) -> Path:
    """Change the first sheet of a workbook where a part of it stands."""

    def change(data: bytes) -> bytes:
        assert old in data, data
        return data.replace(old, new, 1)

    return with_part(path, SHEET, change)


def shared(path: Path) -> Path:
    """Move the texts of the first sheet to the shared ones, as spreadsheets write them."""
    texts: list[bytes] = []

    def moved(found: re.Match[bytes]) -> bytes:
        texts.append(found.group(1))
        return b't="s"><v>%d</v>' % (len(texts) - 1)

    with_part(path, SHEET, lambda data: _INLINE.sub(moved, data))
    items = b"".join(b"<si>%s</si>" % text for text in texts)
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with_part(
        path, TEXTS, lambda _: b'<?xml version="1.0"?><sst xmlns="%s">%s</sst>' % (main, items)
    )
    relation = b'<Relationship Id="rT" Type="%s" Target="sharedStrings.xml"/>' % _KIND
    rels, end = "xl/_rels/workbook.xml.rels", b"</Relationships>"
    return with_part(path, rels, lambda data: data.replace(end, relation + end))
