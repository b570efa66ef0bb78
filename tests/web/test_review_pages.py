"""The pages for those who look through the records: what they show of a city's history."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.page_check import Checked
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
from tests.support.small_host import PEOPLE, SmallHost, yuan

Get = Callable[..., Checked]

LISTS = ("/cleangov/", "/cleangov/checkpoints", "/cleangov/findings", "/cleangov/signals")
PAGES = (
    *LISTS,
    "/cleangov/real",
    *(f"/cleangov/cases/cg/{case}" for case in (CASE, JUSTIFIED, PROJECT)),
    "/cleangov/findings/1",
)


def rows(page: Checked) -> list[str]:
    """Answer the texts of a table's rows, its head left out."""
    return [row.text for row in page.found("tr", role="row")][1:]


def cases(page: Checked) -> list[str]:
    """Answer the cases a page links to, in order."""
    links = [e.given["href"] for e in page.found("a") if "/cases/cg/" in e.given.get("href", "")]
    return [link.rpartition("/")[2] for link in links]


def link(page: Checked, text: str) -> str:
    """Answer where a link leads; empty where there is none of that text."""
    return next((e.given["href"] for e in page.found("a") if e.text.strip() == text), "")


def plain(page: Checked) -> str:
    return re.sub(r"\s+", " ", page.text)


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


@pytest.mark.parametrize("path", PAGES)
def test_a_role_without_a_right_is_told_so(get: Get, path: str) -> None:
    page = get(path, as_=PEOPLE["chen"], status=403)
    assert "供监督人员使用" in page.text
    assert CASE not in page.text


def test_it_is_sent_to_its_own_page(city: SmallHost) -> None:
    city.who = OPERATOR
    response = city.app.test_client().get("/cleangov/")
    assert (response.status_code, response.location) == (303, "/cleangov/doctor")


def test_a_lead_without_a_unit_sees_nothing(get: Get) -> None:
    assert CASE not in get("/cleangov/", as_=replace(LEAD, unit=None), status=403).text


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


# ---- Today -----------------------------------------------------------------------------------


def test_today_is_sized_and_hides_no_red(get: Get) -> None:
    zh, en = get("/cleangov/"), get("/cleangov/", lang="en")
    assert zh.found("h1")[0].text == "今日 5 条 · 约 10 分钟 · 另有 0 条红色未显示"
    assert en.found("h1")[0].text == "5 today · about 10 minutes · no red one hidden"
    assert cases(zh)[0] == "YT-CF-2026-0701"
    assert PROJECT in cases(zh)


def test_what_was_put_right_is_counted_and_of_nobody(get: Get) -> None:
    text = plain(get("/cleangov/"))
    assert "已在环节中纠正 1 件 · 不计入个人" in text
    assert CASE not in text
    english = plain(get("/cleangov/", lang="en"))
    assert "1 corrected at the step · not counted against anyone" in english


# ---- Checkpoints -----------------------------------------------------------------------------


def test_the_newest_stands_first_and_each_leads_to_its_case(get: Get) -> None:
    page = get("/cleangov/checkpoints")
    moments = [e.given["datetime"] for e in page.found("time")]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) == len(rows(page)) == 21
    assert CASE in cases(page)


@pytest.mark.parametrize(
    ("wanted", "number"),
    [
        ({"case": PROJECT}, 7),
        ({"case": "no such"}, 0),
        ({"stream": "project"}, 7),
        ({"stream": "permit"}, 0),
        ({"kind": "enf.decision.made"}, 6),
        ({"unit": "u-2"}, 9),
        ({"unit": "u-2", "stream": "enforcement"}, 2),
        ({"outcome": "hit"}, 5),
        ({"outcome": "unknown"}, 1),
        ({"outcome": "hit", "rule": "E07"}, 2),
        ({"outcome": "unknown", "rule": "E07"}, 1),
        ({"outcome": "hit", "rule": "J11"}, 1),
        ({"rule": "E07"}, 6),
        ({"rule": "no such"}, 0),
        ({"since": "2026-03-09"}, 2),
        ({"until": "2026-02-01"}, 1),
        ({"since": "2026-03-02", "until": "2026-03-04"}, 2),
        ({"agency": "cg"}, 21),
    ],
)
def test_each_filter_narrows_the_list(get: Get, wanted: dict[str, str], number: int) -> None:
    page = get("/cleangov/checkpoints", **wanted)
    assert len(rows(page)) == number
    chosen = {e.given.get("value") for e in page.found("option") if "selected" in e.given}
    written = {e.given.get("value") for e in page.found("input")}
    assert {v for k, v in wanted.items() if k != "agency"} <= chosen | written
    assert bool(page.found("details", open="")) is (wanted != {"agency": "cg"})


