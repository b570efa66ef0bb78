"""An answer is taken back until its step is taken: request, agreement, pass; and never after."""

from dataclasses import replace

import pytest

from cleangov_plugin.domain.our_kinds import ANSWER_LATE, ANSWER_REFUSED, PROMPT_ANSWERED
from tests.plugin.inside import attrs, bodies, one, rows
from tests.plugin.steps import outside
from tests.plugin.test_second_person_at_work import asked, decided, refusal
from tests.support.small_city import yuan
from tests.support.small_host import SmallHost


def kinds(host: SmallHost) -> list[str]:
    """Answer the kinds of all answers, in order."""
    return [row["kind"] for row in sorted(rows(host, "answer"), key=lambda row: row["answer_id"])]


def prompt_of(host: SmallHost) -> str:
    """Answer the one prompt there is."""
    return str(one(host, "prompt")["prompt_id"])


def test_a_request_is_taken_back_and_another_way_is_open_again(host: SmallHost) -> None:
    event = asked(host)
    page = host.show("step.panel", event)
    assert "撤回，改用别的办法" in page
    assert page.count("<button") == 1
    assert "cleangov_choice" in host.show("page.end", event)
    host.answer(prompt_of(host), "take_back")
    assert one(host, "second_request")["state"] == "withdrawn"
    assert one(host, "attempt")["state"] == "held"
    assert kinds(host) == ["second_person_asked", "taken_back"]
    assert len(rows(host, "entry", kind=PROMPT_ANSWERED)) == 2
    assert refusal(host, "he") == "error.gone"
    verdict = host.gate(event)
    assert (verdict.decision, verdict.reason) == ("hold", "hit")
    host.answer(verdict.prompts[0].id, "chief_engineer")
    assert host.gate(event).reason == "waiting"


def test_what_was_agreed_to_is_taken_back_and_the_gate_asks_anew(host: SmallHost) -> None:
    event = asked(host)
    decided(host)
    page = host.show("step.panel", event)
    assert "总工程师已同意" in page
    assert "撤回，改用别的办法" in page
    host.answer(prompt_of(host), "take_back")
    verdict = host.take(event)
    assert (verdict.decision, verdict.reason) == ("hold", "hit")
    assert "总工程师已同意" not in host.show("step.panel", event)
    assert all(row["used_at"] is None for row in rows(host, "pass"))
    smaller = replace(event, amount=yuan(100_000))
    assert host.take(smaller).decision == "pass"


def test_a_justification_is_taken_back_and_given_in_other_words(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "集体讨论")
    host.answer(prompt.id, "take_back")
    assert len(rows(host, "pass")) == 1
    (again,) = host.gate(event).prompts
    assert again.id != prompt.id
    host.answer(again.id, "deviation", "局长办公会批准")
    assert host.take(event).decision == "pass_recorded"
    last = next(row for row in rows(host, "answer") if row["words"] == "局长办公会批准")
    assert attrs(bodies(host)[-1])["e.answer"] == last["answer_id"]


def test_a_step_that_is_taken_stays_taken(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "集体讨论")
    host.take(event)
    before = rows(host, "attempt")
    host.answer(prompt.id, "take_back")
    assert rows(host, "attempt") == before
    assert kinds(host) == ["justified"]
    assert attrs(bodies(host, kind=ANSWER_LATE)[0])["a.reason"] == "over"


def test_nobody_takes_back_what_is_not_theirs_or_not_there(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "take_back")  # nothing was answered yet
    host.answer(prompt.id, "wrong")
    host.answer(prompt.id, "take_back")  # a doubt opened nothing
    host.answer(prompt.id, "deviation", "集体讨论")
    host.answer(prompt.id, "take_back", by="liu")
    host.answer("nobody", "take_back")
    assert "taken_back" not in kinds(host)
    reasons = [attrs(body)["a.reason"] for body in bodies(host, kind=ANSWER_REFUSED)]
    assert reasons == ["somebody_else", "unknown"]
    assert host.gate(event).decision == "pass_recorded"
    host.move(minutes=11)  # the pass has run out by itself
    host.answer(prompt.id, "take_back")
    assert "taken_back" not in kinds(host)


@pytest.mark.parametrize("times", [1, 2])
def test_a_step_may_wait_for_somebody_again_and_again(host: SmallHost, times: int) -> None:
    event = asked(host)
    for _ in range(times):
        host.answer(prompt_of(host), "take_back")
        host.answer(prompt_of(host), "take_back")  # sent twice
        host.answer(prompt_of(host), "chief_engineer")
    states = sorted(row["state"] for row in rows(host, "second_request"))
    assert states == ["open"] + ["withdrawn"] * times
    assert kinds(host).count("taken_back") == times
    assert host.gate(event).reason == "waiting"
