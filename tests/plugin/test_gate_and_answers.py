"""From the prompt at the gate to the answer, and from the answer to the entry."""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from cleangov_hooks import Actor, Answer, Event, Origin, Prompt
from cleangov_plugin.desk import passes
from tests.plugin.day import BAND
from tests.plugin.inside import attrs, bodies, counted, fates, one, outcomes, rows
from tests.support.small_host import TODAY, SmallHost

OUTSIDE = "enf.decision.made"


def answered_back(host: SmallHost) -> None:
    """Let a case come so far that the owner has answered a notice of 800."""
    host.write(host.event("enf.intent.notified", 800, at=TODAY - timedelta(days=8)))
    host.write(host.event("enf.defence.received", at=TODAY - timedelta(days=6)))


def heavier(host: SmallHost) -> tuple[Event, Prompt]:
    """Try a fine of 2,000 after the answer; answer the event and the panel that holds it."""
    answered_back(host)
    event = host.event("enf.decision.made", 2_000)
    (prompt,) = host.gate(event).prompts
    return event, prompt


def outside(host: SmallHost, amount: int = 1_001) -> tuple[Event, Prompt]:
    """Try a fine outside the band; answer the event and the panel that holds it."""
    event = host.event("enf.decision.made", amount, **BAND)
    (prompt,) = host.gate(event).prompts
    return event, prompt


# ---- The scene of the demo -------------------------------------------------------------------


def test_a_heavier_fine_after_the_answer_is_refused_with_one_calm_panel(host: SmallHost) -> None:
    answered_back(host)
    verdict = host.take(host.event("enf.decision.made", 2_000))
    assert (verdict.decision, verdict.reason) == ("refuse", "hit")
    (prompt,) = verdict.prompts
    assert (prompt.tier, prompt.rules, prompt.field) == (5, ("E07@1",), "amount")
    assert prompt.headline == "这一步先停一下。"
    (body,) = prompt.body
    assert "3月2日告知拟罚 800 元；3月4日店主申辩；现在填的是 2,000 元" in body
    assert prompt.basis == ("《行政处罚法》第四十五条",)
    codes = [choice.code for choice in prompt.choices]
    assert codes == ["back", "new_facts", "second_person", "wrong"]
    assert prompt.choices[0].is_recommended
    assert prompt.choices[0].label == "改回 800 元"
    assert len(rows(host, "entry")) == 2


def test_the_panel_is_written_in_the_language_of_the_page(host: SmallHost) -> None:
    host.tongue = "en"
    _, prompt = heavier(host)
    assert prompt.language == "en"
    assert prompt.headline == "This step waits."
    assert "2 March: notice of 800" in prompt.body[0]
    assert "Back to 800" in [choice.label for choice in prompt.choices]
    host.tongue = "zh-CN"
    page = host.show("step.panel", host.event("enf.decision.made", 2_000))
    assert "这一步先停一下" in page  # the same prompt, written anew


def test_put_back_the_step_is_done_and_the_entry_names_attempt_prompt_and_answer(
    host: SmallHost,
) -> None:
    _, prompt = heavier(host)
    host.show("step.panel", host.event("enf.decision.made", 2_000))
    host.answer(prompt.id, "back")
    verdict = host.take(host.event("enf.decision.made", 800))
    assert (verdict.decision, verdict.reason) == ("pass", "clear")
    assert verdict.notes == ("申辩后未加重。",)
    body = bodies(host)[-1]
    answer = one(host, "answer")
    assert attrs(body)["e.attempt"] == "a-C-1"
    assert attrs(body)["e.prompt.0"] == prompt.id
    assert attrs(body)["e.answer"] == answer["answer_id"]
    assert (answer["choice"], answer["kind"]) == ("back", "corrected")
    assert outcomes(body).get("E07") is None  # clear: implied by the ruleset
    assert rows(host, "finding") == []
    attempt = one(host, "attempt")
    assert (attempt["state"], attempt["event_key"]) == ("done", f"small\t{body['id']}")
    assert attempt["event"] is None  # what was typed and put right is kept nowhere
    assert fates(host, prompt.id) == ["created", "rendered", "answered"]


def test_the_answer_back_repeats_the_officers_form_with_the_sum_put_right(host: SmallHost) -> None:
    event, prompt = heavier(host)
    forms = host.show("page.end", event)
    part = forms.split(f'id="cleangov-{prompt.id}-back"')[1].partition("</form>")[0]
    assert 'name="amount" value="800.00"' in part
    assert 'name="attempt_id" value="a-C-1"' in part
    other = forms.split(f'id="cleangov-{prompt.id}-wrong"')[1].partition("</form>")[0]
    assert 'name="amount" value="2000"' in other


