"""The page of suppressions, exemptions and deputies: two people, each act an entry, each an end."""

from datetime import timedelta
from typing import Any

import pytest

from cleangov_hooks import Person
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, HOSTILE, LEAD, OFFICER, OPERATOR
from tests.support.small_city import TODAY
from tests.support.small_host import SmallHost
from tests.web.letter_writing import OTHER_AUDITOR, opened, post, rows, token
from tests.web.page_reading import plain
from tests.web.test_modes_page import action

PATH = "/cleangov/exceptions"
STEWARD = Person(id="zhou", name="周正", roles=frozenset({"rule_steward"}), unit="legal")


def at(days: int) -> str:
    return (TODAY + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


QUIET = {"rule": "E60", "scope": "unit", "place": "u-2", "until": at(60), "why": "口径待定"}
LAW = {
    **QUIET,
    "scope": "party",
    "place": "wang",
    "basis": "《行政许可法》第三十四条",
    "until": at(9),
}
DEPUTY = {"deputy": "second", "role": "head", "until": at(20), "why": f"休假 {HOSTILE}"}


REFUSED = [
    ("suppression", {**QUIET, "until": at(91)}, "不超过 90 天"),
    ("suppression", {**QUIET, "until": "soon"}, "须有结束时间"),
    ("suppression", {**QUIET, "why": "x"}, "请写明理由"),
    ("suppression", {**QUIET, "rule": "E07"}, "属红色"),
    ("suppression", {**QUIET, "rule": "--role"}, "现行规则中没有"),
    ("suppression", {**QUIET, "scope": "party"}, "须写明其中一项：单位, 环节, 案件"),
    ("exemption", {**LAW, "basis": ""}, "法律依据须为"),
    ("deputy", {**DEPUTY, "role": ""}, "代理的角色 和 或：代理的人员"),
    ("deputy", {**DEPUTY, "begins": at(30)}, "代理须先开始"),
]


def ask(host: SmallHost, section: str, as_: Person = STEWARD, **fields: str) -> Any:
    return post(host, f"{PATH}/{section}", as_, opened(host, PATH, as_), **fields)


def act(host: SmallHost, name: str, as_: Person, **fields: str) -> Any:
    page = opened(host, PATH, as_)
    return post(host, action(page, name), as_, page, **fields)


def kinds(host: SmallHost) -> list[str]:
    ours = ("int.passing.", "int.deputy.")
    return [row["kind"] for row in rows(host, "entry") if row["kind"].startswith(ours)]


@pytest.mark.parametrize(("who", "may"), [(AUDITOR, True), (STEWARD, True), (LEAD, False)])
def test_stewards_and_auditors_alone_find_it(city: SmallHost, who: Person, may: bool) -> None:
    page = opened(city, PATH, who, 200 if may else 403)
    assert ("现在没有抑制。" in page.text) == may
    home = opened(city, "/cleangov/modes", who)
    assert bool([e for e in home.found("a") if e.given.get("href") == PATH]) == may
    for stranger in (OFFICER, OPERATOR):
        opened(city, PATH, stranger, 403)
    city.tongue = "en"
    assert ("Nothing ends within 14 days." in opened(city, PATH, AUDITOR).text) is True


def test_one_asks_another_agrees_and_somebody_ends_it(own_city: SmallHost) -> None:
    assert ask(own_city, "suppression", **QUIET).status_code == 303
    mine = opened(own_city, PATH, STEWARD)
    assert "这是您提出的，须由另一人同意；您可以撤回。" in mine.text
    assert (action(mine, "confirm"), "适用：单位 u-2" in plain(mine)) == ("", True)
    theirs = opened(own_city, PATH, AUDITOR)
    assert "等您作为第二人答复" in theirs.text
    assert act(own_city, "confirm", AUDITOR).status_code == 303
    assert "生效中" in opened(own_city, PATH, STEWARD).text
    assert act(own_city, "end", STEWARD, why="口径已明确").status_code == 303
    over = plain(opened(own_city, PATH, AUDITOR))
    assert ("已结束" in over, "口径已明确" in over, "现在没有抑制。" in over) == (True,) * 3
    assert kinds(own_city) == [f"int.passing.{what}" for what in ("declared", "confirmed", "ended")]


def test_roles_of_second_persons_are_offered_by_name(city: SmallHost) -> None:
    for tongue, named in (("zh-CN", "总工程师"), ("en", "The chief engineer")):
        city.tongue = tongue
        html = opened(city, PATH, STEWARD).html
        offered = html.partition('<datalist id="cg-roles">')[2].partition("</datalist>")[0]
        assert f'<option value="chief_engineer">{named}</option>' in offered


def test_the_second_refuses_who_asked_withdraws_and_what_ends_soon_stands_first(
    own_city: SmallHost,
) -> None:
    ask(own_city, "suppression", **QUIET)
    assert act(own_city, "end", AUDITOR, why="不宜抑制").status_code == 303
    ask(own_city, "suppression", **QUIET)
    assert act(own_city, "end", STEWARD, why="另行处理").status_code == 303
    page = opened(own_city, PATH, AUDITOR)
    assert ("第二人不同意" in page.text, "提出人撤回" in page.text) == (True, True)
    own_city.tongue = "en"
    assert "Withdrawn" in opened(own_city, PATH, AUDITOR).text
    own_city.tongue = "zh-CN"
    ask(own_city, "suppression", **QUIET)
    ask(own_city, "exemption", **LAW)
    page = plain(opened(own_city, PATH, AUDITOR))
    top = page.partition("14 天内到期")[2].partition(" 抑制 一条")[0]
    assert ("还有 9 天到期" in top, "E60" in top, "抑制：" in top) == (True, True, False)
    assert ("依据：《行政许可法》第三十四条" in page, "wang" in page) == (True, False)


def test_the_second_person_names_whom_it_is_for(own_city: SmallHost) -> None:
    assert ask(own_city, "deputy", **DEPUTY).status_code == 303
    wrong = act(own_city, "confirm", AUDITOR, named="third")
    assert (wrong.status_code, "这不是所宣布的人" in wrong.text) == (409, True)
    page = opened(own_city, PATH, OTHER_AUDITOR)
    assert action(page, "confirm") == "", "the deputy does not agree to it"
    assert act(own_city, "confirm", AUDITOR, named="second").status_code == 303
    assert "生效中" in opened(own_city, PATH, STEWARD).text
    assert kinds(own_city) == ["int.deputy.declared", "int.deputy.confirmed"]


def test_what_is_refused_says_why_in_the_words_of_the_page(own_city: SmallHost) -> None:
    form = opened(own_city, PATH, STEWARD)
    for section, fields, text in REFUSED:
        refused = post(own_city, f"{PATH}/{section}", STEWARD, form, **fields)
        page = Checked(refused.text)
        assert (refused.status_code, "没有办成" in page.text) == (409, True)
        assert text in page.text, (text, page.text[:900])
        assert (page.problems, fields["why"][:2] in page.html) == ([], True)
    assert kinds(own_city) == []


def test_whoever_has_no_right_does_nothing(own_city: SmallHost) -> None:
    page, path = opened(own_city, PATH, STEWARD), f"{PATH}/suppression"
    stolen = token(page, path)
    for who, given, status in (
        (OFFICER, stolen, 403),
        (AUDITOR, stolen, 403),
        (STEWARD, "x", 403),
        (None, stolen, 401),
    ):
        assert post(own_city, path, who, page, token=given, **QUIET).status_code == status
    ask(own_city, "suppression", **QUIET)
    end = action(opened(own_city, PATH, STEWARD), "end")
    assert post(own_city, end, LEAD, page, token=stolen, why="就是不要").status_code == 403
    assert kinds(own_city) == ["int.passing.declared"]


def test_a_steward_reads_of_no_rule_for_oversight_only(own_city: SmallHost) -> None:
    for who, is_shown in ((AUDITOR, True), (STEWARD, False)):
        named = {o.given.get("value") for o in opened(own_city, PATH, who).found("option")}
        assert ("X10" in named) == is_shown
    ask(own_city, "suppression", AUDITOR, **{**QUIET, "rule": "X10"})
    assert "X10" not in opened(own_city, PATH, STEWARD).html
    assert "X10" in opened(own_city, PATH, OTHER_AUDITOR).html
    hidden = ask(own_city, "suppression", STEWARD, **{**QUIET, "rule": "X10"})
    assert (hidden.status_code, "现行规则中没有" in hidden.text) == (409, True)
