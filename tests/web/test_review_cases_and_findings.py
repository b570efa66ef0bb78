"""The pages of one case and of findings: what they show of a city's history."""

import re
from dataclasses import replace

import pytest

from tests.support.review_city import CASE, JUSTIFIED, LEAD, PROJECT, WORDS
from tests.support.small_city import yuan
from tests.support.small_host import SmallHost
from tests.web.page_reading import Get, link, plain, rows

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


def test_a_finding_says_how_its_rule_decided_to_whoever_reviews(get: Get) -> None:
    listed = get("/cleangov/findings", rule="E07")
    path = next(
        e.given["href"] for e in listed.found("a") if re.search(r"findings/\d", e.given["href"])
    )
    for lang, summary, answer in (
        ("zh-CN", "如何判定", "→ 是"),
        ("en", "How this was decided", "→ yes"),
    ):
        page = get(path, lang=lang)
        (told,) = [each for each in page.found("details") if summary in each.text]
        assert answer in told.text
        assert "facts." not in told.text, "labels, no names of the rule file"
    listed = get("/cleangov/findings", as_=LEAD)
    for each in listed.found("a"):
        if re.search(r"findings/\d", each.given["href"]):
            assert "如何判定" not in get(each.given["href"], as_=LEAD).text, "a lead looks on"


def test_a_signal_is_tied_to_nobody(get: Get) -> None:
    listed = get("/cleangov/signals")
    path = next(
        e.given["href"] for e in listed.found("a") if re.search(r"findings/\d", e.given["href"])
    )
    page = get(path)
    assert "没有责任人、没有期限" in page.text
    assert "经办" not in re.sub("不显示经办人", "", page.text)
