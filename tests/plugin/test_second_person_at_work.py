"""A step that waits for a second person: asked, agreed to, refused, lapsed, withdrawn."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cleangov_hooks import Event
from cleangov_plugin.desk.answers.second_person import decide
from cleangov_plugin.domain.errors import AnswerRefused
from tests.plugin.inside import attrs, bodies, fates, one, outcomes, rows, tick
from tests.support.small_city import PEOPLE, TODAY, yuan
from tests.support.small_host import SmallHost

CONTRACT = {"contract_amount": yuan(16_000_000)}


def fourth(host: SmallHost, amount: int = 490_000) -> Event:
    """Let a project manager file the variation that passes the limit; answer its event."""
    if not rows(host, "entry"):
        for number, approved in enumerate((465_000, 480_000, 455_000)):
            at = TODAY - timedelta(days=30 - number)
            host.write(host.event("prj.variation.approved", approved, at=at))
    host.sign_in("zhao")
    return host.event("prj.variation.requested", amount, **CONTRACT)


def asked(host: SmallHost) -> Event:
    """Let him ask the chief engineer; answer the event that waits."""
    event = fourth(host)
    (prompt,) = host.gate(event).prompts
    host.answer(prompt.id, "chief_engineer")
    return event


def decided(host: SmallHost, who: str = "he", *, agrees: bool = True, reason: str = "") -> None:
    """Let somebody decide the latest request."""
    request = rows(host, "second_request")[-1]
    decide(host.plugin.desk, request["request_id"], PEOPLE[who], agrees=agrees, reason=reason)


def refusal(host: SmallHost, who: str, **how: object) -> str:
    """Answer with which phrase a decision is refused."""
    with pytest.raises(AnswerRefused) as refused:
        decided(host, who, **how)  # type: ignore[arg-type]
    return refused.value.what


def latest(host: SmallHost) -> dict[str, object]:
    """Answer the request made last."""
    return max(rows(host, "second_request"), key=lambda row: row["requested_at"])


def test_a_fourth_variation_over_the_limit_waits_for_the_chief_engineer(host: SmallHost) -> None:
    event = fourth(host)
    verdict = host.take(event)
    assert verdict.decision == "hold"
    (prompt,) = verdict.prompts
    assert (prompt.tier, prompt.rules) == (4, ("J10@1",))
    assert "11.81%" in prompt.body[0]
    host.answer(prompt.id, "chief_engineer")
    request = one(host, "second_request")
    assert (request["state"], request["role"]) == ("open", "chief_engineer")
    assert request["expires_at"] == "2026-03-13T15:59:59.000000Z"  # end of the third working day
    verdict = host.take(event)
    assert (verdict.decision, verdict.reason) == ("hold", "waiting")
    assert verdict.hold_until is not None
    assert one(host, "attempt")["state"] == "waiting"
    page = host.show("step.panel", event)
    assert "已请总工程师复核" in page
    assert "2026-03-13 23:59" in page
    assert page.count("<button") == 1  # to take it back


def test_the_person_asked_finds_the_request_and_agrees_and_the_step_is_taken(
    host: SmallHost,
) -> None:
    event = asked(host)
    host.sign_in("he")
    inbox = host.show("person.inbox")
    assert "C-1" in inbox
    assert "11.81%" in inbox
    host.move(days=1)
    decided(host)
    host.sign_in("zhao")
    page = host.show("step.panel", event)
    assert "总工程师已同意" in page
    host.move(days=1)  # the pass is good for as long as the request was open
    verdict = host.take(event)
    assert (verdict.decision, verdict.reason) == ("pass_recorded", "answered")
    body = bodies(host)[-1]
    assert outcomes(body)["J10"] == "suppressed"
    agreed = one(host, "answer", choice="approve")
    assert attrs(body)["e.answer"] == agreed["answer_id"]
    assert agreed["kind"] == "second_person_approved"
    assert rows(host, "finding", rule_id="J10") == []
    host.sign_in("he")
    assert host.show("person.inbox") == ""  # an empty box would only be one thing more


def test_only_the_role_that_was_asked_may_decide(host: SmallHost) -> None:
    asked(host)
    assert refusal(host, "chen") == "error.not_yours"
    assert refusal(host, "liu") == "error.not_yours"
    assert one(host, "second_request")["state"] == "open"


def test_nobody_decides_on_a_step_of_their_own(host: SmallHost) -> None:
    host.staff = {"reviewer": None}  # the platform does not know who else has the role
    host.sign_in("liu")
    host.write(host.event("enf.intent.notified", 800, at=TODAY - timedelta(days=8)))
    host.write(host.event("enf.defence.received", at=TODAY - timedelta(days=6)))
    event = host.event("enf.decision.made", 2_000)
    (prompt,) = host.gate(event).prompts
    host.answer(prompt.id, "second_person")
    inbox = host.show("person.inbox")
    assert "这一步是您自己办的" in inbox
    assert "<button" not in inbox
    assert refusal(host, "liu") == "inbox.conflict"
    assert host.gate(event).decision == "refuse"


def test_a_no_needs_words_which_the_officer_reads(host: SmallHost) -> None:
    event = asked(host)
    assert refusal(host, "he", agrees=False) == "error.words"
    assert refusal(host, "he", agrees=False, reason=" \u200b ") == "error.words"
    decided(host, agrees=False, reason="分三次报，请合并重报 <b>")
    assert one(host, "attempt")["state"] == "held"
    page = host.show("step.panel", event)
    assert "复核人没有同意：分三次报，请合并重报 &lt;b&gt;" in page
    assert host.gate(event).decision == "hold"
    assert one(host, "answer", choice="refuse")["kind"] == "second_person_refused"


def test_after_a_no_another_look_can_be_asked_for(host: SmallHost) -> None:
    event = asked(host)
    decided(host, agrees=False, reason="no")
    host.move(hours=1)
    (prompt,) = host.gate(event).prompts
    host.answer(prompt.id, "chief_engineer")
    assert [row["state"] for row in rows(host, "second_request")].count("open") == 1
    request = latest(host)
    decide(host.plugin.desk, str(request["request_id"]), PEOPLE["he"], agrees=True, reason="")
    assert host.gate(event).decision == "pass_recorded"


def test_a_request_is_decided_once(host: SmallHost) -> None:
    asked(host)
    decided(host)
    before = len(rows(host, "entry"))
    decided(host)  # from another tab
    assert len(rows(host, "entry")) == before
    assert refusal(host, "he", agrees=False, reason="no") == "error.gone"
    assert (len(rows(host, "pass")), len(rows(host, "answer", choice="approve"))) == (1, 1)


def test_a_role_in_another_authority_decides_nothing_here(host: SmallHost) -> None:
    asked(host)
    host.authority = replace(host.authority, id="another")
    assert refusal(host, "he") == "error.gone"
    assert one(host, "second_request")["state"] == "open"


def test_too_many_words_are_refused_and_nothing_is_cut(host: SmallHost) -> None:
    asked(host)
    assert refusal(host, "he", agrees=False, reason="字" * 2_001) == "error.long"
    for _ in range(2):
        decided(host, agrees=False, reason="字" * 2_000)
    assert one(host, "answer", choice="refuse")["words"] == "字" * 2_000


@pytest.mark.parametrize("request_id", ["", "nobody", "x" * 10_000, "' OR 1=1 --"])
def test_an_unknown_request_is_refused(host: SmallHost, request_id: str) -> None:
    asked(host)
    with pytest.raises(AnswerRefused):
        decide(host.plugin.desk, request_id, PEOPLE["he"], agrees=True, reason="")


def test_while_somebody_is_asked_nothing_else_can_be_answered(host: SmallHost) -> None:
    event = asked(host)
    (prompt,) = host.gate(event).prompts
    host.answer(prompt.id, "chief_engineer")
    host.answer(prompt.id, "wrong")
    assert len(rows(host, "second_request")) == 1
    assert [row["choice"] for row in rows(host, "answer")] == ["chief_engineer"]


# ---- The clock -------------------------------------------------------------------------------


def test_a_request_that_nobody_answers_lapses_by_the_tick_and_can_be_made_again(
    host: SmallHost,
) -> None:
    event = asked(host)
    host.move(days=3, hours=13, minutes=59, seconds=58)
    assert tick(host).expired == 0
    assert host.gate(event).reason == "waiting"
    host.move(seconds=2)
    assert tick(host).expired == 1
    assert one(host, "second_request")["state"] == "expired"
    assert one(host, "attempt")["state"] == "held"
    assert "未在期限内答复" in host.show("step.panel", event)
    verdict = host.gate(event)
    assert (verdict.decision, verdict.reason) == ("hold", "hit")
    host.answer(verdict.prompts[0].id, "chief_engineer")
    assert latest(host)["state"] == "open"


def test_a_request_past_its_time_holds_nobody_up_where_no_tick_runs(host: SmallHost) -> None:
    event = asked(host)
    host.move(days=4)
    assert refusal(host, "he") == "error.gone"
    host.sign_in("he")
    assert "C-1" not in host.show("person.inbox")
    host.sign_in("zhao")
    verdict = host.gate(event)
    assert (verdict.decision, verdict.reason, verdict.hold_until) == ("hold", "hit", None)
    page = host.show("step.panel", event)
    assert "未在期限内答复" in page
    assert "<button" in page
    host.answer(verdict.prompts[0].id, "chief_engineer")
    request = latest(host)
    assert request["state"] == "open"
    decide(host.plugin.desk, str(request["request_id"]), PEOPLE["he"], agrees=True, reason="")
    assert host.gate(event).decision == "pass_recorded"


# ---- When the step changes meanwhile ---------------------------------------------------------


def test_another_sum_withdraws_the_request_and_asks_anew(host: SmallHost) -> None:
    event = asked(host)
    (old,) = rows(host, "second_request")
    other = replace(event, amount=yuan(480_000))
    verdict = host.gate(other)
    assert (verdict.decision, verdict.reason) == ("hold", "hit")
    assert one(host, "second_request")["state"] == "withdrawn"
    host.answer(verdict.prompts[0].id, "chief_engineer")
    with pytest.raises(AnswerRefused):
        decide(host.plugin.desk, old["request_id"], PEOPLE["he"], agrees=True, reason="")
    new = next(row for row in rows(host, "second_request") if row["state"] == "open")
    assert new["digest"] != old["digest"]
    decide(host.plugin.desk, new["request_id"], PEOPLE["he"], agrees=True, reason="")
    assert host.gate(other).decision == "pass_recorded"
    assert host.gate(event).decision == "hold"  # to the first sum nobody has agreed


def test_a_sum_that_needs_nobody_withdraws_the_request_and_the_step_stays_done(
    host: SmallHost,
) -> None:
    asked(host)
    request = one(host, "second_request")
    assert host.take(fourth(host, 100_000)).decision == "pass"
    assert one(host, "second_request")["state"] == "withdrawn"
    with pytest.raises(AnswerRefused):
        decide(host.plugin.desk, request["request_id"], PEOPLE["he"], agrees=True, reason="")
    assert one(host, "attempt")["state"] == "done"


def test_a_step_done_against_the_hold_withdraws_the_request(host: SmallHost) -> None:
    event = asked(host)
    host.write(replace(event, attempt_id="a-C-1"))
    assert one(host, "second_request")["state"] == "withdrawn"
    assert refusal(host, "he") == "error.gone"
    assert one(host, "attempt")["state"] == "done"


def test_a_step_that_is_given_up_withdraws_its_request(host: SmallHost) -> None:
    event = asked(host)
    host.abort(event)
    assert one(host, "second_request")["state"] == "withdrawn"
    assert refusal(host, "he") == "error.gone"
    assert one(host, "attempt")["state"] == "aborted"
    (prompt,) = rows(host, "prompt")
    assert fates(host, prompt["prompt_id"])[-1] == "withdrawn"


def test_the_oversight_rule_on_the_same_step_is_never_shown_to_the_officer(
    host: SmallHost,
) -> None:
    limit = {"approval_limit": yuan(500_000)}
    host.sign_in("he")
    for number, approved in enumerate((465_000, 480_000, 455_000)):
        at = TODAY - timedelta(days=30 - number)
        host.write(host.event("prj.variation.approved", approved, at=at, **limit))
    host.sign_in("zhao")
    event = host.event("prj.variation.requested", 490_000, **limit, **CONTRACT)
    (prompt,) = host.gate(event).prompts
    assert prompt.rules == ("J10@1",)
    host.answer(prompt.id, "chief_engineer")
    decided(host)
    host.take(event)
    signal = one(host, "finding", rule_id="J11")
    assert (signal["is_signal"], signal["visibility"]) == (True, "oversight")
    pages = [host.show(slot, event) for slot in ("step.hint", "step.panel", "step.done")]
    assert not any("J11" in page or "贴近" in page for page in pages)
