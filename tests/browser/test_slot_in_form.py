"""A slot that stands inside the host's own form: our buttons answer, the host's still submit."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import redirect, request

from tests.browser.going import arriving
from tests.support.small_host import SmallHost

PAGE = """<!doctype html><html lang="en"><body>
<form method="post" action="/host" id="the-hosts">
  <input name="amount" value="2000"> {panel}
  <button id="hosts-button">Decide</button>
</form>{end}</body></html>"""


class Place:
    """A host whose page puts the panel inside its form."""

    def __init__(
        self, url: str, folder: Path, settings: dict[str, str] | None = None, tongue: str = "en"
    ) -> None:
        self.host = host = SmallHost(url, folder, settings or {})
        host.tongue = tongue
        host.start()
        assert host.plugin.desk is not None, host.plugin.inert.reason
        host.write(host.event("enf.intent.notified", 800))
        host.write(host.event("enf.defence.received"))
        self.event = host.event("enf.decision.made", 2000)
        self.posted: list[dict[str, str]] = []
        host.gate(self.event)
        host.app.add_url_rule("/page", "page", self.page)
        host.app.add_url_rule("/host", "host", self.take, methods=["POST"])
        host.app.add_url_rule("/cases/<no>/made", "made", self.take, methods=["POST"])
        host.app.add_url_rule("/cases/<no>", "case", lambda no: redirect("/page"))

    def page(self) -> str:
        step = self.host.step(self.event, f"a-{self.event.case_id}")
        slots = {}
        for name in ("step.panel", "page.end"):
            report = self.host.call("cleangov_slot", name=name, step=step, medium="html")
            slots[name] = "".join(value.content for value in report.values)
        return PAGE.format(panel=slots["step.panel"], end=slots["page.end"])

    def take(self, no: str = "") -> str:
        self.posted.append({"to": request.path, "no": no, **request.form.to_dict()})
        return f"<p>the host has it: {request.form.get('amount')}</p>"


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def page(request: pytest.FixtureRequest, open_page: Callable[..., Any]) -> Any:
    return open_page(java_script_enabled=request.param)


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Iterator[Place]:
    found = Place(database_url, tmp_path)
    yield found
    found.host.close()


@pytest.fixture
def database() -> str:
    """The database's kind makes no difference to a browser."""
    return "sqlite"


def test_our_button_answers_and_never_posts_the_hosts_form_to_the_host(
    place: Place, page: Any, serve: Callable[[Any], str]
) -> None:
    url = serve(place.host.app)
    page.goto(f"{url}/page")
    with arriving(page):
        page.get_by_text("This prompt is wrong").click()
        page.get_by_role("button", name="The rule is wrong here").click()
    assert place.posted == []
    assert page.url.startswith(f"{url}/page")
    assert page.get_by_text("Passed on to legal affairs").count() == 1


def test_a_request_to_somebody_is_taken_back_where_it_was_made(
    place: Place, page: Any, serve: Callable[[Any], str]
) -> None:
    page.goto(f"{serve(place.host.app)}/page")
    for name in ("Ask a second person", "Take it back", "Back to 800"):
        with arriving(page):
            page.get_by_role("button", name=name).click()
    assert [sent["amount"] for sent in place.posted] == ["800.00"]


def test_putting_it_right_sends_the_hosts_own_form_with_the_corrected_sum(
    place: Place, page: Any, serve: Callable[[Any], str]
) -> None:
    page.goto(f"{serve(place.host.app)}/page")
    with arriving(page):
        page.get_by_role("button", name="Back to 800").click()
    (sent,) = place.posted
    assert sent["amount"] == "800.00"
    assert sent["attempt_id"] == f"a-{place.event.case_id}"


def test_the_hosts_own_button_still_submits_the_hosts_form(
    place: Place, page: Any, serve: Callable[[Any], str]
) -> None:
    page.goto(f"{serve(place.host.app)}/page")
    with arriving(page):
        page.click("#hosts-button")
    (sent,) = place.posted
    assert (sent["to"], sent["amount"]) == ("/host", "2000")


def test_a_form_of_ours_opened_from_elsewhere_is_refused(
    place: Place, page: Any, serve: Callable[[Any], str]
) -> None:
    url = serve(place.host.app)
    page.goto(f"{url}/page")
    action = page.locator("form[id^=cleangov-]").first.get_attribute("action")
    foreign = f'<form method="post" action="{url}{action}"><button>x</button></form>'
    page.goto("about:blank")
    page.set_content(foreign)
    with arriving(page):
        page.click("button")
    assert page.get_by_text("did not come from a page of this platform").count() == 1
