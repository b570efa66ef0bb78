"""Every format through ``cleangov replay``: equal findings, bad input, a rerun that goes on."""

import json
import sys
from pathlib import Path

import pytest

from tests.cli.log_replaying import dump, few_rules, query, replay, run
from tests.intake.log_formats import FORMATS, every_format, log_of, told
from tests.support.shared_data import mapping_of, shared_log

BAD = told(case="B2", sum="NaN")


@pytest.fixture(autouse=True)
def _few_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few_rules(tmp_path, monkeypatch)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'city.db'}"


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    every_format(tmp_path)
    return tmp_path / "small.yaml"


def test_every_format_of_one_log_leaves_the_same_rows(tmp_path: Path, mapping: Path) -> None:
    left = {}
    for format_ in ("csv", "xes.gz", "xlsx", "jsonl.gz"):
        url = f"sqlite:///{tmp_path / format_}.db"
        log = log_of(tmp_path, format_, [told(), told(step="送达"), told(case="B2", note="注")])
        figures = replay(url, log, mapping, tmp_path / "keys")
        assert (figures["cases"], figures["events"], figures["checkpoints"]) == (2, 3, 3)
        assert "unread" not in figures
        left[format_] = {**dump(url), "cleangov_replay_run": []}
    first, *others = left.values()
    for other in others:
        assert other.keys() == first.keys()
        assert other["cleangov_entry"] == first["cleangov_entry"]
        assert other["cleangov_finding"] == first["cleangov_finding"]


@pytest.mark.parametrize("format_", [*FORMATS, "csv.gz"])
def test_what_came_before_a_fault_stays_and_a_rerun_goes_on(
    url: str, tmp_path: Path, mapping: Path, format_: str
) -> None:
    words = ("replay", "", "--mapping", str(mapping), "--keys", str(tmp_path / "keys"))
    log = log_of(tmp_path, format_, [told(), BAD, told(case="C3")])
    result = run(url, words[0], str(log), *words[2:])
    assert result.exit_code == 2
    assert "sum: 'NaN' is no sum." in result.stderr
    assert query(url, "SELECT case_id FROM {s}cleangov_staged_event") == [("A1",)]
    again = run(url, words[0], str(log), *words[2:])
    assert (again.exit_code, again.stderr) == (2, result.stderr)
    assert query(url, "SELECT case_id FROM {s}cleangov_staged_event") == [("A1",)]
    log = log_of(tmp_path, format_, [told(), told(case="B2"), told(case="C3")])
    assert replay(url, log, mapping, tmp_path / "keys")["checkpoints"] == 3


def release(number: int, date: str = "2026-03-10T10:00:00Z") -> str:
    award = {"id": "a", "date": date, "value": {"amount": 5, "currency": "CNY"}}
    return json.dumps({"ocid": f"o-{number}", "date": date, "tag": ["award"], "awards": [award]})


def test_releases_that_cannot_be_read_are_named_each_time(url: str, tmp_path: Path) -> None:
    log = tmp_path / "releases.jsonl"
    log.write_text("\n".join([release(1), "{x", release(2, "soon"), release(3)]), "utf-8")
    words = ("replay", str(log), "--mapping", "ocds", "--keys", str(tmp_path / "keys"))
    for _ in range(2):
        result = run(url, *words, "--json")
        assert result.exit_code == 1
        figures = json.loads(result.stdout)
        assert (figures["cases"], figures["events"], figures["gaps"]) == (2, 2, 0)
        assert figures["unread"] == [
            {
                "where": "releases.jsonl:2",
                "what": "this line is no JSON, or holds a name twice.",
            },
            {"where": "releases.jsonl:3", "what": "at: 'soon' is no time as ISO 8601 has it."},
        ]
        people = run(url, *words)
        assert "releases.jsonl:3: not read (at: 'soon' is no time" in people.stdout


@pytest.mark.parametrize(
    ("name", "cases", "events"), [("moldova", 51, 87), ("canada", 21, 40), ("paraguay", 10, 48)]
)
def test_real_releases_are_taken_whole(
    empty_url: str, tmp_path: Path, name: str, cases: int, events: int
) -> None:
    log = shared_log(f"{name}.jsonl")
    figures = replay(empty_url, log, mapping_of(name), tmp_path / "keys")
    assert (figures["cases"], figures["events"], figures["checkpoints"]) == (cases, events, events)
    assert (figures["unread"], figures["gaps"]) == ([], 0)


def test_without_the_extra_a_workbook_is_refused_by_its_name(
    url: str, tmp_path: Path, mapping: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = log_of(tmp_path, "xlsx", [told()])
    monkeypatch.setitem(sys.modules, "defusedxml", None)
    result = run(url, "replay", str(log), "--mapping", str(mapping))
    assert result.exit_code == 2
    assert "XLSX workbooks need the package 'defusedxml'" in result.stderr
    assert "pip install 'cleangov-plugin[xlsx]'" in result.stderr


def test_the_format_is_said_where_the_name_does_not(
    url: str, tmp_path: Path, mapping: Path
) -> None:
    log = log_of(tmp_path, "csv", [told()]).rename(tmp_path / "export.txt")
    words = ("--mapping", str(mapping), "--keys", str(tmp_path / "keys"), "--json")
    assert run(url, "replay", str(log), *words).exit_code == 2
    result = run(url, "replay", str(log), *words, "--format", "csv")
    assert json.loads(result.stdout)["events"] == 1
    assert run(url, "replay", str(log), *words, "--format", "pdf").exit_code == 2
