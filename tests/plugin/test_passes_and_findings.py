"""What a pass is good for, and what is found where a step is done without one."""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from cleangov_hooks import Origin
from cleangov_plugin.desk.prompting import passes
from tests.plugin.day import BAND
from tests.plugin.inside import attrs, bodies, fates, one, outcomes, rows
from tests.plugin.steps import outside
from tests.support.small_city import TODAY
from tests.support.small_host import SmallHost


def test_a_justified_sum_passes_and_the_hit_is_settled(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "集体讨论记录 2026-7")
    verdict = host.take(event)
    assert (verdict.decision, verdict.reason) == ("pass_recorded", "answered")
    (body,) = bodies(host, kind=event.kind)
    assert outcomes(body)["E08"] == "suppressed"
    assert rows(host, "finding") == []
    answer = one(host, "answer")
    assert (answer["kind"], answer["words"]) == ("justified", "集体讨论记录 2026-7")
    assert attrs(body)["e.answer"] == answer["answer_id"]
    assert one(host, "pass")["used_at"] is not None


def test_the_pass_is_signed_and_bound_to_attempt_payload_and_time(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "approved")
    token = host.gate(event).pass_token
    keys = host.plugin.desk.keys
    claim = passes.read(keys, token, host.clock)
    assert (claim.attempt_id, claim.prompt_id) == ("a-C-1", prompt.id)
    assert claim.expires_at == (TODAY + timedelta(minutes=10)).astimezone(UTC)
    assert passes.read(keys, token, TODAY + timedelta(minutes=11)) is None
    for other in set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_") - {token[-1]}:
        assert passes.read(keys, token[:-1] + other, host.clock) is None


def test_another_sum_after_the_answer_opens_the_gate_anew(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "approved")
    assert host.gate(event).decision == "pass_recorded"
    verdict = host.take(host.event("enf.decision.made", 1_500, **BAND))
    assert verdict.decision == "hold"
    assert verdict.prompts[0].id != prompt.id
    assert host.gate(event).decision == "pass_recorded"  # what was approved is still approved


@pytest.mark.parametrize(
    "change",
    [
        {"case_id": "C-2"},
        {"step": "other"},
        {"attributes": {**BAND, "violation_code": "CG-2"}},
        {"parties": ()},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_pass_is_good_for_nothing_but_what_was_asked(
    host: SmallHost, change: dict[str, Any]
) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "approved")
    attempt = "a-C-1"
    assert host.gate(event, attempt).decision == "pass_recorded"
    assert host.gate(replace(event, **change), attempt).decision == "hold"


def test_a_pass_of_one_attempt_is_no_pass_of_another(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "approved")
    assert host.gate(event, "a-other").decision == "hold"


def test_a_pass_ends_after_ten_minutes(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "approved")
    host.move(minutes=10)
    assert host.gate(event).decision == "pass_recorded"
    host.move(seconds=1)
    assert host.gate(event).decision == "hold"


def test_a_pass_that_was_used_is_used_up(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "approved")
    host.take(event)
    again = host.event("enf.decision.made", 1_001, **BAND)
    host.write(replace(again, attempt_id="a-C-1"))
    done = bodies(host, kind=again.kind)
    assert [outcomes(body)["E08"] for body in done] == ["suppressed", "hit"]
    assert one(host, "finding")["event_id"] == again.id


def test_a_step_done_against_the_hold_opens_a_finding_with_owner_and_due_date(
    host: SmallHost,
) -> None:
    event, prompt = outside(host)
    host.show("step.panel", event)
    host.write(replace(event, attempt_id="a-C-1"))  # a host that does not heed its gate
    (body,) = bodies(host)
    assert outcomes(body)["E08"] == "hit"
    assert attrs(body)["e.prompt.0"] == prompt.id
    assert "e.answer" not in attrs(body)
    finding = one(host, "finding")
    assert (finding["rule_id"], finding["subject"], finding["is_signal"]) == ("E08", "C-1", False)
    assert (finding["owner"], finding["due_on"]) == ("supervision", "2026-03-24")
    assert (finding["state"], finding["severity"]) == ("open", "revocable")
    assert fates(host, prompt.id) == ["created", "rendered", "ignored"]


@pytest.mark.parametrize("origin", [Origin.HISTORIC, Origin.IMPORT])
def test_what_is_imported_makes_a_signal_without_owner_and_clock(
    host: SmallHost, origin: Origin
) -> None:
    host.write(host.event("enf.decision.made", 1_001, origin=origin, **BAND))
    finding = one(host, "finding")
    assert (finding["is_signal"], finding["state"]) == (True, "signal")
    assert (finding["owner"], finding["due_on"]) == (None, None)


def test_a_second_event_of_the_same_case_opens_no_second_finding(host: SmallHost) -> None:
    for amount in (1_001, 1_002):
        host.write(host.event("enf.decision.made", amount, **BAND))
    assert one(host, "finding")["event_id"] == "e0001"
