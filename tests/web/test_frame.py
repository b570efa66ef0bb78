"""What every page has: who I am, in which language, and a plain word where nothing can be shown."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from cleangov_hooks import Actor
from cleangov_plugin.desk.review import names as names_module
from cleangov_plugin.web import doctor as doctor_module
from cleangov_plugin.web import name_page
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, CASE, HOSTILE, LEAD, OPERATOR
from tests.support.small_host import SmallHost

Get = Callable[..., Checked]
SWITCH = "cleangov_language"


@pytest.mark.parametrize(
    ("person", "path", "zh", "en"),
    [
        (AUDITOR, "/cleangov/", "您是 林岚，监督人员", "You are 林岚 · An auditor"),
        (LEAD, "/cleangov/", "您是 孙伟，负责人 · 仅限本单位：u-2", "Your unit only: u-2"),
        (OPERATOR, "/cleangov/doctor", "您是 马工，信息中心", "You are 马工 · IT"),
    ],
)
def test_a_page_says_who_looks(get: Get, person: Any, path: str, zh: str, en: str) -> None:
    assert zh in get(path, as_=person).text
    assert en in get(path, as_=person, lang="en").text


def test_a_role_without_a_word_is_left_out_and_a_hostile_name_is_text(get: Get) -> None:
    strange = replace(AUDITOR, name=HOSTILE, roles=frozenset({"auditor", HOSTILE}))
    page = get("/cleangov/", as_=strange)
    assert f"您是 {HOSTILE}，监督人员" in page.text
    assert page.found("script") == []


def test_the_other_language_is_one_press_away_and_stays(city: SmallHost) -> None:
    client = city.app.test_client()
    page = Checked(client.get("/cleangov/signals?rule=J11").text)
    (link,) = [e for e in page.found("a") if e.text == "English"]
    assert link.given["href"] == f"/cleangov/signals?rule=J11&{SWITCH}=en"
    answer = client.get(link.given["href"])
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "Path=/cleangov" in cookie
    assert "SameSite=Lax" in cookie
    english = Checked(answer.text)
    assert english.found("html", lang="en")
    assert "Variations that look sliced" in english.text, "the list is filtered as it was"
    assert Checked(client.get("/cleangov/").text).found("html", lang="en")
    (back,) = [e for e in english.found("a") if e.text == "中文"]
    assert Checked(client.get(back.given["href"]).text).found("html", lang="zh-CN")
    assert Checked(client.get("/cleangov/").text).found("html", lang="zh-CN")


def test_whoever_switches_the_platform_switches_our_pages(city: SmallHost) -> None:
    client = city.app.test_client()
    client.get(f"/cleangov/?{SWITCH}=en")
    city.tongue = "en"
    assert Checked(client.get("/cleangov/").text).found("html", lang="en")
    city.tongue = "zh-CN"
    assert Checked(client.get("/cleangov/").text).found("html", lang="en"), "chosen in this one"


@pytest.mark.parametrize("chosen", ["fr", HOSTILE, "", "en\r\nX: y", "EN"])
def test_a_language_we_do_not_have_changes_nothing(city: SmallHost, chosen: str) -> None:
    client = city.app.test_client()
    response = client.get("/cleangov/", query_string={SWITCH: chosen})
    assert response.status_code == 200
    assert Checked(response.text).found("html", lang="zh-CN")
    assert "Set-Cookie" not in response.headers
    client.set_cookie(SWITCH, f"zh-CN~{chosen}", path="/cleangov")
    assert Checked(client.get("/cleangov/").text).found("html", lang="zh-CN")


def test_switched_off_is_said_and_not_called_busy(city: SmallHost) -> None:
    client = city.app.test_client()
    city.switch.touch()
    try:
        page = client.get("/cleangov/findings/1")
        form = client.post("/cleangov/names")
    finally:
        city.switch.unlink()
    assert (page.status_code, form.status_code) == (503, 503)
    assert "已由总开关停用" in page.text
    assert "稍后再试" not in page.text
    assert "没有记下" in form.text


def failing(*_: Any, **__: Any) -> Any:
    raise RuntimeError("the words of somebody")


def test_no_failure_of_ours_becomes_the_hosts(
    city: SmallHost, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    client = city.app.test_client()
    monkeypatch.setattr(doctor_module, "examine", failing)
    city.who = OPERATOR
    assert client.get("/cleangov/doctor").status_code == 503
    city.who = AUDITOR
    monkeypatch.setattr(name_page, "token_is_good", lambda *_: True)
    monkeypatch.setattr(names_module, "may_ask", failing)
    answer = client.post("/cleangov/names", data={"cleangov_reason": "核对是否回避"})
    assert answer.status_code == 503
    assert "the words of somebody" not in caplog.text + answer.text


def test_who_acts_for_no_unit_is_not_called_an_officer(own_city: SmallHost) -> None:
    own_city.case = CASE
    own_city.who = AUDITOR
    own_city.write(own_city.event("enf.defence.received", actor=Actor(id="wang-xiulan")))
    page = Checked(own_city.app.test_client().get(f"/cleangov/cases/cg/{CASE}").text)
    assert page.problems == []
    assert "办理人，未载明单位" in page.text
    assert page.text.count("经办人 ·") == 1
