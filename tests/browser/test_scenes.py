"""The demo's scenes, played by hand in a real browser: both languages, with script and without.

With DO_PICTURES=FOLDER the pictures of the documentation are taken on the way.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from sample_host import serve as demo
from sample_host.app import create_app
from sample_host.city import of
from tests.browser.going import arriving

CASE = "/cases/YT-CF-2026-0417"
PROJECT = "/projects/YT-GC-2025-12"
PICTURES = os.environ.get("DO_PICTURES")
WORDS = {
    "zh-CN": {
        "chen": "陈静",
        "zhao": "赵磊",
        "he": "何平",
        "decide": "作出决定",
        "band": "裁量区间 500–1,000 元 · 本库同类 9 件，中位 700 元",
        "held": "3月2日告知拟罚 800 元；3月4日店主申辩；现在填的是 2,000 元",
        "article": "《行政处罚法》第四十五条",
        "back": "改回 800 元",
        "wrong": "这条提示不对",
        "rule": "规则在这里不对",
        "noted": "已转给法制部门",
        "recorded": "已记录 · 您本案应尽步骤齐全",
        "file": "申报",
        "meter": "8.75% → 11.81%",
        "line": "超过 10%，需总工同意",
        "ask": "请总工同意",
        "waiting": "已请总工程师复核",
        "agree": "同意",
        "undo": "撤回，改用别的办法",
        "agreed": "总工程师已同意",
    },
    "en": {
        "chen": "Chen Jing",
        "zhao": "Zhao Lei",
        "he": "He Ping",
        "decide": "Decide",
        "band": "Band 500–1,000 · 9 like cases here, median 700",
        "held": "2 March: notice of 800. 4 March: the owner answered. Now: 2,000.",
        "article": "Administrative Penalty Law, Art 45",
        "back": "Back to 800",
        "wrong": "This prompt is wrong",
        "rule": "The rule is wrong here",
        "noted": "Passed on to legal affairs",
        "recorded": "Recorded · all duties of this step done",
        "file": "File",
        "meter": "8.75 % → 11.81 %",
        "line": "Over 10 %: the chief engineer must agree",
        "ask": "Ask the chief engineer",
        "waiting": "The chief engineer has been asked",
        "agree": "Agree",
        "undo": "Take it back",
        "agreed": "The chief engineer has agreed",
    },
}


class City:
    """The demo city, served."""

    def __init__(self, folder: Path, serve: Callable[[Any], str], **settings: str) -> None:
        self.folder = folder
        self.app = create_app({**demo.config(folder), **settings})
        self.url = serve(self.app)

    def rows(self, query: str) -> list[Any]:
        """Ask the database itself."""
        with of(self.app).engine.connect() as connection:
            return list(connection.execute(sa.text(query)))


@pytest.fixture
def city(told: Path, tmp_path: Path, serve: Callable[[Any], str]) -> Iterator[City]:
    shutil.copytree(told, tmp_path / "city")
    found = City(tmp_path / "city", serve)
    yield found
    of(found.app).engine.dispose()


class Visit:
    """Somebody in a browser."""

    def __init__(self, page: Any, url: str, language: str) -> None:
        self.page, self.url, self.words = page, url, WORDS[language]
        self.problems: list[str] = []
        page.on("pageerror", lambda problem: self.problems.append(str(problem)))
        page.on("console", self._console)
        page.goto(f"{url}/?lang={language}")

    def _console(self, message: Any) -> None:
        if message.type == "error" and "409" not in message.text:
            self.problems.append(message.text)

    def be(self, who: str, onward: str) -> None:
        """Become somebody, and go to a page."""
        self.page.goto(f"{self.url}/people")
        self.press(self.words[who])
        self.page.goto(f"{self.url}{onward}")

    def press(self, name: str, *, exact: bool = False) -> None:
        """Press a button by its words; numbers before them do not count."""
        with arriving(self.page):
            self.page.get_by_role("button", name=name, exact=exact).first.click()

    def says(self, key: str) -> bool:
        """Answer whether the page says something."""
        return bool(self.page.locator("body").inner_text().count(self.words[key]))

    def picture(self, name: str) -> None:
        """Take a picture for the documentation, where it was asked for."""
        if PICTURES:
            self.page.set_viewport_size({"width": 1280, "height": 1050})
            self.page.screenshot(path=str(Path(PICTURES) / name))


@pytest.fixture(params=["zh-CN", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def visit(
    city: City, open_page: Callable[..., Any], language: str, script: bool
) -> Iterator[Visit]:
    page = open_page(java_script_enabled=script, locale=language)
    found = Visit(page, city.url, language)
    yield found
    assert found.problems == []


def test_a_heavier_fine_is_held_put_back_and_decided(
    city: City, visit: Visit, script: bool, language: str
) -> None:
    visit.be("chen", CASE)
    assert visit.says("band"), "the band stands beside the field before anything is typed"
    visit.page.fill("#f-amount", "2000")
    visit.press(visit.words["decide"])
    assert visit.says("held")
    assert visit.says("article")
    assert visit.page.locator("section.cg-panel").count() == 1
    assert visit.page.locator("#f-amount").input_value() == "2000", "nothing typed is lost"
    assert (
        city.rows(
            "SELECT count(*) FROM city_act WHERE kind = 'enf.decision.made'"
            " AND matter_no = 'YT-CF-2026-0417'"
        )[0][0]
        == 0
    )
    if script:
        visit.picture(f"held-step{'' if language == 'en' else '.zh'}.png")
    visit.press(visit.words["back"])
    assert visit.says("recorded")
    (minor,) = city.rows("SELECT fine_minor FROM city_case WHERE no = 'YT-CF-2026-0417'")[0]
    assert minor == 80_000
    body = city.rows(
        "SELECT body FROM cleangov_entry WHERE subject = 'YT-CF-2026-0417'"
        " AND kind = 'enf.decision.made'"
    )[0][0]
    assert "e.attempt" in body
    assert "e.prompt.0" in body
    assert "e.answer" in body
    fates = [row[0] for row in city.rows("SELECT fate FROM cleangov_prompt_fate ORDER BY id")]
    assert fates == ["created", "rendered", "answered"]


def test_a_doubt_about_the_prompt_is_passed_on_and_the_step_still_waits(
    city: City, visit: Visit
) -> None:
    visit.be("chen", CASE)
    visit.page.fill("#f-amount", "2000")
    visit.press(visit.words["decide"])
    visit.page.get_by_text(visit.words["wrong"]).click()
    visit.press(visit.words["rule"])
    assert visit.says("noted")
    assert visit.says("held")
    assert visit.page.locator("#f-amount").input_value() == "2000"
    kinds = [row[0] for row in city.rows("SELECT kind FROM cleangov_answer")]
    assert kinds == ["prompt_is_wrong"]


def test_a_fourth_variation_needs_a_second_person(city: City, visit: Visit, script: bool) -> None:
    visit.be("zhao", PROJECT)
    visit.page.fill("#f-amount", "490000")
    visit.page.fill("#f-reason", "K1+240")
    if script:
        visit.page.get_by_text(re.compile(re.escape(visit.words["meter"]))).first.wait_for()
    visit.press(visit.words["file"])
    assert visit.says("line")
    visit.press(visit.words["ask"])
    assert visit.says("waiting")
    # While it waits nothing is offered but to take the request back.
    assert visit.page.locator(".cg-choices button").all_inner_texts() == [visit.words["undo"]]
    visit.press(visit.words["file"])
    assert visit.says("waiting"), "pressing again changes nothing"
    visit.be("he", "/inbox")
    visit.press(visit.words["agree"], exact=True)
    visit.be("zhao", f"{PROJECT}/request_variation")
    assert visit.says("agreed")
    visit.press(visit.words["file"])
    assert visit.says("recorded")
    assert city.rows(
        "SELECT amount_minor FROM city_variation WHERE no = 'V4' AND project_no = 'YT-GC-2025-12'"
    ) == [(49_000_000,)]
    states = dict(
        city.rows("SELECT rule_id, state FROM cleangov_finding WHERE subject = 'YT-GC-2025-12'")
    )
    assert states == {"J11": "signal"}, "the agreed share is settled; the pattern is oversight's"


def test_nothing_is_said_to_the_officer_of_what_is_for_oversight_alone(
    visit: Visit,
) -> None:
    visit.be("zhao", PROJECT)
    visit.page.fill("#f-amount", "490000")
    visit.page.fill("#f-reason", "K1+240")
    visit.press(visit.words["file"])
    text = visit.page.locator("main").inner_text()
    assert "拆分" not in text
    assert "sliced" not in text.lower()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_held_page_fits_the_screen(
    city: City, open_page: Callable[..., Any], language: str, width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 800}, locale=language)
    visit = Visit(page, city.url, language)
    visit.be("chen", CASE)
    page.fill("#f-amount", "2000")
    visit.press(visit.words["decide"])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [button.bounding_box() for button in page.locator(".cg-choices button").all()]
    assert all(box and box["height"] >= 44 for box in boxes), "a thumb's width"


def test_the_whole_of_scene_one_goes_by_keyboard(
    city: City, open_page: Callable[..., Any], language: str
) -> None:
    page = open_page(locale=language)
    visit = Visit(page, city.url, language)
    visit.be("chen", CASE)
    page.focus("#f-amount")
    page.keyboard.press("Control+A")
    page.keyboard.type("2000")
    with arriving(page):
        page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if visit.words["back"] in (page.evaluate("document.activeElement.textContent") or ""):
            break
    with arriving(page):
        page.keyboard.press("Enter")
    assert visit.says("recorded")


def test_with_the_plugin_switched_off_the_city_works_on(
    city: City, open_page: Callable[..., Any], language: str
) -> None:
    (city.folder / "supervision.off").touch()
    visit = Visit(open_page(locale=language), city.url, language)
    visit.be("chen", CASE)
    visit.page.fill("#f-amount", "2000")
    visit.press(visit.words["decide"])
    assert not visit.says("held")
    assert city.rows("SELECT fine_minor FROM city_case WHERE no = 'YT-CF-2026-0417'") == [
        (200_000,)
    ]
