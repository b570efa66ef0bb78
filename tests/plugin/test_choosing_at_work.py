"""What stands before an officer: one panel, not the same again, and no more than a day has room."""

from pathlib import Path

import pytest

from cleangov_hooks import Event, Verdict
from cleangov_plugin.desk.choice import weighing
from cleangov_plugin.desk.choice.choosing import BETTER, PRECISION, weights_of
from cleangov_plugin.desk.choice.prompted import prompted_rules
from cleangov_plugin.domain.terms import Fate
from tests.plugin.conftest import MakeHost, on_sqlite
from tests.plugin.inside import attrs, bodies, fates, one, outcomes, rows, tick
from tests.plugin.weighed import decision, write_rules
from tests.support.small_host import SmallHost


@pytest.fixture
def city(make_host: MakeHost, tmp_path: Path) -> SmallHost:
    host = make_host(settings={"CLEANGOV_RULES": str(write_rules(tmp_path))})
    host.start()
    assert host.plugin.desk is not None, host.plugin.inert.reason
    return host


def refs(verdict: Verdict) -> list[str]:
    return [ref.partition("@")[0] for prompt in verdict.prompts for ref in prompt.rules]


def answered(host: SmallHost, event: Event, choice: str, attempt: str | None = None) -> Verdict:
    """Answer what holds a step, and take it."""
    (prompt,) = host.gate(event, attempt).prompts
    host.answer(prompt.id, choice, "说明")
    return host.take(event, attempt)


def filled(host: SmallHost) -> None:
    """Let an officer be shown as many panels as a day has room for; the last one is of tier 3."""
    for rule in ("W2", "W2", "W3"):
        assert host.gate(decision(host, rule)).decision == "hold"


def test_the_last_place_of_a_day_is_for_what_asks_for_reasons(city: SmallHost) -> None:
    for _ in range(2):
        noise = decision(city, "W2")  # a step that is begun and given up costs nobody anything
        assert city.gate(noise).decision == "hold"
        city.abort(noise)
    assert city.gate(decision(city, "W2")).reason == "passed_over"
    assert city.gate(decision(city, "W3")).decision == "hold"
    assert city.gate(decision(city, "W3")).reason == "passed_over"
    assert one(city, "prompt_budget")["shown"] == 3


def test_the_fourth_of_a_day_is_a_hint_that_is_recorded(city: SmallHost) -> None:
    filled(city)
    event = decision(city, "W2")
    verdict = city.take(event)
    assert (verdict.decision, verdict.reason) == ("pass_recorded", "passed_over")
    (prompt,) = verdict.prompts
    assert (prompt.tier, prompt.choices, prompt.headline) == (1, (), "W2 请看一下。")
    assert verdict.notes == ("W2 请看一下。",)
    row = one(city, "prompt", prompt_id=prompt.id)
    assert (row["tier"], fates(city, prompt.id)) == (1, ["created", "unknown"])
    (body,) = bodies(city)
    assert outcomes(body)["W2"] == "hit"  # nobody was asked, so it is a finding as ever
    assert attrs(body)["e.prompt.0"] == prompt.id
    assert one(city, "finding")["rule_id"] == "W2"


def test_asking_the_gate_again_spends_nothing_and_changes_nothing(city: SmallHost) -> None:
    event = decision(city, "W2")
    first = city.gate(event)
    assert city.gate(event).prompts[0].id == first.prompts[0].id
    assert one(city, "prompt_budget")["shown"] == 1
    for rule in ("W2", "W3"):
        city.gate(decision(city, rule))
    over = decision(city, "W2")
    assert city.gate(over).reason == "passed_over"
    assert city.gate(over).prompts[0].id == city.gate(over).prompts[0].id
    assert one(city, "prompt_budget")["shown"] == 3
    city.move(days=1)  # another day has room; what was passed over for this try stays so
    assert city.gate(over).reason == "passed_over"
    assert city.gate(decision(city, "W2")).decision == "hold"


@on_sqlite
def test_another_officer_has_a_day_of_their_own(city: SmallHost) -> None:
    filled(city)
    city.sign_in("zhao")
    assert city.gate(decision(city, "W2")).decision == "hold"


@pytest.mark.parametrize(("rule", "decided"), [("R2", "hold"), ("S4", "hold")])
def test_a_full_day_downgrades_nothing_red_and_no_second_person(
    city: SmallHost, rule: str, decided: str
) -> None:
    filled(city)
    verdict = city.gate(decision(city, rule))
    assert (verdict.decision, verdict.prompts[0].tier) == (decided, 2 if rule == "R2" else 4)
    both = city.gate(decision(city, "W2", rule))
    assert both.decision == decided
    assert set(refs(both)) == {"W2", rule}


@on_sqlite
def test_what_is_red_counts_for_the_day(city: SmallHost) -> None:
    for _ in range(3):
        city.gate(decision(city, "R2"))
    assert city.gate(decision(city, "W3")).reason == "passed_over"


def test_the_same_is_not_asked_again_in_a_case_until_a_value_changes(city: SmallHost) -> None:
    event = decision(city, "W2")
    answered(city, event, "go_on_w2")
    case = event.case_id
    again = city.event("enf.decision.made", 900, copies=2)
    verdict = city.take(again, "a-again")
    assert (verdict.decision, verdict.reason, verdict.prompts) == ("pass_recorded", "repeated", ())
    told = bodies(city, kind=again.kind)
    assert [outcomes(body)["W2"] for body in told] == ["suppressed", "suppressed"]
    assert attrs(told[1])["e.answer"] == attrs(told[0])["e.answer"]
    assert rows(city, "finding") == []
    changed = city.event("enf.decision.made", 900, copies=3, case_id=case)
    assert city.gate(changed, "a-changed").decision == "hold"
    city.sign_in("zhao")
    assert city.gate(city.event("enf.decision.made", 900, copies=2), "a-zhao").decision == "hold"


