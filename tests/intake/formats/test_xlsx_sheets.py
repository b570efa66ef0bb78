"""Sheets of a workbook: which rows and columns are read, and what is damaged or has no end."""

import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cleangov_plugin.intake.formats import xlsx_book, xml_parts
from cleangov_plugin.intake.formats.xlsx import XlsxFormat
from tests.intake.workbook_reading import PLAIN, fault_of, log, path, values
from tests.intake.workbooks import SHEET, TEXTS, shared, with_part, with_sheet, workbook

__all__ = ("path",)


def test_rows_are_numbered_as_in_the_sheet_and_empty_ones_are_passed_over(path: Path) -> None:
    workbook(path, [("a", "b", "c"), (1, 2, 3), (None, None, "制表人"), (4, None, 6)])
    found = list(log(path, PLAIN, "a", "b").rows())
    assert [(row.number, dict(row.values)) for row in found] == [
        (2, {"a": "1", "b": "2"}),
        (4, {"a": "4"}),
    ]
    assert log(path).where(found[0]) == "log.xlsx, sheet '', row 2"


def test_headings_may_stand_lower_and_their_breaks_do_not_count(path: Path) -> None:
    rows = [("三月罚款月报",), ("案\n号", " 办理 时间 "), ("A1", "x")]

    def title(book: openpyxl.Workbook) -> None:
        book["月报"].merge_cells("A1:B1")

    workbook(path, rows, title)
    found = values(path, XlsxFormat(heading=2), "案号", "办理时间")
    assert found == [{"案号": "A1", "办理时间": "x"}]
    _, fault = fault_of(path, PLAIN, "案号")
    assert fault.what == "there is no column '案号'; there are '三月罚款月报'."
    _, fault = fault_of(path, XlsxFormat(heading=9), "案号")
    assert fault.what == "row 9 has no headings."


def hidden(book: openpyxl.Workbook) -> None:
    book.create_sheet("底稿").sheet_state = "hidden"
    book["底稿"].append(["x"])
    book["底稿"].append(["hidden"])


def test_a_hidden_sheet_is_read_only_when_it_is_named(path: Path) -> None:
    workbook(path, [("a",), (1,)], hidden)
    assert values(path) == [{"a": "1"}]
    assert values(path, XlsxFormat(sheet="底稿")) == [{"x": "hidden"}]
    _, fault = fault_of(path, XlsxFormat(sheet="日报"))
    assert fault.what == "there is no sheet '日报'; there are '月报', '底稿' (hidden)."

    def second(book: openpyxl.Workbook) -> None:
        book.create_sheet("四月")

    workbook(path, [("a",), (1,)], second)
    _, fault = fault_of(path)
    assert fault.what == "2 sheets are not hidden; there are '月报', '四月'."
    assert "'sheet' under formats.xlsx" in fault.remedy


def merged(area: str) -> Any:
    return lambda book: book["月报"].merge_cells(area)


def test_merged_cells_in_a_column_that_is_read_are_refused_and_rows_before_stand(
    path: Path,
) -> None:
    rows = [("a", "b", "note"), (1, 2, 3), (4, 5, 6), (None, 7, 8)]
    workbook(path, rows, merged("A3:A4"))
    found, fault = fault_of(path, PLAIN, "a", "b")
    assert [row.number for row in found] == [2]
    assert fault.where == "log.xlsx, sheet '月报', row 3"
    assert fault.what == "the cells A3:A4 are merged, and 'a' is read from them."
    workbook(path, rows, merged("C3:C4"))
    assert len(values(path, PLAIN, "a", "b")) == 3
    workbook(path, rows, merged("A1:B1"))
    _, fault = fault_of(path, PLAIN, "a")
    assert fault.where == "log.xlsx, sheet '月报', row 1"


def test_columns_that_are_missing_or_stand_twice_are_named(path: Path) -> None:
    workbook(path, [("a", "b", "a"), (1, 2, 3)])
    _, fault = fault_of(path, PLAIN, "c")
    assert fault.what == "there is no column 'c'; there are 'a', 'b', 'a'."
    _, fault = fault_of(path, PLAIN, "a")
    assert fault.what == "the column 'a' stands twice, in A1 and C1."
    assert values(path, PLAIN, "b") == [{"b": "2"}]


def test_what_is_no_workbook_is_refused(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0 an old one")
    _, fault = fault_of(path)
    assert fault.what == "this is an old workbook (.xls), or one with a password."
    path.write_bytes(b"a,b\n1,2\n")
    _, fault = fault_of(path)
    assert fault.what == "the workbook is damaged or was cut off (BadZipFile)."
    whole = workbook(path, [("a",), *((n,) for n in range(500))]).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    _, fault = fault_of(path)
    assert "cut off" in fault.what
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "no workbook")
    _, fault = fault_of(path)
    assert fault.what == "this is no workbook with a sheet."


def test_a_damaged_sheet_keeps_the_rows_before(path: Path) -> None:
    workbook(path, [("a",), (1,), (2,), (3,)])
    with_sheet(path, b'<row r="4">', b"<row r=4>")
    found, fault = fault_of(path)
    assert [row.number for row in found] == [2, 3]
    assert fault.what == "a part of the workbook is no plain XML (ParseError)."
    assert fault.where == "log.xlsx, sheet '月报', row 3"


@pytest.mark.parametrize("part", [TEXTS, "xl/workbook.xml", SHEET])
def test_declarations_and_entities_are_never_read(path: Path, part: str) -> None:
    shared(workbook(path, [("a",), ("x",)]))
    bomb = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'

    def with_bomb(data: bytes) -> bytes:
        head, mark, rest = data.partition(b"?>")
        return head + mark + bomb + rest if mark else bomb + data

    _, fault = fault_of(with_part(path, part, with_bomb))
    assert "no plain XML" in fault.what


def test_what_has_no_end_does_not_fill_the_memory(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_parts, "LONGEST", 100_000)
    workbook(path, [("a",), (777,)])
    with_sheet(path, b"<v>777</v>", b"<v>" + b"7" * 500_000 + b"</v>")
    _, fault = fault_of(path)
    assert fault.what == "100,000 bytes without an element's begin or end."
    monkeypatch.setattr(xlsx_book, "MOST_TEXT", 1_000)
    _, fault = fault_of(shared(workbook(path, [("a",), *((f"text {n}",) for n in range(200))])))
    assert fault.what == "the texts of the workbook have more than 1,000 bytes."
    assert "CSV" in fault.remedy


@pytest.mark.thorough
def test_memory_does_not_grow_with_the_rows(path: Path) -> None:
    peaks = []
    for rows in (500, 5_000):
        workbook(path, [("a", "b"), *((f"A{n % 9}", n) for n in range(rows))])
        tracemalloc.start()
        assert sum(1 for _ in log(path).rows()) == rows
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0] + 500_000