@pytest.mark.parametrize(
    "wanted",
    [
        {"since": "yesterday"},
        {"until": "2026-02-30"},
        {"since": "0001-01-01"},
        {"stream": HOSTILE},
        {"outcome": "bad"},
        {"case": "x" * 201},
        {"case": "a\x00b"},
        {"before": HOSTILE},
        {"before": "2026-03-01T00:00:00.000000Z~x"},
        {"after": f"2026-03-01T00:00:00.000000Z~{2**64}"},
        {"unit": "\ud800".encode("utf-8", "surrogatepass")},
    ],
)
def test_what_cannot_be_read_is_left_out_and_named(get: Get, wanted: dict[str, Any]) -> None:
    page = get("/cleangov/checkpoints", **wanted)
    assert "看不懂的条件未采用" in page.text or not rows(page)
    get("/cleangov/findings", **wanted)
    get(f"/cleangov/cases/cg/{CASE}", **{"from": next(iter(wanted.values()))})


@pytest.mark.parametrize("name", ["case", "kind", "unit", "rule", "agency"])
def test_hostile_wishes_find_nothing_and_break_nothing(get: Get, name: str) -> None:
    for text in (HOSTILE, "%", "_", "' OR 1=1 --", "\\", "😀", "\u202e"):
        status = 404 if name == "agency" else 200
        if text.isprintable():
            page = get("/cleangov/checkpoints", status=status, **{name: text})
            assert len(rows(page)) == (name == "unit" and text == HOSTILE[:60])
        else:
            assert "看不懂" in get("/cleangov/checkpoints", **{name: text}).text


