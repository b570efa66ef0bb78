"""Every page, in both languages: whole, labelled, translated, with its slots in their places."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from cleangov_hooks import Fragment, hookimpl
from sample_host.city import of
from sample_host.database import reading
from sample_host.flow import FLOWS, Flow, StepType
from sample_host.matter import Matter
from sample_host.people import PEOPLE
from sample_host.rows import listed
from tests.support.page_check import Checked
from tests.support.scripted_day import DRAIN, NOODLES, Visit, make_city

HAN = re.compile(r"[\u3400-\u9fff]+")
KEYS = re.compile(r"\b(field|choice|state|step|role|unit|error|form|matter|list)\.[a-z_]+\b")
LISTED = re.compile(r'class="no"><a href="([^"]+)"')
LANGUAGES = ("zh-CN", "en")


def matters(app: Flask) -> Iterator[tuple[Flow, Matter]]:
    with reading(of(app).engine) as connection:
        for flow in FLOWS.values():
            for matter in listed(connection, flow.stream):
                yield flow, matter


def forms(app: Flask) -> dict[tuple[str, str], tuple[str, str]]:
    """Answer, for each step, a page on which its form stands, and who may open it."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for flow, matter in matters(app):
        for person in PEOPLE.values():
            for step in flow.open_to(person, matter):
                place = f"/{flow.path}/{matter.no}/{step.name}"
                found.setdefault((flow.path, step.name), (place, person.id))
    for flow in FLOWS.values():
        opener = next(p for p in PEOPLE.values() if p.roles & flow.opening.roles)
        found[flow.path, flow.opening.name] = (f"/{flow.path}/new", opener.id)
    return found


def checked(html: str, language: str) -> Checked:
    page = Checked(html)
    assert page.problems == []
    assert page.elements[0].given == {"lang": language}
    assert KEYS.search(page.text) is None
    if language == "en":
        assert set(HAN.findall(html)) == {"中文"}  # the switch to the other language
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_step_has_a_form_that_somebody_can_open(app: Flask, language: str) -> None:
    pages = forms(app)
    every: list[tuple[Flow, StepType]] = [
        (flow, step) for flow in FLOWS.values() for step in (flow.opening, *flow.steps)
    ]
    assert {(flow.path, step.name) for flow, step in every} == set(pages)
    for flow, step in every:
        place, who = pages[flow.path, step.name]
        visit = Visit(app, who)
        page = checked(visit.get(f"{place}?lang={language}"), language)
        form = page.found("form", id=f"{step.html_id}-form")
        assert [element.given["method"] for element in form] == ["post"]
        named = {element.given.get("name") for element in page.elements}
        assert {field.name for field in step.fields} <= named
        assert {"csrf_token", "attempt_id"} <= named


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_matter_is_shown_to_visitors_and_to_its_officer(app: Flask, language: str) -> None:
    visitor, readers = Visit(app), {}
    for flow, matter in matters(app):
        place = f"/{flow.path}/{matter.no}?lang={language}"
        open_page = checked(visitor.get(place), language)
        assert matter.title.said(language) in open_page.text
        assert not open_page.found("tr")  # no file, no notes, no steps for somebody unknown
        reader = readers.setdefault(matter.officer_id, Visit(app, matter.officer_id))
        file = checked(reader.get(place), language)
        assert len(file.found("section", **{"aria-labelledby": "history"})) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", [None, *PEOPLE])
def test_everybody_finds_the_common_pages(app: Flask, who: str | None, language: str) -> None:
    visit = Visit(app, who)
    for path in ("/", "/cases", "/permits", "/projects", "/inbox", "/people"):
        page = checked(visit.get(f"{path}?lang={language}"), language)
        if who is not None:
            assert PEOPLE[who].name(language) in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_errors_are_pages_of_the_city_too(app: Flask, language: str) -> None:
    visit = Visit(app)
    visit.get(f"/?lang={language}")
    for path, status in (("/nowhere", 404), (f"{NOODLES}/nowhere", 404), ("/cases/new", 403)):
        page = checked(visit.get(path, expect=status), language)
        assert len(page.found("h1")) == 1
    answer = visit.client.post("/who", data={"person": "chen-jing"})
    assert answer.status_code == 400
    checked(answer.text, language)


def test_a_failure_inside_is_a_calm_page_and_tells_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret words of the machine")

    monkeypatch.setattr("sample_host.pages.lists.listed", fail)
    page = checked(Visit(app).get("/cases", expect=500), "zh-CN")
    assert "没有写入" in page.text
    assert "secret" not in page.html


