"""Each kind of answer in the element: by keyboard, in both languages, once; and by plain forms."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cleangov_plugin.desk.choice.deputies import DEPUTIES, Wish, declare
from tests.browser.element_place import Place, approved
from tests.browser.going import arriving
from tests.browser.test_review_pages import findings_of_axe
from tests.support.small_city import PEOPLE

MakePlace = Callable[..., Place]
#: Kind of answer, the rule it is given to, language, what stands on the button.
KINDS = [
    ("corrected", "heavier_fine", "zh-CN", "改回 800 元"),
    ("deferred", "heavier_fine", "en", "New facts were found"),
    ("second_person_asked", "heavier_fine", "zh-CN", "请第二人复核"),
    ("prompt_is_wrong", "heavier_fine", "en", "This prompt is wrong"),
    ("justified", "outside_the_band", "zh-CN", "已按规定批准偏离"),
    ("justified", "outside_the_band", "en", "The deviation is approved"),
]
WORDS = "集体讨论 No 7"
#: What is pressed and written once the answer has the focus, up to its button.
KEYS = {
    "justified": ("Enter", "Tab", "ArrowDown", "Tab", WORDS, "Tab", "Tab"),
    "prompt_is_wrong": ("Enter", "Tab", WORDS, "Tab"),
}

#: While a page is looked at, nothing on it changes by itself.
NO_SECOND_TRY = """const set = setTimeout;
window.setTimeout = (act, ms, ...more) => (ms >= 1000 ? 0 : set(act, ms, ...more));"""


@pytest.fixture
def database() -> str:
    """The database's kind makes no difference to a browser."""
    return "sqlite"


def walk_to(page: Any, words: str) -> None:
    """Press Tab until the control with these words has the focus."""
    for _ in range(20):
        page.keyboard.press("Tab")
        deep = "document.activeElement.shadowRoot?.activeElement || document.activeElement"
        if words in (page.evaluate(f"({deep})?.textContent") or ""):
            return
    pytest.fail(f"no Tab leads to {words}")


def stands_in(place: Place, who: str) -> None:
    """Let somebody stand in for the reviewers, as two others agree."""
    desk, now = place.host.plugin.desk, place.host.clock
    log_id = place.host.authority.id
    wish = Wish(deputy=who, why="leave", begins=now, until=now + timedelta(days=3), role="reviewer")
    id_ = declare(desk, log_id, wish, PEOPLE["chen"], "en")
    DEPUTIES.confirm(desk, log_id, id_, PEOPLE["he"], "en")


@pytest.mark.parametrize(("kind", "step", "language", "label"), KINDS)
def test_an_answer_goes_by_keyboard_and_counts_once(
    make_place: MakePlace,
    open_page: Callable[..., Any],
    serve: Callable[[Any], str],
    kind: str,
    step: str,
    language: str,
    label: str,
) -> None:
    place = make_place(language)
    getattr(place, step)()
    page = open_page(locale=language)
    page.goto(f"{serve(place.host.app)}/page")
    page.locator(".cg-panel:visible").wait_for()
    walk_to(page, label)
    for key in KEYS.get(kind, ()):
        if key == WORDS:
            page.keyboard.type(WORDS)
        else:
            page.keyboard.press(key)
    with arriving(page):
        page.keyboard.press("Enter")
    assert place.answers() == [kind]
    assert place.synced() == ["live"]
    goes_on = kind in ("corrected", "justified")
    assert [sent["to"] for sent in place.posted] == ["/cases/C-1/made"] * goes_on
    if kind == "corrected":
        assert place.posted[0]["amount"] == "800.00"
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('cleangov:'))") == []
    assert ("answered" in place.fates()) is goes_on


