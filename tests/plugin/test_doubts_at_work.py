"""This is wrong: who is asked, until when, what they may answer, and that the answer comes back."""

import pytest

from cleangov_hooks import Event, Person, Prompt
from cleangov_plugin.desk.answers.doubting import asked_of, raised_by, settle
from cleangov_plugin.domain.errors import AnswerRefused
from tests.plugin.inside import attrs, bodies, one, rows, tick
from tests.plugin.steps import heavier
from tests.support.small_city import PEOPLE
from tests.support.small_host import SmallHost

STEWARD = Person(id="zhou", name="周法", roles=frozenset({"legal-affairs"}))
AUDITOR = Person(id="lin", name="林岚", roles=frozenset({"auditor"}))
WHY = "店主没有申辩，是邻居写的 <b>"
REPLY = "您说得对，规则会改。"


def doubted(host: SmallHost, choice: str = "wrong") -> tuple[Event, Prompt]:
    """Let the officer say that the panel is wrong; answer the event and the panel."""
    event, prompt = heavier(host)
    host.answer(prompt.id, choice, WHY)
    return event, prompt


def waiting(host: SmallHost) -> str:
    """Answer the id of the one doubt that waits."""
    return str(one(host, "second_request", state="doubted")["request_id"])


def answered(host: SmallHost, who: Person, *, upholds: bool = True, words: str = REPLY) -> None:
    """Let somebody answer the one doubt."""
    settle(
        host.plugin.desk,
        str(one(host, "second_request")["request_id"]),
        who,
        upholds=upholds,
        words=words,
    )


@pytest.mark.parametrize(
    ("choice", "role", "about"),
    [("wrong", "legal-affairs", "rule"), ("record_wrong", "supervision", "record_wrong")],
)
def test_a_doubt_goes_with_its_case_and_words_to_whoever_answers_for_it(
    host: SmallHost, choice: str, role: str, about: str
) -> None:
    event, _ = doubted(host, choice)
    request = one(host, "second_request")
    assert (request["state"], request["role"], request["reason"]) == ("doubted", role, about)
    assert request["expires_at"] == "2026-03-17T15:59:59.000000Z"  # the fifth working day
    assert host.gate(event).decision == "refuse"
    person = Person(id="z", name="z", roles=frozenset({role}))
    (view,) = asked_of(host.plugin.desk, person, "zh")
    assert (view.case_id, view.words, view.is_late, view.is_own) == ("C-1", (WHY,), False, False)
    assert "告知拟罚 800 元" in view.body[0]
    assert view.is_about_record == (choice == "record_wrong")
    assert asked_of(host.plugin.desk, PEOPLE["liu"], "zh") == ()
    assert asked_of(host.plugin.desk, Person(id="n", name="n"), "zh") == ()
    assert asked_of(host.plugin.desk, AUDITOR, "en") == ()  # until it is late


def test_both_doubts_of_one_prompt_are_two_questions(host: SmallHost) -> None:
    _, prompt = doubted(host)
    host.answer(prompt.id, "record_wrong", "数据是旧的")
    by_role = {row["role"]: row["reason"] for row in rows(host, "second_request")}
    assert by_role == {"legal-affairs": "rule", "supervision": "record_wrong"}
    said = {v.role: v.words for v in raised_by(host.plugin.desk, PEOPLE["chen"], "zh")}
    assert said == {"legal-affairs": (WHY,), "supervision": ("数据是旧的",)}


def test_more_words_join_the_question_that_waits(host: SmallHost) -> None:
    _, prompt = doubted(host)
    host.answer(prompt.id, "wrong", WHY)
    host.answer(prompt.id, "wrong", "还有")
    assert len(rows(host, "second_request")) == 1
    (view,) = asked_of(host.plugin.desk, STEWARD, "zh")
    assert view.words == (WHY, "还有")


