"""The tour bar: it reads the database, so wandering breaks nothing; it announces what there is."""

import re

import pytest
from flask import Flask

from cleangov_hooks import Decision, Verdict, hookimpl
from sample_host import tour
from tests.support.page_check import Checked
from tests.support.scripted_day import DRAIN, NOODLES, Visit, make_city


def bar_of(html: str) -> tuple[str, dict[str, dict[str, str]]]:
    """Answer what the bar says, and the fields of each of its buttons."""
    page = Checked(html)
    aside = page.found("aside", **{"class": "tour"})[0].text
    forms: dict[str, dict[str, str]] = {}
    for action, body in re.findall(
        r'<form method="post" action="([^"]*)">(.*?)</form>', html, re.DOTALL
    ):
        word = re.search(r"<button>(.*?)</button>", body)
        fields = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', body))
        if word and word[1] in ("替我做", "下一幕"):
            forms[word[1]] = {"": action, **fields}
    return " ".join(aside.split()), forms


def press(visit: Visit, button: dict[str, str], *, expect: int = 303) -> None:
    """Press a button of the bar."""
    fields = {name: value for name, value in button.items() if name not in ("", "csrf_token")}
    visit.post(button[""], fields, expect=expect)


def test_the_bar_can_be_pressed_from_the_beginning_to_the_end(app: Flask) -> None:
    visit = Visit(app)
    seen = []
    for _ in range(8):
        page = visit.get(DRAIN if "YT-GC" in " ".join(seen[-1:]) else NOODLES)
        text, buttons = bar_of(page)
        seen.append(text)
        if "替我做" not in buttons:
            break
        press(visit, buttons["替我做"])
        seen[-1] += f" -> {buttons['替我做']['']}{buttons['替我做'].get('next', '')}"
    assert [re.sub(r"[^0-9/].*", "", text) for text in seen] == ["1/2", "1/2", "2/2", "2/2", ""]
    assert "导览到此为止" in seen[-1]


def test_it_says_that_nothing_will_stop_the_step_without_a_plugin(app: Flask) -> None:
    text, _ = bar_of(Visit(app).get("/"))
    assert "未安装：这一步不会停下" in text


class Holding:
    """A plugin that holds the sums it is told to hold."""

    def __init__(self) -> None:
        self.held = {200_000, 49_000_000}

    @hookimpl
    def cleangov_step_gate(self, attempt: object) -> Verdict | None:
        amount = attempt.event.amount  # type: ignore[attr-defined]
        if amount is None or amount.minor not in self.held:
            return None
        return Verdict(decision=Decision.HOLD, attempt_id=attempt.id)  # type: ignore[attr-defined]


def test_it_follows_what_is_held_and_who_looks(url: str) -> None:
    guest = Holding()
    app = make_city(url, PLUGINS=False, guests=[("holding", guest)])
    visit = Visit(app, "chen-jing")
    assert "打开王记面馆的案件" in bar_of(visit.get("/permits"))[0]
    text, buttons = bar_of(visit.get(NOODLES))
    assert "把罚款改成 2000" in text
    press(visit, buttons["替我做"], expect=409)
    text, buttons = bar_of(visit.get(f"{NOODLES}/decide"))
    assert "改回 800 元" in text
    press(visit, buttons["替我做"])
    text, buttons = bar_of(visit.get("/"))
    assert "别人都看不到" in text
    press(visit, buttons["替我做"])
    press(visit, bar_of(visit.get(DRAIN))[1]["替我做"], expect=409)
    text, buttons = bar_of(visit.get(DRAIN))
    assert "请总工何平同意" in text
    assert "替我做" not in buttons  # asking is the officer's own act
    press(visit, buttons["下一幕"])
    text, buttons = bar_of(visit.get("/inbox"))
    assert "您是何平" in text
    press(visit, buttons["下一幕"])
    text, buttons = bar_of(visit.get(DRAIN))
    assert "再按一次" in text
    guest.held.clear()
    press(visit, buttons["替我做"])
    assert "导览到此为止" in bar_of(visit.get("/"))[0]


def test_another_visit_finds_the_story_where_it_stands(app: Flask) -> None:
    Visit(app, "chen-jing").take(NOODLES, "decide", amount="700", kind_of_penalty="fine")
    text, _ = bar_of(Visit(app).get("/"))
    assert text.startswith("2/2")
    assert "2000" not in text  # what she had typed is nobody's business


def test_zhao_lei_may_go_first(app: Flask) -> None:
    assert bar_of(Visit(app, "zhao-lei").get(DRAIN))[0].startswith("2/2 您是赵磊")
    assert bar_of(Visit(app, "lin-lan").get(DRAIN))[0].startswith("1/2")


def test_without_the_story_there_is_no_bar_and_it_can_be_left_out(
    url: str, tmp_path: object
) -> None:
    from sample_host import create_app

    empty = create_app({"DATABASE_URL": f"sqlite:///{tmp_path}/empty.db", "PLUGINS": False})
    assert 'class="tour"' not in Visit(empty).get("/")
    quiet = make_city(url, PLUGINS=False, TOUR=False)
    assert 'class="tour"' not in Visit(quiet).get("/")


@pytest.mark.parametrize("path", [tour.CASE, tour.PROJECT])
def test_its_addresses_are_those_of_the_story(app: Flask, path: str) -> None:
    Visit(app).get(path)