def test_the_pages_of_a_list_meet_each_entry_once(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleangov_plugin.desk.review import checkpoints

    monkeypatch.setattr(checkpoints, "SIZE", 5)
    page, met = get("/cleangov/checkpoints", kind="", unit=""), []
    while True:
        met += rows(page)
        older = link(page, "较早")
        if not older:
            break
        assert "offset" not in older
        page = get(older)
    assert len(met) == 21
    assert len(set(met)) == len(set(rows_of_all(get, monkeypatch)))
    back = rows(page)
    while newer := link(page, "较新"):
        page = get(newer)
        back = [*rows(page), *back]
    assert back == met
    assert link(get(link(page, "较早")), "最新")


def rows_of_all(get: Get, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    from cleangov_plugin.desk.review import checkpoints

    with monkeypatch.context() as patched:
        patched.setattr(checkpoints, "SIZE", 50)
        return rows(get("/cleangov/checkpoints"))


def test_paging_keeps_the_filter(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    from cleangov_plugin.desk.review import checkpoints

    monkeypatch.setattr(checkpoints, "SIZE", 2)
    page = get("/cleangov/checkpoints", unit="u-2", since="2026-01-01")
    kept = parse_qs(urlsplit(link(page, "较早")).query)
    assert kept["unit"] == ["u-2"]
    assert kept["since"] == ["2026-01-01"]


def test_a_hit_is_told_in_the_rules_words_and_an_unknown_by_its_field(get: Get) -> None:
    zh, en = get("/cleangov/checkpoints"), get("/cleangov/checkpoints", lang="en")
    assert "2月18日告知拟罚 800 元；2月20日店主申辩；现在填的是 2,000 元" in zh.text
    assert "20 February: the owner answered. Now: 2,000." in en.text
    (unknown,) = [row for row in rows(zh) if "无法核验" in row]
    assert "缺：决定罚款 amount" in plain_of(unknown)
    assert "区间上限 band_max" in plain_of(unknown)
    assert "7 天后登记" in unknown
    assert "10:00" not in unknown, "a day that is known as a day has no time"


def plain_of(text: str) -> str:
    return re.sub(r"\s+", " ", text)


# ---- One case --------------------------------------------------------------------------------


def test_a_case_is_drawn_and_told_on_both_clocks(get: Get) -> None:
    page = get("/cleangov/cases/cg/YT-CF-2025-0999")
    (drawing,) = page.found("svg", role="img")
    labels = drawing.given["aria-labelledby"].split()
    title, desc = (
        page.found(tag, id=label)[0].text
        for tag, label in zip(("title", "desc"), labels, strict=True)
    )
    assert "YT-CF-2025-0999" in title
    assert "有无法核验：1" in desc
    (row,) = [row for row in rows(page) if "2026-03-01" in row]
    assert "2026-03-08 10:00" in row
    assert "7 天后登记" in row


def test_what_was_typed_and_put_right_is_nowhere(get: Get) -> None:
    for lang in ("zh-CN", "en"):
        page = get(f"/cleangov/cases/cg/{CASE}", lang=lang)
        assert "2,000" not in page.text
        assert "2000" not in page.text
        assert ("已在环节中纠正1 不计入个人" in page.text) is (lang == "zh-CN")
        assert ("没有需要载入案卷的提醒" in page.text) is (lang == "zh-CN")


def test_a_justification_is_part_of_the_file(get: Get) -> None:
    page = get(f"/cleangov/cases/cg/{JUSTIFIED}")
    assert WORDS in page.text
    assert "not for this kind" in page.text
    for said in ("已说明理由", "认为这条提示不对", "命中，已在环节中答复", "超出裁量区间"):
        assert said in page.text


def test_a_case_shows_its_findings_with_state_and_due_date(get: Get) -> None:
    page = get(f"/cleangov/cases/cg/{PROJECT}")
    text = plain(page)
    assert "变更累计超过比例" in text
    assert "待说明" in text
    assert "信号，供研究" in text
    assert "2026-03-23" in text


def test_a_long_case_is_cut_into_parts(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    from cleangov_plugin.desk.review import cases as module

    monkeypatch.setattr(module, "SIZE", 3)
    page = get(f"/cleangov/cases/cg/{PROJECT}")
    met = []
    while True:
        met += [e.given["id"] for e in page.found("tr") if e.given.get("id", "").startswith("n")]
        following = link(page, "下一部分")
        if not following:
            break
        page = get(following)
    assert met == [f"n{number}" for number in range(1, 8)]


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_a_case_of_many_hits_stays_light(own_city: SmallHost, lang: str) -> None:
    """A hundred entries with two hits each and long names: the heaviest page there is."""
    own_city.case, own_city.tongue = "long " + "x" * 60, lang
    own_city.write(own_city.event("enf.intent.notified", 100))
    own_city.write(own_city.event("enf.defence.received"))
    wide = own_city.event("enf.decision.made", 2_000, band_min=yuan(1), band_max=yuan(2))
    own_city.write(*(replace(wide, id=f"long-{n:03}") for n in range(110)))
    for path in (f"/cleangov/cases/cg/{own_city.case}", "/cleangov/checkpoints"):
        response = own_city.app.test_client().get(path)
        assert response.status_code == 200
        assert response.text.count("E07") >= 49
        assert len(response.data) <= 150 * 1024


# ---- Findings --------------------------------------------------------------------------------


def test_findings_wait_in_order_of_their_due_dates(get: Get) -> None:
    page = get("/cleangov/findings")
    due = [e.given["datetime"] for e in page.found("time")]
    assert due == sorted(due)
    assert len(rows(page)) == 6
    assert "已过期限" in page.text


@pytest.mark.parametrize(
    ("path", "wanted", "number"),
    [
        ("findings", {"rule": "E07"}, 2),
        ("findings", {"unit": "u-2"}, 3),
        ("findings", {"severity": "minor"}, 1),
        ("findings", {"stream": "project"}, 1),
        ("findings", {"state": "closed"}, 0),
        ("findings", {"state": "answered"}, 0),
        ("findings", {"state": "signal"}, 6),
        ("findings", {"since": "2026-03-09"}, 1),
        ("findings", {"until": "2026-03-01"}, 4),
        ("signals", {}, 1),
        ("signals", {"rule": "J11"}, 1),
        ("signals", {"rule": "X10"}, 0),
        ("signals", {"unit": "u-1"}, 0),
    ],
)
def test_findings_can_be_filtered(get: Get, path: str, wanted: dict[str, str], number: int) -> None:
    assert len(rows(get(f"/cleangov/{path}", **wanted))) == number


def test_the_parts_of_a_list_of_findings_meet_each_once(
    get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleangov_plugin.desk.review import findings

    monkeypatch.setattr(findings, "SIZE", 2)
    page, met = get("/cleangov/findings"), []
    while True:
        met += [
            e.given["href"] for e in page.found("a") if re.search(r"findings/\d", e.given["href"])
        ]
        following = link(page, "下一页")
        if not following:
            break
        page = get(following)
    assert len(met) == len(set(met)) == 6
    assert link(page, "回到开头")


def test_a_finding_tells_rule_law_and_how_good_the_rule_is(get: Get) -> None:
    listed = get("/cleangov/findings", rule="E07")
    path = next(
        e.given["href"] for e in listed.found("a") if re.search(r"findings/\d", e.given["href"])
    )
    zh, en = plain(get(path)), plain(get(path, lang="en"))
    assert "《行政处罚法》第四十五条" in zh
    assert "行政机关不得因当事人陈述、申辩而给予更重的处罚" in zh
    assert "案例太少，还说不准" in zh
    assert "Too few cases yet to say (0 closed" in en
    assert "Administrative Penalty Law, Art 45" in en
    assert "责任人监督部门" in zh.replace(" ", "")
    assert "YT-CF-2026-0701" in zh


def test_a_signal_is_tied_to_nobody(get: Get) -> None:
    listed = get("/cleangov/signals")
    path = next(
        e.given["href"] for e in listed.found("a") if re.search(r"findings/\d", e.given["href"])
    )
    page = get(path)
    assert "没有责任人、没有期限" in page.text
    assert "经办" not in re.sub("不显示经办人", "", page.text)


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
