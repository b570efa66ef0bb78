"""Every further kind of answer, the whole way in a browser, with script and without."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.element_place import Place
from tests.browser.going import go_by
from tests.browser.test_review_pages import findings_of_axe
from tests.support.answer_rules import answer_rules

#: Kind of answer, the step it is given at, what stands on it, whether the step goes on.
KINDS = {
    "justified": ("outside_the_band", {"zh-CN": "偏离有依据", "en": "The deviation has"}, True),
    "deferred": ("outside_the_band", {"zh-CN": "先办", "en": "Go on; the approval"}, True),
    "recusal_declared": (
        "outside_the_band",
        {"zh-CN": "我应当回避", "en": "I have to step"},
        False,
    ),
    "break_glass": ("heavier_fine", {"zh-CN": "情况危急", "en": "Danger; reviewed"}, True),
    "acknowledged": ("outside_the_band", {"zh-CN": "已阅", "en": "Read, and go on"}, True),
}
#: Each kind is met with a script or without, each of them in a language of its own; the others, in
#: the full counts.
MET = {
    ("justified", "en"),
    ("deferred", "zh-CN"),
    ("recusal_declared", "en"),
    ("break_glass", "zh-CN"),
    ("acknowledged", "en"),
}
WAYS = [
    pytest.param(kind, tongue, marks=() if (kind, tongue) in MET else pytest.mark.slow)
    for kind in KINDS
    for tongue in ("zh-CN", "en")
]
#: What the officer reads, the card of whoever assigns the case, its button, what follows.
STEPPING_BACK = {
    "zh-CN": ("您已申请回避", "有人申请回避", "同意回避，换人办理", "已同意您回避"),
    "en": (
        "You have stepped back",
        "An officer steps back",
        "Agree; somebody else",
        "has agreed that you step back",
    ),
}


@pytest.fixture
def database() -> str:
    """The database's kind makes no difference to a browser."""
    return "sqlite"


def fill(box: Any, kind: str) -> None:
    """Fill in what a kind of answer asks for."""
    if kind == "justified":
        box.locator("select").select_option("collective")
        box.locator("input").fill("〔2026〕3 <b>号</b>")
    if kind == "deferred":
        box.locator("select").select_option("signing")
        box.locator("input[type=date]").fill("2026-03-12")
    if kind == "break_glass":
        box.locator("select").first.select_option("life")
        box.locator("select").last.select_option("he")
    if kind in ("break_glass", "recusal_declared"):
        box.locator("textarea").fill("墙体正在坍塌 <script>")


@pytest.mark.parametrize(("kind", "tongue"), WAYS)
def test_a_kind_of_answer_goes_the_whole_way(
    database_url: str,
    tmp_path: Path,
    open_page: Callable[..., Any],
    serve: Callable[[Any], str],
    kind: str,
    tongue: str,
) -> None:
    step, labels, goes_on = KINDS[kind]
    rules = str(answer_rules(tmp_path / "rules"))
    place = Place(database_url, tmp_path, tongue, CLEANGOV_RULES=rules)
    getattr(place, step)()
    has_script = tongue == "en"
    page = open_page(
        java_script_enabled=has_script,
        locale=tongue,
        viewport={"width": 360, "height": 740},
        bypass_csp=True,
    )
    address = serve(place.host.app)
    page.goto(f"{address}/page")
    if kind == "acknowledged":
        go_by(page, page.get_by_role("button", name=labels[tongue]).locator("visible=true"))
    else:
        page.locator("summary:visible", has_text=labels[tongue]).click()
        box = page.locator("details[open]:visible")
        fill(box, kind)
        if has_script:
            assert findings_of_axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
        go_by(page, box.locator("button"))
    assert place.answers() == [kind]
    assert bool(place.posted) is goes_on
    follows = place.rows("SELECT kind, state FROM cleangov_follow_up")
    if kind == "recusal_declared":
        assert follows == [("recusal", "open")]
        _decided(place, page, address, tongue)
    elif kind == "break_glass":
        assert follows == [("approval", "open")]
    else:
        assert follows == ([("put_off", "open")] if kind == "deferred" else [])
    place.host.close()


def _decided(place: Place, page: Any, address: str, tongue: str) -> None:
    """Let whoever assigns the case decide on their own page, then the officer look again."""
    stepped, title, agree, agreed = STEPPING_BACK[tongue]
    assert stepped in page.locator(".cg-panel:visible").inner_text()
    place.host.sign_in("liu")
    page.goto(f"{address}/cleangov/mine")
    card = page.locator("li.cg-card", has_text=title)
    assert "墙体正在坍塌 <script>" in card.inner_text()
    go_by(page, card.get_by_role("button", name=agree))
    assert place.rows("SELECT state FROM cleangov_follow_up") == [("agreed",)]
    place.host.sign_in("chen")
    page.goto(f"{address}/page")
    assert agreed in page.locator(".cg-panel:visible").inner_text()
    assert page.locator(".cg-panel:visible button").count() == 0
