"""Somebody asked me to: written beside the step, sealed, with a receipt that anybody can check."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.desk.sealed.outside import Outside, signer_of
from cleangov_plugin.desk.sealed.sealing import seal
from cleangov_plugin.desk.start import heads_folder
from cleangov_plugin.ledger.sealed_box import new_opening_key
from tests.browser.going import arriving, go_by
from tests.browser.test_review_pages import findings_of_axe
from tests.browser.test_slot_in_form import Place
from tests.support.small_host import SmallHost

WORDS = "The deputy director telephoned: 2,000."
SAID = {
    "zh-CN": ("有人要我这么做", "已密封给监督方", "取回执", "还没有封存", "回到这一步"),
    "en": ("Somebody asked me to", "Sealed to oversight", "Get the receipt", "not sealed", "Back"),
}


@pytest.fixture
def database() -> str:
    """The database's kind makes no difference to a browser."""
    return "sqlite"


def sealed(host: SmallHost) -> None:
    desk = host.plugin.desk
    folder = heads_folder(desk.settings, desk.database)
    assert folder is not None
    log_id = host.authority.id
    signer = signer_of(Path(host.settings["CLEANGOV_KEYS"]), log_id, is_made=True)
    assert signer is not None
    seal(desk.database, Outside(folder, log_id), signer, host.now)


@pytest.mark.parametrize(
    ("language", "script", "scheme", "width"),
    [("zh-CN", False, "light", 360), ("en", True, "dark", 1280)],
)
def test_an_officer_tells_oversight_alone_and_gets_a_receipt(
    database_url: str,
    tmp_path: Path,
    open_page: Callable[..., Any],
    serve: Callable[[Any], str],
    language: str,
    script: bool,
    scheme: str,
    width: int,
) -> None:
    place = Place(
        database_url, tmp_path, {"CLEANGOV_OVERSIGHT_KEY": new_opening_key().public.text}, language
    )
    page = open_page(
        java_script_enabled=script,
        locale=language,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        bypass_csp=True,
    )
    asked, title, receipt, later, back = SAID[language]
    address = serve(place.host.app)
    page.goto(f"{address}/page")
    page.locator("summary", has_text=asked).click()
    part = page.locator("details", has_text=asked)
    part.locator("textarea").fill(WORDS)
    if pictures := os.environ.get("DO_PICTURES"):
        page.screenshot(path=str(Path(pictures) / f"asked-{language}-{width}.png"), full_page=True)
    with arriving(page):
        part.locator("button").click()
    assert page.locator("h1").inner_text() == title
    if script:
        assert findings_of_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width if script else True
    if pictures:
        page.screenshot(path=str(Path(pictures) / f"note-{language}-{width}.png"))
    link = page.locator("a", has_text=receipt).get_attribute("href")
    assert later in page.request.get(f"{address}{link}").text()
    sealed(place.host)
    paper = page.request.get(f"{address}{link}")
    assert "c2sp.org/tlog-proof@v1" in paper.text()
    assert WORDS not in paper.text()
    assert page.request.get(f"{address}/cleangov/notes/{'0' * 32}").status == 404
    go_by(page, page.locator("a", has_text=back))
    assert page.locator("summary", has_text=asked).count() == 1, "the step waits as before"
    assert place.posted == []
    place.host.close()
