"""The page of modes: everybody reads it, two people act, and the panel tells of a mode in force."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cleangov_hooks import Person
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, HOSTILE, LEAD, OFFICER, OPERATOR
from tests.support.small_city import TODAY
from tests.support.small_host import SmallHost
from tests.web.letter_writing import OTHER_AUDITOR, opened, post, token
from tests.web.page_reading import plain
from tests.web.test_own_page import held

PATH = "/cleangov/modes"
WISH = {
    "mode": "emergency",
    "until": (TODAY + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"),
    "why": f"防汛四级响应 {HOSTILE}",
}


def declare(host: SmallHost, as_: Person = AUDITOR, **fields: str) -> Any:
    page = opened(host, PATH, as_)
    return post(host, PATH, as_, page, **{**WISH, **fields})


def action(page: Checked, name: str) -> str:
    forms = (e.given.get("action", "") for e in page.found("form"))
    return next((path for path in forms if path.endswith(f"/{name}")), "")


def act(host: SmallHost, name: str, as_: Person, **fields: str) -> Any:
    page = opened(host, PATH, as_)
    return post(host, action(page, name), as_, page, **fields)


@pytest.mark.parametrize("person", [AUDITOR, LEAD, OFFICER, OPERATOR])
def test_where_none_was_declared_it_says_so_in_both_languages(
    city: SmallHost, person: Person
) -> None:
    page = opened(city, PATH, person)
    assert "没有宣布过" in page.text
    assert bool(page.found("form")) == (person in (AUDITOR, LEAD))
    city.tongue = "en"
    assert "None was declared" in opened(city, PATH, person).text


def test_two_people_put_it_in_force_and_one_ends_it(own_city: SmallHost) -> None:
    assert declare(own_city).status_code == 303
    mine = opened(own_city, PATH, AUDITOR)
    assert "待另一人确认" in mine.text
    assert "须由另一人确认。" in mine.text
    assert action(mine, "confirm") == ""
    assert HOSTILE[:30] in mine.text
    path = action(opened(own_city, PATH, OTHER_AUDITOR), "confirm")
    assert act(own_city, "confirm", OTHER_AUDITOR).status_code == 303
    for person in (AUDITOR, OFFICER):
        page = plain(opened(own_city, PATH, person))
        assert "生效中 至 2026-03-12 10:00" in page
        assert "适用：所有单位；所有业务" in page
        assert "其间先办的环节，结束后逐一再看" in page
    assert (
        "没有待看的环节" in opened(own_city, f"{PATH}?deferred={path.split('/')[3]}", AUDITOR).text
    )
    assert "列出还没有再看的" not in opened(own_city, PATH, OFFICER).text
    short = act(own_city, "end", AUDITOR, why="  ")
    assert (short.status_code, "请写明理由" in short.text) == (409, True)
    assert act(own_city, "end", AUDITOR, why="水位已回落").status_code == 303
    over = plain(opened(own_city, PATH, OFFICER))
    assert "已结束 2026-03-10 10:00 结束 · 提前结束" in over
    own_city.tongue = "en"
    assert "before its time" in opened(own_city, PATH, OFFICER).text


def test_what_is_refused_says_why_and_keeps_what_was_typed(own_city: SmallHost) -> None:
    for field, text in (("until", "2030-01-01T00:00"), ("until", "soon"), ("why", "x")):
        refused = declare(own_city, **{field: text})
        assert refused.status_code == 409
        page = Checked(refused.text)
        assert "没有办成" in page.text
        kept = WISH["why"] if field == "until" else WISH["until"]
        assert kept[:6] in refused.text
    assert "没有宣布过" in opened(own_city, PATH, AUDITOR).text


def test_whoever_has_no_right_declares_nothing(own_city: SmallHost) -> None:
    page = opened(own_city, PATH, AUDITOR)
    stolen = token(page, PATH)
    assert post(own_city, PATH, OFFICER, page, token=stolen, **WISH).status_code == 403
    assert post(own_city, PATH, AUDITOR, page, token="x", **WISH).status_code == 403
    assert post(own_city, PATH, None, page, token=stolen, **WISH).status_code == 401
    assert "没有宣布过" in opened(own_city, PATH, AUDITOR).text


def test_a_lead_acts_for_their_own_unit_alone(own_city: SmallHost) -> None:
    assert declare(own_city, LEAD, unit="u-1").status_code == 303
    assert "适用：u-2；所有业务" in opened(own_city, PATH, OFFICER).text
    declare(own_city, AUDITOR, unit="u-1", stream="permit")
    assert "适用：u-1；许可" in opened(own_city, PATH, OFFICER).text
    page = opened(own_city, PATH, LEAD)
    assert action(page, "confirm") == ""
    own_city.who = AUDITOR
    other = opened(own_city, PATH, AUDITOR)
    path = action(other, "confirm")
    assert path, "the auditor agrees to what the lead declared"
    assert post(own_city, path, replace(LEAD, unit="u-9"), other, token="x").status_code == 403


def test_a_panel_that_holds_in_a_mode_says_so(own_city: SmallHost) -> None:
    typed = held(own_city)
    assert "应急状态" not in own_city.show("step.panel", typed)
    own_city.who = AUDITOR
    declare(own_city)
    act(own_city, "confirm", OTHER_AUDITOR)
    own_city.who = OFFICER
    said = "应急状态至 2026-03-12 10:00 有效；这一步仍要答复"
    assert said in own_city.show("step.panel", typed)
    own_city.clock = TODAY + timedelta(days=3)
    assert "应急状态" not in own_city.show("step.panel", typed)
