"""Letters: asked by a person with a reason, answered by a person, and every act an entry."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import Person
from cleangov_plugin.desk.letters import receiving, sending, templates, writing
from cleangov_plugin.desk.letters.writing import Given
from cleangov_plugin.desk.review.names import view_name
from cleangov_plugin.desk.review.readers import reader_of
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.ledger import disclosure
from cleangov_plugin.store import tables
from tests.support import review_city
from tests.support.page_check import Checked
from tests.support.review_city import (
    AUDITOR,
    HOSTILE,
    LEAD,
    OFFICER,
    OPERATOR,
    PROJECT,
    acts,
    refuse_entries,
)
from tests.support.small_host import PEOPLE, TODAY, SmallHost

ZHAO, HE = PEOPLE["zhao"], PEOPLE["he"]
WHY = f"四次都贴近权限 {HOSTILE}"
ANSWER = f"按框架合同单价计价，见签证 QZ-11 {HOSTILE}"
OTHER_AUDITOR = replace(AUDITOR, id="second", name="second")


def rows(host: SmallHost, table: str, where: str = "1 = 1") -> list[dict[str, Any]]:
    schema = "" if host.engine.dialect.name == "sqlite" else "cleangov."
    query = sa.text(f"SELECT * FROM {schema}cleangov_{table} WHERE {where} ORDER BY id")
    with host.engine.connect() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def signal(host: SmallHost) -> int:
    (row,) = rows(host, "finding", "rule_id = 'J11'")
    return int(row["id"])


def finding(host: SmallHost, case: str = "YT-CF-2026-0702") -> int:
    (row,) = rows(host, "finding", f"rule_id = 'E07' AND subject = '{case}'")
    return int(row["id"])


def opened(host: SmallHost, path: str, as_: Person | None, status: int = 200) -> Checked:
    host.who = as_
    response = host.app.test_client().get(path)
    assert response.status_code == status, response.text
    page = Checked(response.text)
    assert page.problems == []
    assert not [e for e in page.elements if e.tag == "script"]
    assert len(response.data) <= 150 * 1024
    return page


def token(page: Checked, action: str) -> str:
    """Answer the token of the form that posts to an address."""
    forms = re.findall(r'<form method="post" action="([^"]+)".*?</form>', page.html, re.DOTALL)
    assert action in forms, forms
    form = next(
        text
        for text in re.findall(r"<form method=\"post\".*?</form>", page.html, re.DOTALL)
        if f'action="{action}"' in text
    )
    (found,) = re.findall(r'name="cleangov_token" value="([^"]+)"', form)
    return found


def post(host: SmallHost, path: str, as_: Person | None, page: Checked, **fields: str) -> Any:
    data = {f"cleangov_{name}": text for name, text in fields.items()}
    if "cleangov_token" not in data:
        data["cleangov_token"] = token(page, path)
    host.who = as_
    return host.app.test_client().post(path, data=data)


def ask(host: SmallHost, id_: int, as_: Person = AUDITOR, **fields: str) -> Any:
    path = f"/cleangov/findings/{id_}/letter"
    page = opened(host, path, as_)
    return post(host, path, as_, page, **{"act": "send", "reason": WHY, **fields})


def sent(host: SmallHost, **fields: str) -> str:
    """Send a letter about the signal; answer its address."""
    response = ask(host, signal(host), **fields)
    assert response.status_code == 303, response.text
    return str(response.location)


def reply(host: SmallHost, letter: str, as_: Person = ZHAO, **fields: str) -> Any:
    page = opened(host, letter, as_)
    return post(host, f"{letter}/answers", as_, page, **fields)


def do(host: SmallHost, letter: str, what: str, as_: Person = AUDITOR, **fields: str) -> Any:
    return post(host, f"{letter}/{what}", as_, opened(host, letter, as_), **fields)


def letters(host: SmallHost) -> list[dict[str, Any]]:
    return rows(host, "instrument")


def entries(host: SmallHost) -> list[dict[str, Any]]:
    return [row for row in rows(host, "entry") if row["kind"].startswith("int.letter.")]


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


@pytest.mark.parametrize("reason", ["", "  ", "问问", "\x00\x01\x02\x03"])
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


# ---- Who may -----------------------------------------------------------------------------------


def test_only_those_who_see_everything_write_letters(own_city: SmallHost) -> None:
    path = f"/cleangov/findings/{finding(own_city)}/letter"
    opened(own_city, path, LEAD, 404)
    opened(own_city, path, OFFICER, 403)
    opened(own_city, path, OPERATOR, 403)
    opened(own_city, path, None, 401)
    page = opened(own_city, path, AUDITOR)
    for person, status in ((LEAD, 409), (OFFICER, 403), (OTHER_AUDITOR, 409), (None, 401)):
        response = post(own_city, path, person, page, act="send", reason=WHY)
        assert response.status_code == status
    bad = post(own_city, path, AUDITOR, page, act="send", reason=WHY, token="1.x")
    assert bad.status_code == 409
    own_city.who = AUDITOR
    foreign = own_city.app.test_client().post(path, headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    assert letters(own_city) == []


def test_a_letter_is_seen_by_its_addressee_and_those_who_see_its_finding(
    own_city: SmallHost,
) -> None:
    hidden = sent(own_city)
    shown = ask(own_city, finding(own_city), reason="").location
    opened(own_city, hidden, ZHAO)
    for person in (LEAD, OFFICER, HE, OPERATOR):
        opened(own_city, hidden, person, 404)
    assert "询〔2026〕2号" in opened(own_city, shown, LEAD).text
    elsewhere = Person(id="x", name="x", roles=LEAD.roles, unit="u-1")
    opened(own_city, shown, elsewhere, 404)
    opened(own_city, "/cleangov/letters/99", AUDITOR, 404)
    opened(own_city, f"/cleangov/letters/{2**70}", AUDITOR, 404)


def test_a_lead_reads_and_does_nothing(own_city: SmallHost) -> None:
    letter = ask(own_city, finding(own_city)).location
    page = opened(own_city, letter, LEAD)
    assert page.found("form") == []
    assert WHY not in page.text
    auditors = opened(own_city, letter, AUDITOR)
    for what in ("term", "withdrawal", "answers"):
        fields = {"days": "3", "reason": WHY, "words": ANSWER, "token": "1.x"}
        response = post(own_city, f"{letter}/{what}", LEAD, auditors, **fields)
        assert response.status_code == 409
    assert rows(own_city, "instrument_act") == []


# ---- The person who is asked -------------------------------------------------------------------


def test_the_letter_stands_in_the_inbox_of_its_addressee_alone(own_city: SmallHost) -> None:
    letter = sent(own_city)
    for person in (AUDITOR, OFFICER, HE, LEAD):
        own_city.who = person
        assert "监督部门的来函" not in own_city.show("person.inbox")
    own_city.who = ZHAO
    shown = own_city.show("person.inbox")
    assert f'href="{letter}"' in shown
    assert "2026-03-19" in shown
    assert "90 天内 3 次变更" in shown
    assert WHY not in shown
    page = Checked(f"<html><body>{shown}</body></html>")
    assert page.problems == []


def test_the_addressee_sees_all_it_stands_on_and_not_why_it_was_sent(own_city: SmallHost) -> None:
    page = opened(own_city, sent(own_city), ZHAO)
    for words in ("赵磊：", "J11 第 1 版", "《政府投资条例》第二十一条", "465,000 元", "98%"):
        assert words in page.text
    assert "案例还太少（0 件）" in page.text
    assert WHY not in page.text
    assert "变更累计超过比例" not in page.text, "other rules are not part of this question"
    assert page.found("nav") == []


def test_an_answer_stands_wherever_the_finding_stands(own_city: SmallHost) -> None:
    letter = sent(own_city)
    response = reply(own_city, letter, words=ANSWER)
    assert (response.status_code, response.location) == (303, letter)
    (row,) = letters(own_city)
    assert row["state"] == "answered"
    kinds = [entry["kind"] for entry in entries(own_city)]
    assert kinds == ["int.letter.sent", "int.letter.answered"]
    assert ANSWER not in entries(own_city)[1]["body"]
    for path in (
        f"/cleangov/findings/{signal(own_city)}",
        "/cleangov/signals",
        f"/cleangov/cases/cg/{PROJECT}",
        "/cleangov/",
        letter,
    ):
        assert ANSWER in opened(own_city, path, AUDITOR).text, path
    (found,) = rows(own_city, "finding", "rule_id = 'J11'")
    assert (found["state"], found["disposition"]) == ("signal", None), "nothing is automatic"


def test_an_answer_can_be_added_to_and_is_never_doubled(own_city: SmallHost) -> None:
    letter = sent(own_city)
    reply(own_city, letter, words=ANSWER)
    reply(own_city, letter, words=ANSWER)
    reply(own_city, letter, words="另附：监理日志")
    words = [row["words"] for row in rows(own_city, "instrument_act")]
    assert words == [ANSWER, "另附：监理日志"]
    assert len(entries(own_city)) == 3


@pytest.mark.parametrize("words", ["", " \n ", "\x00"])
def test_an_empty_answer_is_none(own_city: SmallHost, words: str) -> None:
    assert reply(own_city, sent(own_city), words=words).status_code == 409
    assert len(entries(own_city)) == 1


def test_nobody_answers_for_somebody_else(own_city: SmallHost) -> None:
    letter = sent(own_city)
    page = opened(own_city, letter, ZHAO)
    for person in (HE, AUDITOR, OFFICER):
        response = post(own_city, f"{letter}/answers", person, page, words=ANSWER)
        assert response.status_code == 409
    own_city.who = HE
    with pytest.raises(AnswerRefused, match="not_yours"):
        receiving.answer(own_city.plugin.desk, HE, 1, ANSWER, wants_time=False)
    assert rows(own_city, "instrument_act") == []


def test_the_hosts_own_field_against_forgery_stands_in_every_form(own_city: SmallHost) -> None:
    letter = sent(own_city)
    own_city.csrf = '<input type="hidden" name="csrf" value="of-the-host">'
    for person, path in (
        (ZHAO, letter),
        (AUDITOR, letter),
        (AUDITOR, f"/cleangov/findings/{finding(own_city)}/letter"),
    ):
        page = opened(own_city, path, person)
        forms = len(page.found("form", method="post"))
        assert forms == len(page.found("input", name="csrf")) > 0


# ---- Silence, time, withdrawal -----------------------------------------------------------------


def test_from_silence_nothing_follows_but_a_note(own_city: SmallHost) -> None:
    letter = sent(own_city)
    before = rows(own_city, "finding")
    own_city.clock = TODAY + timedelta(days=9)
    assert "未答复" not in opened(own_city, "/cleangov/", AUDITOR).text
    own_city.clock = TODAY + timedelta(days=10)
    assert "2026-03-19 前未答复" in opened(own_city, "/cleangov/", AUDITOR).text
    page = opened(own_city, letter, AUDITOR)
    assert "2026-03-19 前未答复" in page.text
    assert "不会因此自动产生任何后果" in page.text
    assert rows(own_city, "finding") == before
    assert [row["state"] for row in letters(own_city)] == ["waiting"]
    reply(own_city, letter, words=ANSWER)
    assert "逾期答复" in opened(own_city, letter, AUDITOR).text


def test_time_is_asked_for_and_given_with_a_reason(own_city: SmallHost) -> None:
    letter = sent(own_city)
    assert reply(own_city, letter, act="time", why="病").status_code == 409
    assert reply(own_city, letter, act="time", why=f"休病假至月底 {HOSTILE}").status_code == 303
    assert "申请延期" in opened(own_city, "/cleangov/", AUDITOR).text
    assert do(own_city, letter, "term", days="5", reason="").status_code == 409
    assert do(own_city, letter, "term", days="31", reason="情况属实").status_code == 409
    assert do(own_city, letter, "term", days="5", reason="情况属实").status_code == 303
    (row,) = letters(own_city)
    assert row["due_on"] == "2026-03-26"
    assert "期限延至 2026-03-26" in opened(own_city, letter, ZHAO).text
    assert "申请延期" not in opened(own_city, "/cleangov/", AUDITOR).text
    assert [entry["kind"] for entry in entries(own_city)] == [
        "int.letter.sent",
        "int.letter.time_asked",
        "int.letter.extended",
    ]


def test_time_given_late_is_counted_from_the_day_it_is_given(own_city: SmallHost) -> None:
    letter = sent(own_city)
    own_city.clock = TODAY + timedelta(days=20)
    do(own_city, letter, "term", days="1", reason="情况属实")
    (row,) = letters(own_city)
    assert row["due_on"] == "2026-03-31"


def test_a_letter_is_withdrawn_and_its_addressee_is_told_why(own_city: SmallHost) -> None:
    letter = sent(own_city)
    waiting = opened(own_city, letter, ZHAO)
    assert do(own_city, letter, "withdrawal", reason="经查与本案无关").status_code == 303
    page = opened(own_city, letter, ZHAO)
    assert "不必答复" in page.text
    assert "经查与本案无关" in page.text
    late = post(own_city, f"{letter}/answers", ZHAO, waiting, words=ANSWER)
    assert late.status_code == 409
    own_city.who = ZHAO
    assert "不必答复" in own_city.show("person.inbox")
    own_city.clock = TODAY + timedelta(days=40)
    assert own_city.show("person.inbox") == ""


def test_an_answered_letter_is_not_withdrawn(own_city: SmallHost) -> None:
    letter = sent(own_city)
    page = opened(own_city, letter, AUDITOR)
    reply(own_city, letter, words=ANSWER)
    for what in ("withdrawal", "term"):
        response = post(own_city, f"{letter}/{what}", AUDITOR, page, days="2", reason="想撤回")
        assert response.status_code == 409
    assert [row["state"] for row in letters(own_city)] == ["answered"]


def test_a_signal_that_was_asked_about_waits_for_the_answer(own_city: SmallHost) -> None:
    own_city.who = AUDITOR
    before = opened(own_city, "/cleangov/", AUDITOR)
    letter = sent(own_city)
    during = opened(own_city, "/cleangov/", AUDITOR)
    assert "贴近同一审批人" in before.text
    assert "贴近同一审批人" not in during.text
    assert f'href="{letter}"' in during.html
    reply(own_city, letter, words=ANSWER)
    assert "贴近同一审批人" in opened(own_city, "/cleangov/", AUDITOR).text


# ---- Both or neither ---------------------------------------------------------------------------


def test_what_is_not_recorded_is_not_done(own_city: SmallHost) -> None:
    letter = sent(own_city)
    refuse_entries(own_city)
    response = ask(own_city, finding(own_city))
    assert response.status_code == 409
    assert "未能记入账本" in response.text
    assert "未能记入账本" in reply(own_city, letter, words=ANSWER).text
    assert "未能记入账本" in do(own_city, letter, "withdrawal", reason="不再需要").text
    assert [row["state"] for row in letters(own_city)] == ["waiting"]
    assert rows(own_city, "instrument_act") == []


def test_a_database_that_fails_is_told_and_never_the_hosts_failure(own_city: SmallHost) -> None:
    letter = sent(own_city)
    page = opened(own_city, letter, ZHAO)
    schema = "" if own_city.engine.dialect.name == "sqlite" else "cleangov."
    with own_city.engine.begin() as connection:
        for table in ("instrument_act", "instrument"):
            connection.exec_driver_sql(f"DROP TABLE {schema}cleangov_{table}")
    opened(own_city, letter, ZHAO, 503)
    opened(own_city, "/cleangov/", AUDITOR, 503)
    assert post(own_city, f"{letter}/answers", ZHAO, page, words=ANSWER).status_code == 409
    own_city.who = ZHAO
    assert own_city.show("person.inbox") == ""


def test_acts_of_letters_stay_out_of_the_story_and_of_a_leads_lists(own_city: SmallHost) -> None:
    before = opened(own_city, f"/cleangov/cases/cg/{PROJECT}", AUDITOR)
    reply(own_city, sent(own_city), words=ANSWER)
    after = opened(own_city, f"/cleangov/cases/cg/{PROJECT}", AUDITOR)
    count = [
        len([e for e in page.elements if e.given.get("id", "").startswith("n")])
        for page in (before, after)
    ]
    assert count[0] == count[1]
    assert "发出函件" in opened(own_city, "/cleangov/checkpoints", AUDITOR).text
    assert "发出函件" not in opened(own_city, "/cleangov/checkpoints", LEAD).text


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


def test_peoples_words_stand_where_they_can_be_erased_and_nowhere_else(
    own_city: SmallHost, caplog: pytest.LogCaptureFixture
) -> None:
    """A scan of every column of every table, after everything that can be done about a letter."""
    letter = sent(own_city, words="CANARY-middle", reason="CANARY-reason")
    reply(own_city, letter, act="time", why="CANARY-wish")
    do(own_city, letter, "term", days="3", reason="CANARY-grant")
    reply(own_city, letter, words="CANARY-answer")
    other = ask(own_city, finding(own_city), reason="CANARY-other").location
    do(own_city, other, "withdrawal", reason="CANARY-withdrawn")
    places: dict[str, set[str]] = {}
    with own_city.engine.connect() as connection:
        for table in tables.metadata_for(own_city.engine.dialect.name).sorted_tables:
            for row in connection.execute(sa.select(table)).mappings():
                for column, value in row.items():
                    seen = set(re.findall(r"CANARY-\w+", str(value)))
                    if seen:
                        places.setdefault(f"{table.name}.{column}", set()).update(seen)
    reasons = {"CANARY-reason", "CANARY-other"}
    acts_ = {"CANARY-wish", "CANARY-grant", "CANARY-withdrawn"}
    assert places == {
        "cleangov_instrument.words": {"CANARY-middle"},
        "cleangov_instrument.reason": reasons,
        "cleangov_instrument_act.words": {*acts_, "CANARY-answer"},
    }
    disclosed = {
        disclosure.read(text)[1]
        for row in entries(own_city)
        for text in disclosure.split(row["disc"])
    }
    assert disclosed == {*reasons, *acts_}, "written as erasable disclosures, not as they are"
    assert "CANARY" not in caplog.text
