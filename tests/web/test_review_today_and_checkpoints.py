"""The day's page and the list of checkpoints: what they show of a city's history."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.support.review_city import CASE, HOSTILE, PROJECT
from tests.web.page_reading import Get, cases, link, plain, rows

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
