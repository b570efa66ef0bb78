"""The whole tour in a real browser, by the bar's buttons alone: both languages, with and without
script; with other deeds between the presses; and through a restart of the real server.

With DO_TOUR_PICTURES=FOLDER a picture of every step is taken: both languages, light and dark,
a telephone and a desk.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
import sqlalchemy as sa

from sample_host.city import of
from tests.browser.test_scenes import PROJECT, City, Visit

ROOT = Path(__file__).parents[2]
#: Presses from the front page to the auditor's desk, Start among them (demo.md 12.6).
MOST = 15
PRESSES = 11
PICTURES = os.environ.get("DO_TOUR_PICTURES")
TURNS = {
    "zh-CN": ["陈静", "陈静", "赵磊", "赵磊", "赵磊", "何平", "何平", "赵磊", "何平已同意", "林岚"],
    "en": [
        "You are Chen Jing",
        "press “Back to 800”",
        "Zhao Lei’s turn",
        "You are Zhao Lei",
        "press “Ask the chief engineer”",
        "He Ping, the chief engineer, is asked",
        "press “Agree”",
        "Zhao Lei’s turn",
        "He Ping has agreed",
        "be Lin Lan",
    ],
}
DESK = {
    "zh-CN": ("今日 2 条 · 约 4 分钟 · 另有 0 条红色未显示", "已在环节中纠正 1 件 · 不计入个人"),
    "en": (
        "2 today · about 4 minutes · no red one hidden",
        "1 corrected at the step · not counted",
    ),
}


@pytest.fixture
def city(told: Path, tmp_path: Path, serve: Callable[[Any], str]) -> Iterator[City]:
    shutil.copytree(told, tmp_path / "city")
    found = City(tmp_path / "city", serve)
    yield found
    of(found.app).engine.dispose()


class Tourist(Visit):
    """Somebody who presses the bar's buttons."""

    presses = 0

    def begin(self) -> None:
        """Press Start on the front page."""
        self._press(".start")

    def do(self) -> None:
        """Press [do it for me]."""
        self._press(".tour .do")

    def onward(self) -> None:
        """Press [next scene]."""
        self._press(".tour .following")

    def said(self) -> str:
        """Answer the sentence of the bar."""
        return " ".join(self.page.locator(".tour p").inner_text().split())

    def play(self, most: int = MOST) -> list[str]:
        """Press [do it for me] until there is no bar; answer what it said before each press."""
        said = []
        while self.page.locator(".tour .do").count():
            assert len(said) < most, said
            said.append(self.said())
            self.do()
        return said

    def _press(self, what: str) -> None:
        self.presses += 1
        with self.page.expect_navigation():
            self.page.locator(what).first.click()


def database(folder: Path) -> Callable[[str], list[tuple[Any, ...]]]:
    """Ask the demo's database itself."""

    def rows(query: str) -> list[tuple[Any, ...]]:
        engine = sa.create_engine(f"sqlite:///{folder / 'city.db'}", poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(query))]

    return rows


def check_done(folder: Path) -> None:
    """Both scenes left in the database what the story says, in the host's rows and in ours."""
    rows = database(folder)
    assert rows("SELECT state, fine_minor FROM city_case WHERE no = 'YT-CF-2026-0417'") == [
        ("decided", 80_000)
    ]
    assert rows(
        "SELECT no, amount_minor, requested_by FROM city_variation"
        " WHERE project_no = 'YT-GC-2025-12' AND no > 'V3'"
    ) == [("V4", 49_000_000, "zhao-lei")]
    ((role, state, asked, decided),) = rows(
        "SELECT role, state, requested_by, decided_by FROM cleangov_second_request"
    )
    assert (role, state) == ("chief_engineer", "approved")
    assert asked != decided, "two people"
    assert sorted(rows("SELECT kind FROM cleangov_answer")) == [
        ("corrected",),
        ("second_person_approved",),
        ("second_person_asked",),
    ]
    written = rows(
        "SELECT kind, body FROM cleangov_entry WHERE body LIKE '%e.attempt%' ORDER BY id"
    )
    assert [kind for kind, _ in written] == ["enf.decision.made", "prj.variation.requested"]
    assert all("e.prompt.0" in body and "e.answer" in body for _, body in written)


