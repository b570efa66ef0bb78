"""The bar on the pages: with no plugin, and with guests that answer nonsense."""

import json
from typing import Any

import pytest
from flask import Flask

from cleangov_hooks import Decision, Fragment, Verdict, hookimpl
from sample_host import create_app, tour
from tests.sample_host.pressing import BarPage, Presser
from tests.support.page_check import Checked
from tests.support.scripted_day import BOOKSHOP, DRAIN, NOODLES, Visit, make_city


class Guest:
    """A plugin that holds the sums it is told to hold, and says what it is told to say."""

    def __init__(self, said: object = None) -> None:
        self.held = {200_000, 49_000_000}
        self.said = said

    @hookimpl
    def cleangov_step_gate(self, attempt: Any) -> Verdict | None:
        amount = attempt.event.amount
        if amount is None or amount.minor not in self.held:
            return None
        return Verdict(decision=Decision.HOLD, attempt_id=attempt.id)

    @hookimpl
    def cleangov_slot(self, name: str, step: Any, medium: str) -> Fragment | None:
        if medium != "json" or self.said is None:
            return None
        text = self.said if isinstance(self.said, str) else json.dumps(self.said)
        return Fragment(medium="json", content=text)


def test_it_says_that_nothing_will_stop_the_step_without_a_plugin(app: Flask) -> None:
    assert "没有安装监督插件" in Presser(app).page.said
    assert "No supervision plugin is installed" in Presser(app, "en").page.said


def test_a_guest_that_holds_and_says_nothing_more_is_no_dead_end(url: str) -> None:
    presser = Presser(make_city(url, PLUGINS=False, guests=[("holding", Guest())]))
    presser.press()
    presser.press()
    assert "这一步停着" in presser.page.said
    presser.press()  # types 800 herself
    assert "已按 800 元决定" in presser.page.said
    presser.press()
    presser.press()
    assert "补正告知已发出" in presser.page.said
    presser.press()
    presser.press()
    assert "按提示办" in presser.page.said
    assert set(presser.page.buttons) == {"following"}


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{",
        "[" * 5_000,
        "null",
        "7",
        [7, None, "x", {}],
        [{"state": "agreed", "choices": 7}],
        [{"state": "held", "case_id": {}, "choices": [{"kind": "corrected", "form": None}, 3]}],
        [{"state": "held", "choices": [{"kind": "corrected", "form": "x", "needs_text": True}]}],
        [{"state": ["held"], "choices": {"kind": "corrected"}}],
    ],
    ids=str,
)
def test_whatever_a_guest_says_the_page_is_shown(url: str, said: object) -> None:
    app = make_city(url, PLUGINS=False, guests=[("guest", Guest(said))])
    for who, path in (("chen-jing", NOODLES), ("zhao-lei", DRAIN), ("he-ping", "/inbox")):
        html = Visit(app, who).get(path)
        assert 'class="tour"' in html
        assert "Traceback" not in html


def test_what_a_guest_says_is_text_and_never_markup(url: str) -> None:
    evil = '"><script>alert(1)</script>'
    choice = {"kind": "corrected", "label": evil, "form": evil, "name": evil, "value": evil}
    said = [{"case_id": "YT-CF-2026-0417", "state": "held", "choices": [choice]}]
    app = make_city(url, PLUGINS=False, guests=[("guest", Guest(said))])
    html = Visit(app, "chen-jing").get(NOODLES)
    assert "<script>alert" not in html
    assert BarPage(html).buttons["do"].form == evil


def test_the_pages_with_the_bar_are_sound(app: Flask) -> None:
    presser = Presser(app)
    for _ in range(4):
        problems = Checked(presser.page.html).problems
        assert problems == []
        presser.press()


def test_another_visit_finds_the_story_where_it_stands(app: Flask) -> None:
    Visit(app, "chen-jing").take(NOODLES, "decide", amount="700", kind_of_penalty="fine")
    said = Presser(app).page.said
    assert said.startswith("2/5 已按 700 元决定。 轮到刘敏")
    assert "先前" not in said  # what she had typed is nobody's business


def test_the_works_may_be_over_before_the_scene(app: Flask) -> None:
    Visit(app, "he-ping").take(DRAIN, "accept_works", quality="passed")
    Visit(app, "chen-jing").take(NOODLES, "decide", amount="800", kind_of_penalty="fine")
    Visit(app, "liu-min").take(BOOKSHOP, "request_correction", items="房东同意书")
    presser = Presser(app)
    assert "不能再报变更" in presser.page.said
    presser.press()
    assert presser.path == "/"  # without a plugin there are no pages of hers
    assert "do" not in presser.page.buttons


def test_start_leads_to_the_first_scene_that_was_not_played(app: Flask) -> None:
    def start() -> str:
        html = Visit(app).get("/")
        return html[html.index('class="hero"') :].partition("</section>")[0]

    assert 'value="chen-jing"' in start()
    Visit(app, "chen-jing").take(NOODLES, "decide", amount="800", kind_of_penalty="fine")
    assert 'value="liu-min"' in start()
    Visit(app, "liu-min").take(BOOKSHOP, "request_correction", items="房东同意书")
    assert 'value="zhao-lei"' in start()
    asked = {"amount": "490000", "cause": "ground", "reason": "K1+240"}
    Visit(app, "zhao-lei").take(DRAIN, "request_variation", **asked)
    assert "do.py demo --reset" in start()
    assert "<button" not in start()  # nothing to be seen of the auditor without a plugin


def test_without_the_story_there_is_no_bar_and_it_can_be_left_out(
    url: str, tmp_path: object
) -> None:
    empty = create_app({"DATABASE_URL": f"sqlite:///{tmp_path}/empty.db", "PLUGINS": False})
    quiet = make_city(url, PLUGINS=False, TOUR=False)
    for app in (empty, quiet):
        html = Visit(app).get("/")
        assert 'class="tour"' not in html


@pytest.mark.parametrize("path", [tour.CASE, tour.PERMIT, tour.PROJECT])
def test_its_addresses_are_those_of_the_story(app: Flask, path: str) -> None:
    assert path.rpartition("/")[2] in Visit(app).get(path)
