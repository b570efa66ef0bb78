"""XES is read as a stream; a hostile or broken file is refused with its trace."""

import gzip
import subprocess
import sys
from pathlib import Path

import pytest

from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake.formats import xes, xml_parts
from cleangov_plugin.intake.formats.log_files import LogFile
from cleangov_plugin.intake.formats.log_rows import Row
from cleangov_plugin.intake.formats.xes import XesLog
from tests.intake.log_building import event, trace, xes_log


def rows(path: Path) -> list[Row]:
    return list(XesLog(LogFile(path)).rows())


def until_fault(path: Path) -> tuple[list[Row], IntakeError]:
    found: list[Row] = []
    with pytest.raises(IntakeError) as refused:
        found.extend(XesLog(LogFile(path)).rows())
    return found, refused.value


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz", "packed-under-a-plain-name.xes"])
def test_traces_and_events_come_in_file_order_packed_or_not(tmp_path: Path, name: str) -> None:
    body = trace("A", event("a"), event("b")) + trace("B", event("c"))
    path = xes_log(tmp_path, body, name)
    if name.startswith("packed"):
        path.write_bytes(gzip.compress(path.read_bytes()))
    found = rows(path)
    assert [(r.trace["concept:name"], r.values["concept:name"]) for r in found] == [
        ("A", "a"), ("A", "b"), ("B", "c"),
    ]  # fmt: skip
    assert [(r.is_first, r.number, r.event) for r in found] == [
        (True, 1, 1), (False, 1, 2), (True, 2, 1),
    ]  # fmt: skip


def test_a_namespace_nested_attributes_lists_and_late_trace_attributes_are_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "log.xes"
    path.write_text(
        '<log xmlns="http://www.xes-standard.org/"><global scope="event">'
        '<string key="concept:name" value="UNKNOWN"/></global>'
        '<float key="all" value="1"><float key="inner" value="2"/></float>'
        '<trace><event><string key="cost" value="7"><string key="currency" value="EUR"/></string>'
        '<list key="parts"><values><string key="part" value="a"/><string key="part" value="b"/>'
        "</values></list></event>"
        '<container key="box"><string key="size" value="9"/></container>'
        '<string key="concept:name" value="after its events"/></trace></log>',
        encoding="utf-8",
    )
    (row,) = rows(path)
    assert row.values == {"cost": "7", "cost/currency": "EUR", "parts/part": ("a", "b")}
    assert row.trace == {"box/size": "9", "concept:name": "after its events"}


def test_a_gzip_that_was_cut_off_keeps_what_came_before(tmp_path: Path) -> None:
    body = "".join(
        trace(f"C{n}", event(more=f'<string key="x" value="{n * 7919}"/>')) for n in range(9000)
    )
    path = xes_log(tmp_path, body, "log.xes.gz")
    path.write_bytes(path.read_bytes()[:-2000])
    found, fault = until_fault(path)
    assert len(found) > 1000
    assert fault.what == "the packed file ends too early: it was cut off."
    assert fault.where == f"log.xes.gz, after trace {len(found)}"
    assert "stay staged" in fault.remedy


def test_a_damaged_gzip_is_named_as_such(tmp_path: Path) -> None:
    path = xes_log(tmp_path, trace("A", event()), "log.xes.gz")
    data = bytearray(path.read_bytes())
    data[20] ^= 0xFF
    path.write_bytes(bytes(data))
    _, fault = until_fault(path)
    assert "damaged" in fault.what or "not XML" in fault.what


def test_xml_that_breaks_in_the_middle_names_line_and_trace(tmp_path: Path) -> None:
    path = xes_log(
        tmp_path, trace("A", event()) + "\n" + trace("B", event()) + "\n<trace><event>\n"
    )
    found, fault = until_fault(path)
    assert [row.trace["concept:name"] for row in found] == ["A", "B"]
    assert fault.what == "this is not XML (mismatched tag)."
    assert fault.where == "log.xes:7, after trace 2"
    assert fault.remedy


BOMB = """<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>"""
EXTERNAL = '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!DOCTYPE log SYSTEM "http://203.0.113.1/log.dtd">'


