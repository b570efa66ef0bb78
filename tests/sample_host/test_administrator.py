"""Be the administrator: what is changed behind everybody's back is named, and put back whole."""

import json
import re
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from cleangov_plugin.desk.verified.detectors import Detector
from sample_host import create_app
from sample_host.administrator import DEEDS, Kept, Place, is_sealing, verifying
from sample_host.city import of
from sample_host.serve import SEALING, config, prepare
from sample_host.words import WORDS
from tests.sample_host.pressing import Presser
from tests.support.ends import cities_end
from tests.support.scripted_day import Visit, make_city

PAGE = "/demo/administrator"
#: Seconds that a busy machine may take to seal; the running demo waits for one.
_PATIENCE = 60.0
Rows = dict[str, list[tuple[Any, ...]]]


def served(folder: Path) -> dict[str, Any]:
    """Answer the settings of a demo that is served."""
    return {**config(folder), **SEALING}


def hold_and_decide(app: Flask) -> None:
    """Have the noodle shop's fine held, put back to 800 and decided, by the tour's buttons."""
    presser = Presser(app)
    for _ in range(6):
        if "已按 800 元决定" in presser.page.said:
            return
        presser.press()
    pytest.fail(presser.page.said)


def sealed(folder: Path) -> None:
    """Wait until everything that the city recorded is sealed, and the head is published."""
    end = time.monotonic() + _PATIENCE
    place = Place(database=folder / "city.db", file=folder / "administrator.json")
    while is_sealing(place):
        assert time.monotonic() < end, "nobody sealed it"
        time.sleep(0.1)


def rows(folder: Path) -> Rows:
    """Answer every row of every table, but for the visits' own."""
    with closing(sqlite3.connect(folder / "city.db")) as connection:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        tables = [row[0] for row in connection.execute(names)]
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in tables
        }


