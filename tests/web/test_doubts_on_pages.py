"""This prompt is wrong: the form in the panel, the steward's page, and the answer on one's own."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest

from cleangov_hooks import Person
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, HOSTILE, OFFICER, OPERATOR
from tests.support.small_host import SmallHost
from tests.web.letter_writing import opened, post, token
from tests.web.page_reading import plain
from tests.web.test_own_page import NEW, held

MINE = "/cleangov/mine"
STEWARD = Person(id="zhou", name="周法", roles=frozenset({"legal-affairs"}))


def pressed(host: SmallHost, **about: str) -> Any:
    """Let the officer open the panel, write what is wrong, and press one of its buttons."""
    typed = held(host)
    panel = host.show("step.panel", typed)
    (form,) = re.findall(r'form="cleangov-([0-9a-f]+-wrong)" name="cleangov_about"', panel)
    (html,) = re.findall(
        rf'<form id="cleangov-{form}".*?</form>', host.show("page.end", typed), re.DOTALL
    )
    data = dict(re.findall(r'name="(cleangov_\w+)" value="([^"]*)"', html))
    (path,) = re.findall(r'action="([^"]+)"', html)
    data |= {"cleangov_text": f"不是他申辩的 {HOSTILE}", **about}
    return host.app.test_client().post(urlsplit(path).path, data=data)


def action(page: Checked) -> str:
    """Answer where the doubt of the one case is answered."""
    cards = re.findall(r'<li class="cg-card">.*?</li>', page.html, re.DOTALL)
    (card,) = (card for card in cards if NEW in card)
    (path,) = re.findall(r'action="(/cleangov/doubts/[^"]+)"', card)
    return path


@pytest.mark.parametrize(
    ("about", "role", "said"),
    [
        ({}, "legal-affairs", "说规则不对"),
        ({"cleangov_about": "record"}, "supervision", "说依据的数据不对"),
    ],
)
def test_what_the_screen_promises_is_kept(
    own_city: SmallHost, about: dict[str, str], role: str, said: str
) -> None:
    who = Person(id="zhou", name="周法", roles=frozenset({role}))
    assert pressed(own_city, **about).status_code == 303
    mine = plain(opened(own_city, MINE, OFFICER))
    assert "您说不对的提示" in mine
    assert "等待答复" in mine
    assert "期限 2026-03-17" in mine
    assert NEW not in opened(own_city, MINE, AUDITOR).text
    asked = opened(own_city, MINE, who)
    assert said in asked.text
    assert NEW in asked.text
    assert "不是他申辩的" in asked.text
    empty = post(own_city, action(asked), who, asked, choice="uphold", text=" ")
    assert (empty.status_code, "请写明理由" in empty.text) == (409, True)
    done = post(own_city, action(asked), who, asked, choice="uphold", text=f"会改 {HOSTILE}")
    assert done.status_code == 303
    own_city.who = who
    browser = own_city.app.test_client()
    browser.set_cookie(*done.headers["Set-Cookie"].partition(";")[0].split("=", 1))
    assert f"已记录：案件 {NEW} 的提示，您答复说得对" in browser.get(MINE).text
    assert NEW not in opened(own_city, MINE, who).text
    back = opened(own_city, MINE, OFFICER)
    assert "答复：您说得对" in back.text
    assert "会改" in back.text
    own_city.tongue = "en"
    assert "Answered: you are right" in opened(own_city, MINE, OFFICER).text


def test_the_steward_of_the_rule_is_asked_and_nobody_else(own_city: SmallHost) -> None:
    pressed(own_city)
    own_city.tongue = "en"
    page = opened(own_city, MINE, STEWARD)
    assert "The rule is said to be wrong" in page.text
    assert "To be answered by legal affairs" in page.text
    assert "/cleangov/doubts/" not in opened(own_city, MINE, OFFICER).html
    path, good = action(page), token(page, action(page))
    garbled = post(own_city, path, STEWARD, page, choice="perhaps", text="x")
    stolen = post(own_city, path, OFFICER, page, token=good, choice="uphold", text="x")
    assert (garbled.status_code, stolen.status_code) == (400, 403)


def test_a_doubt_past_its_day_says_so_to_both(own_city: SmallHost) -> None:
    pressed(own_city)
    own_city.clock = own_city.clock.replace(day=18)
    assert "期限 2026-03-17 已过，还没有答复" in plain(opened(own_city, MINE, OFFICER))
    for person in (STEWARD, AUDITOR):  # and what nobody answers is passed on
        assert action(opened(own_city, MINE, person))


def test_the_case_file_tells_the_answer_and_the_doctor_counts_what_is_open(
    own_city: SmallHost,
) -> None:
    pressed(own_city)
    file, it = f"/cleangov/cases/cg/{NEW}", "/cleangov/doctor"
    assert "法制部门还没有答复" in plain(opened(own_city, file, AUDITOR))
    assert "E07@1, E08@1：1 条提示被指“不对”" in plain(opened(own_city, it, OPERATOR))
    asked = opened(own_city, MINE, STEWARD)
    post(own_city, action(asked), STEWARD, asked, choice="uphold", text=f"会改 {HOSTILE}")
    page = plain(opened(own_city, file, AUDITOR))
    assert "法制部门答复：提示确实不对" in page
    assert "会改" in page
    assert "E07@1, E08@1" not in plain(opened(own_city, it, OPERATOR))
    own_city.tongue = "en"
    assert "Answer of legal affairs: the prompt was wrong" in plain(opened(own_city, file, AUDITOR))


def test_the_case_file_says_what_was_given_without_a_connection(own_city: SmallHost) -> None:
    pressed(own_city, cleangov_age="3600")
    page = f"/cleangov/cases/cg/{NEW}"
    assert "10:00 · 断网时作答，时间以设备为准" in plain(opened(own_city, page, AUDITOR))
    own_city.tongue = "en"
    assert "given offline, at the device’s time" in plain(opened(own_city, page, AUDITOR))
