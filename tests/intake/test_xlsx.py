"""Workbooks: written by another program, read cell by cell; what is not certain is refused."""

import tracemalloc
import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake import xlsx_book, xml_parts
from cleangov_plugin.intake.log_files import LogFile
from cleangov_plugin.intake.log_rows import Row, TypedTime
from cleangov_plugin.intake.xlsx import XlsxFormat, XlsxLog
from cleangov_plugin.intake.xlsx_cells import column_name, column_number
from cleangov_plugin.intake.xlsx_dates import BOTH, DATE, TIME, shown_as, written
from tests.intake.workbooks import SHEET, TEXTS, shared, with_part, with_sheet, workbook

PLAIN = XlsxFormat()


def log(path: Path, format_: XlsxFormat = PLAIN, *wanted: str) -> XlsxLog:
    return XlsxLog(LogFile(path), format_, frozenset(wanted) if wanted else None)


def values(path: Path, format_: XlsxFormat = PLAIN, *wanted: str) -> list[dict[str, Any]]:
    return [dict(row.values) for row in log(path, format_, *wanted).rows()]


def fault_of(
    path: Path, format_: XlsxFormat = PLAIN, *wanted: str
) -> tuple[list[Row], IntakeError]:
    found: list[Row] = []
    with pytest.raises(IntakeError) as refused:
        found.extend(log(path, format_, *wanted).rows())
    assert refused.value.remedy
    return found, refused.value


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.xlsx"


def test_texts_numbers_times_and_truth_are_read_as_they_are_shown(path: Path) -> None:
    row = (
        "A1",
        1234.5,
        20260001,
        date(2026, 3, 10),
        datetime(2026, 3, 10, 10, 5),  # noqa: DTZ001
        time(9, 30),
        True,
    )
    workbook(path, [("案号", "金额", "编号", "日", "时刻", "钟点", "是否"), row])
    (found,) = values(path)
    assert found == {
        "案号": "A1", "金额": "1234.5", "编号": "20260001", "日": "2026-03-10",
        "时刻": "2026-03-10T10:05:00", "钟点": "09:30:00", "是否": "true",
    }  # fmt: skip
    assert isinstance(found["日"], TypedTime)
    assert isinstance(found["时刻"], TypedTime)


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


def test_rich_text_and_escaped_characters_are_joined(path: Path) -> None:
    rich = CellRichText("处罚", TextBlock(InlineFont(b=True), "决定"))
    workbook(path, [("a", "b"), (rich, "x_x000D_y")])
    assert values(path) == [{"a": "处罚决定", "b": "x\ry"}]
    assert values(shared(path)) == [{"a": "处罚决定", "b": "x\ry"}]


def test_the_help_for_reading_a_word_is_no_part_of_it(path: Path) -> None:
    shared(workbook(path, [("a",), ("東京",)]))
    old = "<si><t>東京</t></si>".encode()
    new = "<si><t>東京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>".encode()
    with_part(path, TEXTS, lambda data: data.replace(old, new))
    with zipfile.ZipFile(path) as archive:
        assert new in archive.read(TEXTS)
    assert values(path) == [{"a": "東京"}]


@pytest.mark.parametrize(
    ("serial", "is_1904", "shown", "expected"),
    [
        ("46091", False, DATE, "2026-03-10"),
        ("46091.420138888891", False, BOTH, "2026-03-10T10:05:00"),
        ("46091.420138888891", False, DATE, "2026-03-10T10:05:00"),
        ("46091", False, BOTH, "2026-03-10T00:00:00"),
        ("44629", True, DATE, "2026-03-10"),
        ("0.5", False, TIME, "12:00:00"),
        ("1", False, DATE, "1900-01-01"),
        ("59", False, DATE, "1900-02-28"),
        ("60", False, DATE, None),  # a day that never was
        ("61", False, DATE, "1900-03-01"),
        ("0", True, DATE, "1904-01-01"),
        ("2958465", False, DATE, "9999-12-31"),
        ("2958466", False, DATE, None),
        ("-1", False, DATE, None),
        ("NaN", False, DATE, None),
        ("ten", False, DATE, None),
    ],
)
def test_numbers_of_days_of_both_systems(
    serial: str, is_1904: bool, shown: str, expected: str | None
) -> None:
    assert written(serial, is_1904, shown) == expected