@on_sqlite
def test_an_answer_for_a_step_that_was_not_taken_settles_no_other(city: SmallHost) -> None:
    event = decision(city, "W2")
    (prompt,) = city.gate(event).prompts
    city.answer(prompt.id, "go_on_w2", "说明")
    assert city.gate(city.event("enf.decision.made", 900, copies=2), "a-2").decision == "hold"


def test_a_step_written_with_other_values_than_were_asked_is_a_finding(city: SmallHost) -> None:
    answered(city, decision(city, "W2"), "go_on_w2")
    again = city.event("enf.decision.made", 900, copies=2)
    assert city.gate(again, "a-again").reason == "repeated"
    other = city.event("enf.decision.made", 900, copies=7, attempt_id="a-again")
    city.write(other)
    assert one(city, "finding")["event_id"] == other.id


@on_sqlite
def test_a_second_person_is_asked_at_each_step(city: SmallHost) -> None:
    event = decision(city, "S4")
    (prompt,) = city.gate(event).prompts
    city.answer(prompt.id, "ask_s4")
    assert city.gate(city.event("enf.decision.made", 1, violation_code="CG-4"), "b").prompts


def confirmed(host: SmallHost, rule: str, number: int) -> None:
    """Let officers put right what a rule told them, one a day."""
    for _ in range(number):
        host.move(days=1)
        event = decision(host, rule)
        (prompt,) = host.gate(event).prompts
        host.answer(prompt.id, f"put_right_{rule.lower()}")
        host.abort(event)


def test_what_was_put_right_before_comes_first_and_keeps_a_place_free(city: SmallHost) -> None:
    confirmed(city, "W3B", 5)
    city.move(days=1)
    assert city.gate(decision(city, "W3", "W3B")).prompts[0].rules == ("W3@1", "W3B@1")
    city.move(days=1)
    tick(city)
    assert rows(city, "statistic", fact_id=PRECISION)
    assert city.gate(decision(city, "W3", "W3B")).prompts[0].rules == ("W3B@1", "W3@1")
    city.gate(decision(city, "W3"))
    assert city.gate(decision(city, "W3")).reason == "passed_over"  # a place is kept for W3B
    assert city.gate(decision(city, "W3B")).decision == "hold"
    assert city.gate(decision(city, "W3B")).reason == "passed_over"


def test_the_figures_are_made_once_a_day_and_name_nobody(city: SmallHost) -> None:
    confirmed(city, "W3B", 2)
    city.move(days=1)
    first = tick(city).figures
    assert tick(city).figures == first - 2
    desk = city.plugin.desk
    with desk.database.own_transaction(is_reading=True) as connection:
        found = weights_of(connection, "cg")
    assert found["W3B"].precision == 342_371  # two of two, Wilson 95 %: 2 / (2 + 1.96²)
    assert found["W3"].precision == 0
    assert {row["key"] for row in rows(city, "statistic", fact_id=BETTER)} == {
        "W2", "W3", "W3B", "R2",
    }  # fmt: skip


@on_sqlite
def test_figures_that_cannot_be_made_leave_the_order_as_it_was(
    city: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(weighing, "_weights", fail)
    assert tick(city).waiting == 0
    assert city.gate(decision(city, "W2")).decision == "hold"


def test_every_prompt_has_a_fate_in_the_end(city: SmallHost) -> None:
    filled(city)
    assert city.gate(decision(city, "W2")).reason == "passed_over"  # and never done
    answered(city, decision(city, "R2"), "go_on_r2")
    city.move(days=2)
    tick(city)
    known = {row["fate"] for row in rows(city, "prompt")}
    assert known == {Fate.UNDELIVERED, Fate.ANSWERED}


@on_sqlite
def test_what_a_page_shows_of_a_hint_of_a_full_day_asks_for_nothing(city: SmallHost) -> None:
    filled(city)
    event = decision(city, "W2")
    city.gate(event)
    html = city.show("step.panel", event)
    assert "W2 请看一下。" in html
    assert "go_on_w2" not in html
    city.take(event)
    (row,) = (row for row in rows(city, "prompt") if row["tier"] == 1)
    assert fates(city, row["prompt_id"]) == ["created", "rendered"]


@on_sqlite
def test_a_day_is_that_of_the_agency(city: SmallHost) -> None:
    city.clock = city.clock.replace(hour=23, minute=50)
    filled(city)
    assert city.gate(decision(city, "W2")).reason == "passed_over"
    city.move(minutes=20)
    assert city.gate(decision(city, "W2")).decision == "hold"


@on_sqlite
def test_who_looks_after_rules_sees_what_a_full_day_passed_over(city: SmallHost) -> None:
    filled(city)
    city.take(decision(city, "W2"))
    city.gate(decision(city, "R2", "W3"))
    assert prompted_rules(city.plugin.desk, "cg", 3) == {}, "this month goes on"
    city.move(days=31)
    found = prompted_rules(city.plugin.desk, "cg", 1)
    assert {rule: (told.shown, told.passed_over) for rule, told in found.items()} == {
        "R2": (1, 0),
        "W2": (2, 1),
        "W3": (2, 0),
    }
