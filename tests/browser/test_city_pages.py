"""The sample city in a real browser: the hint that follows, slots inside forms, small screens."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from cleangov_hooks import Attempt, Fragment, Host, Step, hookimpl
from tests.browser.going import go_by
from tests.support.scripted_day import DRAIN, NOODLES, make_city

Serve = Callable[[Any], str]


class Guest:
    """A plugin with a hint, a button inside the host's form, and a page of its own."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.gates = 0

    @hookimpl
    def cleangov_host_ready(self, host: Host) -> None:
        self.host = host
        pages = Blueprint("guest", __name__, url_prefix="/guest")
        pages.add_url_rule("/answer", "answer", self.answer, methods=["POST"])
        host.mount(pages)

    def answer(self) -> Response:
        self.answers.append(request.form["word"])
        return redirect(NOODLES, 303)

    @hookimpl
    def cleangov_step_gate(self, attempt: Attempt) -> None:
        self.gates += 1

    @hookimpl
    def cleangov_slot(self, name: str, step: Step | None, medium: str) -> Fragment | None:
        if name == "step.hint" and step is not None:
            typed = next((entry.value for entry in step.inputs if entry.name == "amount"), "")
            button = '<button id="mine" form="cleangov-1" name="word" value="slot">?</button>'
            return Fragment(medium=medium, content=f"<p id=said>typed: {typed}</p>{button}")
        if name == "page.end" and step is not None:
            field = self.host.csrf_field()
            form = f'<form id="cleangov-1" method="post" action="/guest/answer">{field}</form>'
            return Fragment(medium=medium, content=form)
        return None


def visit(page: Any, address: str, who: str, onward: str) -> None:
    """Become somebody by the button on the page of people, and go to a page."""
    page.goto(f"{address}/people")
    button = page.locator(f"main form:has(input[value={who}]) button")
    if button.count():  # none beside the one who is signed in already
        go_by(page, button)
    page.goto(f"{address}{onward}")


@pytest.fixture
def city(tmp_path: Path) -> tuple[Any, Guest]:
    guest = Guest()
    url = f"sqlite:///{tmp_path / 'city.db'}"
    return make_city(url, PLUGINS=False, guests=[("guest", guest)]), guest


def test_the_hint_follows_what_is_typed(city: tuple[Any, Guest], serve: Serve, page: Any) -> None:
    visit(page, serve(city[0]), "chen-jing", NOODLES)
    assert page.locator("#hint").get_attribute("aria-live") == "polite"
    assert page.locator("#f-amount").get_attribute("aria-describedby") == "hint"
    assert page.locator("#said").inner_text() == "typed:"
    page.locator("#f-amount").press_sequentially("2000")
    page.locator("#said", has_text="typed: 2000").wait_for()
    page.locator("#f-amount").fill("２０00元")
    page.locator("#said", has_text="typed: ２０00元").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_a_slot_inside_the_form_answers_by_its_own_form(
    city: tuple[Any, Guest], serve: Serve, open_page: Callable[..., Any], script: bool
) -> None:
    app, guest = city
    page = open_page(java_script_enabled=script)
    visit(page, serve(app), "chen-jing", NOODLES)
    inside = page.locator("form.fields #mine")
    assert inside.count() == 1
    go_by(page, inside)
    page.wait_for_url(f"**{NOODLES}")
    assert guest.answers == ["slot"]
    assert guest.gates == 0  # the host's own step was not taken
    page.locator("#f-amount").fill("800")
    go_by(page, page.locator("#decide-form .act button").first)
    page.wait_for_url("**done=**")
    assert guest.gates == 1
    assert page.locator("#done").inner_text() == "已办理：作出决定"


def test_a_second_press_is_not_sent(city: tuple[Any, Guest], serve: Serve, page: Any) -> None:
    app, guest = city
    visit(page, serve(app), "chen-jing", NOODLES)
    page.locator("#f-amount").fill("800")
    page.evaluate(
        "f = document.querySelector('#decide-form'); f.requestSubmit(); f.requestSubmit()"
    )
    page.wait_for_url("**done=**")
    assert guest.gates == 1


def test_a_case_is_decided_by_keyboard_alone(
    city: tuple[Any, Guest], serve: Serve, page: Any
) -> None:
    visit(page, serve(city[0]), "chen-jing", NOODLES)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "f-amount":
            break
    page.keyboard.type("700")
    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        focus = page.evaluate("document.activeElement.closest('label') !== null")
        assert outline != "none" or focus  # a choice shows it on its label
        if page.evaluate("document.activeElement.textContent").strip() == "作出决定":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**done=**")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_small_screen(
    city: tuple[Any, Guest],
    serve: Serve,
    open_page: Callable[..., Any],
    language: str,
    scheme: str,
) -> None:
    address = serve(city[0])
    page = open_page(viewport={"width": 360, "height": 740}, color_scheme=scheme)
    problems: list[str] = []
    page.on("pageerror", lambda problem: problems.append(str(problem)))
    page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
    page.goto(f"{address}/?lang={language}")
    for who, paths in {
        "chen-jing": ("/", "/cases", NOODLES, "/cases/new", "/inbox", "/people"),
        "liu-min": ("/permits", "/permits/YT-XK-2026-0088"),
        "zhao-lei": ("/projects", DRAIN),
        "qian-yu": ("/projects/payments",),
    }.items():
        for path in paths:
            visit(page, address, who, path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
            small = page.evaluate(
                """[...document.querySelectorAll('main button, main input:not([type=hidden])')]
                .map((e) => [e, (e.closest('label') ?? e).getBoundingClientRect()])
                .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
                .map(([e]) => e.outerHTML)"""
            )
            assert small == []  # WCAG 2.2, 2.5.8
    assert problems == []


def test_paper_shows_the_file_and_nothing_to_press(
    city: tuple[Any, Guest], serve: Serve, page: Any
) -> None:
    visit(page, serve(city[0]), "chen-jing", NOODLES)
    page.emulate_media(media="print")
    assert page.locator("button:visible, input:visible, .tour:visible").count() == 0
    text = page.locator("body").inner_text()
    assert re.search(r"王记面馆占用人行道摆放桌椅", text)
    assert "遮阳棚是房东的" in text
