"""``cleangov replay``: a word for everything that is wrong, and nothing is half done."""

import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_plugin.cli import feeding
from cleangov_plugin.desk.checkpoint import recording
from tests.cli.log_replaying import dump, query, replay, run
from tests.cli.three_events import AT, _few_rules, small_log, three, told, url
from tests.intake.log_building import event, trace, written_mapping, xes_log
from tests.support.ends import OpenEngine

__all__ = ("_few_rules", "url")


def test_the_same_id_with_other_content_is_owed_named_and_overwrites_nothing(
    url: str, tmp_path: Path
) -> None:
    mapping = written_mapping(tmp_path)
    replay(url, three(tmp_path), mapping, tmp_path / "keys")
    before = query(url, "SELECT id, body FROM {s}cleangov_entry ORDER BY id")
    changed = three(tmp_path).read_text("utf-8").replace(",500,", ",501,")
    (tmp_path / "changed.csv").write_text(changed, encoding="utf-8")
    result = told(url, tmp_path / "changed.csv", mapping)
    assert result.exit_code == 1
    assert "B2#1: the same id is recorded already, with other content." in result.stdout
    assert "change source.id" in result.stdout
    assert query(url, "SELECT id, body FROM {s}cleangov_entry ORDER BY id") == before
    assert query(url, "SELECT event_key, reason FROM {s}cleangov_gap") == [
        ("small\tB2#1", "conflict")
    ]


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ((f"A1,罚款,{AT},,NaN,,",), "cleangov: log.csv:3: sum: 'NaN' is no sum."),
        (("A1,罚款,2026-03-10 10:00:00,,5,,",), "log.csv:3: at: '2026-03-10 10:00:00' tells no"),
        ((f",罚款,{AT},,5,,",), "log.csv:3: there is no case."),
        ((f"A1,罚款,{AT},,5",), "log.csv:3: 5 cells under 7 headings."),
    ],
)
def test_a_fault_in_the_file_ends_it_by_name_and_what_came_before_stays_staged(
    url: str, tmp_path: Path, rows: tuple[str, ...], what: str
) -> None:
    log = small_log(tmp_path, f"A0,罚款,{AT},,5,,", *rows)
    result = told(url, log, written_mapping(tmp_path))
    assert result.exit_code == 2
    assert what in result.stderr
    assert result.stdout == ""
    assert query(url, "SELECT case_id FROM {s}cleangov_staged_event") == [("A0",)]
    assert query(url, "SELECT count(*) FROM {s}cleangov_entry") == [(0,)]
    # a second try says the same; the file put right, it goes through and the rest is forgotten
    assert told(url, log, written_mapping(tmp_path)).stderr == result.stderr
    log = small_log(tmp_path, f"A0,罚款,{AT},,5,,", f"A1,罚款,{AT},,5,,")
    replay(url, log, written_mapping(tmp_path), tmp_path / "keys")
    assert query(url, "SELECT count(*) FROM {s}cleangov_staged_event") == [(0,)]
    assert [row[0] for row in query(url, "SELECT state FROM {s}cleangov_replay_run")] == ["done"]


def test_a_broken_xes_names_line_and_trace(url: str, tmp_path: Path) -> None:
    log = xes_log(tmp_path, trace("A0", event()) + "\n<trace><event>")
    result = told(url, log, written_mapping(tmp_path))
    assert result.exit_code == 2
    assert "log.xes:5, after trace 1: this is not XML (mismatched tag)." in result.stderr
    assert query(url, "SELECT case_id FROM {s}cleangov_staged_event") == [("A0",)]


