"""JSON lines as exports write them; faults with their line, nothing unbounded."""

import gzip
import json
from pathlib import Path

import pytest

from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake.formats import jsonl
from cleangov_plugin.intake.formats.json_values import look_up, read_json
from cleangov_plugin.intake.formats.jsonl import JsonlLog
from cleangov_plugin.intake.formats.log_files import LogFile
from cleangov_plugin.intake.formats.log_rows import Row


def lines(folder: Path, *texts: str | bytes, name: str = "log.jsonl") -> Path:
    path = folder / name
    data = b"".join((t if isinstance(t, bytes) else t.encode()) + b"\n" for t in texts)
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def log(path: Path, *wanted: str) -> JsonlLog:
    return JsonlLog(LogFile(path), frozenset(wanted or ("a",)))


def fault_of(path: Path) -> tuple[list[Row], IntakeError]:
    found: list[Row] = []
    with pytest.raises(IntakeError) as refused:
        found.extend(log(path).rows())
    assert refused.value.remedy
    return found, refused.value


@pytest.mark.parametrize("name", ["log.jsonl", "log.jsonl.gz"])
def test_members_are_read_by_path_and_numbers_stay_as_written(tmp_path: Path, name: str) -> None:
    text = '{"a": 7.10, "officer": {"id": "陈"}, "l": [{"x": 1}, {"x": 2}, {}], "n/m": true}'
    path = lines(tmp_path, "\ufeff" + text, "", '{"a": null}', name=name)
    found = list(log(path, "a", "officer/id", "l/x", "n/m", "officer", "gone/id").rows())
    assert [(row.number, dict(row.values)) for row in found] == [
        (
            1,
            {
                "a": "7.10",
                "officer/id": "陈",
                "l/x": ("1", "2"),
                "n/m": "true",
                "officer": json.dumps({"id": "陈"}),
            },
        ),
        (3, {}),
    ]
    assert log(path).where(found[1]) == f"{name}:3"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{x", "this line is no JSON, or holds a name twice."),
        ('{"a": 1, "a": 2}', "this line is no JSON, or holds a name twice."),
        ("[1]", "this line is no JSON object."),
        ("7", "this line is no JSON object."),
        ("[" * 100_000, "this line is no JSON, or holds a name twice."),
        (r'{"a": "\ud800"}', "this line is no JSON, or holds a name twice."),
        ('{"a": "中"}'.encode("gb18030"), "this is not UTF-8."),
    ],
)
def test_a_line_that_is_no_object_is_refused_by_its_number(
    tmp_path: Path, line: str | bytes, what: str
) -> None:
    found, fault = fault_of(lines(tmp_path, '{"a": 1}', line, '{"a": 3}'))
    assert len(found) == 1
    assert (fault.what, fault.where) == (what, "log.jsonl:2")


def test_a_line_without_end_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "LONGEST", 10_000)
    found, fault = fault_of(lines(tmp_path, '{"a": 1}', '{"a": "' + "x" * 50_000))
    assert len(found) == 1
    assert (fault.what, fault.where) == ("a line of more than 10,000 bytes.", "log.jsonl:2")


def test_a_bomb_of_one_line_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(64):
            file.write(b" " * (1 << 20))
    _, fault = fault_of(path)
    assert fault.what == f"a line of more than {jsonl.LONGEST:,} bytes."


@pytest.mark.thorough
def test_a_gzip_that_was_cut_off_keeps_what_came_before(tmp_path: Path) -> None:
    path = lines(tmp_path, *(f'{{"a": {n * 7919}}}' for n in range(60_000)), name="log.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-1000])
    found, fault = fault_of(path)
    assert len(found) > 10_000
    assert fault.what == "the packed file ends too early: it was cut off."
    assert fault.where == f"log.jsonl.gz:{len(found) + 1}"


def test_a_path_through_lists_of_lists_finds_everything_once() -> None:
    found = read_json('{"a": [[{"b": [1, 2]}], {"b": null}, {"b": {"c": 3}}]}')
    assert look_up(found, "a/b") == ("1", "2", '{"c": "3"}')
    assert look_up(found, "a/b/c") == "3"
    assert look_up(found, "a/x") is None
    assert look_up([], "a") is None


def test_what_is_nested_too_deep_to_be_looked_into_is_named(tmp_path: Path) -> None:
    deep = '{"a": ' + "[" * 700 + "]" * 700 + "}"
    found, fault = fault_of(lines(tmp_path, '{"a": 1}', deep))
    assert (len(found), "too deep" in fault.what, fault.where) == (1, True, "log.jsonl:3")
