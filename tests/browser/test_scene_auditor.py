"""Scene 4 of the demo: after the officers' scenes an auditor has a few minutes, and no more."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sample_host.city import of
from sample_host.story import tell
from tests.browser.going import go_by
from tests.browser.test_scenes import CASE, PROJECT, City, Visit

LINES = {
    "zh-CN": "今日 2 条 · 约 4 分钟 · 另有 0 条红色未显示",
    "en": "2 today · about 4 minutes · no red one hidden",
}
SAID = {
    "zh-CN": ("已在环节中纠正 1 件 · 不计入个人", "变更疑似拆分", "案例太少，还说不准"),
    "en": (
        "1 corrected at the step · not counted against anyone",
        "Variations that look sliced",
        "Too few cases yet to say",
    ),
}
NAMES = {"zh-CN": "林岚", "en": "Lin Lan"}


@pytest.fixture
def city(tmp_path: Path, serve: Callable[[Any], str]) -> Iterator[City]:
    found = City(tmp_path, serve)
    tell(of(found.app))
    yield found
    of(found.app).engine.dispose()


def play(visit: Visit) -> None:
    """Play the officers' scenes: a fine put back, a fourth variation agreed to."""
    visit.be("chen", CASE)
    visit.page.fill("#f-amount", "2000")
    visit.press(visit.words["decide"])
    visit.press(visit.words["back"])
    visit.be("zhao", PROJECT)
    visit.page.fill("#f-amount", "490000")
    visit.page.fill("#f-reason", "K1+240")
    visit.press(visit.words["file"])
    visit.press(visit.words["ask"])
    visit.be("he", "/inbox")
    visit.press(visit.words["agree"], exact=True)
    visit.be("zhao", f"{PROJECT}/request_variation")
    visit.press(visit.words["file"])


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_two_things_wait_for_the_auditor_and_nobody_is_counted(
    city: City, open_page: Callable[..., Any], language: str
) -> None:
    page = open_page(locale=language)
    visit = Visit(page, city.url, language)
    play(visit)
    page.goto(f"{city.url}/people")
    visit.press(NAMES[language])
    page.goto(f"{city.url}/cleangov/")
    corrected, title, few = SAID[language]
    assert page.locator("h1").inner_text() == LINES[language]
    assert corrected in page.locator("main").inner_text()
    go_by(page, page.get_by_role("link", name=title))
    assert few in page.locator("main").inner_text()
    page.goto(f"{city.url}/cleangov/cases/yunting/YT-CF-2026-0417")
    text = page.locator("main").inner_text()
    assert "2,000" not in text
    assert "Chen" not in text
    assert "陈静" not in text
    assert visit.problems == []