def test_a_file_that_changes_while_it_is_read_is_refused(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = iter(["a" * 64, "b" * 64])
    monkeypatch.setattr(feeding, "digest_of", lambda _: next(digests))
    result = told(url, three(tmp_path), written_mapping(tmp_path))
    assert result.exit_code == 2
    assert "the file changed while it was read." in result.stderr
    assert query(url, "SELECT count(*) FROM {s}cleangov_entry") == [(0,)]


def test_the_ledger_of_a_living_agency_is_left_alone(
    url: str, tmp_path: Path, open_engine: OpenEngine
) -> None:
    mapping = written_mapping(tmp_path)
    replay(url, three(tmp_path), mapping, tmp_path / "keys")
    with open_engine(url).begin() as connection:
        connection.execute(sa.text("DELETE FROM cleangov_replay_run"))
    before = dump(url)
    result = told(url, three(tmp_path), mapping)
    assert result.exit_code == 2
    assert "the agency 'small-town' has records that no replay wrote." in result.stderr
    assert dump(url) == before


def test_a_plugin_that_keeps_nothing_stops_the_feeding_and_nothing_is_half_done(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping = written_mapping(tmp_path)
    monkeypatch.setenv("CLEANGOV_DUE_DAYS", "many")  # makes the plugin inert
    result = told(url, three(tmp_path), mapping)
    assert result.exit_code == 2
    assert "event A1#1: the plugin kept nothing of 4 of 4 events." in result.stderr
    assert query(url, "SELECT state, staged, fed FROM {s}cleangov_replay_run") == [
        ("feeding", 4, 0)
    ]
    monkeypatch.delenv("CLEANGOV_DUE_DAYS")
    assert replay(url, three(tmp_path), mapping, tmp_path / "keys")["checkpoints"] == 4


def test_an_event_that_cannot_be_judged_is_owed_and_the_exit_status_says_so(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered = recording.enter

    def failing(desk: Any, connection: Any, event: Any) -> Any:
        if event.id == "B2#1":
            raise ZeroDivisionError
        return entered(desk, connection, event)

    monkeypatch.setattr(recording, "enter", failing)
    result = told(url, three(tmp_path), written_mapping(tmp_path))
    assert result.exit_code == 1
    assert "3 checkpoints and owes 1 events" in result.stdout
    assert "B2#1: not judged yet (error ZeroDivisionError)." in result.stdout


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("replay", "gone.csv", "--mapping", "receipt"), "gone.csv: the file cannot be read"),
        (("replay", "gone.csv", "--mapping", "reciept"), "Did you mean receipt?"),
        (("replay", "gone.xlsx", "--mapping", "receipt"), "does not describe such files"),
        (("replay", "gone.csv"), "Missing option '--mapping'"),
        (("replai",), "No such command 'replai'"),
        (("--database", "sqlite://", "db", "check"), "a database in memory is gone"),
        (("--database", "klingon://x", "db", "check"), "is no database that the plugin works with"),
        (("--database", "no url", "db", "check"), "this is no address of a database"),
        (
            ("--database", "sqlite:////gone/city.db", "db", "check"),
            "the database cannot be reached",
        ),
        (("--database", "postgresql://127.0.0.1:9/x", "db", "check"), "cannot be reached"),
    ],
)
def test_misuse_ends_with_two_and_says_what_to_do(
    url: str, words: tuple[str, ...], what: str
) -> None:
    result = run(url, *words)
    assert result.exit_code == 2
    assert what in result.stderr
    assert result.stdout == ""
    assert "Traceback" not in result.stderr


@pytest.mark.postgres
def test_postgresql_needs_a_place_for_the_keys(pg_database: str, tmp_path: Path) -> None:
    log, mapping = three(tmp_path), written_mapping(tmp_path)
    result = run(pg_database, "replay", str(log), "--mapping", str(mapping))
    assert result.exit_code == 2
    assert "set CLEANGOV_KEYS" in result.stderr
    assert query(pg_database, "SELECT state, fed FROM {s}cleangov_replay_run") == [("feeding", 0)]
    assert replay(pg_database, log, mapping, tmp_path / "keys")["checkpoints"] == 4


def test_without_xes_reader_the_extra_is_named(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "defusedxml", None)
    result = told(url, xes_log(tmp_path, trace("A0", event())), written_mapping(tmp_path))
    assert result.exit_code == 2
    assert "pip install 'cleangov-plugin[xes]'" in result.stderr
