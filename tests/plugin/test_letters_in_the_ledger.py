"""Letters, and what is said about them, are compared with their entries."""

from pathlib import Path

import pytest

from cleangov_hooks import Person
from cleangov_plugin.desk.letters import receiving, sending
from cleangov_plugin.desk.letters.templates import TALK
from cleangov_plugin.desk.letters.writing import Given
from cleangov_plugin.desk.review.readers import Reader, reader_of
from cleangov_plugin.domain.our_kinds import LETTER_SENT
from tests.plugin.conftest import MakeHost
from tests.plugin.day import BAND
from tests.plugin.inside import rows
from tests.plugin.test_before_sealing_at_work import edit, verified
from tests.support.small_host import SmallHost

AUDITOR = Person(id="wu", name="吴敏", roles=frozenset({"auditor"}), unit="oversight")
WHY = "罚款贴近权限，请说明"


@pytest.fixture
def host(make_host: MakeHost, tmp_path: Path) -> SmallHost:
    found = make_host(settings={"CLEANGOV_RECEIPTS": str(tmp_path / "receipts")})
    found.start()
    return found


def reader(host: SmallHost) -> Reader:
    found = reader_of(host.plugin.desk, AUDITOR, "zh")
    assert found is not None
    return found


def sent(host: SmallHost, case: str, words: str = "") -> int:
    """Let somebody be asked about a decision; answer the number of the letter."""
    host.case = case
    host.write(host.event("enf.decision.made", 9_000, **BAND))
    (finding,) = (row["id"] for row in rows(host, "finding", subject=case, rule_id="E08"))
    return sending.send(host.plugin.desk, reader(host), finding, Given(words=words, reason=WHY))


def answered(host: SmallHost, letter: int, words: str, *, wants_time: bool = False) -> None:
    assert host.who is not None
    receiving.answer(host.plugin.desk, host.who, letter, words, wants_time=wants_time)


def alarms(host: SmallHost) -> list[str]:
    return [each.code for each in verified(host, host.now()).alarms]


def all_of_it(host: SmallHost) -> None:
    """Send three letters: one waits, one is withdrawn, and much is said about one."""
    sent(host, "C-1")
    sending.withdraw(host.plugin.desk, reader(host), sent(host, "C-2"), "所问之事已查清")
    asked = sent(host, "C-3", "请说明裁量的理由。")
    answered(host, asked, "需要调卷", wants_time=True)
    sending.extend(host.plugin.desk, reader(host), asked, 3, "当事人住院")
    for minutes, words in (
        (5, "按裁量基准从重"),
        (90, "补充：依据裁量基准第三条"),
        (1, "按裁量基准从重"),
    ):
        host.move(minutes=minutes)
        answered(host, asked, words)


def test_everything_that_is_done_about_letters_is_silent(host: SmallHost) -> None:
    all_of_it(host)
    found = verified(host, host.now())
    assert found.alarms == []
    assert not [what for what in found.unchecked if what.code.startswith("letter")]
    edit(
        host,
        "UPDATE {s}cleangov_instrument SET words = NULL, reason = NULL",
        "UPDATE {s}cleangov_instrument_act SET words = NULL WHERE kind = 'answer'",
    )
    found = verified(host, host.now())
    assert found.alarms == [], "their term was over, or they were erased"
    (unread,) = [what for what in found.unchecked if what.code == "letter_words"]
    assert unread.values == {"number": 4}


def test_a_talk_is_compared_as_a_letter_is(host: SmallHost) -> None:
    host.case, desk = "C-9", host.plugin.desk
    host.write(host.event("enf.decision.made", 9_000, **BAND))
    (finding,) = (row["id"] for row in rows(host, "finding", rule_id="E08"))
    given = Given(kind=TALK, meets="2026-03-16T10:00", place="三楼", reason=WHY)
    talk = sending.send(desk, reader(host), finding, given)
    assert host.who is not None
    receiving.answer(desk, host.who, talk, "当天出差", wants_time=True, meets="2026-03-13T09:00")
    sending.move(desk, reader(host), talk, "2026-03-13T09:00", "按您的时间")
    receiving.accept(desk, host.who, talk)
    host.move(days=4)
    sending.record_held(desk, reader(host), talk, "两人在场", is_held=True)
    found = verified(host, host.now())
    assert found.alarms == [], "it was moved to an earlier day, and that is a talk's right"
    for column in ("state = 'not_held'", "state = 'held', due_on = '2026-03-16'"):
        edit(host, f"UPDATE {{s}}cleangov_instrument SET {column}")
        assert alarms(host) == ["letter_changed"], column
    edit(host, "UPDATE {s}cleangov_instrument_act SET due_on = NULL WHERE kind = 'accepted'")
    assert set(alarms(host)) == {"letter_changed", "letter_act_changed"}


_LETTER = "UPDATE {{s}}cleangov_instrument SET {} WHERE no = {}"
_ACT = "UPDATE {{s}}cleangov_instrument_act SET {} WHERE kind = '{}'"
#: Each is done to what the one before left; the code that is new then.
_EDITS = (
    (_LETTER.format("state = 'answered'", 1), "letter_changed", "state"),
    (_LETTER.format("state = 'waiting', addressee = 'another'", 1), "letter_changed", "addressee"),
    (
        _LETTER.format("addressee = sent_by, sent_by = 'x'", 1),
        "letter_changed",
        "addressee, sent_by",
    ),
    (_LETTER.format("sent_at = '2026-01-01T02:00:00.000000Z'", 2), "letter_changed", "sent_at"),
    (
        _LETTER.format("subject = 'C-9', sent_at = 'yesterday'", 2),
        "letter_changed",
        "sent_at, subject",
    ),
    (_LETTER.format("words = '请作检讨', reason = '不服'", 3), "letter_changed", "reason, words"),
    (_ACT.format("words = '无', due_on = '2026-09-30'", "extended"), "letter_act_changed", None),
    (_ACT.format("done_by = 'x'", "withdrawn"), "letter_act_changed", None),
    ("DELETE FROM {s}cleangov_instrument_act WHERE kind = 'answer'", "letter_act_gone", None),
)


def test_what_is_changed_in_their_tables_is_named(host: SmallHost) -> None:
    all_of_it(host)
    entries = {row["id"]: row for row in rows(host, "entry", kind=LETTER_SENT)}
    for statement, code, names in _EDITS:
        edit(host, statement)
        found = verified(host, host.now()).alarms
        assert all(each.detector == "COL" for each in found)
        named = [each for each in found if each.code == code and each.values.get("names") == names]
        assert named, (statement, found)
        assert code != "letter_changed" or named[0].entry in entries


def test_an_entry_of_the_host_tells_nothing_of_a_letter(host: SmallHost) -> None:
    all_of_it(host)
    edit(host, "UPDATE {s}cleangov_instrument SET no = 8, kind = 'order' WHERE no = 1")
    assert sorted(alarms(host)) == ["letter_gone", "letter_unsaid"]