@pytest.mark.parametrize(("head", "value"), [(BOMB, "&c;"), (EXTERNAL, "&x;"), (REMOTE, "")])
def test_entities_and_declarations_are_never_read(tmp_path: Path, head: str, value: str) -> None:
    body = trace("A", event(more=f'<string key="x" value="{value}"/>'))
    found, fault = until_fault(xes_log(tmp_path, body, head=head))
    assert found == []
    assert fault.what == "a DTD declaration is not read."
    assert fault.where == "log.xes, before the first trace"


def test_one_endless_attribute_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xml_parts, "LONGEST", 100_000)
    long = f'<string key="x" value="{"y" * 400_000}"/>'
    found, fault = until_fault(
        xes_log(tmp_path, trace("A", event()) + trace("B", event(more=long)))
    )
    assert [row.trace["concept:name"] for row in found] == ["A"]
    assert "without an element's begin or end" in fault.what
    assert fault.where == "log.xes, after trace 1"


def test_elements_without_end_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = '<string key="x" value="1">' * 40 + "</string>" * 40
    _, fault = until_fault(xes_log(tmp_path, trace("A", event(more=deep))))
    assert "levels deep" in fault.what
    monkeypatch.setattr(xes, "MOST", 500)
    _, fault = until_fault(xes_log(tmp_path, trace("A", *[event()] * 200), "many.xes"))
    assert fault.what == "more than 500 elements in one trace."
    monkeypatch.setattr(xes, "MANY", 10)
    same = '<string key="x" value="1"/>' * 11
    _, fault = until_fault(xes_log(tmp_path, trace("A", event(more=same)), "same.xes"))
    assert fault.what == "more than 10 texts of 'x' in trace 1."


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"<html></html>", "the file begins with 'html', not with an XES log."),
        (b"", "this is not XML (no element found)."),
        (b"\x00\x01\x02", "this is not XML"),
        (b'<?xml version="1.0" encoding="GB18030"?><log></log>', "encoding"),
        (b'<?xml version="1.0" encoding="klingon"?><log></log>', "encoding"),
    ],
)
def test_what_is_no_log_is_refused(tmp_path: Path, data: bytes, what: str) -> None:
    path = tmp_path / "log.xes"
    path.write_bytes(data)
    found, fault = until_fault(path)
    assert found == []
    assert what in fault.what
    assert fault.where.startswith("log.xes")


@pytest.mark.parametrize("what", ["a folder", "nothing"])
def test_a_file_that_is_none_is_refused(tmp_path: Path, what: str) -> None:
    path = tmp_path / "log.xes"
    if what == "a folder":
        path.mkdir()
    _, fault = until_fault(path)
    assert fault.what.startswith("the file cannot be read")
    assert str(path) in fault.where


def test_without_the_extra_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "defusedxml", None)
    _, fault = until_fault(xes_log(tmp_path, trace("A", event())))
    assert fault.remedy == "Install the extra: pip install 'cleangov-plugin[xes]'."


PROGRAM = """
import resource, sys
from pathlib import Path
from cleangov_plugin.intake.formats.log_files import LogFile
from cleangov_plugin.intake.formats.xes import XesLog
number = sum(1 for _ in XesLog(LogFile(Path(sys.argv[1]))).rows())
print(number, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.thorough
def test_memory_does_not_grow_with_the_log(tmp_path: Path) -> None:
    peaks = {}
    for traces in (100, 20_000):
        events = "".join(event(f"step {n}") for n in range(4))
        path = tmp_path / f"{traces}.xes.gz"
        with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
            file.write("<log>")
            file.writelines(
                f"<trace><string key='concept:name' value='{n}'/>{events}</trace>"
                for n in range(traces)
            )
            file.write("</log>")
        command = [sys.executable, "-c", PROGRAM, str(path)]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
        number, peak = map(int, run.stdout.split())
        assert number == 4 * traces
        peaks[traces] = peak // (1024 if sys.platform != "darwin" else 1024 * 1024)
    assert peaks[20_000] - peaks[100] < 4, peaks  # MiB, where all of it would take some 60
