"""CSV as exports write it: encodings, cells over lines, JSON in a cell; faults with their line."""

import gzip
import time
from dataclasses import replace
from pathlib import Path

import pytest

from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake.formats import csv_rows
from cleangov_plugin.intake.formats.csv_rows import CsvFormat, CsvLog
from cleangov_plugin.intake.formats.log_files import LogFile
from cleangov_plugin.intake.formats.log_rows import Row
from tests.intake.log_building import csv_log

PLAIN = CsvFormat()
PACKED = CsvFormat(unpack="more")


def rows(path: Path, format_: CsvFormat = PLAIN, *wanted: str) -> list[Row]:
    return list(CsvLog(LogFile(path), format_, frozenset(wanted)).rows())


def values(path: Path, format_: CsvFormat = PLAIN) -> list[object]:
    return [dict(row.values) for row in rows(path, format_)]


def fault_of(path: Path, format_: CsvFormat = PLAIN, *wanted: str) -> tuple[int, IntakeError]:
    found: list[Row] = []
    with pytest.raises(IntakeError) as refused:
        found.extend(CsvLog(LogFile(path), format_, frozenset(wanted)).rows())
    return len(found), refused.value


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),  # as spreadsheets save it
        ("gb18030", "gb18030"),
        ("gb18030", "gb2312"),  # what calls itself so often holds more
        ("gbk", "gbk"),
        ("big5", "big5"),
    ],
)
@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz"])
def test_chinese_headings_and_cells_in_every_encoding(
    tmp_path: Path, encoding: str, told: str, name: str
) -> None:
    more = "镕" if encoding == "gb18030" else "中"  # not in GB 2312
    path = csv_log(tmp_path, f"案號,備註\r\nA1,{more}\r\n", encoding, name)
    assert values(path, CsvFormat(encoding=told)) == [{"案號": "A1", "備註": more}]


def test_a_cell_over_several_lines_is_one_cell_and_lines_are_counted_on(tmp_path: Path) -> None:
    path = csv_log(tmp_path, 'a,b\n1,"first\nsecond, with ""quotes"""\n\n2,x\n')
    found = rows(path)
    assert [dict(row.values) for row in found] == [
        {"a": "1", "b": 'first\nsecond, with "quotes"'},
        {"a": "2", "b": "x"},
    ]
    assert [row.number for row in found] == [2, 5]


def test_a_column_of_json_is_opened(tmp_path: Path) -> None:
    members = '"x": "text", "n": 7.10, "yes": true, "none": null, "l": ["p", 1], "o": {"k": 1}'
    cell = '"{' + members.replace('"', '""') + '}"'
    path = csv_log(tmp_path, f"a,more\n1,{cell}\n2,{{}}\n3,\n")
    assert values(path, PACKED) == [
        {"a": "1", "x": "text", "n": "7.10", "yes": "true", "l": ("p", "1"), "o": '{"k": "1"}'},
        {"a": "2"},
        {"a": "3"},
    ]


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("{x", "holds no JSON, or a name twice"),
        ("[1]", "holds no JSON object"),
        ('"{""x"": 1, ""x"": 2}"', "holds no JSON, or a name twice"),
        ('"{""a"": 1}"', "'a' stands twice"),
        ("[" * 5000, "holds no JSON"),
    ],
)
def test_a_cell_of_json_that_is_none_is_refused(tmp_path: Path, cell: str, what: str) -> None:
    read, fault = fault_of(csv_log(tmp_path, f"a,more\n1,{{}}\n2,{cell}\n"), PACKED)
    assert read == 1
    assert what in fault.what
    assert fault.where == "log.csv:3"
    assert fault.remedy


def test_a_number_that_is_none_stays_a_text_to_be_refused_as_a_sum(tmp_path: Path) -> None:
    path = csv_log(tmp_path, 'a,more\n1,"{""x"": NaN}"\n')
    assert values(path, PACKED) == [{"a": "1", "x": "NaN"}]