def test_what_was_typed_stays_when_something_is_wrong(be: Callable[..., Visit]) -> None:
    chen = be("chen-jing", "en")
    typed = {"amount": "8oo", "kind_of_penalty": "warning", "reason": "because"}
    page = checked(chen.take(NOODLES, "decide", expect=422, **typed), "en")
    assert page.found("input", id="f-amount")[0].given["value"] == "8oo"
    assert page.found("input", id="f-amount")[0].given["aria-invalid"] == "true"
    assert page.found("textarea", name="reason")[0].text.strip() == "because"
    warning = page.found("input", name="kind_of_penalty", value="warning")
    assert "checked" in warning[0].given
    assert "Please give a sum" in page.text


class Shown:
    """A plugin that shows something in every slot."""

    @hookimpl
    def cleangov_slot(self, name: str, step: object, medium: str) -> Fragment:
        where = "nowhere" if step is None else "step"
        return Fragment(medium=medium, content=f'<b id="slot-{name}" class="{where}">!</b>')


def test_the_slots_stand_where_the_contract_says(url: str) -> None:
    app = make_city(url, PLUGINS=False, guests=[("shown", Shown())])
    chen = Visit(app, "chen-jing")
    html = chen.get(f"{NOODLES}/decide")
    hint, panel = html.index('id="slot-step.hint"'), html.index('id="slot-step.panel"')
    begin = html.index('<form class="fields"')
    assert panel < begin < html.index('id="f-amount"') < hint < html.index("</form>", begin)
    assert html.endswith('<b id="slot-page.end" class="step">!</b></body>\n</html>')
    assert "slot-step.done" not in html
    assert 'id="slot-person.inbox" class="nowhere"' in chen.get("/inbox")
    chen.take(NOODLES, "decide", amount="800", kind_of_penalty="fine", attempt_id="mine")
    assert 'id="slot-step.done" class="step"' in chen.get(f"{NOODLES}?done=mine")
    assert "slot-step.done" not in chen.get(f"{NOODLES}?done=other")  # an address claims nothing
    assert "slot-" not in chen.get("/nowhere", expect=404)


def test_a_step_without_a_sum_has_its_hint_after_the_fields(url: str) -> None:
    app = make_city(url, PLUGINS=False, guests=[("shown", Shown())])
    assert "slot-step.hint" not in Visit(app, "gao-feng").get("/cases/YT-CF-2025-3389")  # closed
    html = Visit(app, "liu-min").get("/permits/YT-XK-2026-0088/request_correction")
    _, _, page = html.partition("<main")  # the tour bar names the button, too
    assert page.index('name="items"') < page.index("slot-step.hint") < page.index("发出补正告知")


def test_the_draft_answers_the_hint(url: str) -> None:
    app = make_city(url, PLUGINS=False, guests=[("shown", Shown())])
    chen = Visit(app, "chen-jing")
    form = {"amount": "2000", "kind_of_penalty": "fine", "changed": "amount,nonsense"}
    assert "slot-step.hint" in chen.post(f"{NOODLES}/decide/draft", form, expect=200)
    Visit(app, "liu-min").post(f"{NOODLES}/decide/draft", form, expect=403)


def test_nothing_is_offered_that_ends_a_matter_early(be: Callable[..., Visit]) -> None:
    page = Checked(be("sun-ying").get("/cases/YT-CF-2026-0633"))  # filed, waits for investigation
    assert page.found("form", **{"class": "fields"}) == []
    assert [link.text for link in page.found("a", href="/cases/YT-CF-2026-0633/close#close-form")]


def test_a_file_note_is_for_officials_alone(be: Callable[..., Visit]) -> None:
    assert "给他点教训" in be("tang-wen").get(NOODLES)
    assert "给他点教训" not in be().get(NOODLES)
    wang = be("wang-xiulan")
    assert "给他点教训" not in wang.get(NOODLES)
    assert "遮阳棚是房东的" in wang.get(NOODLES)
    assert LISTED.findall(wang.get("/cases")) == [NOODLES]
    wang.get(DRAIN, expect=404)


def test_inboxes_hold_what_waits_for_their_owner(be: Callable[..., Visit]) -> None:
    assert "YT-CF-2026-0417" in be("chen-jing").get("/inbox")
    chen, gao = (set(LISTED.findall(be(who).get("/inbox"))) for who in ("chen-jing", "gao-feng"))
    assert NOODLES in chen
    assert "/cases/YT-CF-2026-0342" in gao
    assert chen & gao == set()
    ma = LISTED.findall(be("ma-chao").get("/inbox"))
    assert ma == ["/projects/YT-GC-2025-09"]  # the one with a variation to approve


def test_print_and_script_and_style_come_from_here_alone(app: Flask) -> None:
    client = app.test_client()
    answer = client.get("/")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert answer.headers["Referrer-Policy"] == "same-origin"
    for path in ("city.css", "city.svg", "edit.js"):
        with client.get(f"/static/{path}") as file:
            assert file.status_code == 200
            assert "http" not in file.text.replace("http://www.w3.org/2000/svg", "")
