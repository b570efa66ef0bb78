"""What an officer typed and answered survives a lost connection, and counts once."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from cleangov_plugin.ledger.sealed_box import new_opening_key
from tests.browser.element_place import Place, approved
from tests.browser.going import arriving

MakePlace = Callable[..., Place]
WORDS = "集体讨论纪要 No 7"
KEPT = "Object.entries(localStorage).filter(([k]) => k.startsWith('cleangov:')).map(e => e[1])"


@pytest.fixture
def database() -> str:
    """The database's kind makes no difference to a browser."""
    return "sqlite"


def answer_offline(page: Any, url: str) -> None:
    """Open the page, lose the connection, write a reason and send it."""
    page.goto(url)
    page.locator(".cg-panel:visible").wait_for()
    page.context.set_offline(True)
    approved(page, WORDS)
    page.locator("details[open] button:visible").click()


def waits(page: Any) -> None:
    page.get_by_text("No connection. Your answer of").wait_for()


def late(page: Any) -> Any:
    """Wait until an answer that waited was sent; a busy machine may let it try again."""
    button = page.get_by_role("button", name="Go on")
    button.wait_for(timeout=60_000)
    return button


def kill(page: Any) -> None:
    """End a page's process: a page that is only closed may still send once it is online."""
    from playwright.sync_api import Error

    with suppress(Error):
        page.goto("chrome://crash", timeout=5_000)
    page.close()


def test_an_answer_without_a_connection_is_sent_when_there_is_one_and_says_so(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    place = make_place("en")
    place.outside_the_band()
    answer_offline(page, f"{serve(place.host.app)}/page")
    waits(page)
    assert place.answers() == []
    page.context.set_offline(False)
    late(page)
    assert place.answers() == ["justified"]
    assert place.synced() == ["synced"]
    ((words, client_at),) = place.rows("SELECT words, client_at FROM cleangov_answer")
    assert words == WORDS
    assert client_at is not None
    assert page.evaluate(KEPT) == [], "cleared after success"
    assert place.posted == [], "whoever was away decides themselves whether the step is taken"
    with arriving(page):
        late(page).click()
    assert len(place.posted) == 1


def test_a_page_that_was_killed_gives_text_and_answer_back_and_it_counts_once(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    place = make_place("en")
    place.outside_the_band()
    url = f"{serve(place.host.app)}/page"
    page.goto(url)
    approved(page, WORDS)
    kill(page)  # as a battery that is empty: nothing was pressed
    assert place.fates()[:2] == ["created", "rendered"]
    assert "answered" not in place.fates(), "nobody answered for whoever was cut off"
    context, page = page.context, page.context.new_page()
    page.goto(url)
    assert page.locator("textarea:visible").input_value() == WORDS
    assert page.locator("details[open] select:visible").input_value() == "head"
    assert page.get_by_text("What you wrote is still here.").count() == 1
    context.set_offline(True)
    page.locator("details[open] button:visible").click()
    waits(page)
    kill(page)  # and again, while the answer waits
    context.set_offline(False)
    page = context.new_page()
    page.goto(url)
    late(page)
    assert place.answers() == ["justified"]
    assert place.fates().count("answered") == 1
    assert page.evaluate(KEPT) == []


def test_a_response_that_is_lost_makes_no_second_answer(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    place = make_place("en")
    place.heavier_fine()
    page.goto(f"{serve(place.host.app)}/page")
    lost = []

    def lose(route: Any) -> None:
        lost.append(route.fetch())  # it arrives, and is answered; nobody hears of it
        route.abort()

    page.route("**/answers", lose, times=1)
    page.get_by_role("button", name="Back to 800").click()
    waits(page)
    assert len(lost) == 1
    assert place.answers() == ["corrected"]
    page.get_by_role("button", name="Try now").click()
    with arriving(page):
        late(page).click()
    assert place.answers() == ["corrected"]
    assert [sent["amount"] for sent in place.posted] == ["800.00"]
    assert place.fates().count("answered") == 1


def test_what_was_answered_on_a_page_left_behind_is_sent_from_the_next(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    place = make_place("en")
    place.outside_the_band()
    url = f"{serve(place.host.app)}/page"
    answer_offline(page, url)
    waits(page)
    kill(page)
    page.context.set_offline(False)
    page = page.context.new_page()
    place.event, event = None, place.event
    with page.expect_response(re.compile("/answers$")) as told:
        page.goto(url)  # another page of the platform, on which no panel stands
    assert told.value.ok
    page.wait_for_function(f"({KEPT}).length === 0")
    assert (place.answers(), place.synced()) == (["justified"], ["synced"])
    assert place.host.gate(event).decision.value == "pass_recorded"


def test_an_answer_that_the_officer_takes_back_is_not_sent(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    place = make_place("en")
    place.outside_the_band()
    answer_offline(page, f"{serve(place.host.app)}/page")
    page.get_by_role("button", name="Do not send").click()
    page.context.set_offline(False)
    assert page.locator("textarea:visible").input_value() == WORDS
    page.reload()
    assert page.locator("textarea:visible").input_value() == WORDS
    assert place.answers() == []


def test_nothing_is_left_for_the_next_person_at_the_device(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    place = make_place("en")
    place.outside_the_band()
    url = f"{serve(place.host.app)}/page"
    page.goto(url)
    approved(page, WORDS)
    assert WORDS in page.evaluate(KEPT)[0]
    assert "chen" not in page.evaluate("JSON.stringify(localStorage)"), "a tag, no name"
    place.host.sign_in("liu")
    page.goto(url)
    page.wait_for_function(f"({KEPT}).length === 0")
    assert place.answers() == []


def test_what_is_for_oversight_alone_is_never_kept_on_the_device(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    key = new_opening_key().public.text
    place = make_place("en", CLEANGOV_OVERSIGHT_KEY=key)
    place.heavier_fine()
    page.goto(f"{serve(place.host.app)}/page")
    page.locator("summary:visible", has_text="Somebody asked me to").click()
    page.locator("textarea:visible").fill(WORDS)
    assert page.get_by_text("These words are not kept on this device.").count() == 1
    assert page.evaluate(KEPT) == []
    with arriving(page):
        page.locator("details[open] button:visible").click()
    assert page.get_by_text("Sealed to oversight").count() >= 1
    assert place.rows("SELECT count(*) FROM cleangov_entry WHERE kind = 'int.note.sealed'") == [
        (1,)
    ]
    page.reload()  # the browser asks, and sends the same form again
    assert place.rows("SELECT count(*) FROM cleangov_entry WHERE kind = 'int.note.sealed'") == [
        (1,)
    ]
    assert page.evaluate(KEPT) == []


def test_a_second_press_while_the_first_is_on_its_way_sends_nothing(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    place = make_place("en")
    place.heavier_fine()
    page.goto(f"{serve(place.host.app)}/page")
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    page.route("**/answers", hold)
    button = page.get_by_role("button", name="New facts were found")
    button.click()
    page.get_by_text("Sending…").wait_for()
    button.dispatch_event("click")
    assert len(held) == 1
    with arriving(page):
        held[0].continue_()
    assert place.answers() == ["deferred"]
