"""Scene 4 goes on: the auditor asks, the officer answers in the platform, the answer stands."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.going import go_by
from tests.browser.test_scene_auditor import NAMES, SAID, city, play
from tests.browser.test_scenes import City, Visit

__all__ = ("city",)

WORDS = {
    "zh-CN": {
        "ask": "去函询问",
        "send": "发出",
        "waits": "请于 2026-03-19 前答复",
        "mine": "廉政监督：我的页面",
        "read": "阅读并答复",
        "answer": "提交答复",
        "line": "今日 1 条 · 约 2 分钟 · 另有 0 条红色未显示",
        "again": "今日 2 条 · 约 4 分钟 · 另有 0 条红色未显示",
    },
    "en": {
        "ask": "Ask",
        "send": "Send",
        "waits": "Answer asked for by 2026-03-19",
        "mine": "Supervision: my own page",
        "read": "Read and answer",
        "answer": "Send the answer",
        "line": "1 today · about 2 minutes · no red one hidden",
        "again": "2 today · about 4 minutes · no red one hidden",
    },
}
ANSWER = "QZ-11 – QZ-14"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("has_script", [True, False])
def test_the_auditor_asks_and_the_officer_answers(
    city: City, open_page: Callable[..., Any], language: str, has_script: bool
) -> None:
    page = open_page(locale=language, java_script_enabled=has_script)
    visit, words = Visit(page, city.url, language), WORDS[language]
    play(visit)
    page.goto(f"{city.url}/people")
    visit.press(NAMES[language])
    page.goto(f"{city.url}/cleangov/")
    go_by(page, page.get_by_role("link", name=SAID[language][1]))
    assert page.locator("rect").count() == 4
    go_by(page, page.get_by_role("link", name=words["ask"], exact=True))
    page.fill("#cg-why", "91–98 %")
    visit.press(words["send"], exact=True)
    assert words["waits"] in page.locator("main").inner_text()
    page.goto(f"{city.url}/cleangov/")
    assert page.locator("h1").inner_text() == words["line"], "what was asked waits for its answer"
    visit.be("zhao", "/inbox")
    go_by(page, page.get_by_role("link", name=words["mine"]))
    assert words["waits"] in page.locator("main").inner_text()
    page.goto(f"{city.url}/inbox")
    go_by(page, page.get_by_role("link", name=words["read"]))
    assert page.locator("rect").count() == 4
    page.fill("#cg-words", ANSWER)
    visit.press(words["answer"])
    page.goto(f"{city.url}/people")
    visit.press(NAMES[language])
    page.goto(f"{city.url}/cleangov/")
    assert page.locator("h1").inner_text() == words["again"]
    assert ANSWER in page.locator("main").inner_text()
    assert visit.problems == []