@pytest.fixture(params=["zh-CN", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_whole_tour_is_played_by_the_bars_buttons_alone(
    city: City, open_page: Callable[..., Any], language: str, script: bool
) -> None:
    page = open_page(java_script_enabled=script, locale=language)
    tourist = Tourist(page, city.url, language)
    tourist.begin()
    said = tourist.play()
    assert [
        turn for turn, line in zip(TURNS[language], said, strict=True) if turn not in line
    ] == []
    assert tourist.presses == PRESSES <= MOST
    assert page.url == f"{city.url}/cleangov/"
    for line in DESK[language]:
        assert line in page.locator("main").inner_text()
    check_done(city.folder)
    page.goto(f"{city.url}/")
    over = {"zh-CN": "导览到此为止", "en": "The tour is done"}[language]
    assert over in tourist.said()
    assert tourist.problems == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_hands_and_the_bar_may_take_turns(
    city: City, open_page: Callable[..., Any], language: str, script: bool
) -> None:
    page = open_page(java_script_enabled=script, locale=language)
    tourist = Tourist(page, city.url, language)
    words = tourist.words
    tourist.begin()
    page.fill("#f-amount", "1500")  # not the tour's sum
    tourist.press(words["decide"])
    page.goto(f"{city.url}/permits")  # a detour with the step left waiting
    tourist.do()
    tourist.do()  # back to 800
    assert tourist.says("recorded")
    tourist.be("zhao", PROJECT)
    page.fill("#f-amount", "500000")
    page.fill("#f-reason", "K1+240")
    tourist.press(words["file"])
    tourist.do()  # asks the chief engineer
    tourist.press(words["file"])  # too early
    assert tourist.says("waiting")
    tourist.be("he", "/projects")
    tourist.do()  # to the inbox
    tourist.press(words["agree"], exact=True)
    page.go_back()
    page.go_forward()
    tourist.do()  # Zhao Lei again
    assert tourist.says("agreed")
    assert page.locator("#f-amount").input_value() == "500000", "what was agreed to still stands"
    tourist.do()
    assert tourist.says("recorded")
    rows = database(city.folder)
    filed = "SELECT amount_minor FROM city_variation WHERE no = 'V4'"
    assert rows(filed) == [(50_000_000,)], "what was typed by hand, not what the bar would type"
    assert rows("SELECT fine_minor FROM city_case WHERE no = 'YT-CF-2026-0417'") == [(80_000,)]
    tourist.do()
    assert page.url == f"{city.url}/cleangov/"


def test_a_scene_may_be_left_and_is_offered_later(
    city: City, open_page: Callable[..., Any], language: str
) -> None:
    page = open_page(locale=language)
    tourist = Tourist(page, city.url, language)
    tourist.begin()
    tourist.do()
    tourist.onward()  # the fine still waits
    assert page.url == f"{city.url}{PROJECT}"
    tourist.onward()
    assert page.url == f"{city.url}/cleangov/"
    rows = database(city.folder)
    assert rows("SELECT state FROM city_case WHERE no = 'YT-CF-2026-0417'") == [("reviewed",)]
    page.goto(f"{city.url}/")
    tourist.begin()  # finds the step where it was left
    assert tourist.says("held")
    tourist.play()
    check_done(city.folder)


@pytest.mark.parametrize("scheme", ["light", "dark"] if PICTURES else ["light"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_bar_is_in_reach_on_every_screen(
    city: City, open_page: Callable[..., Any], language: str, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 740}
    page = open_page(viewport=size, locale=language, color_scheme=scheme, reduced_motion="reduce")
    tourist = Tourist(page, city.url, language)
    names = (f"{language}-{scheme}-{width}-{number:02d}.png" for number in range(MOST))
    tourist.begin()
    while page.locator(".tour").count():
        _check_screen(page, width, size["height"])
        _picture(page, next(names))
        tourist.do()
    _picture(page, next(names))
    assert page.url == f"{city.url}/cleangov/"


def _check_screen(page: Any, width: int, height: int) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    bar = page.locator(".tour").bounding_box()
    assert bar["y"] >= 0
    assert bar["y"] + bar["height"] <= height + 1, "the bar is on the screen, however far scrolled"
    assert bar["height"] <= height / 4, "and leaves the page its room"
    for button in page.locator(".tour-buttons :is(button, a)").all():
        box = button.bounding_box()
        assert box["height"] >= (44 if width < 600 else 36)


def _picture(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / name))


def test_the_tour_goes_by_keyboard(
    city: City, open_page: Callable[..., Any], language: str
) -> None:
    page = open_page(locale=language)
    tourist = Tourist(page, city.url, language)
    tourist.begin()
    for _ in range(MOST):
        if not page.locator(".tour .do").count():
            break
        page.evaluate("document.activeElement.blur(); window.getSelection().removeAllRanges()")
        page.evaluate("document.querySelector('.skip').focus()")
        page.keyboard.press("Tab")
        assert "do" in page.evaluate("document.activeElement.className")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none"
        with page.expect_navigation():
            page.keyboard.press("Enter")
    check_done(city.folder)


def test_a_second_press_of_the_bar_is_not_sent(city: City, open_page: Callable[..., Any]) -> None:
    (city.folder / "supervision.off").touch()  # nothing would hold the second one
    page = open_page()
    tourist = Tourist(page, city.url, "zh-CN")
    tourist.be("zhao", PROJECT)
    with page.expect_navigation():
        page.evaluate(
            "f = document.querySelector('.tour .do').form; f.requestSubmit(); f.requestSubmit()"
        )
    assert database(city.folder)("SELECT count(*) FROM city_variation WHERE no > 'V3'") == [(1,)]


# ---- The real server, ended and started again --------------------------------------------------


class Server:
    """`python -m sample_host.serve`, always on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [*self._command, "--port", str(self.port)]
        self._process = subprocess.Popen(command, cwd=ROOT)
        for _ in range(300):
            try:
                urllib.request.urlopen(self.url, timeout=10).close()
                return
            except URLError:
                time.sleep(0.1)
        pytest.fail("the city does not answer")

    def end(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=20)
            self._process = None

    def begin_anew(self) -> subprocess.CompletedProcess[str]:
        """Empty the folder and tell the story again, as `do.py demo --reset` does."""
        command = [*self._command, "--load", "--reset"]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    @property
    def _command(self) -> list[str]:
        return [sys.executable, "-m", "sample_host.serve", "--folder", str(self.folder)]


@pytest.fixture
def server(told: Path, tmp_path: Path) -> Iterator[Server]:
    server = Server(Path(shutil.copytree(told, tmp_path / "demo")))
    server.start()
    yield server
    server.end()


@pytest.mark.parametrize(("language", "script"), [("zh-CN", False), ("en", True)])
def test_a_restart_in_the_middle_is_not_noticed(
    server: Server, open_page: Callable[..., Any], language: str, script: bool
) -> None:
    page = open_page(java_script_enabled=script, locale=language)
    tourist = Tourist(page, server.url, language)
    tourist.begin()
    for number in range(1, PRESSES):
        if number in (2, 5, 6, 8):  # held; held; asked and waiting; agreed to
            server.end()
            server.start()
        if number == 6:  # one presses what the page of before shows, another looks again first
            page.reload()
        tourist.do()
    assert page.url == f"{server.url}/cleangov/"
    check_done(server.folder)


def test_the_story_begun_anew_finds_the_old_page_harmless(
    server: Server, open_page: Callable[..., Any]
) -> None:
    page = open_page()
    tourist = Tourist(page, server.url, "zh-CN")
    tourist.begin()
    for _ in range(4):
        tourist.do()
    refused = server.begin_anew()
    assert refused.returncode == 1
    assert "another demo is running" in refused.stderr
    tourist.do()  # nothing happened to the running one
    assert tourist.says("waiting")
    server.end()
    assert server.begin_anew().returncode == 0
    server.start()
    tourist.do()  # a button of the visit before
    assert "页面已过期" in page.locator("main").inner_text()
    page.locator("main a").click()
    tourist.presses = 0
    tourist.begin()
    tourist.play()
    assert tourist.presses == PRESSES
    check_done(server.folder)
