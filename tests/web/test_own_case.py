"""The record of one's duties in a case, and who has looked: one's own, and no more than it says."""

import json
from datetime import timedelta

import pytest

from cleangov_hooks import Person
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, BAND, CASE, HOSTILE, JUSTIFIED, OFFICER, PROJECT
from tests.support.small_city import PEOPLE, TODAY
from tests.support.small_host import SmallHost
from tests.web.letter_writing import ZHAO, opened
from tests.web.page_reading import plain
from tests.web.test_names import ask, form

MINE, PATH = "/cleangov/mine", "/cleangov/mine/case"


def duties(host: SmallHost, case: str, as_: Person = OFFICER, status: int = 200) -> Checked:
    return opened(host, f"{PATH}?case={case}", as_, status)


def test_an_officer_reads_what_is_recorded_as_done(city: SmallHost) -> None:
    page = plain(duties(city, CASE))
    assert "说明：以下是登记为已办的环节。不说明动机" in page
    assert "核验过、没有要提示的：" in page
    assert "申辩后加重处罚" in page
    assert "这份记录说明不了的" in page
    assert "2,000" not in page, "what was put right at a prompt is the officer's own"
    city.tongue = "en"
    english = plain(duties(city, CASE))
    assert "Checked, with nothing to say:" in english
    assert "says nothing of motives or payments" in english


def test_answers_stand_with_the_prompts_and_markup_is_text(city: SmallHost) -> None:
    page = duties(city, JUSTIFIED)
    assert "经集体讨论批准" in page.text
    assert HOSTILE[:30] in page.text
    assert not page.found("script")


@pytest.mark.parametrize("as_", [ZHAO, AUDITOR, Person(id="nobody", name="n")])
def test_nobody_reads_it_of_somebody_else(city: SmallHost, as_: Person) -> None:
    assert "没有登记为您办理的环节" in duties(city, CASE, as_, 404).text


@pytest.mark.parametrize("case", ["", "no-such-case", "%00", "x" * 5_000, "../../etc"])
def test_a_case_that_is_not_theirs_is_told_apart_by_nothing(city: SmallHost, case: str) -> None:
    assert "没有登记为您办理的环节" in duties(city, case, OFFICER, 404).text


def test_it_gives_nothing_away_that_is_for_oversight_alone(city: SmallHost) -> None:
    page = duties(city, PROJECT, ZHAO)
    assert "拆分" not in page.text
    assert "J11" not in page.text.replace("J11A", "")
    text = city.app.test_client().get(f"{PATH}?case={PROJECT}&as=json").text
    assert '"J11"' not in text


def test_what_could_not_be_checked_is_listed_there(own_city: SmallHost) -> None:
    own_city.case, own_city.who = "YT-CF-2026-0900", OFFICER
    own_city.clock = TODAY
    own_city.write(own_city.event("enf.defence.received", None))
    own_city.write(own_city.event("enf.decision.made", None, **BAND))
    page = plain(duties(own_city, "YT-CF-2026-0900"))
    assert "无法核验" in page
    assert "缺少数据，既不是合格，也不是不合格" in page
    name = "" if own_city.engine.dialect.name == "sqlite" else "cleangov."
    with own_city.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {name}cleangov_revision SET ruleset = ruleset + 1")
    later = plain(duties(own_city, "YT-CF-2026-0900"))
    assert "那时核验了什么，这里列不全" in later
    assert "核验过、没有要提示的" not in later


def test_the_same_as_a_file(city: SmallHost) -> None:
    duties(city, CASE)
    response = city.app.test_client().get(f"{PATH}?case={CASE}&as=json")
    assert response.headers["Content-Disposition"].startswith("attachment")
    told = json.loads(response.text)
    assert (told["format"], told["case"], told["is_whole"]) == ("cleangov.duties/1", CASE, True)
    last = told["steps"][-1]
    assert last["called"]
    assert last["nothing_to_say"]
    assert (last["found"], last["judged_by_earlier_rules"]) == ([], False)
    assert all(len(step["entry"]) == 2 for step in told["steps"])
    assert "动机" in told["says"]
    assert len(told["cannot_say"]) == 3
    assert OFFICER.id not in response.text.split('"')


def test_their_cases_stand_on_their_page(city: SmallHost) -> None:
    page = opened(city, MINE, OFFICER)
    links = [e.text for e in page.found("a") if "/mine/case?case=" in e.given.get("href", "")]
    assert {CASE, JUSTIFIED} <= set(links)
    assert PROJECT not in links
    assert opened(city, MINE, PEOPLE["he"]).text.count("YT-") == 0


def test_who_has_looked_is_told_after_the_same_time_to_them_alone(own_city: SmallHost) -> None:
    fields = form(own_city)
    assert ask(own_city, fields).status_code == 200
    assert "核对经办人" not in opened(own_city, MINE, OFFICER).text
    own_city.clock = TODAY + timedelta(days=29)
    assert "核对经办人" not in opened(own_city, MINE, OFFICER).text
    assert "核对经办人" not in duties(own_city, CASE).text
    own_city.clock = TODAY + timedelta(days=30)
    for page in (opened(own_city, MINE, OFFICER), duties(own_city, CASE)):
        told = plain(page)
        assert "2026-03-10 10:00 · 监督人员 oversight：查看了您的姓名" in told
        assert "核对经办人是否回避" in told
        assert AUDITOR.id not in told.split()
    for other in (ZHAO, PEOPLE["he"]):
        assert "核对经办人" not in opened(own_city, MINE, other).text
    own_city.tongue = "en"
    assert "saw your name" in opened(own_city, MINE, OFFICER).text
