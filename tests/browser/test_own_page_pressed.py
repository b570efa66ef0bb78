"""The officer's own page in a real browser: by keyboard alone, with script and without."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.going import arriving
from tests.support import review_city
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost

WORDS = {
    "zh-CN": ("同意", "现在没有等您处理的事", "已同意，等您办理"),
    "en": ("Agree", "Nothing waits for you now", "Agreed; take the step"),
}


@pytest.fixture
def city(_sqlite_template: Path, tmp_path: Path) -> Iterator[SmallHost]:
    path = tmp_path / "city.db"
    path.write_bytes(_sqlite_template.read_bytes())
    host = review_city.city(f"sqlite:///{path}", tmp_path)
    review_city.hold(host)
    yield host
    host.close()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("has_script", [True, False])
def test_a_second_person_agrees_by_keyboard(
    city: SmallHost,
    serve: Callable[[Any], str],
    open_page: Callable[..., Any],
    language: str,
    has_script: bool,
) -> None:
    agree, nothing, agreed = WORDS[language]
    page = open_page(locale=language, java_script_enabled=has_script)
    city.tongue, city.who = language, PEOPLE["he"]
    address = f"{serve(city.app)}/cleangov/mine"
    page.goto(address)
    page.get_by_role("textbox").first.focus()
    page.keyboard.type("QZ-11")
    page.keyboard.press("Tab")
    assert page.get_by_role("button", name=agree, exact=True).evaluate(
        "button => button === document.activeElement"
    )
    with arriving(page):
        page.keyboard.press("Enter")
    assert page.url == address
    assert nothing in page.locator("main").inner_text()
    city.who = PEOPLE["zhao"]
    page.goto(address)
    assert agreed in page.locator("main").inner_text()
