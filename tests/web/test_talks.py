"""A reminder talk: a time and a place, accepted, moved or answered, then held or not held."""

from datetime import timedelta
from typing import Any

from tests.support.review_city import AUDITOR, HOSTILE, OFFICER
from tests.support.small_city import TODAY
from tests.support.small_host import SmallHost
from tests.web.letter_writing import ZHAO, do, entries, letters, opened, post, rows, signal
from tests.web.page_reading import link, plain

MEETS, PLACE = "2026-03-12T14:30", f"三楼会议室 {HOSTILE[:12]}"


def invite(host: SmallHost, **fields: str) -> Any:
    path = f"/cleangov/findings/{signal(host)}/letter"
    page = opened(host, f"{path}?kind=talk", AUDITOR)
    assert "写案件和应尽的职责，不写动机" in page.text
    given = {"act": "send", "reason": "四次都贴近权限", "kind": "talk"}
    return post(host, path, AUDITOR, page, **{**given, "meets": MEETS, "place": PLACE, **fields})


def invited(host: SmallHost) -> str:
    response = invite(host)
    assert response.status_code == 303, response.text
    return str(response.location)


def said(host: SmallHost, letter: str, **fields: str) -> Any:
    return post(host, f"{letter}/answers", ZHAO, opened(host, letter, ZHAO), **fields)


def told(host: SmallHost) -> list[str]:
    ours = ("int.letter.", "int.talk.")
    return [row["kind"] for row in rows(host, "entry") if row["kind"].startswith(ours)]


def test_it_is_accepted_and_held_and_every_act_is_an_entry(own_city: SmallHost) -> None:
    letter = invited(own_city)
    page = opened(own_city, letter, ZHAO)
    for text in (
        "谈〔2026〕1号",
        "时间：2026年3月12日 14:30。地点：三楼会议室",
        "也可以改以书面答复",
    ):
        assert text in page.text.replace("  ", " "), text
    assert "四次都贴近权限" not in page.text, "why it was sent is not theirs to read"
    mine = plain(opened(own_city, "/cleangov/mine", ZHAO))
    assert ("提醒谈话邀请 谈〔2026〕1号" in mine, "2026-03-12 14:30" in mine) == (True, True)
    early = do(own_city, letter, "meeting", act="held", reason="两人在场")
    assert (early.status_code, "约定的时间还没有到" in early.text) == (409, True)
    for _ in range(2):  # pressed twice, it counts once
        assert said(own_city, letter, act="accept").status_code == 303
    assert "已接受" in opened(own_city, letter, AUDITOR).text
    finding = plain(opened(own_city, f"/cleangov/findings/{signal(own_city)}", AUDITOR))
    assert "时间 2026-03-12 14:30" in finding
    assert "前答复" not in finding, "a talk is no letter that is to be answered by a day"
    own_city.clock = TODAY + timedelta(days=3)
    assert "是否谈过" in opened(own_city, "/cleangov/", AUDITOR).text
    assert do(own_city, letter, "meeting", act="held", reason="两人在场").status_code == 303
    assert [row["state"] for row in letters(own_city)] == ["held"]
    page = opened(own_city, letter, ZHAO)
    assert ("已谈话" in page.text, page.found("form")) == (True, [])
    assert said_of(own_city) == ["int.letter.sent", "int.talk.accepted", "int.talk.held"]


def said_of(host: SmallHost) -> list[str]:
    """The kinds, and that the first names time and place, of no entry a motive."""
    first = next(str(row["body"]) for row in entries(host))
    assert "2026-03-12T06:30:00.000000Z" in first
    assert "三楼会议室" in first
    return told(host)


def test_another_time_is_proposed_and_given_or_it_is_answered_in_writing(
    own_city: SmallHost,
) -> None:
    letter = invited(own_city)
    refused = said(own_city, letter, act="time", meets="2026-03-01T10:00", why="当天出差")
    assert (refused.status_code, "请写明时间" in refused.text) == (409, True)
    asked = said(own_city, letter, act="time", meets="2026-03-16T09:00", why="当天出差")
    assert asked.status_code == 303
    page = plain(opened(own_city, letter, AUDITOR))
    assert ("提出另一个时间" in page, "2026-03-16 09:00" in page) == (True, True)
    moved = do(own_city, letter, "term", meets="2026-03-10T18:00", reason="提前到今天")
    assert moved.status_code == 303
    (row,) = letters(own_city)
    assert row["due_on"] == "2026-03-10", "a talk can be earlier, too"
    page = plain(opened(own_city, letter, ZHAO))
    assert ("改定时间" in page, "2026-03-10 18:00" in page) == (True, True)
    assert said(own_city, letter, words=f"书面说明 {HOSTILE}").status_code == 303
    (row,) = letters(own_city)
    assert row["state"] == "answered"
    assert told(own_city) == [
        f"int.letter.{what}" for what in ("sent", "time_asked", "extended", "answered")
    ]
    assert "谈〔2026〕1号" in opened(own_city, "/cleangov/letters?kind=talk", AUDITOR).text
    listed = opened(own_city, "/cleangov/letters", AUDITOR)
    assert "没有符合条件的函件" in listed.text
    assert link(listed, "提醒谈话") == "/cleangov/letters?kind=talk", "one press away"
    own_city.tongue = "en"
    assert "Given another time" in opened(own_city, letter, AUDITOR).text


def test_without_time_or_place_nothing_is_sent_and_nobody_else_answers(
    own_city: SmallHost,
) -> None:
    for field, text in (
        ("meets", ""), ("meets", "soon"), ("meets", "2030-01-01T10:00"), ("place", " "),
    ):  # fmt: skip
        refused = invite(own_city, **{field: text})
        assert refused.status_code == 409
        assert ("请写明地点" if field == "place" else "请写明时间") in refused.text
    assert (letters(own_city), told(own_city)) == ([], [])
    letter = invited(own_city)
    page = opened(own_city, letter, ZHAO)
    opened(own_city, letter, OFFICER, 404)
    for path in ("answers", "meeting", "term"):
        data = {"act": "accept", "token": "x"}
        assert post(own_city, f"{letter}/{path}", OFFICER, page, **data).status_code == 409
    again = invite(own_city)
    assert (again.status_code, "尚待答复" in again.text) == (409, True)
    own_city.clock = TODAY + timedelta(days=4)
    late = said(own_city, letter, act="time", meets="2026-03-20T09:00", why="没有看到")
    assert late.status_code == 303, "whoever missed it can still propose a time"


def test_not_held_is_recorded_with_a_reason(own_city: SmallHost) -> None:
    letter = invited(own_city)
    own_city.clock = TODAY + timedelta(days=3)
    short = do(own_city, letter, "meeting", act="not_held", reason="x")
    assert short.status_code == 409
    assert do(own_city, letter, "meeting", act="not_held", reason="当事人病假").status_code == 303
    assert [row["state"] for row in letters(own_city)] == ["not_held"]
    assert "没有谈成" in opened(own_city, letter, ZHAO).text
    for state, is_found in (("not_held", True), ("held", False)):
        listed = opened(own_city, f"/cleangov/letters?kind=talk&state={state}", AUDITOR)
        assert ("谈〔2026〕1号" in listed.text) is is_found
        chosen = {o.given["value"] for o in listed.found("option")}
        assert {"held", "not_held"} <= chosen
    inquiries = opened(own_city, "/cleangov/letters", AUDITOR).found("option")
    assert "held" not in {o.given["value"] for o in inquiries}
