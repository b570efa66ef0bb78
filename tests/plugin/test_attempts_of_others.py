"""Attempts that are not theirs: held without a word, and shown to nobody else."""

from dataclasses import replace
from typing import Any

from cleangov_hooks import Actor
from tests.plugin.day import BAND
from tests.plugin.inside import attrs, bodies, counted, fates, one
from tests.plugin.steps import heavier, outside
from tests.support.small_host import SmallHost


def test_an_attempt_of_another_officer_is_held_without_a_word_about_it(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "approved")
    verdict = host.gate(replace(event, actor=Actor(id="liu", unit="u-1")))
    assert (verdict.decision, verdict.reason) == ("hold", "foreign_attempt")
    (notice,) = verdict.prompts
    assert (notice.id, notice.rules, notice.choices) == ("", (), ())
    assert one(host, "attempt")["state"] == "held"
    assert host.gate(event).decision == "pass_recorded"


def test_an_attempt_of_another_case_is_held(host: SmallHost) -> None:
    event, _ = outside(host)
    harmless = host.event("enf.decision.made", 700, case_id="C-2", **BAND)
    verdict = host.gate(harmless, "a-C-1")
    assert (verdict.decision, verdict.reason) == ("hold", "foreign_attempt")
    assert host.gate(replace(event, amount=harmless.amount)).decision == "pass"


def test_another_officer_does_not_see_the_panel(host: SmallHost) -> None:
    event, _ = outside(host)
    assert "1,001" in host.show("step.panel", event)
    theirs = replace(event, actor=Actor(id="liu", unit="u-1"))
    assert host.show("step.panel", theirs) == ""
    assert host.show("step.panel", replace(event, case_id="C-2"), "a-C-1") == ""
    assert host.show("step.panel", replace(event, actor=None)) == ""
    assert host.show("step.panel", event, "a-forged") == ""


def test_an_attempt_without_a_usable_id_passes_and_is_named(host: SmallHost) -> None:
    event = host.event("enf.decision.made", 1_001, **BAND)
    ids: list[Any] = ["", "x" * 201, "a\nb", "\ud800", 7, None]
    for attempt_id in ids:
        attempt = replace(host.attempt(event), id=attempt_id)
        report = host.call("cleangov_step_gate", attempt=attempt)
        assert report.values == []
        assert [o for o in report.troubles if o.error] == []
    assert counted(host, "failed.gate") == len(ids)


def test_an_event_with_another_officers_attempt_neither_ends_it_nor_speaks_for_it(
    host: SmallHost,
) -> None:
    event, prompt = heavier(host)
    host.sign_in("liu")
    host.write(host.event("enf.facts.supplemented", attempt_id=f"a-{event.case_id}"))
    assert one(host, "attempt")["state"] == "held"
    assert fates(host, prompt.id)[-1] in ("created", "rendered")
    assert "e.prompt.0" not in attrs(bodies(host)[-1])
