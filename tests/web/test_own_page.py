"""The officer's own page: what waits for them, until when, and nothing of anybody else."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import Decision, Event, Person
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, BAND, HOSTILE, LEAD, OFFICER, OPERATOR, PROJECT, hold
from tests.support.small_city import PEOPLE, TODAY, yuan
from tests.support.small_host import SmallHost
from tests.web.letter_writing import HE, WHY, ZHAO, opened, reply, rows, sent, token
from tests.web.page_reading import plain

PATH = "/cleangov/mine"
NEW = "YT-CF-2026-0999"
NOTHING = "现在没有等您处理的事"


def mine(host: SmallHost, as_: Person | None = ZHAO, status: int = 200) -> str:
    return plain(opened(host, PATH, as_, status))


def held(host: SmallHost) -> Event:
    """Let an officer meet a prompt that nobody has answered yet."""
    host.case, host.who = NEW, OFFICER
    for kind, days, sum_ in (("enf.intent.notified", 8, 800), ("enf.defence.received", 6, None)):
        host.clock = TODAY - timedelta(days=days)
        host.write(host.event(kind, sum_))
    host.clock = TODAY
    typed = host.event("enf.decision.made", 2_000, **BAND)
    assert host.gate(typed).decision is Decision.REFUSE
    return typed


def decide(host: SmallHost, page: Checked, choice: str, text: str = "", as_: Person = HE) -> Any:
    (path,) = re.findall(r'action="(/cleangov/requests/[^"]+)"', page.html)
    host.who = as_
    data = {"cleangov_token": token(page, path), "cleangov_choice": choice, "cleangov_text": text}
    headers = {"Referer": f"http://localhost{PATH}"}
    return host.app.test_client().post(path, data=data, headers=headers)


def test_who_is_not_signed_in_sees_nothing(city: SmallHost) -> None:
    assert "请先登录" in mine(city, None, 401)


@pytest.mark.parametrize("person", [LEAD, OPERATOR, AUDITOR, HE])
def test_where_nothing_waits_it_says_so_in_both_languages(city: SmallHost, person: Person) -> None:
    assert NOTHING in mine(city, person)
    city.tongue = "en"
    english = mine(city, person)
    assert "Nothing waits for you now" in english
    own = english.replace(person.name, "").replace("中文", "")
    assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", own)


def test_a_prompt_stands_on_the_page_of_its_officer_alone(own_city: SmallHost) -> None:
    typed = held(own_city)
    page = mine(own_city, OFFICER)
    assert NEW in page
    assert "等您决定" in page
    assert NOTHING not in page
    for person in (ZHAO, HE, PEOPLE["liu"], LEAD, AUDITOR, replace(OFFICER, id="other")):
        assert NEW not in mine(own_city, person)
    own_city.case, own_city.who = NEW, OFFICER
    (prompt,) = own_city.gate(typed).prompts
    own_city.answer(prompt.id, "back")
    assert own_city.take(replace(typed, amount=yuan(800))).decision is Decision.PASS
    after = mine(own_city, OFFICER)
    assert "等您决定" not in after
    assert ("岗位承诺" in after, NOTHING in after) == (True, False), "a commitment is open"


@pytest.mark.parametrize(
    ("page", "link"),
    [
        (f"/cases/{NEW}", f"/cases/{NEW}?attempt_id=a-{NEW}#cleangov-panel"),
        ("https://evil.example/", None),
        ("//evil.example", None),
        ("/cases/7?officer=陈静", None),
    ],
)
def test_the_card_leads_to_the_step_that_waits(
    own_city: SmallHost, page: str, link: str | None
) -> None:
    typed = held(own_city)
    attempt = own_city.attempt(typed)
    attempt = replace(attempt, step=replace(attempt.step, page_url=page))
    own_city.call("cleangov_step_gate", attempt=attempt)
    shown = opened(own_city, PATH, OFFICER).html
    assert (f'<h3><a href="{link}">' in shown) is (link is not None)
    assert ("evil" in shown, "陈静" in shown.partition("<main")[2]) == (False, False)


def test_a_prompt_of_long_ago_is_not_looked_for(own_city: SmallHost) -> None:
    held(own_city)
    own_city.clock = TODAY + timedelta(days=31)
    assert NOTHING in mine(own_city, OFFICER)


def test_a_second_person_decides_on_the_page(own_city: SmallHost) -> None:
    event = hold(own_city)
    assert "等复核人答复" in mine(own_city)
    assert "/cleangov/requests/" not in opened(own_city, PATH, ZHAO).html
    page = opened(own_city, PATH, HE)
    assert PROJECT in page.text
    assert "最近的期限" in page.text
    refused = decide(own_city, page, "refuse")
    assert (refused.status_code, "请写明理由" in refused.text) == (409, True)
    done = decide(own_city, page, "approve")
    assert (done.status_code, done.location) == (303, PATH)
    assert NOTHING in mine(own_city, HE)
    assert "已同意，等您办理" in mine(own_city)
    own_city.case, own_city.who = PROJECT, ZHAO
    assert own_city.take(event).decision is not Decision.HOLD
    assert "已同意，等您办理" not in mine(own_city)


@pytest.mark.parametrize(
    ("choice", "zh", "en"),
    [
        ("approve", "已记录：您同意了案件", "Kept: you agreed to the step in case"),
        ("refuse", "已记录：您没有同意案件", "Kept: you did not agree to the step in case"),
    ],
)
def test_who_decided_reads_that_it_was_kept(
    own_city: SmallHost, choice: str, zh: str, en: str
) -> None:
    hold(own_city)
    done = decide(own_city, opened(own_city, PATH, HE), choice, "理由充分")
    (carried,) = done.headers.getlist("Set-Cookie")
    assert all(part in carried for part in ("HttpOnly", "SameSite=Lax", "Max-Age=30"))
    cookie = carried.partition(";")[0]

    def seen(person: Person, cookie: str, language: str = "zh-CN") -> list[str]:
        own_city.who, own_city.tongue = person, language
        browser = own_city.app.test_client()
        browser.set_cookie(*cookie.split("=", 1))
        page = browser.get(PATH).text
        with own_city.app.test_request_context(headers={"Cookie": cookie}):
            return [page, own_city.show("person.inbox")]

    assert all(f"{zh} {PROJECT}" in each for each in seen(HE, cookie))
    assert all(f"{en} {PROJECT}" in each for each in seen(HE, cookie, "en"))
    for person, told in ((ZHAO, cookie), (HE, "cleangov_decided='"), (HE, "cleangov_decided=x")):
        assert not any("已记录" in each for each in seen(person, told))


def test_of_whom_nothing_waits_for_it_is_asked_by_one_statement(own_city: SmallHost) -> None:
    own_city.who = HE
    own_city.show("person.inbox")  # what is read once has been read
    said: list[str] = []
    engine = own_city.plugin.desk.database.engine
    sa.event.listen(engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    assert own_city.show("person.inbox") == ""
    assert len([each for each in said if "SELECT" in each]) == 1, said


def test_an_agreement_past_its_time_stands_no_more(own_city: SmallHost) -> None:
    hold(own_city)
    decide(own_city, opened(own_city, PATH, HE), "approve")
    own_city.clock = TODAY + timedelta(days=9)
    assert "已同意，等您办理" not in mine(own_city)


def test_the_form_of_one_is_no_form_for_another(own_city: SmallHost) -> None:
    hold(own_city)
    page = opened(own_city, PATH, HE)
    assert decide(own_city, page, "approve", as_=ZHAO).status_code == 403
    assert [row["state"] for row in rows_of_requests(own_city)] == ["open"]


def rows_of_requests(host: SmallHost) -> list[dict[str, Any]]:
    schema = "" if host.engine.dialect.name == "sqlite" else "cleangov."
    with host.engine.connect() as connection:
        found = connection.exec_driver_sql(
            f"SELECT state FROM {schema}cleangov_second_request WHERE state = 'open'"
        )
        return [dict(row) for row in found.mappings()]


def test_letters_stand_there_with_their_day(own_city: SmallHost) -> None:
    hidden = next(row for row in rows(own_city, "finding", "rule_id = 'J11'"))
    assert hidden["visibility"] == "oversight"
    assert NOTHING in mine(own_city), "nobody sees a hidden hit before they are asked"
    letter = sent(own_city)
    page = mine(own_city)
    assert "询〔2026〕1号" in page
    assert "最近的期限：2026-03-19（还有 7 个工作日）" in page
    assert WHY not in page
    assert HOSTILE not in page
    for person in (HE, OFFICER, LEAD):
        assert "询〔2026〕" not in mine(own_city, person)
    own_city.clock = TODAY.replace(day=19)
    assert "2026-03-19，就是今天" in mine(own_city)
    own_city.clock = TODAY.replace(day=20)
    assert "2026-03-19 的期限已过，仍然可以答复" in mine(own_city)
    reply(own_city, letter, words="见签证")
    page = mine(own_city)
    assert NOTHING in page
    assert "已答复" in page


def test_the_kill_switch_closes_it(own_city: SmallHost) -> None:
    own_city.switch.touch()
    mine(own_city, ZHAO, 503)