def differing(before: Rows, after: Rows) -> set[str]:
    return {name for name in before if before[name] != after[name]}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo that was prepared as `do.py demo` does, played, and sealed by its running city."""
    folder = tmp_path_factory.mktemp("administrator") / "the demo"
    folder.mkdir()
    with cities_end():
        assert prepare(folder)["cases"] == 612
        app = create_app(served(folder))
        hold_and_decide(app)
        sealed(folder)
    return folder


@pytest.fixture
def folder(played: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(played, tmp_path / "demo"))


@pytest.fixture
def visit(folder: Path) -> Visit:
    """Somebody in front of the city after a restart."""
    return Visit(create_app(served(folder)), "administrator")


def press(visit: Visit, path: str, **fields: str) -> str:
    visit.post(f"{PAGE}/{path}", fields)
    return visit.get(PAGE)


def text_of(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def found(folder: Path) -> list[dict[str, Any]]:
    told = json.loads((folder / "administrator.json").read_text(encoding="utf-8"))
    return list(told["found"]["items"])


def test_a_demo_that_nobody_touched_verifies_clean(visit: Visit, folder: Path) -> None:
    said = text_of(press(visit, "verify"))
    assert "未发现改动" in said
    assert found(folder) == []
    assert "无法核验" not in said


CHANGED = {
    "amount": ({"city_variation", "city_act", "cleangov_entry"}, "changed", 2),
    "held": ({"cleangov_entry", "cleangov_answer", "cleangov_prompt"}, "gone", 2),
    "notice": ({"city_act", "cleangov_entry"}, "changed", 1),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_changed_is_named_and_put_back_to_the_byte(
    visit: Visit, folder: Path, deed: str
) -> None:
    before = rows(folder)
    html = press(visit, "change", deed=deed)
    tables, kind, number = CHANGED[deed]
    assert differing(before, rows(folder)) == tables
    for table in tables:
        assert re.search(rf"(UPDATE|DELETE FROM) {table}\b", html), "the SQL stands on the page"
    assert f"已经改了：{WORDS[f'admin.{deed}'][0]}" in text_of(html)

    said = text_of(press(visit, "verify"))
    items = found(folder)
    assert [item["kind"] for item in items] == [kind] * number
    assert all("LEAF" in item["found_by"] for item in items)
    assert all(item["log_id"] == "yunting" and item["sealed_at"] for item in items)
    assert said.count("封存于 2026年3月10日 10:") == number, "sealed on the demo's day"
    assert WORDS["admin.by.LEAF"][0] in said
    assert "未发现其他改动" in said
    if deed == "notice":
        assert "YT-CF-2026-0417" in said

    said = text_of(press(visit, "undo"))
    assert differing(before, rows(folder)) == set()
    assert WORDS["admin.undone"][0] in said
    assert "未发现改动" in text_of(press(visit, "verify"))


def test_a_column_alone_is_named_too(visit: Visit, folder: Path) -> None:
    with closing(sqlite3.connect(folder / "city.db")) as connection, connection:
        connection.execute(
            "UPDATE cleangov_entry SET occurred_at = '2026-02-01T00:00:00.000000Z'"
            " WHERE subject = 'YT-GC-2025-12' AND kind = 'prj.contract.signed'"
        )
    said = text_of(press(visit, "verify"))
    assert [item["found_by"] for item in found(folder)] == [["COL"]]
    assert WORDS["admin.by.COL"][0] in said


def test_a_second_press_changes_nothing_more(visit: Visit, folder: Path) -> None:
    press(visit, "change", deed="amount")
    after = rows(folder)
    html = press(visit, "change", deed="notice")
    assert rows(folder) == after
    assert WORDS["admin.amount"][0] in text_of(html)
    press(visit, "undo")
    put_back = rows(folder)
    press(visit, "undo")
    assert rows(folder) == put_back


def test_what_was_changed_can_be_put_back_after_a_restart(folder: Path) -> None:
    before = rows(folder)
    press(Visit(create_app(served(folder)), "administrator"), "change", deed="held")
    again = Visit(create_app(served(folder)), "lin-lan")
    assert "已经改了" in text_of(again.get(PAGE))
    press(again, "undo")
    assert differing(before, rows(folder)) == set()


def test_what_others_do_meanwhile_stays(visit: Visit, folder: Path) -> None:
    press(visit, "change", deed="amount")
    gao = Visit(visit.app, "gao-feng")
    gao.take("/cases/YT-CF-2026-0168", "serve", service="direct")
    sealed(folder)
    press(visit, "undo")
    assert "未发现改动" in text_of(press(visit, "verify"))
    assert any("2026-0168" in repr(row) and "served" in row for row in rows(folder)["city_case"])


def test_triggers_are_dropped_and_made_again(visit: Visit, folder: Path) -> None:
    guard = "CREATE TRIGGER guard BEFORE UPDATE ON city_act BEGIN SELECT RAISE(ABORT, 'no'); END"
    ask = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
    with closing(sqlite3.connect(folder / "city.db")) as connection:
        connection.execute(guard)
        html = press(visit, "change", deed="notice")
        assert "DROP TRIGGER" in html
        assert connection.execute(ask).fetchone() == (0,)
        press(visit, "undo")
        assert connection.execute(ask).fetchone() == (1,)


def test_a_busy_database_is_said_and_nothing_is_half_done(
    visit: Visit, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sample_host.administrator.place._PATIENCE", 50)
    with closing(sqlite3.connect(folder / "city.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        said = text_of(press(visit, "change", deed="amount"))
        other.execute("ROLLBACK")
    assert WORDS["admin.problem.busy"][0] in said
    assert Kept.read(folder / "administrator.json").deed == ""
    assert "已经改了" in text_of(press(visit, "change", deed="amount"))


@pytest.mark.parametrize(
    ("program", "key"),
    [("no_such_plugin.cli.main", "missing"), ("this", "failed")],
)
def test_a_command_that_does_not_answer_is_said(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, program: str, key: str
) -> None:
    monkeypatch.setattr(verifying, "_COMMAND", program)
    assert WORDS[f"admin.problem.{key}"][0] in text_of(press(visit, "verify"))


def test_with_the_plugin_off_nothing_is_offered_but_to_put_back(visit: Visit, folder: Path) -> None:
    press(visit, "change", deed="amount")
    (folder / "supervision.off").touch()
    html = visit.get(PAGE)
    assert WORDS["admin.off"][0] in text_of(html)
    assert f'action="{PAGE}/verify"' not in html
    html = press(visit, "undo")
    assert f'action="{PAGE}/' not in html
    press(visit, "change", deed="amount")
    assert Kept.read(folder / "administrator.json").deed == ""


def test_without_a_plugin_the_page_says_so(folder: Path) -> None:
    visit = Visit(create_app({**served(folder), "PLUGINS": False}))
    html = visit.get(PAGE)
    assert WORDS["admin.uninstalled"][0] in text_of(html)
    assert f'action="{PAGE}/' not in html


def test_what_is_not_sealed_yet_is_not_offered(told_alone: Path) -> None:
    visit = Visit(create_app(config(told_alone)))
    html = visit.get(PAGE)
    assert text_of(html).count(WORDS["admin.unsealed"][0]) == 2
    assert WORDS["admin.held.none"][0] in text_of(html)
    assert f'action="{PAGE}/change"' not in html
    press(visit, "change", deed="amount")
    assert Kept.read(told_alone / "administrator.json").deed == ""


@pytest.fixture
def told_alone(url: str, tmp_path: Path) -> Path:
    """A demo whose story was told without logs, and of which nothing is sealed."""
    folder = tmp_path / "alone"
    folder.mkdir()
    make_city(f"sqlite:///{folder / 'city.db'}", CLEANGOV_KEYS=str(folder / "keys"))
    return folder


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"deed": 7}', "\x00", '{"deed": "x"}'])
def test_a_file_that_is_none_of_ours_says_that_nothing_was_done(tmp_path: Path, text: str) -> None:
    (tmp_path / "administrator.json").write_text(text, encoding="utf-8")
    assert Kept.read(tmp_path / "administrator.json") == Kept()


def test_only_the_demo_has_the_page(be: Callable[..., Visit]) -> None:
    be().get(PAGE, expect=404)
    assert PAGE not in be().get("/")


def test_the_card_on_the_front_page_leads_there(visit: Visit) -> None:
    html = visit.get("/")
    card = html[html.index('value="administrator"') :].partition("</form>")[0]
    assert f'value="{PAGE}"' in card
    assert WORDS["card.administrator.scene"][0] in card
    visit.post(f"{PAGE}/change", {"deed": "everything"}, expect=400)


def test_every_detector_is_said_in_plain_words() -> None:
    assert {f"admin.by.{detector.value}" for detector in Detector} <= set(WORDS)


def test_a_demo_day_does_not_go_back_behind_what_a_plugin_wrote(folder: Path) -> None:
    late = "2026-03-10T09:30:00.000000Z"
    with closing(sqlite3.connect(folder / "city.db")) as connection, connection:
        connection.execute(
            "UPDATE cleangov_entry SET ingested_at = ? WHERE id = (SELECT max(id)"
            " FROM cleangov_entry)",
            (late,),
        )
    now = of(create_app(served(folder))).clock.now()
    assert f"{now:%H:%M}" == "17:30"
