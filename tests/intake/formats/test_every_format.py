"""What holds of every format alike: equal events, and the same answer to the same bad input."""

import gzip
from pathlib import Path

import pytest

from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.intake.event_logs import EventLog, Translated
from cleangov_plugin.intake.mapping import LogMapping
from tests.intake.log_building import translated
from tests.intake.log_formats import FORMATS, every_format, log_of, place_of, told

END = "2026-03-20T10:00:00+08:00"


@pytest.fixture
def small(tmp_path: Path) -> LogMapping:
    return every_format(tmp_path)


def refused(path: Path, small: LogMapping) -> tuple[list[Translated], IntakeError]:
    found: list[Translated] = []
    with pytest.raises(IntakeError) as problem:
        found.extend(EventLog(path, small).translated())
    return found, problem.value


def test_one_log_makes_equal_events_in_every_format(tmp_path: Path, small: LogMapping) -> None:
    hostile = '"+cmd|"/c calc"!A0 <script>alert(1)</script> &amp; \u202etxt'
    events = [
        told(case="A1", note="备注一", ended=END),
        told(case="B2", step="送达", officer="", sum=""),
        told(case="C3", sum="0.30", note=hostile),
    ]
    first = translated(log_of(tmp_path, FORMATS[0], events), small)
    assert len(first) == 4
    assert first[-1].event.attributes == {"note": hostile}
    for format_ in FORMATS[1:]:
        assert translated(log_of(tmp_path, format_, events), small) == first, format_


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    ("bad", "what"),
    [
        (told(case=""), "there is no case."),
        (told(step=""), "there is no step."),
        (told(at=""), "there is no occurred_at."),
        (told(at="2026-03-10 10:00:00"), "at: '2026-03-10 10:00:00' tells no offset from UTC"),
        (told(at="next week"), "at: 'next week' is no time as ISO 8601 has it."),
        (told(at="1066-10-14T09:00:00Z"), "at: the year 1066 is not believed."),
        (told(sum="NaN"), "sum: 'NaN' is no sum."),
        (told(sum="-5"), "sum: '-5' is negative, which this kind of event forbids."),
        (told(sum="0.001"), "sum: '0.001' has parts of a minor unit."),
        (told(sum="9" * 30), f"sum: '{'9' * 30}' is too large."),
        (told(case="A" * 181), "case: "),
        (told(note="n" * 20_001), "note: a text of 20,001 characters"),
        (told(ended="tomorrow"), "ended: 'tomorrow' is no time"),
    ],
)
def test_a_fault_names_its_place_and_what_came_before_stands(
    tmp_path: Path, small: LogMapping, format_: str, bad: dict[str, str], what: str
) -> None:
    path = log_of(tmp_path, format_, [told(case="Z1"), bad, told(case="Z3")])
    found, problem = refused(path, small)
    assert found[0].event.id == "Z1#1"
    assert all(each.event.case_id != "Z3" for each in found)
    assert problem.what.startswith(what)
    assert problem.where.startswith(place_of(format_, 2))
    assert problem.remedy


@pytest.mark.parametrize("format_", FORMATS)
def test_twins_stay_two_in_every_format(tmp_path: Path, small: LogMapping, format_: str) -> None:
    found = translated(log_of(tmp_path, format_, [told(), told()]), small)
    assert [each.event.id for each in found] == ["A1#1", "A1#2"]


@pytest.mark.parametrize("format_", FORMATS)
def test_a_file_that_was_cut_off_says_so(tmp_path: Path, small: LogMapping, format_: str) -> None:
    events = [told(case=f"A{n}", note=f"{n * 7919}") for n in range(3000)]
    path = log_of(tmp_path, format_, events)
    data = path.read_bytes()
    path.write_bytes(data[: -len(data) // 10])
    found, problem = refused(path, small)
    assert problem.where.startswith("log.")
    assert problem.remedy
    if format_ == "xlsx":  # its contents stand at its end: nothing of it can be read
        assert found == []
    else:
        assert len(found) > 1000


@pytest.mark.parametrize("format_", [name for name in FORMATS if not name.endswith("gz")])
def test_what_is_called_so_and_is_none_is_refused(
    tmp_path: Path, small: LogMapping, format_: str
) -> None:
    path = tmp_path / f"log.{format_}"
    for data in (b"", b"\x00" * 5000, bytes(range(256)) * 40, gzip.compress(b"hello")):
        path.write_bytes(data)
        if data == b"" and format_ == "jsonl":
            assert translated(path, small) == []
            continue
        found, problem = refused(path, small)
        assert found == []
        assert problem.what
        assert path.name in str(problem)


def test_a_format_can_be_said_where_the_name_does_not(tmp_path: Path, small: LogMapping) -> None:
    path = log_of(tmp_path, "jsonl", [told()])
    path = path.rename(tmp_path / "export.txt")
    with pytest.raises(IntakeError) as problem:
        EventLog(path, small)
    assert ".xlsx" in problem.value.remedy
    assert ".xlsx.gz" not in problem.value.remedy
    (found,) = EventLog(path, small, "jsonl").translated()
    assert found.event.case_id == "A1"
    with pytest.raises(IntakeError, match="does not describe"):
        EventLog(path, small, "ocds")
