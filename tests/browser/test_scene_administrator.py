"""Scene 5 of the demo: be the database administrator, change a record, see it named, undo it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sample_host.city import of
from sample_host.serve import SEALING
from tests.browser.going import arriving, go_by
from tests.browser.test_scenes import City

PAGE = "/demo/administrator"
WORDS = {
    "zh-CN": {
        "sealing": "正在封存",
        "change": "把 455,000 元改成 245,000 元",
        "done": "已经改了",
        "verify": "核验",
        "named": "（YT-GC-2025-12）被改动：封存于 2026年3月10日",
        "no other": "未发现其他改动",
        "undo": "撤销",
        "undone": "已撤销",
        "clean": "未发现改动",
        "sum": "245,000 元",
    },
    "en": {
        "sealing": "being sealed",
        "change": "Change 455,000 to 245,000",
        "done": "Done: Change 455,000 to 245,000",
        "verify": "Verify",
        "named": "(YT-GC-2025-12) was changed: sealed 10 March 2026",
        "no other": "No other change",
        "undo": "Undo",
        "undone": "Undone",
        "clean": "No change was found",
        "sum": "¥245,000",
    },
}


@pytest.fixture
def city(told: Path, tmp_path: Path, serve: Callable[[Any], str]) -> Iterator[City]:
    shutil.copytree(told, tmp_path / "city")
    found = City(tmp_path / "city", serve, **SEALING)
    yield found
    of(found.app).engine.dispose()


class Administrator:
    """Somebody who becomes the administrator by the card on the front page."""

    def __init__(self, page: Any, url: str, language: str) -> None:
        self.page, self.url, self.words = page, url, WORDS[language]
        self.problems: list[str] = []
        page.set_default_timeout(60_000)  # verifying is a process of its own
        page.on("pageerror", lambda problem: self.problems.append(str(problem)))
        page.goto(f"{url}/?lang={language}")
        go_by(page, page.locator("form:has(input[value=administrator]) button"))
        assert page.url == f"{url}{PAGE}"
        for _ in range(60):
            if not self.says("sealing"):
                break
            page.wait_for_timeout(500)
            page.reload()

    def says(self, key: str) -> bool:
        """Answer whether the page says something."""
        return self.words[key] in self.page.locator("main").inner_text()

    def press(self, key: str) -> None:
        """Press a button, by the keyboard alone."""
        button = self.page.get_by_role("button", name=self.words[key], exact=True)
        button.focus()
        with arriving(self.page):
            self.page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("language", "script", "width"),
    [("zh-CN", False, 360), ("en", True, 360), ("zh-CN", True, 1280)],
)
def test_a_changed_record_is_named_and_put_back(
    city: City, open_page: Callable[..., Any], language: str, script: bool, width: int
) -> None:
    size = {"width": width, "height": 800}
    page = open_page(java_script_enabled=script, locale=language, viewport=size)
    visitor = Administrator(page, city.url, language)
    ask = "SELECT amount_minor FROM city_variation WHERE project_no = 'YT-GC-2025-12' AND no = 'V3'"
    assert city.rows(ask) == [(45_500_000,)]
    visitor.press("change")
    assert visitor.says("done")
    assert "UPDATE cleangov_entry" in page.locator("main pre").inner_text()
    assert city.rows(ask) == [(24_500_000,)]
    page.goto(f"{city.url}/projects/YT-GC-2025-12")
    assert visitor.says("sum"), "the platform's own page shows what was changed"
    page.goto(f"{city.url}{PAGE}")
    visitor.press("verify")
    assert visitor.says("named")
    assert visitor.says("no other")
    if script:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    visitor.press("undo")
    assert visitor.says("undone")
    assert city.rows(ask) == [(45_500_000,)]
    visitor.press("verify")
    assert visitor.says("clean")
    assert visitor.problems == []
