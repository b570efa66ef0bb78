"""Plans, bindings, scopes and failures."""

from datetime import date
from typing import Any

import pytest

from cleangov_hooks import Money, Stream
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.terms import OnFailure, Phase, Result, Tier, Visibility
from cleangov_plugin.rules import (
    Binding,
    Plan,
    RuleSet,
    compile_binding,
    compile_rule,
    evaluate,
    plan,
)
from cleangov_plugin.rules.frame import Frame
from tests.rules.rule_building import ask, document, event, known

RULE = compile_rule(document())


def binding(**more: Any) -> Binding:
    return compile_binding({"id": "b", "tier": 2, "phases": ["gate", "event"], **more}, RULE)


def planned(*bindings: Binding, **more: Any) -> Plan:
    ruleset = RuleSet(5, tuple((RULE, b) for b in bindings))
    asked = {
        "kind": "enf.decision.made",
        "phase": Phase.GATE,
        "on": date(2026, 3, 10),
        "unit": "u1",
        "step": "decide",
        "source": "tests",
        **more,
    }
    return plan(ruleset, **asked)


@pytest.mark.parametrize(
    ("more", "asked", "count"),
    [
        ({}, {}, 1),
        ({}, {"kind": "enf.case.filed"}, 0),
        ({}, {"phase": Phase.OPEN}, 0),
        ({"scope": {"units": ["u1", "u2"]}}, {}, 1),
        ({"scope": {"units": ["u2"]}}, {}, 0),
        ({"scope": {"units": ["u2"]}}, {"unit": None}, 1),
        ({"scope": {"steps": ["decide"]}}, {}, 1),
        ({"scope": {"steps": ["file"]}}, {}, 0),
        ({"scope": {"sources": ["other"]}}, {}, 0),
        ({"effective_from": "2026-03-10"}, {}, 1),
        ({"effective_from": "2026-03-11"}, {}, 0),
        ({"effective_to": "2026-03-10"}, {}, 1),
        ({"effective_to": "2026-03-09"}, {}, 0),
    ],
)
def test_a_plan_holds_what_is_bound_here_and_now(
    more: dict[str, Any], asked: dict[str, Any], count: int
) -> None:
    assert len(planned(binding(**more), **asked).bound) == count


def test_a_rule_set_asked_about_many_days_tells_them_apart() -> None:
    spring = binding(id="spring", effective_from="2026-03-01", effective_to="2026-05-31")
    late = binding(id="late", effective_from="2026-05-31")
    ruleset = RuleSet(5, tuple((RULE, b) for b in (spring, late)))
    wanted = {
        date(2026, 2, 28): [],
        date(2026, 3, 1): ["spring"],
        date(2026, 5, 30): ["spring"],
        date(2026, 5, 31): ["late", "spring"],
        date(2026, 6, 1): ["late"],
        date.max: ["late"],
    }
    for day, names in [*wanted.items(), *reversed(wanted.items())]:
        found = plan(
            ruleset,
            "enf.decision.made",
            Phase.GATE,
            on=day,
            unit="u1",
            step="decide",
            source="tests",
        )
        assert [b.binding.id for b in found.bound] == names, day


def test_an_unknown_unit_cannot_be_checked_against_a_scope_of_units() -> None:
    outcome = ask(RULE, event(yuan=900), scope={"units": ["u2"]})
    assert (outcome.result, outcome.fields) == (Result.CANNOT_BE_CHECKED, ("unit",))


def test_another_stream_is_left_out() -> None:
    found = planned(binding(scope={"streams": ["permit"]}))
    assert evaluate(found, event(yuan=900), known()).outcomes == ()
    permit = event(yuan=900, stream=Stream.PERMIT)
    assert evaluate(found, permit, known()).outcomes[0].result is Result.HIT


def test_the_strictest_binding_is_asked_first() -> None:
    tiers = [binding(id=f"b{tier}", tier=tier) for tier in (0, 5, 2)]
    assert [b.binding.tier for b in planned(*tiers).bound] == [5, 2, 0]