@pytest.mark.parametrize(
    ("text", "what", "where", "read"),
    [
        ("a,b\n1,2\n1,2,3\n", "3 cells under 2 headings", "log.csv:3", 1),
        ("a,b\n1,2\n1\n", "1 cells under 2 headings", "log.csv:3", 1),
        ("a,a\n1,2\n", "the column 'a' stands twice", "log.csv:1", 0),
        ('a,b\n1,"x"y\n', "this is no CSV", "log.csv:2", 0),
        ("a,b\r1,2\r", "a carriage return (CR) stands in a line, or ends it", "log.csv:1", 0),
        (f"a,b\n1,2\n3,{'x' * 200_000}\n", "a cell of more than 131,072", "log.csv:3", 1),
        ('a,b\n1,2\n3,"never closed\n' + "x\n" * 40, "this is no CSV", "log.csv:3", 1),
    ],
)
def test_what_is_no_csv_is_refused_with_its_line(
    tmp_path: Path, text: str, what: str, where: str, read: int
) -> None:
    number, fault = fault_of(csv_log(tmp_path, text))
    assert what in fault.what
    assert fault.where == where
    assert number == read
    assert fault.remedy


def test_a_column_that_the_mapping_reads_and_the_file_lacks_is_named(tmp_path: Path) -> None:
    _, fault = fault_of(csv_log(tmp_path, "案号,环节\nA,B\n"), PLAIN, "案号", "时间")
    assert fault.what == "there is no column '时间'; there are '案号', '环节'."
    _, fault = fault_of(csv_log(tmp_path, "a,b\n1,2\n"), PACKED)
    assert fault.what == "there is no column 'more' to unpack; there are 'a', 'b'."


@pytest.mark.parametrize(("mark", "said"), [(";", '";"'), ("\t", r'"\t"'), ("|", '"|"')])
@pytest.mark.parametrize(("format_", "wanted"), [(PLAIN, "a"), (PACKED, "a")])
def test_another_delimiter_is_named_as_the_mapping_would_say_it(
    tmp_path: Path, format_: CsvFormat, wanted: str, mark: str, said: str
) -> None:
    path = csv_log(tmp_path, f"a{mark}more\n1{mark}\n")
    _, fault = fault_of(path, format_, wanted)
    assert fault.remedy == f"Say 'delimiter: {said}' in the mapping."
    told = replace(format_, delimiter=mark)
    assert rows(path, told, wanted)[0].values["a"] == "1"


def test_a_wrong_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = csv_log(tmp_path, "a,b\n1,2\n3,中文\n", "gb18030")
    read, fault = fault_of(path)
    assert read == 1
    assert fault.what == "this is not utf-8."
    assert fault.where == "log.csv:3"
    assert "gb18030" in fault.remedy
    _, fault = fault_of(csv_log(tmp_path, "a,b\n1,2\n", "utf-16"))
    assert fault.what == "this is UTF-16."


def test_a_line_without_end_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_rows, "LONGEST", 10_000)
    read, fault = fault_of(csv_log(tmp_path, "a,b\n1,2\n3," + "x" * 50_000))
    assert read == 1
    assert fault.what == "a record of more than 10,000 bytes."
    assert fault.where == "log.csv:3"
    # lines that each close one cell and open the next, for ever
    endless = '1,"' + 'x\n","' * 10_000
    read, fault = fault_of(csv_log(tmp_path, f"a,b\n1,2\n{endless}"))
    assert (read, fault.where) == (1, "log.csv:3")
    assert fault.what == "a record of more than 10,000 bytes."


def test_a_gzip_that_was_cut_off_keeps_what_came_before(tmp_path: Path) -> None:
    text = "a,b\n" + "".join(f"{n},{n * 7919}\n" for n in range(60_000))
    path = csv_log(tmp_path, text, name="log.csv.gz")
    path.write_bytes(path.read_bytes()[:-1000])
    read, fault = fault_of(path)
    assert read > 10_000
    assert fault.what == "the packed file ends too early: it was cut off."
    assert fault.where == f"log.csv.gz:{read + 2}"


def test_an_empty_file_has_no_columns(tmp_path: Path) -> None:
    for format_ in (PLAIN, PACKED):
        _, fault = fault_of(csv_log(tmp_path, ""), format_, "a")
        assert fault.what == "the file is empty."
    assert rows(csv_log(tmp_path, "a,b\n"), PLAIN, "a") == []


def test_a_bomb_of_zeros_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    with gzip.open(path, "wb") as file:
        for _ in range(64):
            file.write(b"\x00" * (1 << 20))
    _, fault = fault_of(path)
    assert fault.what == f"a record of more than {csv_rows.LONGEST:,} bytes."


def test_a_heading_of_very_many_columns_takes_no_hours(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(f"c{n}" for n in range(40_000)) + "\n", encoding="utf-8")
    begun = time.process_time()
    assert rows(path) == []
    assert time.process_time() - begun < 5