def test_pressing_the_same_again_shows_the_same_panel(host: SmallHost) -> None:
    event, prompt = heavier(host)
    assert host.gate(event).prompts == (prompt,)
    assert host.gate(replace(event, id="another id")).prompts == (prompt,)
    assert len(rows(host, "prompt")) == 1


def test_what_is_only_equal_to_the_notice_passes(host: SmallHost) -> None:
    answered_back(host)
    assert host.take(host.event("enf.decision.made", 800)).decision == "pass"


def test_two_hits_are_merged_in_one_panel_whose_weaker_answer_is_no_way_out(
    host: SmallHost,
) -> None:
    answered_back(host)
    verdict = host.gate(host.event("enf.decision.made", 2_000, **BAND))
    assert verdict.decision == "refuse"
    (prompt,) = verdict.prompts
    assert prompt.rules == ("E07@1", "E08@1")
    assert len(prompt.body) == 2
    codes = [choice.code for choice in prompt.choices]
    assert "deviation" not in codes
    assert codes[-1] == "wrong"


# ---- Passes ----------------------------------------------------------------------------------


def test_a_justified_sum_passes_and_the_hit_is_settled(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "集体讨论记录 2026-7")
    verdict = host.take(event)
    assert (verdict.decision, verdict.reason) == ("pass_recorded", "answered")
    (body,) = bodies(host)
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
    assert passes.read(keys, token[:-2] + "AA", host.clock) is None


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
    assert [outcomes(body)["E08"] for body in bodies(host)] == ["suppressed", "hit"]
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


# ---- Answers that do not fit -----------------------------------------------------------------


def are_refused(host: SmallHost, prompt_id: str, number: int) -> None:
    """Assert that nothing was kept of so many answers."""
    assert rows(host, "answer") == []
    assert rows(host, "pass") == []
    assert counted(host, "failed.answered") == number
    assert fates(host, prompt_id) == ["created"]
    assert [o for report in host.reports for o in report.troubles if o.error] == []


def test_somebody_elses_answer_is_refused(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "approved", by="liu")
    are_refused(host, prompt.id, 1)
    assert host.gate(event).decision == "hold"


def test_an_answer_that_needs_words_is_refused_without(host: SmallHost) -> None:
    _, prompt = outside(host)
    blanks = ["", "   ", "\u200b\n\t ", "\x00\x01"]
    for text in blanks:
        host.answer(prompt.id, "deviation", text)
    are_refused(host, prompt.id, len(blanks))


def test_an_answer_that_was_not_offered_is_refused(host: SmallHost) -> None:
    _, prompt = outside(host)
    choices = ["", "back", "approve", "deviation ", "x" * 10_000, "'; --"]
    for choice in choices:
        host.answer(prompt.id, choice, "approved")
    are_refused(host, prompt.id, len(choices))


def test_an_answer_to_an_unknown_prompt_is_refused(host: SmallHost) -> None:
    _, prompt = outside(host)
    ids = ["", "nobody", "x" * 100_000, "' OR 1=1 --", "\x00", "\ud800"]
    for prompt_id in ids:
        host.answer(prompt_id, "deviation", "approved")
    are_refused(host, prompt.id, len(ids))


def test_an_answer_of_wrong_types_is_refused_and_the_host_is_unharmed(host: SmallHost) -> None:
    _, prompt = outside(host)
    good = Answer(
        prompt_id=prompt.id, choice="deviation", actor_id="chen", at=host.clock, text="approved"
    )
    changes: list[dict[str, Any]] = [
        {"at": None},
        {"at": "2026-03-10"},
        {"text": None},
        {"text": 7},
        {"choice": None},
        {"prompt_id": None},
        {"actor_id": None},
        {"client_at": "x"},
    ]
    for change in changes:
        host.call("cleangov_prompt_answered", answer=replace(good, **change))
    are_refused(host, prompt.id, len(changes))


def test_an_answer_to_a_prompt_that_is_over_is_refused(host: SmallHost) -> None:
    event, prompt = outside(host)
    host.answer(prompt.id, "deviation", "approved")
    host.answer(prompt.id, "deviation", "approved")
    assert len(rows(host, "answer")) == len(rows(host, "pass")) == 1
    host.abort(event)
    later, second = outside(host, 1_200)
    host.gate(replace(later, amount=None))  # withdrawn or superseded
    host.answer(second.id, "deviation", "approved")
    assert len(rows(host, "answer")) == 1


