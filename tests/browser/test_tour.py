"""The whole tour in a real browser, by the bar's buttons alone: both languages, with and without
script; and with other deeds between the presses.

With DO_TOUR_PICTURES=FOLDER a picture of every step is taken: both languages, light and dark,
a telephone and a desk.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sample_host.city import of
from tests.browser.going import arriving, go_by
from tests.browser.test_scenes import PROJECT, City
from tests.browser.tourist import MOST, PRESSES, Tourist, check_done, database

PICTURES = os.environ.get("DO_TOUR_PICTURES")
TURNS = {
    "zh-CN": [
        "陈静",
        "陈静",
        "刘敏",
        "刘敏",
        "合并成一份",
        "赵磊",
        "赵磊",
        "赵磊",
        "何平",
        "何平",
        "赵磊",
        "何平已同意",
        "林岚",
    ],
    "en": [
        "You are Chen Jing",
        "press “Back to 800”",
        "Liu Min’s turn",
        "You are Liu Min",
        "press “One notice for both",
        "Zhao Lei’s turn",
        "You are Zhao Lei",
        "press “Ask the chief engineer”",
        "He Ping, the chief engineer, is asked",
        "press “Agree”",
        "Zhao Lei’s turn",
        "He Ping has agreed",
        "Lin Lan’s turn",
    ],
}
PERMIT = "/permits/YT-XK-2026-0088"
LETTERS = {
    "zh-CN": {"ask": "去函询问", "send": "发出", "read": "阅读并答复", "answer": "提交答复"},
    "en": {
        "ask": "Ask",
        "send": "Send",
        "read": "Read and answer",
        "answer": "Send the answer",
    },
}
REAL = {"zh-CN": "真实日志", "en": "Real logs"}
#: The signal on the auditor's list of the day.
SIGNAL = {"zh-CN": "变更疑似拆分", "en": "Variations that look sliced"}
DESK = {
    "zh-CN": ("今日 2 条 · 约 4 分钟 · 另有 0 条红色未显示", "已在环节中纠正 2 件 · 不计入个人"),
    "en": (
        "2 today · about 4 minutes · no red one hidden",
        "2 corrected at the step · not counted",
    ),
}


@pytest.fixture
def city(told: Path, tmp_path: Path, serve: Callable[[Any], str]) -> Iterator[City]:
    shutil.copytree(told, tmp_path / "city")
    found = City(tmp_path / "city", serve)
    yield found
    of(found.app).engine.dispose()


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
    assert LETTERS[language]["ask"] in tourist.said()
    assert tourist.problems == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_auditor_asks_is_answered_and_looks_at_real_logs(
    city: City, open_page: Callable[..., Any], language: str, script: bool
) -> None:
    page = open_page(java_script_enabled=script, locale=language)
    tourist = Tourist(page, city.url, language)
    words, home = LETTERS[language], f"{city.url}/"
    tourist.begin()
    tourist.play()
    go_by(page, page.get_by_role("link", name=SIGNAL[language]))
    go_by(page, page.get_by_role("link", name=words["ask"], exact=True))
    page.fill("#cg-why", "91–98 %")
    tourist.press(words["send"], exact=True)
    page.goto(home)
    assert tourist.said().startswith("4/5")
    tourist.do()  # Zhao Lei, before his inbox
    assert tourist.said().startswith("4/5")
    go_by(page, page.get_by_role("link", name=words["read"]))
    page.fill("#cg-words", "QZ-11 – QZ-14")
    tourist.press(words["answer"])
    page.goto(home)
    tourist.do()
    assert page.url == f"{city.url}/cleangov/"
    assert "QZ-11" in page.locator("main").inner_text()
    page.goto(home)
    assert tourist.said().startswith("5/5")
    tourist.do()
    assert page.url == f"{city.url}/cleangov/real"
    assert page.locator("h1").inner_text() == REAL[language]
    page.goto(home)
    assert {"zh-CN": "导览到此为止", "en": "The tour is done"}[language] in tourist.said()
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
    assert tourist.said().startswith("2/5"), "the window's scene was passed over, and is offered"


def test_a_scene_may_be_left_and_is_offered_later(
    city: City, open_page: Callable[..., Any], language: str
) -> None:
    page = open_page(locale=language)
    tourist = Tourist(page, city.url, language)
    tourist.begin()
    tourist.do()
    tourist.onward()  # the fine still waits
    assert page.url == f"{city.url}{PERMIT}/request_correction"
    tourist.onward()
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
        with arriving(page):
            page.keyboard.press("Enter")
    check_done(city.folder)


def test_a_second_press_of_the_bar_is_not_sent(city: City, open_page: Callable[..., Any]) -> None:
    (city.folder / "supervision.off").touch()  # nothing would hold the second one
    page = open_page()
    tourist = Tourist(page, city.url, "zh-CN")
    tourist.be("zhao", PROJECT)
    with arriving(page):
        page.evaluate(
            "f = document.querySelector('.tour .do').form; f.requestSubmit(); f.requestSubmit()"
        )
    assert database(city.folder)("SELECT count(*) FROM city_variation WHERE no > 'V3'") == [(1,)]
