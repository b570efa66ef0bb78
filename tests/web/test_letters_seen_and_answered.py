"""Letters are seen by those they concern, and answered by the person who is asked alone."""

import pytest

from cleangov_hooks import Person
from cleangov_plugin.desk.letters import receiving
from cleangov_plugin.domain.errors import AnswerRefused
from tests.support.page_check import Checked
from tests.support.review_city import AUDITOR, LEAD, OFFICER, OPERATOR, PROJECT
from tests.support.small_host import SmallHost
from tests.web.letter_writing import (
    ANSWER,
    HE,
    OTHER_AUDITOR,
    WHY,
    ZHAO,
    ask,
    entries,
    finding,
    letters,
    opened,
    post,
    reply,
    rows,
    sent,
    signal,
)

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
    (nav,) = page.found("nav")
    assert nav.text.strip() == "我的页面", "what is oversight's is not theirs to open"


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


@pytest.mark.parametrize("words", ["", " \n ", "\x01"])
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
