"""Letters are written by a person with a reason, from a template, and each is an entry."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from cleangov_hooks import Person
from cleangov_plugin.desk.letters import sending, templates, writing
from cleangov_plugin.desk.letters.writing import Given
from cleangov_plugin.desk.review.names import view_name
from cleangov_plugin.desk.review.readers import reader_of
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.ledger import disclosure
from tests.support import review_city
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, HOSTILE, PROJECT, acts
from tests.support.small_city import TODAY
from tests.support.small_host import SmallHost
from tests.web.letter_writing import (
    ANSWER,
    WHY,
    ZHAO,
    ask,
    entries,
    finding,
    letters,
    opened,
    reply,
    rows,
    sent,
    signal,
)

# ---- Writing and sending ---------------------------------------------------------------------


def test_a_letter_is_filled_in_and_its_last_part_stays(own_city: SmallHost) -> None:
    path = f"/cleangov/findings/{signal(own_city)}/letter"
    page = opened(own_city, path, AUDITOR)
    (words,) = [e.text for e in page.found("textarea", name="cleangov_words")]
    assert PROJECT in words
    assert "90 天内 3 次变更贴近同一审批人的权限" in words
    assert page.found("input", name="cleangov_days", value="7")
    assert "请于 2026年3月19日 前答复（自发函次日起 7 个工作日）" in page.text
    assert "不是结论，也不是处分" in page.text
    own_city.tongue = "en"
    page = opened(own_city, path, AUDITOR)
    (words,) = [e.text for e in page.found("textarea", name="cleangov_words")]
    assert "Please tell us how this came about" in words
    assert "Please answer by 19 March 2026: 7 working days" in page.text
    assert letters(own_city) == []


def test_a_preview_shows_the_letter_and_sends_nothing(own_city: SmallHost) -> None:
    response = ask(own_city, signal(own_city), act="preview", words=f"一句话 {HOSTILE}", days="3")
    page = Checked(response.text)
    assert page.problems == []
    (paper,) = page.found("article")
    assert f"一句话 {HOSTILE}" in paper.text
    assert "2026年3月13日" in paper.text
    assert "发出时编号" in paper.text
    assert (letters(own_city), entries(own_city)) == ([], [])


def test_a_letter_that_is_sent_is_an_entry_and_names_nobody(own_city: SmallHost) -> None:
    letter = sent(own_city)
    (row,) = letters(own_city)
    (entry,) = entries(own_city)
    assert (row["year"], row["no"], row["state"], row["due_on"]) == (
        2026,
        1,
        "waiting",
        "2026-03-19",
    )
    assert row["words"] is None, "what was not changed is the template's, in either language"
    body = json.loads(entry["body"])
    told = {code: text for code, _, text in body["attrs"]}
    assert (entry["kind"], entry["subject"]) == ("int.letter.sent", PROJECT)
    assert told["a.letter"] == "询〔2026〕1号"
    assert told["a.to"] == row["addressee"]
    assert told["a.due"] == "2026-03-19"
    assert WHY not in entry["body"]
    (disclosed,) = disclosure.split(entry["disc"])
    assert disclosure.read(disclosed) == ("reason", WHY)
    for person in (AUDITOR, ZHAO):
        assert person.id not in re.findall(r"[a-z]+", json.dumps(row) + entry["body"])
    page = opened(own_city, letter, AUDITOR)
    assert "询〔2026〕1号" in page.text
    assert WHY in page.text
    assert "赵磊" not in page.text


def test_words_of_ones_own_are_kept_and_their_digest_recorded(own_city: SmallHost) -> None:
    letter = sent(own_city, words=f"第一段\r\n\r\n第二段 {HOSTILE}")
    (row,) = letters(own_city)
    assert row["words"] == f"第一段\n\n第二段 {HOSTILE}"
    (entry,) = entries(own_city)
    (kept,) = [text for code, kind, text in json.loads(entry["body"])["attrs"] if code == "a.words"]
    assert re.fullmatch(r"[0-9a-f]{64}:\d+", kept)
    assert "第一段" not in entry["body"]
    own_city.tongue = "en"
    (paper,) = opened(own_city, letter, ZHAO).found("article")
    assert "第一段" in paper.text
    assert "Nothing follows by itself" in paper.text


def test_numbers_have_no_gaps_and_begin_anew_each_year(own_city: SmallHost) -> None:
    sent(own_city)
    assert ask(own_city, finding(own_city), reason="").status_code == 303
    own_city.clock = TODAY + timedelta(days=365)
    assert ask(own_city, finding(own_city, "YT-CF-2026-0701")).status_code == 303
    assert [(row["year"], row["no"]) for row in letters(own_city)] == [
        (2026, 1),
        (2026, 2),
        (2027, 1),
    ]


def test_a_year_without_official_holidays_is_said_to_be_provisional(own_city: SmallHost) -> None:
    path = f"/cleangov/findings/{signal(own_city)}/letter"
    assert "暂定日期" not in opened(own_city, path, AUDITOR).text
    own_city.clock = TODAY + timedelta(days=365)
    assert "暂定日期" in opened(own_city, path, AUDITOR).text
    own_city.clock = TODAY + timedelta(days=20 * 365)
    assert "按周一至周五计算" in opened(own_city, path, AUDITOR).text


@pytest.mark.parametrize("reason", ["", "  ", "问问", "\x01\x02\x03\x04"])
def test_a_signal_is_tied_to_nobody_without_a_reason(own_city: SmallHost, reason: str) -> None:
    response = ask(own_city, signal(own_city), reason=reason, words="改过的正文")
    assert response.status_code == 409
    assert "请写明理由" in response.text
    assert "改过的正文" in response.text, "what was typed is not lost"
    assert (letters(own_city), entries(own_city)) == ([], [])


@pytest.mark.parametrize("days", ["0", "91", "-1", "x", "１", "9999999"])
def test_a_term_that_is_none_is_refused(own_city: SmallHost, days: str) -> None:
    assert ask(own_city, signal(own_city), days=days).status_code == 409
    assert letters(own_city) == []


def test_one_person_is_asked_about_one_thing_once(own_city: SmallHost) -> None:
    letter = sent(own_city)
    page = opened(own_city, f"/cleangov/findings/{signal(own_city)}/letter", AUDITOR)
    assert "尚待答复" in page.text
    response = ask(own_city, signal(own_city))
    assert response.status_code == 409
    assert len(letters(own_city)) == 1
    reply(own_city, letter, words=ANSWER)
    assert ask(own_city, signal(own_city)).status_code == 303


def test_whoever_acted_in_the_case_cannot_ask_about_it(own_city: SmallHost) -> None:
    both = Person(id="zhao", name="x", roles=AUDITOR.roles, unit="u-2")
    page = opened(own_city, f"/cleangov/findings/{signal(own_city)}/letter", both)
    assert "请由未涉及本案的人去函" in page.text
    assert ask(own_city, signal(own_city), both).status_code == 409
    assert letters(own_city) == []


def test_looking_a_name_up_is_no_part_in_the_case(own_city: SmallHost) -> None:
    desk = own_city.plugin.desk
    own_city.who = AUDITOR
    (row,) = rows(own_city, "finding", "rule_id = 'J11'")
    reader = reader_of(desk, AUDITOR, "zh-CN")
    view_name(desk, reader, "cg", PROJECT, row["actor"], "核对是否回避")
    assert sent(own_city)


@pytest.mark.parametrize("kind", ["prj.litigation.filed", "enf.reconsideration.requested"])
def test_a_case_before_a_court_is_left_to_it(own_city: SmallHost, kind: str) -> None:
    own_city.case = PROJECT
    acts(own_city, kind, 0.5, actor=None)
    own_city.clock = TODAY
    assert ask(own_city, signal(own_city)).status_code == 409
    over = kind.replace("filed", "decided").replace("requested", "decided")
    acts(own_city, over, 0.1, actor=None)
    own_city.clock = TODAY
    assert ask(own_city, signal(own_city)).status_code == 303


def test_a_letter_goes_to_somebody_who_acts_in_the_case(own_city: SmallHost) -> None:
    page = opened(own_city, f"/cleangov/findings/{signal(own_city)}/letter", AUDITOR)
    offered = [e.given["value"] for e in page.found("option")]
    own = own_city.plugin.desk.people.pseudonym
    assert offered == [own("cg", "officer", "zhao"), own("cg", "officer", "fang")]
    assert ask(own_city, signal(own_city), to="a" * 26).status_code == 409
    assert ask(own_city, signal(own_city), to=offered[1]).status_code == 303
    (row,) = letters(own_city)
    assert row["addressee"] == offered[1]


# ---- Templates ---------------------------------------------------------------------------------


def test_every_part_of_every_template_is_in_both_languages() -> None:
    for template in templates.TEMPLATES:
        parts = [template.title, template.number, template.middle, template.due]
        for words in (*parts, template.provisional, template.uncounted, *template.rights):
            assert set(words) == {"zh", "en"}
            assert set(re.findall(r"{(\w+)}", words["zh"])) == set(
                re.findall(r"{(\w+)}", words["en"])
            )
    versions = [(template.kind, template.version) for template in templates.TEMPLATES]
    assert len(set(versions)) == len(versions)


def test_what_is_filled_in_is_never_read_as_a_template() -> None:
    words = templates.newest("inquiry").middle
    told = templates.said(words, "en", case="{0.__class__}", facts="{facts}")
    assert "{0.__class__}" in told
    assert "{facts}" in told


def test_a_kind_of_letter_that_nobody_has_is_named() -> None:
    with pytest.raises(KeyError, match="decision"):
        templates.newest("decision")
    assert templates.template_of("inquiry", 99) is None


def test_a_letter_about_an_imported_log_is_not_written(own_city: SmallHost) -> None:
    desk = own_city.plugin.desk
    own_city.who = AUDITOR
    reader = replace(reader_of(desk, AUDITOR, "zh-CN"), own="elsewhere")
    assert writing.compose(desk, reader, signal(own_city), Given()) is None
    with pytest.raises(AnswerRefused, match="not_here"):
        sending.send(desk, reader, signal(own_city), Given(reason=WHY))


def test_the_term_follows_the_setting(database_url: str, tmp_path: Any) -> None:
    settings = {"CLEANGOV_LETTER_DAYS": "3", "CLEANGOV_LEADS": "head"}
    host = review_city.city(database_url, tmp_path, settings)
    sent(host)
    (row,) = letters(host)
    assert date.fromisoformat(row["due_on"]) == date(2026, 3, 13)
    host.close()
