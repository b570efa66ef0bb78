"""``cleangov replay``: through the very hooks, once, with a word for everything that is wrong."""

import contextlib
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import Result

from cleangov_plugin.cli import feeding, host
from cleangov_plugin.cli.main import COMMANDS, main
from cleangov_plugin.desk import recording
from cleangov_plugin.intake.mapping import find_mapping
from tests.cli.log_replaying import dump, few_rules, query, replay, run
from tests.intake.log_building import (
    csv_document,
    csv_log,
    event,
    trace,
    written_mapping,
    xes_log,
)
from tests.support.ends import OpenEngine

HEADING = "案号,环节,时间,经办人,金额,备注,结束\n"
AT = "2026-03-10T10:00:00+08:00"


def small_log(folder: Path, *rows: str, name: str = "log.csv") -> Path:
    return csv_log(folder, HEADING + "".join(f"{row}\n" for row in rows), name=name)


def three(folder: Path, name: str = "log.csv") -> Path:
    end = "2026-03-20T09:00:00+08:00"
    return small_log(
        folder,
        f"A1,罚款,{AT},chen,800,对老板说的话,{end}",
        f"A1,送达,2026-03-12T10:00:00+08:00,liu,,,{end}",
        "B2,罚款,2026-03-11T10:00:00+08:00,,500,,",
        name=name,
    )


def told(url: str, log: Path, mapping: Path, *words: str) -> Result:
    keys = ("--keys", str(log.parent / "keys"))
    return run(url, "replay", str(log), "--mapping", str(mapping), *keys, *words)


