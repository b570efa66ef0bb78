"""A prompt was seen when it stood in the window for a second; and front ends of another origin."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.element_place import Place
from tests.browser.going import arriving

MakePlace = Callable[..., Place]
_AFAR = """<!doctype html><html lang="en"><head><title>Desk</title></head><body><main>
<h1>Desk</h1><cleangov-prompts src="{url}/cleangov/prompts/{prompt}"></cleangov-prompts></main>
<script src="{url}/cleangov/static/prompts.js"></script><script src="/heard.js"></script>
</body></html>"""
_HEARD = """for (const name of ["answered", "unreachable"]) {
  addEventListener(`cleangov-${name}`, (e) => {
    const told = e.detail;
    document.title = name + (told ? ` ${told.goes_on} ${JSON.stringify(told.put)}` : "");
  });
}"""


@pytest.fixture
def database() -> str:
    """The database's kind makes no difference to a browser."""
    return "sqlite"


def is_seen(url: str) -> bool:
    return url.endswith("/seen")


@pytest.mark.parametrize("is_wrapped", [True, False], ids=["element", "slot"])
def test_what_stands_in_the_window_for_a_second_is_seen_once(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str], is_wrapped: bool
) -> None:
    place = make_place("en")
    place.heavier_fine()
    place.is_wrapped = is_wrapped
    url = f"{serve(place.host.app)}/page"
    for _ in range(2):
        with page.expect_response(lambda answer: is_seen(answer.url)) as told:
            page.goto(url)
        assert told.value.ok
    assert place.fates() == ["created", "rendered", "seen"]
    assert place.rows("SELECT has_script FROM cleangov_prompt_fate WHERE fate = 'seen'") == [(1,)]
    with arriving(page):
        page.get_by_role("button", name="Back to 800").click()
    assert place.fates()[-1] == "answered"


def test_what_lies_below_the_window_is_not_seen_until_somebody_scrolls_to_it(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    place = make_place("en")
    place.heavier_fine()
    place.far = True
    told: list[str] = []
    page.on("request", lambda sent: told.append(sent.url) if is_seen(sent.url) else None)
    page.clock.install()
    page.goto(f"{serve(place.host.app)}/page")
    page.locator(".cg-panel:visible").wait_for()
    page.clock.fast_forward(60_000)
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert told == []
    with page.expect_response(lambda answer: is_seen(answer.url)):
        page.locator(".cg-panel:visible").scroll_into_view_if_needed()
        page.locator(".cg-panel:visible").evaluate("e => new Promise(d => setTimeout(d, 20))")
        page.clock.run_for(2_000)
    assert place.fates() == ["created", "rendered", "seen"]


def desk(serve: Callable[[Any], str], url: str, prompt: str) -> str:
    """Serve a front end of its own, on another origin; answer its address."""
    app = Flask("desk")
    app.add_url_rule("/", "desk", lambda: _AFAR.format(url=url, prompt=prompt))
    app.add_url_rule("/heard.js", "heard", lambda: (_HEARD, {"Content-Type": "text/javascript"}))
    return serve(app)


def test_a_front_end_of_an_allowed_origin_shows_the_prompt_and_hears_of_the_answer(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    place = make_place("en")
    prompt = place.heavier_fine()
    url = serve(place.host.app)
    own = desk(serve, url, prompt)
    settings = place.host.plugin.desk.settings
    object.__setattr__(settings, "origins", own)
    page.goto(own)
    page.get_by_role("button", name="Back to 800").click()
    page.get_by_text("Answered. Take the step again.").wait_for()
    assert page.title() == 'answered true {"amount":"800.00"}'
    assert place.answers() == ["corrected"]
    assert place.posted == [], "the front end itself takes the step"


def test_a_front_end_of_another_origin_gets_nothing(
    make_place: MakePlace, page: Any, serve: Callable[[Any], str]
) -> None:
    place = make_place("en")
    prompt = place.heavier_fine()
    page.goto(desk(serve, serve(place.host.app), prompt))
    page.wait_for_function("document.title === 'unreachable'")
    assert page.locator(".cg-panel").count() == 0
