"""The page of a request in a real browser: agreed to and refused, with script and without."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.going import arriving
from tests.plugin.inside import rows
from tests.support import review_city
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost

WORDS = {
    "zh-CN": ("等待总工程师答复", "同意", "不同意", "总工程师已同意", "没有同意：请合并重报"),
    "en": ("Waits for", "Agree", "Do not agree", "has agreed", "did not agree: 请合并重报"),
}


@pytest.fixture
def city(_sqlite_template: Path, tmp_path: Path) -> Iterator[SmallHost]:
    path = tmp_path / "city.db"
    path.write_bytes(_sqlite_template.read_bytes())
    host = review_city.city(f"sqlite:///{path}", tmp_path)
    review_city.hold(host)
    yield host
    host.close()


@pytest.mark.parametrize(
    ("language", "has_script", "agrees"), [("zh-CN", False, False), ("en", True, True)]
)
def test_a_second_person_decides_on_the_page_of_the_request(
    city: SmallHost,
    serve: Callable[[Any], str],
    open_page: Callable[..., Any],
    language: str,
    has_script: bool,
    agrees: bool,
) -> None:
    waits, agree, refuse, agreed, refused = WORDS[language]
    page = open_page(locale=language, java_script_enabled=has_script)
    city.tongue, city.who = language, PEOPLE["he"]
    (request,) = rows(city, "second_request", state="open")
    page.goto(f"{serve(city.app)}/cleangov/requests/{request['request_id']}")
    assert waits in page.get_by_role("status").inner_text()
    page.get_by_role("textbox").fill("请合并重报")
    with arriving(page):
        page.get_by_role("button", name=agree if agrees else refuse, exact=True).click()
    assert (agreed if agrees else refused) in page.get_by_role("status").inner_text()
    assert page.get_by_role("button").count() == 0
    state = rows(city, "second_request", request_id=request["request_id"])[0]["state"]
    assert state == ("approved" if agrees else "refused")