@pytest.fixture(autouse=True)
def _few_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rulebook of two: a replay reads all of it each time."""
    few_rules(tmp_path, monkeypatch)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'city.db'}"


def test_a_log_is_fed_in_the_order_it_was_known_with_the_clock_of_the_log(
    empty_url: str, tmp_path: Path
) -> None:
    figures = replay(empty_url, three(tmp_path), written_mapping(tmp_path), tmp_path / "keys")
    assert (figures["cases"], figures["events"], figures["derived_events"]) == (2, 3, 1)
    assert (figures["checkpoints"], figures["gaps"]) == (4, 0)
    columns = "event_key, kind, subject, origin, recorded_at, ingested_at"
    rows = query(empty_url, f"SELECT {columns} FROM {{s}}cleangov_entry ORDER BY id")
    assert [row[0].partition("\t")[2] for row in rows] == [
        "A1#1", "B2#1", "A1#2", "A1#enf.case.closed",
    ]  # fmt: skip
    assert [row[1] for row in rows] == [
        "enf.decision.made", "enf.decision.made", "small.送达", "enf.case.closed",
    ]  # fmt: skip
    assert {row[3] for row in rows} == {"historic"}
    # the plugin's clock stood where the log stood, at each event
    assert [row[4] for row in rows] == [row[5] for row in rows]
    agency = query(empty_url, "SELECT log_id, zone, country FROM {s}cleangov_agency")
    assert agency == [("small-town", "Asia/Shanghai", "CN")]


def test_what_is_staged_is_forgotten_and_personal_texts_stay_erasable(
    url: str, tmp_path: Path, open_engine: OpenEngine
) -> None:
    replay(url, three(tmp_path), written_mapping(tmp_path), tmp_path / "keys")
    assert query(url, "SELECT count(*) FROM {s}cleangov_staged_event") == [(0,)]
    places = {
        (table, column)
        for table, rows in dump(url).items()
        for row in rows
        for column, value in enumerate(row)
        if "对老板说的话" in str(value) or "chen" in str(value).split("\t")
    }
    with open_engine(url).connect() as connection:
        named = sa.inspect(connection).get_columns("cleangov_pseudonym")
    identity = [column["name"] for column in named].index("identity")
    assert places == {("cleangov_pseudonym", identity)}  # and the note in an erasable disclosure
    assert query(url, "SELECT count(disc) FROM {s}cleangov_entry") == [(1,)]


def test_a_second_run_adds_nothing_says_so_and_tells_the_same_figures(
    empty_url: str, tmp_path: Path
) -> None:
    log, mapping = three(tmp_path), written_mapping(tmp_path)
    first = replay(empty_url, log, mapping, tmp_path / "keys")
    before = dump(empty_url)
    again = replay(empty_url, log, mapping, tmp_path / "keys")
    assert {**again, "seconds": 0} == {**first, "seconds": 0}
    assert dump(empty_url) == before
    assert "nothing was added" in told(empty_url, log, mapping).stdout
    assert dump(empty_url) == before


def test_a_later_export_adds_what_is_new(url: str, tmp_path: Path) -> None:
    mapping = written_mapping(tmp_path)
    rows = three(tmp_path).read_text("utf-8").splitlines()[1:]
    replay(url, small_log(tmp_path, *rows[:2], name="march.csv"), mapping, tmp_path / "keys")
    later = [*rows, "A1,罚款,2026-04-01T10:00:00+08:00,chen,900,,"]
    figures = replay(url, small_log(tmp_path, *later), mapping, tmp_path / "keys")
    assert (figures["events"], figures["checkpoints"]) == (4, 5)


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


def test_plugins_of_strangers_are_not_told_of_history(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked: list[str] = []

    class Entry:
        name = "a stranger's"

    real = host.entry_points
    monkeypatch.setattr(host, "entry_points", lambda group: [*real(group=group), Entry()])
    made = host.manager

    def watched() -> Any:
        found = made()
        monkeypatch.setattr(found, "set_blocked", blocked.append)
        return found

    monkeypatch.setattr(host, "manager", watched)
    replay(url, three(tmp_path), written_mapping(tmp_path), tmp_path / "keys")
    assert blocked == ["a stranger's"]


def test_the_table_for_people_is_in_both_languages(url: str, tmp_path: Path) -> None:
    log, mapping = three(tmp_path), written_mapping(tmp_path)
    english = told(url, log, mapping).stdout
    assert english.startswith("2 cases, 3 events, 1 derived besides\n")
    assert re.search(r"^E07 +Heavier after defence +2 +0 +0\.0 % ", english, re.MULTILINE)
    assert "signals, not findings, and nobody owns them." in english
    chinese = told(url, log, mapping, "--lang", "zh-CN").stdout
    assert chinese.startswith("2 个案件，3 条事件，另推得 1 条\n")
    assert "申辩后加重处罚" in chinese
    assert "该文件按同一映射已重放过，未增加任何内容。" in chinese
    assert "不是结论" in chinese


def test_dropped_steps_and_the_source_are_told(url: str, tmp_path: Path) -> None:
    source = {"id": "small", "doi": "10.5072/small"}
    mapping = written_mapping(tmp_path, otherwise="drop", source=source)
    english = told(url, three(tmp_path), mapping).stdout
    assert english.startswith("2 cases, 2 events, 1 derived besides, 1 left out\n")
    assert "Source: A small log, DOI 10.5072/small" in english


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


def test_options_of_the_whole_line_are_taken_anywhere(url: str, tmp_path: Path) -> None:
    log, mapping = three(tmp_path), written_mapping(tmp_path)
    behind = run(
        "sqlite://", "replay", str(log), "--mapping", str(mapping), "--json", f"--database={url}"
    )
    assert json.loads(behind.stdout)["events"] == 3
    before = run(url, "--json", "replay", str(log), "--mapping", str(mapping))
    assert {**json.loads(before.stdout), "seconds": 0} == {
        **json.loads(behind.stdout),
        "seconds": 0,
    }


def test_every_command_is_there_and_explains_itself() -> None:
    for name in COMMANDS:
        command = main.get_command(None, name)  # type: ignore[arg-type]
        assert command is not None
        assert command.help
    text = run("sqlite://", "replay", "--help").stdout
    for word in ("cannot_be_checked", "derived_events", "checkpoints", "gaps", "Exit status"):
        assert word in text


def test_the_clock_of_a_history_host_stands_where_it_is_put() -> None:
    at = datetime(2010, 1, 1, tzinfo=UTC)
    mapping = find_mapping("receipt")
    found = host.HistoryHost("x", mapping.agency, {}, at)
    assert found.now() == at
    assert found.agency().id == "nl-receipt"
    assert found.person() is None
    assert found.csrf_field() is None
    assert found.mount(object())
    assert not found.switched_off()


def test_gb18030_with_chinese_headings_and_local_times_is_replayed(
    url: str, tmp_path: Path
) -> None:
    document = csv_document(
        {"encoding": "gb18030"},
        occurred_at={"name": "at", "format": "%Y-%m-%d %H:%M", "zone": "Asia/Shanghai"},
        derived=[],
    )
    text = HEADING + "A1,罚款,2026-03-10 10:00,陈,800,,\n"
    log = csv_log(tmp_path, text, "gb18030", "导出.csv.gz")
    figures = replay(url, log, written_mapping(tmp_path, **document), tmp_path / "keys")
    assert figures["checkpoints"] == 1
    (at,) = query(url, "SELECT occurred_at FROM {s}cleangov_entry")[0]
    assert at == "2026-03-10T02:00:00.000000Z"


def test_long_work_shows_how_far_it_is_on_the_error_channel_of_a_terminal(
    url: str, tmp_path: Path
) -> None:
    log, mapping = three(tmp_path), written_mapping(tmp_path)
    own, terminal = os.openpty()
    words = ["--database", url, "--json", "replay", str(log), "--mapping", str(mapping)]
    command = [sys.executable, "-m", "cleangov_plugin.cli.main", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal) as process:
        os.close(terminal)
        shown = b""
        with contextlib.suppress(OSError):  # how the end of a terminal is told
            while part := os.read(own, 1024):
                shown += part
        assert process.stdout is not None
        figures = json.loads(process.stdout.read())
    os.close(own)
    assert figures["events"] == 3
    assert b"stage" in shown
    assert b"100%" in shown
