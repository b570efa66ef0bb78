"""A lesson after a step that was put right, a commitment once a year: nothing holds or counts."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cleangov_hooks import Decision, Person
from cleangov_plugin.domain.our_kinds import COMMITMENT_MADE
from tests.plugin.inside import attrs, bodies, rows
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, BAND, CASE, LEAD, OFFICER
from tests.support.small_city import TODAY, yuan
from tests.support.small_host import SmallHost
from tests.web.letter_writing import HE, ZHAO, opened, post, token
from tests.web.page_reading import plain
from tests.web.test_own_page import held

MINE, LESSON, COMMITMENT = "/cleangov/mine", "/cleangov/mine/lesson", "/cleangov/mine/commitment"
HEAD = "两分钟：为什么这样规定"
DUE = "岗位承诺，请确认"


def test_what_was_put_right_is_explained_to_them_alone(city: SmallHost) -> None:
    page = plain(opened(city, MINE, OFFICER))
    assert HEAD in page
    assert f"您在 {CASE} 当场改正了" in page
    assert "申辩后加重处罚" in page
    assert "行政机关不得因当事人申辩而给予更重的处罚" in page.replace("陈述、", "")
    assert "其他不变，决定罚款是 800 元，还会提醒吗？" in page
    assert "不会。决定罚款为 2,000 元 时提醒，为 800 元 时不提醒。" in page
    city.tongue = "en"
    assert "A question: all else the same" in plain(opened(city, MINE, OFFICER))
    city.tongue = "zh-CN"
    for person in (ZHAO, HE, LEAD, AUDITOR):
        assert HEAD not in opened(city, MINE, person).text


def test_the_line_after_the_step_leads_there(own_city: SmallHost) -> None:
    typed = held(own_city)
    (prompt,) = own_city.gate(typed).prompts
    own_city.answer(prompt.id, "back")
    right = replace(typed, amount=yuan(800))
    assert own_city.take(right).decision is Decision.PASS
    assert '/cleangov/mine#cg-lesson"' in own_city.show("step.done", right)
    own_city.who = AUDITOR
    assert "#cg-lesson" not in own_city.show("step.done", right)
    own_city.who, own_city.case = OFFICER, "YT-CF-2026-0998"
    plain_step = own_city.event("enf.decision.made", 700, **BAND)
    own_city.write(plain_step)
    assert "#cg-lesson" not in own_city.show("step.done", plain_step)


def test_it_is_offered_for_two_weeks(own_city: SmallHost) -> None:
    own_city.clock = TODAY + timedelta(days=14)
    assert HEAD not in opened(own_city, MINE, OFFICER).text


def test_a_lesson_read_is_not_shown_again_and_leaves_nothing(own_city: SmallHost) -> None:
    page, before = opened(own_city, MINE, OFFICER), len(rows(own_city, "entry"))
    client = own_city.app.test_client()
    shown = []
    while HEAD in page.text:
        (rule,) = (e.given["value"] for e in page.found("input", name="cleangov_rule"))
        shown.append(rule)
        data = {"cleangov_rule": rule, "cleangov_token": token(page, LESSON)}
        done = client.post(LESSON, data=data)
        assert (done.status_code, done.location) == (303, MINE)
        assert "HttpOnly" in done.headers["Set-Cookie"]
        page = Checked(client.get(MINE).text)
    assert shown == ["E07", "E08"]
    assert len(rows(own_city, "entry")) == before
    assert OFFICER.id not in done.headers["Set-Cookie"]
    own_city.who = ZHAO
    assert client.post(LESSON, data=data).status_code == 403


def confirm(host: SmallHost, as_: Person = OFFICER, **fields: str) -> Any:
    page = opened(host, MINE, OFFICER)
    given = {"stream": "enforcement", "token": token(page, COMMITMENT), **fields}
    return post(host, COMMITMENT, as_, page, **given)


def test_a_commitment_is_due_at_the_first_risky_step_and_holds_nothing(
    own_city: SmallHost,
) -> None:
    typed = held(own_city)
    assert "岗位承诺还没有确认" in own_city.show("step.panel", typed)
    page = opened(own_city, MINE, OFFICER)
    assert DUE in page.text
    assert "有人打招呼，如实记录" in page.text
    assert page.text.count("我确认") == 1, "of the one function in which a prompt was met"
    assert DUE not in opened(own_city, MINE, HE).text
    assert confirm(own_city).status_code == 303
    (body,) = bodies(own_city, kind=COMMITMENT_MADE)
    told = attrs(body)
    assert (told["a.function"], told["a.version"]) == ("enforcement", "1")
    assert "打招呼" not in str(body), "the text as its digest alone"
    own_city.who = OFFICER
    assert "岗位承诺" not in own_city.show("step.panel", typed)
    after = opened(own_city, MINE, OFFICER)
    assert DUE not in after.text
    assert "我的岗位承诺" in after.text
    assert own_city.gate(typed).decision is Decision.REFUSE


def test_it_is_confirmed_once_a_year_and_by_oneself(own_city: SmallHost) -> None:
    page = opened(own_city, MINE, OFFICER)
    good = {"stream": "enforcement", "token": token(page, COMMITMENT)}
    assert post(own_city, COMMITMENT, ZHAO, page, **good).status_code == 403
    other = {**good, "stream": "petition"}
    assert post(own_city, COMMITMENT, OFFICER, page, **other).status_code == 403
    assert rows(own_city, "entry", kind=COMMITMENT_MADE) == []
    for _ in range(2):
        assert post(own_city, COMMITMENT, OFFICER, page, **good).status_code == 303
    assert len(rows(own_city, "entry", kind=COMMITMENT_MADE)) == 1
    own_city.clock = TODAY + timedelta(days=366)
    assert "我的岗位承诺" not in opened(own_city, MINE, OFFICER).text


@pytest.mark.parametrize("person", [AUDITOR, HE])
def test_nobody_is_listed_who_has_not_confirmed(city: SmallHost, person: Person) -> None:
    assert "承诺" not in opened(city, MINE, person).text
