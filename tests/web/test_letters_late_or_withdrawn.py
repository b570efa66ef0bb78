"""Letters that nobody answers in time, that get more time, or that are withdrawn."""

from datetime import timedelta

from tests.support.review_city import AUDITOR, HOSTILE
from tests.support.small_city import TODAY
from tests.support.small_host import SmallHost
from tests.web.letter_writing import (
    ANSWER,
    ZHAO,
    do,
    entries,
    letters,
    opened,
    post,
    reply,
    rows,
    sent,
)

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


def test_a_day_with_a_late_letter_alone_is_not_said_to_be_empty(own_city: SmallHost) -> None:
    letter = sent(own_city)
    schema = "" if own_city.engine.dialect.name == "sqlite" else "cleangov."
    with own_city.engine.begin() as connection:  # nothing else is in the list of the day
        connection.exec_driver_sql(f"UPDATE {schema}cleangov_finding SET state = 'closed'")
        connection.exec_driver_sql(f"UPDATE {schema}cleangov_attempt SET state = 'open'")
    nothing = "今天没有等着您的事"
    assert nothing in opened(own_city, "/cleangov/", AUDITOR).text
    own_city.clock = TODAY + timedelta(days=10)
    assert nothing not in opened(own_city, "/cleangov/", AUDITOR).text
    own_city.clock = TODAY
    assert reply(own_city, letter, act="time", why="休病假至月底").status_code == 303
    assert nothing not in opened(own_city, "/cleangov/", AUDITOR).text


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
