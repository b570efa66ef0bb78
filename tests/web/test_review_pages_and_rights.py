"""Every page for those who look through the records: sound, and open to those who may see it."""

import re
from dataclasses import replace

import pytest

from cleangov_hooks import Person
from tests.support.review_city import (
    AUDITOR,
    CASE,
    HOSTILE,
    JUSTIFIED,
    LEAD,
    OPERATOR,
    PROJECT,
    WORDS,
)
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost
from tests.web.page_reading import Get, cases, rows

NAMES = ("", "checkpoints", "findings", "signals", "terms", "letters")
LISTS = tuple(f"/cleangov/{name}" for name in NAMES)
PAGES = (
    *LISTS,
    "/cleangov/real",
    *(f"/cleangov/cases/cg/{case}" for case in (CASE, JUSTIFIED, PROJECT)),
    "/cleangov/findings/1",
)


# ---- Every page ------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_opens_and_is_sound_in_both_languages(get: Get, path: str, lang: str) -> None:
    page = get(path, lang=lang)
    assert page.found("html", lang=lang)
    assert [element.tag for element in page.elements].count("h1") == 1
    assert page.found("main", id="cg-main")
    assert page.found("a", href="#cg-main")
    assert not re.search(r"violat|suspect|违规|嫌疑|违纪|trust score", page.text.lower())
    quoted = [e.text for e in page.elements if e.tag == "blockquote"]  # the law's own words
    own = page.text
    for words in (HOSTILE, *quoted, WORDS.replace(HOSTILE, ""), AUDITOR.name, "中文"):
        own = own.replace(words, "")
    if lang == "en":
        assert not re.search(r"[\u3000-\u9fff\uff00-\uffef]", own)


