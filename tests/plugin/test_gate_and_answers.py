"""From the prompt at the gate to the answer, and from the answer to the entry."""

from dataclasses import replace

from tests.plugin.day import BAND
from tests.plugin.inside import attrs, bodies, fates, one, outcomes, rows
from tests.plugin.steps import answered_back, heavier
from tests.support.small_host import SmallHost

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
    assert codes == ["back", "new_facts", "second_person", "wrong", "record_wrong"]
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
    # E08 has no band to look at, which is not "clear".
    assert (verdict.decision, verdict.reason) == ("pass", "cannot_be_checked")
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
    assert codes[-2:] == ["wrong", "record_wrong"]


# ---- "This prompt is wrong" ------------------------------------------------------------------


def test_a_doubt_about_the_prompt_is_noted_and_the_step_is_still_held(host: SmallHost) -> None:
    event, prompt = heavier(host)
    host.answer(prompt.id, "wrong")
    assert one(host, "answer")["kind"] == "prompt_is_wrong"
    assert host.gate(event).decision == "refuse"
    page = host.show("step.panel", event)
    assert "已转给法制部门，2026-03-17 23:59 前答复您" in page
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