@pytest.mark.parametrize(
    ("who", "agrees"), [("liu", True), ("zhao", False)], ids=["the reviewer", "a deputy"]
)
def test_a_second_person_decides_in_the_element(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str], who: str, agrees: bool
) -> None:
    place = make_place("en")
    place.host.answer(place.heavier_fine(), "second_person")
    if who != "liu":
        stands_in(place, who)
    place.host.sign_in(who)
    place.slot, place.event = "person.inbox", None
    page.goto(f"{serve(place.host.app)}/page")
    page.locator("textarea:visible").fill("Looked at the file.")
    with arriving(page):
        page.get_by_role("button", name="Agree" if agrees else "Do not agree", exact=True).click()
    found = "second_person_approved" if agrees else "second_person_refused"
    assert place.answers() == ["second_person_asked", found]
    assert page.locator("article:visible").count() == 0, "nobody is asked any more"


@pytest.mark.parametrize(("kind", "step", "language", "label"), KINDS[3:5])
def test_without_script_the_same_panel_answers_by_plain_forms(
    make_place: MakePlace,
    open_page: Callable[..., Any],
    serve: Callable[[Any], str],
    kind: str,
    step: str,
    language: str,
    label: str,
) -> None:
    place = make_place(language)
    getattr(place, step)()
    page = open_page(java_script_enabled=False, locale=language)
    page.goto(f"{serve(place.host.app)}/page")
    if kind == "justified":
        approved(page)
    else:
        page.locator("summary", has_text=label).click()
        page.locator("details[open] textarea").fill(WORDS)
    with arriving(page):
        page.locator("details[open] button").first.click()
    assert place.answers() == [kind]
    assert place.fates() == ["created", "rendered", *["answered"] * (kind == "justified")]


@pytest.mark.parametrize(
    ("language", "scheme"), [("zh-CN", "dark"), ("en", "light")], ids=["zh dark", "en light"]
)
def test_axe_finds_nothing_it_fits_a_phone_and_no_style_of_the_host_reaches_it(
    make_place: MakePlace,
    open_page: Callable[..., Any],
    serve: Callable[[Any], str],
    language: str,
    scheme: str,
) -> None:
    place = make_place(language)
    place.outside_the_band()
    size = {"width": 360, "height": 740}
    page = open_page(locale=language, color_scheme=scheme, viewport=size, bypass_csp=True)
    page.add_init_script(NO_SECOND_TRY)
    page.goto(f"{serve(place.host.app)}/page")
    page.context.set_offline(True)
    approved(page, "x" * 1900)
    page.get_by_role("button", name="提交" if language == "zh-CN" else "Send").click()
    page.locator(".cg-state[data-tone=bad]").wait_for()
    assert findings_of_axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    again = page.locator(".cg-state button").first
    look = again.evaluate(
        "e => { const s = getComputedStyle(e); return [s.textTransform, s.height] }"
    )
    assert look[0] == "none", "the host writes its own buttons in capitals"
    assert float(look[1].removesuffix("px")) >= 44, "a thumb's width"
    assert page.locator(".cg-choices").last.is_hidden(), "one thing at a time"


def test_two_tabs_answer_once_and_the_second_is_told(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    place = make_place("en")
    place.heavier_fine()
    url = f"{serve(place.host.app)}/page"
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(url)
    with arriving(page):
        page.get_by_role("button", name="Back to 800").click()
    other.get_by_role("button", name="Back to 800").click()
    other.get_by_text("This prompt no longer stands").wait_for()
    assert place.answers() == ["corrected"]
    assert len(place.posted) == 1


def test_the_back_button_leads_to_no_second_answer(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    place = make_place("en")
    place.heavier_fine()
    page.goto(f"{serve(place.host.app)}/page")
    with arriving(page):
        page.get_by_role("button", name="Back to 800").click()
    page.go_back()
    again = page.get_by_role("button", name="Back to 800")
    if (
        again.count()
    ):  # a page that the browser kept as it was: its form has the key it was sent with
        with arriving(page):
            again.click()
    assert place.answers() == ["corrected"]


def test_where_the_policy_forbids_the_script_to_send_the_plain_way_is_taken(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    place = make_place("en")
    place.policy = place.policy.replace("connect-src 'self'", "connect-src 'none'")
    place.heavier_fine()
    page.goto(f"{serve(place.host.app)}/page")
    with arriving(page):
        page.get_by_role("button", name="Back to 800").click()
    assert place.answers() == ["corrected"]
    assert len(place.posted) == 1