@pytest.mark.parametrize(
    ("number", "code", "expected"),
    [
        (14, None, DATE), (22, None, BOTH), (20, None, TIME), (57, None, DATE), (0, None, None),
        (4, None, None), (164, "yyyy/m/d h:mm", BOTH), (164, 'yyyy"年"m"月"d"日"', DATE),
        (164, "[$-804]yyyy/m/d;@", DATE), (164, "mm:ss.0", TIME), (164, "[h]:mm", TIME),
        (164, "[Red]0.00", None), (164, '0.00"days"', None), (164, "General", None),
        (164, "mmm", DATE), (164, "¥#,##0.00", None), (164, "h:mm AM/PM", TIME),
    ],
)  # fmt: skip
def test_a_format_tells_days_from_hours_and_numbers(
    number: int, code: str | None, expected: str | None
) -> None:
    assert shown_as(number, code) == expected


def test_the_system_of_1904_is_that_of_the_workbook(path: Path) -> None:
    def since_1904(book: openpyxl.Workbook) -> None:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    day = datetime(2026, 3, 10, 10, 5)  # noqa: DTZ001  # as a workbook has it
    workbook(path, [("a",), (day,)], since_1904)
    assert values(path) == [{"a": "2026-03-10T10:05:00"}]


def test_plain_numbers_are_dates_where_the_mapping_says_so(path: Path) -> None:
    workbook(path, [("办理时间", "金额"), (46091.5, 46091.5)])
    assert values(path, XlsxFormat(serials=("办理时间",))) == [
        {"办理时间": "2026-03-10T12:00:00", "金额": "46091.5"}
    ]


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


def test_a_formula_is_read_by_the_result_that_was_saved(path: Path) -> None:
    workbook(path, [("a", "b"), (1, "=A2*2"), (2, "=A3*2")])
    with_sheet(path, b"<f>A2*2</f><v />", b"<f>A2*2</f><v>2</v>")
    with_sheet(path, b"<f>A3*2</f><v />", b"<f>A3*2</f>")
    found, fault = fault_of(path)
    assert [dict(row.values) for row in found] == [{"a": "1", "b": "2"}]
    assert fault.where == "log.xlsx, sheet '月报', row 3, cell B3"
    assert fault.what == "the cell holds a formula whose result was not saved."
    assert values(path, PLAIN, "a") == [{"a": "1"}, {"a": "2"}]


def test_a_formula_as_openpyxl_leaves_it_has_no_result_either(path: Path) -> None:
    _, fault = fault_of(workbook(path, [("a",), ("=1+1",)]))
    assert "whose result was not saved" in fault.what


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        (b'<c r="A2" t="e"><v>#N/A</v></c>', "the cell holds the error '#N/A'."),
        (b'<c r="A2" t="s"><v>99</v></c>', "the cell holds a text that is not there."),
        (b'<c r="A2" t="s"><v>-1</v></c>', "the cell holds a text that is not there."),
        (b'<c r="A2"><v>NaN</v></c>', "the cell holds 'NaN', which is no number."),
        (
            b'<c r="A2"><v>3.10112199001011E+17</v></c>',
            "the cell holds a number of more than 15 digits, and a workbook keeps no more of them.",
        ),
    ],
)
def test_a_cell_that_cannot_be_read_for_certain_is_named(
    path: Path, cell: bytes, what: str
) -> None:
    workbook(path, [("a", "b"), (777, 1)])
    with_sheet(path, b'<c r="A2" t="n"><v>777</v></c>', cell)
    _, fault = fault_of(path)
    assert fault.what == what
    assert fault.where == "log.xlsx, sheet '月报', row 2, cell A2"
    assert values(path, PLAIN, "b") == [{"b": "1"}]


def test_an_exponent_is_written_out(path: Path) -> None:
    workbook(path, [("a",), (777,)])
    with_sheet(path, b"<v>777</v>", b"<v>1.5E+3</v>")
    assert values(path) == [{"a": "1500"}]


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


def test_memory_does_not_grow_with_the_rows(path: Path) -> None:
    peaks = []
    for rows in (500, 5_000):
        workbook(path, [("a", "b"), *((f"A{n % 9}", n) for n in range(rows))])
        tracemalloc.start()
        assert sum(1 for _ in log(path).rows()) == rows
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0] + 500_000


def test_letters_and_numbers_of_columns() -> None:
    for number, name in ((1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (16384, "XFD")):
        assert (column_name(number), column_number(name)) == (name, number)


def test_dates_of_openpyxl_agree(path: Path) -> None:
    days = [datetime(n, 2, 28, 23, 59, 59) for n in range(1901, 2200, 13)]  # noqa: DTZ001
    workbook(path, [("a",), *((day,) for day in days)])
    found = [datetime.fromisoformat(row["a"]).replace(tzinfo=UTC) for row in values(path)]
    assert found == [day.replace(tzinfo=UTC) for day in days]