def test_rules_not_reached_in_time_are_named() -> None:
    asked = iter([False, True])
    found = evaluate(
        planned(binding(id="x"), binding(id="y")),
        event(yuan=900),
        known(),
        out_of_time=lambda: next(asked),
    )
    assert [o.result for o in found.outcomes] == [Result.HIT, Result.TIMEOUT]
    assert (found.ruleset, found.calendar, found.phase) == (5, 0, Phase.GATE)


def test_a_rule_that_raises_harms_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = {"n": {"count": "enf.a"}}
    broken = compile_rule(document("facts.n > 3", id="T02", facts=facts))
    pair = (broken, compile_binding({"id": "z", "tier": 5, "phases": ["gate"]}, broken))
    ruleset = RuleSet(1, (pair, (RULE, binding())))
    found = plan(
        ruleset,
        "enf.decision.made",
        Phase.GATE,
        on=date(2026, 3, 10),
        unit=None,
        step="",
        source="",
    )

    def explode(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Frame, "past", explode)
    outcomes = evaluate(found, event(yuan=900), known()).outcomes
    assert [o.result for o in outcomes] == [Result.ERROR, Result.HIT]
    assert outcomes[0].values == {"error": "ZeroDivisionError"}


def test_an_outcome_carries_what_the_binding_says() -> None:
    outcome = ask(RULE, event(yuan=900), visibility="oversight")
    assert (outcome.tier, outcome.visibility) == (Tier.RECORD, Visibility.OVERSIGHT)
    assert outcome.values == {"amount": Money(minor=90_000)}
    assert (outcome.rule_id, outcome.version, outcome.binding_id) == ("T01", 1, "b")


def test_a_plan_is_made_once_and_few_are_kept() -> None:
    rule = compile_rule(document())
    bound = compile_binding({"id": "s", "tier": 0, "phases": ["event"]}, rule)
    ruleset = RuleSet(1, ((rule, bound),))

    def asked(step: str) -> Plan:
        return plan(
            ruleset, "enf.decision.made", Phase.EVENT,
            on=date(2026, 3, 10), unit=None, step=step, source="",
        )  # fmt: skip

    first = asked("decide")
    assert asked("decide") is first
    for number in range(1_100):
        asked(f"step {number}")
    assert asked("decide") is not first
    assert asked("decide") == first
    assert len(ruleset._plans) < 1_000


def test_parameters_of_a_binding_change_the_answer() -> None:
    params = {"limit": {"type": "money", "default": "800元", "range": ["1元", "1万元"]}}
    rule = compile_rule(document("amount > params.limit", parameters=params))
    assert ask(rule, event(yuan=900)).result is Result.HIT
    assert ask(rule, event(yuan=900), parameters={"limit": "900元"}).result is Result.CLEAR


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"tier": 6}, "from 0 to 5"),
        ({"tier": True}, "from 0 to 5"),
        ({"phases": []}, "at least one phase"),
        ({"phases": ["gait"]}, "Did you mean 'gate'"),
        ({"parameters": {"limti": 3}}, "no parameter"),
        ({"scope": {"unit": ["x"]}}, "Did you mean 'units'"),
        ({"scope": {"streams": ["permits"]}}, "Did you mean 'permit'"),
        ({"on_error": "hold"}, "only a binding of tier 5"),
        ({"visibility": "everyone"}, "not one of the allowed"),
        ({"effective_from": "2026-03-10", "effective_to": "2026-03-09"}, "before the first"),
        ({"effective_from": "soon"}, "no day"),
        ({"colour": "red"}, "no key 'colour'"),
        ({"tier": 4, "eased": ["emergency"]}, "only a binding of tier 2 or 3"),
        ({"tier": 0, "eased": ["emergency"]}, "only a binding of tier 2 or 3"),
        ({"tier": 2, "eased": ["emergancy"]}, "Did you mean 'emergency'"),
    ],
)
def test_bindings_that_make_no_sense_are_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleError, match=r"T01\.bindings\.b") as refused:
        binding(**more)
    assert message in str(refused.value)


def test_only_the_strictest_tier_may_hold_what_it_could_not_judge() -> None:
    assert binding(tier=5, on_missing="hold").on_missing is OnFailure.HOLD