def test_words_of_a_million_characters_are_cut(host: SmallHost) -> None:
    _, prompt = outside(host)
    host.answer(prompt.id, "deviation", "字" * 1_000_000)
    assert one(host, "answer")["words"] == "字" * 2_000


def test_control_characters_and_lone_surrogates_are_left_out_of_words(host: SmallHost) -> None:
    _, prompt = outside(host)
    host.answer(prompt.id, "deviation", "a\x00b\ud800c\x1b[31md\u202ee\nf")
    assert one(host, "answer")["words"] == "abc[31mde\nf"


# ---- "This prompt is wrong" ------------------------------------------------------------------


def test_a_doubt_about_the_prompt_is_noted_and_the_step_is_still_held(host: SmallHost) -> None:
    event, prompt = heavier(host)
    host.answer(prompt.id, "wrong")
    assert one(host, "answer")["kind"] == "prompt_is_wrong"
    assert host.gate(event).decision == "refuse"
    page = host.show("step.panel", event)
    assert "已转给制度管理人员" in page
    assert "cleangov-" + prompt.id + "-back" in page  # and every other answer is still offered


def test_the_same_doubt_sent_twice_is_taken_once(host: SmallHost) -> None:
    _, prompt = heavier(host)
    host.answer(prompt.id, "wrong")
    host.answer(prompt.id, "wrong")
    assert len(rows(host, "answer")) == 1


def test_after_a_doubt_the_entry_names_the_answer_that_came_last(host: SmallHost) -> None:
    _, prompt = heavier(host)
    for choice in ("wrong", "new_facts", "wrong", "back"):
        host.answer(prompt.id, choice)  # on a clock that stands still
    host.take(host.event("enf.decision.made", 800))
    last = one(host, "answer", choice="back")
    assert attrs(bodies(host)[-1])["e.answer"] == last["answer_id"]
    assert len(rows(host, "answer")) == 4


# ---- Attempts that are not theirs ------------------------------------------------------------


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


# ---- Markup ----------------------------------------------------------------------------------

MARKUP = """<script>alert(1)</script>"'><img src=x onerror=alert(1)>{{7*7}}${7}"""


def test_markup_in_every_text_is_escaped_in_every_slot(host: SmallHost) -> None:
    host.sign_in("zhao")
    project = {"contract_amount": None, "case_id": MARKUP, "variation_no": MARKUP}
    host.write(host.event("prj.variation.approved", 100, **project))
    event = host.event("prj.variation.requested", 900, id=MARKUP, step=MARKUP, **project)
    event = replace(event, attributes={**event.attributes, "contract_amount": event.amount})
    (prompt,) = host.gate(event, "a<b>").prompts
    pages = [host.show(slot, event, "a<b>") for slot in ("step.hint", "step.panel", "page.end")]
    host.answer(prompt.id, "chief_engineer", MARKUP)
    host.sign_in("he")
    pages += [host.show("person.inbox"), host.show("page.end")]
    assert [bool(page) for page in pages] == [True] * 5
    for page in pages:
        assert "<script" not in page
        assert "<img" not in page
        assert "onerror=alert(1)>" not in page
    assert "&lt;script&gt;" in pages[3]  # the case's number


def test_markup_in_the_hosts_fields_and_paths_is_escaped(host: SmallHost) -> None:
    event, _ = outside(host)
    step = host.step(event, "a-C-1")
    hostile = replace(
        step,
        page_url="/cases/'\"><script>",
        action_url="javascript:alert(1)",
        inputs=tuple(replace(entry, name=MARKUP, value=MARKUP) for entry in step.inputs),
    )
    report = host.call("cleangov_slot", name="page.end", step=hostile, medium="html")
    (fragment,) = report.values
    assert "<script" not in fragment.content
    assert "<img" not in fragment.content
    assert "javascript:" not in fragment.content


def test_an_event_with_another_officers_attempt_neither_ends_it_nor_speaks_for_it(
    host: SmallHost,
) -> None:
    event, prompt = heavier(host)
    host.sign_in("liu")
    host.write(host.event("enf.facts.supplemented", attempt_id=f"a-{event.case_id}"))
    assert one(host, "attempt")["state"] == "held"
    assert fates(host, prompt.id)[-1] in ("created", "rendered")
    assert "e.prompt.0" not in attrs(bodies(host)[-1])