def test_the_answer_comes_back_to_the_officer_and_stands_in_the_ledger(
    host: SmallHost,
) -> None:
    event, prompt = doubted(host)
    host.move(days=1)
    answered(host, STEWARD)
    answered(host, STEWARD)  # from another tab
    assert f"法制部门答复：您说得对。{REPLY}" in host.show("step.panel", event)
    (view,) = raised_by(host.plugin.desk, PEOPLE["chen"], "zh")
    assert (view.state, view.reply, view.is_late) == ("upheld", REPLY, False)
    assert raised_by(host.plugin.desk, PEOPLE["liu"], "zh") == ()
    assert asked_of(host.plugin.desk, STEWARD, "zh") == ()
    (body,) = bodies(host, kind="int.doubt.settled")
    told = attrs(body)
    assert told["a.prompt"] == prompt.id
    assert REPLY not in str(body)
    assert host.gate(event).decision == "refuse"  # whoever is right: no step changes by it
    host.move(days=61)
    assert raised_by(host.plugin.desk, PEOPLE["chen"], "zh") == ()


def test_the_step_after_an_answered_doubt_names_the_officers_own_answer(host: SmallHost) -> None:
    event, prompt = doubted(host)
    answered(host, STEWARD, upholds=False, words="申辩记录在案")
    assert "提示没有错。申辩记录在案" in host.show("step.panel", event)
    host.answer(prompt.id, "back")
    host.take(host.event("enf.decision.made", 800))
    last = one(host, "answer", choice="back")
    assert attrs(bodies(host)[-1])["e.answer"] == last["answer_id"]


def test_who_may_not_answer_is_refused_and_the_doubt_waits(host: SmallHost) -> None:
    doubted(host)
    refused = {
        "error.not_yours": [PEOPLE["liu"], Person(id="n", name="n")],
        "doubt.conflict": [Person(id="chen", name="", roles=frozenset({"legal-affairs"}))],
    }
    for phrase, people in refused.items():
        for person in people:
            with pytest.raises(AnswerRefused) as said:
                answered(host, person)
            assert said.value.what == phrase
    for words, phrase in ((" \u200b ", "error.words"), ("字" * 2_001, "error.long")):
        with pytest.raises(AnswerRefused) as said:
            answered(host, STEWARD, words=words)
        assert said.value.what == phrase
    for id_ in ("", "x" * 10_000, "' OR 1=1 --"):
        with pytest.raises(AnswerRefused):
            settle(host.plugin.desk, id_, AUDITOR, upholds=True, words=REPLY)
    assert waiting(host)
    answered(host, AUDITOR)  # where nobody has the steward's role, nothing waits for ever
    with pytest.raises(AnswerRefused) as said:
        answered(host, STEWARD, upholds=False)
    assert said.value.what == "error.gone"


def test_a_doubt_nobody_answers_is_late_and_does_not_lapse(host: SmallHost) -> None:
    event, prompt = doubted(host)
    host.move(days=8)
    tick(host)
    for views in (
        asked_of(host.plugin.desk, AUDITOR, "zh"),
        raised_by(host.plugin.desk, PEOPLE["chen"], "zh"),
    ):
        assert [view.is_late for view in views] == [True]
    host.answer(host.gate(event).prompts[0].id, "back")
    answered(host, STEWARD)
    assert one(host, "second_request", prompt_id=prompt.id)["state"] == "upheld"


def test_a_doubt_is_no_request_that_a_step_waits_for(host: SmallHost) -> None:
    event, prompt = doubted(host)
    host.answer(prompt.id, "second_person")
    assert {row["state"] for row in rows(host, "second_request")} == {"doubted", "open"}
    assert host.gate(event).reason == "waiting"
    host.abort(event)
    assert {row["state"] for row in rows(host, "second_request")} == {"doubted", "withdrawn"}
    settle(host.plugin.desk, waiting(host), STEWARD, upholds=True, words=REPLY)
