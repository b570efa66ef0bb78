"""``cleangov replay``: through the very hooks, once, in order, and people are told of it."""

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

from cleangov_plugin.cli import host
from cleangov_plugin.cli.main import COMMANDS, main
from cleangov_plugin.intake.mapping import find_mapping
from tests.cli.log_replaying import dump, query, replay, run
from tests.cli.three_events import HEADING, _few_rules, small_log, three, told, url
from tests.intake.log_building import csv_document, csv_log, written_mapping
from tests.support.ends import OpenEngine

__all__ = ("_few_rules", "url")


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
