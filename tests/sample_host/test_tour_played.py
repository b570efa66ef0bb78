"""The tour played with nothing but the bar's buttons, the plugin attached: each press leads on.

The same is played in a browser in tests/browser/test_tour.py; here every way through it is tried.
"""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from sample_host import serve as demo
from sample_host.app import create_app
from sample_host.city import of
from sample_host.people import PEOPLE
from sample_host.story import tell
from tests.sample_host.pressing import END, MOST, BarPage, Presser, is_over, play_on
from tests.support.ends import cities_end
from tests.support.page_check import Checked
from tests.support.scripted_day import BOOKSHOP, DRAIN, NOODLES

WAYS = [NOODLES, f"{NOODLES}/decide", f"{NOODLES}/new_facts", DRAIN, f"{DRAIN}/request_variation"]
WAYS += ["/", "/cases", "/inbox", "/people", "/projects", f"{DRAIN}/execute_variation", BOOKSHOP]

#: Who leaves scenes half played and comes back to them presses a few times more.
LONGEST = MOST + 3

Make = Callable[..., Flask]


@pytest.fixture(scope="session")
def told(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo's folder with the story told under the plugin's eyes."""
    folder = tmp_path_factory.mktemp("played") / "told"
    folder.mkdir()
    with cities_end():
        tell(of(create_app(demo.config(folder))))
    return folder


@pytest.fixture
def folder(told: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(told, tmp_path / "demo"))


@pytest.fixture
def make(folder: Path) -> Iterator[Make]:
    """Start the city anew on the folder as it stands, the one before ended."""
    made: list[Flask] = []

    def _make(**settings: Any) -> Flask:
        while made:
            of(made.pop()).engine.dispose()
        made.append(create_app({**demo.config(folder), **settings}))
        return made[-1]

    yield _make
    for app in made:
        of(app).engine.dispose()


def begin_anew(told: Path, folder: Path) -> None:
    """Put the database back to the beginning of the story, under a running city."""
    with (
        closing(sqlite3.connect(told / "city.db")) as source,
        closing(sqlite3.connect(folder / "city.db")) as target,
    ):
        source.backup(target)


def rows(app: Flask, query: str) -> list[tuple[Any, ...]]:
    with of(app).engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def check_played(app: Flask) -> None:
    """The officers' scenes ended as the story has it."""
    assert rows(app, "SELECT fine_minor FROM city_case WHERE no = 'YT-CF-2026-0417'") == [(80_000,)]
    assert rows(
        app,
        "SELECT no, amount_minor, requested_by FROM city_variation"
        " WHERE project_no = 'YT-GC-2025-12' AND no > 'V3'",
    ) == [("V4", 49_000_000, "zhao-lei")]
    notices = rows(
        app,
        "SELECT details FROM city_act WHERE matter_no = 'YT-XK-2026-0088'"
        " AND step = 'request_correction' ORDER BY ordinal",
    )
    assert len(notices) == 2
    assert "招牌效果图" in notices[1][0], "one notice names everything again"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_pressing_do_it_for_me_plays_the_whole_tour_for_real(make: Make, language: str) -> None:
    app = make()
    presser = Presser(app, language)
    said = play_on(presser)
    assert presser.path == END
    assert presser.status == 200
    assert presser.presses <= MOST
    assert len(set(said)) == len(said), "nothing is said twice"
    check_played(app)
    kinds = rows(app, "SELECT kind FROM cleangov_answer ORDER BY answered_at, answer_id")
    assert sorted(kinds) == [
        ("corrected",),
        ("corrected",),
        ("second_person_approved",),
        ("second_person_asked",),
    ]
    requests = rows(app, "SELECT role, state FROM cleangov_second_request")
    assert requests == [("chief_engineer", "approved")]
    asked, decided = rows(app, "SELECT requested_by, decided_by FROM cleangov_second_request")[0]
    assert asked != decided
    bodies = rows(
        app, "SELECT kind, body FROM cleangov_entry WHERE body LIKE '%e.attempt%' ORDER BY id"
    )
    assert [kind for kind, _ in bodies] == [
        "enf.decision.made",
        "prm.correction.requested",
        "prj.variation.requested",
    ]
    assert all("e.prompt.0" in body and "e.answer" in body for _, body in bodies)


def test_each_page_of_the_tour_is_sound(make: Make) -> None:
    presser = Presser(make())
    while not is_over(presser):
        assert Checked(presser.page.html).problems == [], presser.path
        presser.press()


def test_the_bar_names_whose_turn_it_is(make: Make) -> None:
    said = play_on(Presser(make(), "en"))
    turns = ["Chen Jing"] * 3 + ["Liu Min"] * 3 + ["Zhao Lei"] * 3
    turns += ["He Ping", "He Ping", "Zhao Lei", "He Ping has agreed", "Lin Lan"]
    assert len(said) == len(turns)
    assert [turn for turn, sentence in zip(turns, said, strict=True) if turn not in sentence] == []


def test_the_words_of_buttons_come_from_the_rule_files(make: Make, folder: Path) -> None:
    """The bar quotes what the panel says; with the rule's words changed it says the new ones."""
    presser = Presser(make())
    said = play_on(presser)
    assert "“改回 800 元”" in said[2]
    assert "“合并成一份，今天发出（预览）”" in said[5]
    assert "“请总工同意”" in said[8]
    host = "".join(
        path.read_text(encoding="utf-8") for path in Path(demo.__file__).parent.rglob("*.py")
    )
    for words in (
        "改回 800",
        "合并成一份",
        "请总工同意",
        "Back to 800",
        "Ask the chief engineer",
        "第四十五条",
    ):
        assert words not in host


def ways_through(app: Flask, told: Path, folder: Path) -> Iterator[str]:
    """Play every way of pressing the two buttons, and answer each as letters: d and n."""
    waiting = [""]
    while waiting:
        begun = waiting.pop()
        begin_anew(told, folder)
        presser, way, open_ = Presser(app), "", []
        while not is_over(presser):
            assert len(way) < LONGEST, way
            if len(way) >= len(begun) and {"do", "following"} <= set(presser.page.buttons):
                open_.append(f"{way}n")
            is_next = begun[len(way) : len(way) + 1] == "n" or "do" not in presser.page.buttons
            way += "n" if is_next else "d"
            presser.press("following" if is_next else "do")
            assert presser.status in (200, 409), way
        assert presser.path == END, way
        waiting += open_
        yield way


@pytest.mark.long
def test_whichever_buttons_are_pressed_the_tour_ends_with_the_auditor(
    make: Make, told: Path, folder: Path
) -> None:
    found = sorted(ways_through(make(), told, folder))
    assert len(set(found)) == len(found) > 20
    assert "d" * 14 in found  # everything done
    assert "dnnn" in found  # nothing done at all
    assert max(map(len, found)) <= LONGEST


def played_to(presser: Presser, presses: int) -> None:
    for _ in range(presses):
        presser.press()


@pytest.mark.long
@pytest.mark.parametrize("presses", [1, 2, 5, 6, 8, 9, 10, 11, 12, 13])
def test_a_restart_in_the_middle_changes_nothing(make: Make, presses: int) -> None:
    presser = Presser(make())
    played_to(presser, presses)
    said, path = presser.page.said, presser.path
    presser.moved_to(make())
    presser.open(path)
    if "何平同意后，已申报" not in said:  # the line after a step is said once
        assert presser.page.said == said
    play_on(presser)
    assert presser.presses == 14
    check_played(make())


@pytest.mark.long
@pytest.mark.parametrize("presses", [2, 5, 8, 9, 11, 12])
def test_another_browser_can_go_on_wherever_it_was_left(make: Make, presses: int) -> None:
    app = make()
    played_to(Presser(app), presses)
    other = Presser(app, "en")
    play_on(other)
    assert other.path == END
    check_played(app)


@pytest.mark.long
@pytest.mark.parametrize("presses", [0, 2, 5, 8, 9, 11])
def test_switched_off_in_the_middle_the_city_goes_on_and_the_bar_says_so(
    make: Make, folder: Path, presses: int
) -> None:
    app = make()
    presser = Presser(app)
    played_to(presser, presses)
    (folder / "supervision.off").touch()
    presser.open(presser.path)
    assert "监督插件已关闭" in presser.page.said
    play_on(presser)
    assert "林岚的页面打不开" in presser.page.said
    assert presser.path != END
    assert rows(app, "SELECT state FROM city_case WHERE no = 'YT-CF-2026-0417'") == [("decided",)]
    (folder / "supervision.off").unlink()
    presser.open("/")
    play_on(presser)
    assert presser.path == END


@pytest.mark.long
@pytest.mark.parametrize("presses", [2, 5, 9, 11])
def test_with_the_plugin_gone_in_the_middle_the_tour_still_ends(make: Make, presses: int) -> None:
    presser = Presser(make())
    played_to(presser, presses)
    presser.moved_to(make(PLUGINS=False))
    presser.open("/")
    assert "没有安装监督插件" in presser.page.said
    play_on(presser)
    assert "林岚的页面打不开" in presser.page.said


def wander(presser: Presser, chance: random.Random, before: list[BarPage], folder: Path) -> None:
    """Do something that the bar did not ask for."""
    deed = chance.randrange(6)
    if deed == 0:
        presser.open(chance.choice(WAYS))
    elif deed == 1:
        person, onward = chance.choice(sorted(PEOPLE)), chance.choice(WAYS)
        token = presser.page.csrf
        if token:
            sent = [("csrf_token", token), ("person", person), ("next", onward)]
            presser.send("/who", sent)
    elif deed == 2 and before:  # back, and the old page's button once more
        presser.page = chance.choice(before)
        presser.press(chance.choice(sorted(set(presser.page.buttons) & {"do", "following"})))
    elif deed == 3:
        forms = [f for f in presser.page.forms.values() if f.action.endswith("/request_variation")]
        for form in forms[:1]:
            presser.send(f"{form.action}/cancel", form.fields)
    elif deed == 4:
        switch = folder / "supervision.off"
        switch.unlink() if switch.exists() else switch.touch()
    else:
        presser.open(f"/?lang={chance.choice(['zh-CN', 'en'])}")


@pytest.mark.long
@pytest.mark.parametrize("seed", range(8))
def test_wandering_breaks_nothing(make: Make, folder: Path, seed: int) -> None:
    chance, app = random.Random(seed), make()
    presser, before = Presser(app), list[BarPage]()
    for _ in range(25):
        wander(presser, chance, before, folder)
        assert presser.status < 500 or presser.path.startswith("/cleangov"), presser.path
        if {"do", "following"} & set(presser.page.buttons):
            before.append(presser.page)
        if "do" in presser.page.buttons and chance.random() < 0.5:
            presser.press()
            assert presser.status < 500 or presser.path.startswith("/cleangov"), presser.path
    (folder / "supervision.off").unlink(missing_ok=True)
    presser.open("/")
    presser.send("/who", [("csrf_token", presser.page.csrf)])  # a visitor again
    play_on(presser)
    assert presser.path == END
    assert rows(app, "SELECT state FROM city_case WHERE no = 'YT-CF-2026-0417'") != [("reviewed",)]