def test_the_hostile_case_and_its_finding_open_too(get: Get) -> None:
    listed = get("/cleangov/findings")
    (case,) = {
        e.given["href"]
        for e in listed.found("a")
        if "alert" in e.text and "cases" in e.given["href"]
    }
    page = get(case)
    assert HOSTILE[:40] in page.text
    assert not [e for e in page.elements if e.tag == "script"]
    for number in range(1, 8):
        shown = get(f"/cleangov/findings/{number}")
        assert not [e for e in shown.elements if e.tag == "script"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_names_anybody(get: Get, path: str) -> None:
    page = get(path)
    known = [*PEOPLE, "fang", "officer-1", "officer-2", "p-1"]
    words = set(re.findall(r"[a-z]+(?:-[0-9])?", page.text))
    assert words.isdisjoint(known)
    assert not any(person.name in page.text for person in PEOPLE.values())


# ---- Who may see what ------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES, "/cleangov/doctor"])
def test_nobody_signed_in_is_told_to_sign_in(get: Get, path: str) -> None:
    assert "请先登录" in get(path, as_=None, status=401).text
    assert "Please sign in first" in get(path, as_=None, status=401, lang="en").text


@pytest.mark.parametrize("path", PAGES[1:])
def test_a_role_without_a_right_is_told_so(get: Get, path: str) -> None:
    page = get(path, as_=PEOPLE["chen"], status=403)
    assert "供监督人员使用" in page.text
    assert CASE not in page.text


@pytest.mark.parametrize(
    ("person", "page"),
    [
        (OPERATOR, "doctor"),
        (PEOPLE["chen"], "mine"),
        (replace(LEAD, unit=None), "mine"),
    ],
)
def test_everybody_else_is_led_to_their_own_page(
    city: SmallHost, person: Person, page: str
) -> None:
    city.who = person
    response = city.app.test_client().get("/cleangov/")
    assert (response.status_code, response.location) == (303, f"/cleangov/{page}")


def test_a_lead_without_a_unit_sees_nothing(get: Get) -> None:
    assert CASE not in get("/cleangov/checkpoints", as_=replace(LEAD, unit=None), status=403).text


@pytest.mark.parametrize(
    "path",
    [
        "/cleangov/cases/cg/no-such-case",
        "/cleangov/cases/elsewhere/x",
        "/cleangov/checkpoints?agency=elsewhere",
        "/cleangov/signals?agency=elsewhere",
        "/cleangov/findings/9999",
        f"/cleangov/findings/{2**63}",
        f"/cleangov/findings/{2**80}",
    ],
)
def test_what_is_not_there_is_not_found(get: Get, path: str) -> None:
    assert "没有这条记录" in get(path, status=404).text


def test_the_kill_switch_closes_the_pages_and_not_the_doctors(city: SmallHost, get: Get) -> None:
    city.switch.touch()
    try:
        assert "已由总开关停用" in get("/cleangov/", status=503).text
        assert "switched off" in get("/cleangov/", lang="en", status=503).text
        assert "总开关" in get("/cleangov/doctor", as_=OPERATOR).text
    finally:
        city.switch.unlink()


def test_the_pages_may_not_be_kept_framed_or_scripted(city: SmallHost) -> None:
    headers = city.app.test_client().get("/cleangov/checkpoints").headers
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "script" not in headers["Content-Security-Policy"]


# ---- Somebody who may see one unit ----------------------------------------------------------


def test_a_lead_sees_the_checkpoints_of_their_unit_alone(get: Get) -> None:
    page = get("/cleangov/checkpoints", as_=LEAD)
    assert len(rows(page)) == 9
    assert all("u-2" in row for row in rows(page))
    assert "仅限本单位：u-2" in page.text
    assert get("/cleangov/checkpoints", as_=LEAD, unit="u-1").text.count("u-1") == 0
    assert not page.found("select", name="unit")
    kinds = {e.given["value"] for e in page.found("option")}
    assert "enf.defence.received" not in kinds


def test_a_lead_sees_nothing_of_rules_for_oversight_alone(get: Get) -> None:
    for path in (
        "/cleangov/",
        "/cleangov/checkpoints",
        "/cleangov/findings",
        "/cleangov/signals",
        f"/cleangov/cases/cg/{PROJECT}",
    ):
        page = get(path, as_=LEAD)
        assert not re.search(r"J11\b", page.text)
        assert "变更疑似拆分" not in page.text
    hits = get("/cleangov/checkpoints", as_=LEAD, outcome="hit", rule="J11")
    assert rows(hits) == []
    signal = get("/cleangov/signals")
    path = next(
        e.given["href"] for e in signal.found("a") if re.search(r"findings/\d", e.given["href"])
    )
    get(path, as_=LEAD, status=404)


def test_a_lead_sees_the_findings_of_their_unit_alone(get: Get) -> None:
    page = get("/cleangov/findings", as_=LEAD)
    assert len(rows(page)) == 3
    assert rows(get("/cleangov/findings", as_=LEAD, unit="u-1")) == []
    seen = {
        number
        for number in range(1, 8)
        if get(f"/cleangov/findings/{number}", as_=AUDITOR).found("h1")
        and f"findings/{number}" in str([e.given for e in page.found("a")])
    }
    for number in range(1, 8):
        get(f"/cleangov/findings/{number}", as_=LEAD, status=200 if number in seen else 404)


def test_a_lead_sees_their_unit_in_a_case_and_what_belongs_to_no_unit(get: Get) -> None:
    get(f"/cleangov/cases/cg/{CASE}", as_=LEAD, status=404)
    page = get("/cleangov/cases/cg/YT-CF-2026-0702", as_=LEAD)
    assert len([row for row in rows(page) if "2026-02" in row]) == 3
    assert "只显示本单位的记录" in page.text
    assert "查看姓名" not in page.text
    get("/cleangov/cases/elsewhere/YT-CF-2026-0702", as_=LEAD, status=404)


def test_a_leads_day_counts_their_unit_alone(get: Get) -> None:
    page = get("/cleangov/", as_=LEAD)
    assert page.found("h1")[0].text == "今日 2 条 · 约 4 分钟 · 另有 0 条红色未显示"
    assert set(cases(page)) == {"YT-CF-2026-0702", PROJECT}
    assert "已在环节中纠正" not in page.text


def test_a_lead_sees_no_imported_log(get: Get) -> None:
    assert "还没有导入日志" in get("/cleangov/real", as_=LEAD).text
