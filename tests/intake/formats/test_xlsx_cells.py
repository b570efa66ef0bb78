"""Cells of a workbook: read as they are shown; what is not certain is refused."""

import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from cleangov_plugin.intake.formats.log_rows import TypedTime
from cleangov_plugin.intake.formats.xlsx import XlsxFormat
from cleangov_plugin.intake.formats.xlsx_cells import column_name, column_number
from cleangov_plugin.intake.formats.xlsx_dates import BOTH, DATE, TIME, shown_as, written
from tests.intake.workbook_reading import PLAIN, fault_of, path, values
from tests.intake.workbooks import TEXTS, shared, with_part, with_sheet, workbook

__all__ = ("path",)


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


def test_letters_and_numbers_of_columns() -> None:
    for number, name in ((1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (16384, "XFD")):
        assert (column_name(number), column_number(name)) == (name, number)


def test_dates_of_openpyxl_agree(path: Path) -> None:
    days = [datetime(n, 2, 28, 23, 59, 59) for n in range(1901, 2200, 13)]  # noqa: DTZ001
    workbook(path, [("a",), *((day,) for day in days)])
    found = [datetime.fromisoformat(row["a"]).replace(tzinfo=UTC) for row in values(path)]
    assert found == [day.replace(tzinfo=UTC) for day in days]
