"""Plans, bindings, scopes, failures and hints."""

from collections.abc import Callable
from dataclasses import replace
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
    Statistic,
    compile_binding,
    compile_rule,
    evaluate,
    patch,
    patch_from,
    plan,
    statistic_keys,
)
from cleangov_plugin.rules.frame import Frame
from tests.rules.rule_building import BOTH, ask, document, event, known

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


def test_in_brief_a_clear_outcome_says_no_more_than_its_texts_need() -> None:
    texts = {"headline": BOTH, "body": BOTH, "done": BOTH}
    for rule, values in (
        (document(), {}),
        (document(texts=texts), {"amount": Money(minor=70_000)}),
    ):
        found = planned_for(compile_rule(rule))
        whole = evaluate(found, event(yuan=700), known()).outcomes[0]
        brief = evaluate(found, event(yuan=700), known(), is_brief=True).outcomes[0]
        assert whole.values == {"amount": Money(minor=70_000)}
        assert brief == replace(whole, values=values)
        hit = [
            evaluate(found, event(yuan=900), known(), is_brief=is_brief).outcomes
            for is_brief in (True, False)
        ]
        assert hit[0] == hit[1]


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
    ],
)
def test_bindings_that_make_no_sense_are_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleError, match=r"T01\.bindings\.b") as refused:
        binding(**more)
    assert message in str(refused.value)


def test_only_the_strictest_tier_may_hold_what_it_could_not_judge() -> None:
    assert binding(tier=5, on_missing="hold").on_missing is OnFailure.HOLD


HINTED = document(
    "amount > 800元",
    hint_when="not missing(amount)",
    texts={"headline": BOTH, "body": BOTH, "hint": {"zh": "{amount}", "en": "{amount}"}},
)


@pytest.mark.parametrize(
    ("yuan", "phase", "result"),
    [
        (1, Phase.OPEN, Result.HIT),
        (1, Phase.EDIT, Result.HIT),
        (None, Phase.EDIT, Result.CLEAR),
        (1, Phase.GATE, Result.CLEAR),
        (900, Phase.GATE, Result.HIT),
    ],
)
def test_a_hint_is_shown_at_open_and_edit_though_nothing_is_wrong(
    yuan: int | None, phase: Phase, result: Result
) -> None:
    assert ask(HINTED, event(yuan=yuan), phase=phase).result is result


def test_a_patch_gives_the_corrected_value_by_field() -> None:
    answer = {"code": "back", "kind": "corrected", "label": BOTH, "then": "regate"}
    rule = compile_rule(
        document(
            "amount > 800元",
            answers=[{**answer, "patch": {"amount": "params.to"}}],
            parameters={"to": {"type": "money", "default": "800元"}},
        )
    )
    record = event(yuan=900)
    assert patch(rule, "back", record, known()) == {"amount": Money(minor=80_000)}
    assert patch(rule, "wrong", record, known()) == {}
    assert patch(rule, "nothing", record, known()) == {}
    values = ask(rule, record).values
    assert patch_from(rule, "back", values) == {"amount": Money(minor=80_000)}


STATISTIC = document(
    "amount > facts.usual and facts.usual.n >= 3 and facts.cases > 2",
    fields={"code": {"type": "text"}},
    facts={
        "usual": {
            "median": "amount", "of": "enf.decision.made", "per": ["code"], "at_least": 3,
            "within": "365 days",
        },
        "cases": {"count": "enf.decision.made", "per": ["code"]},
    },
)  # fmt: skip


def test_figures_over_other_cases_are_looked_up_by_group() -> None:
    rule = compile_rule(STATISTIC)
    found = planned_for(rule)
    record = event(yuan=900, attributes={"code": "街"})
    keys = statistic_keys(found, record)
    assert {key.key for key in keys} == {'["\\u8857"]'}
    assert len({key.fact_id for key in keys}) == 2

    def said(n: int) -> tuple[Result, tuple[str, ...]]:
        figures = {key: Statistic(70_000, n) for key in keys}
        outcome = evaluate(found, record, known(statistics=figures)).outcomes[0]
        return outcome.result, outcome.fields

    assert said(3) == (Result.HIT, ())
    assert said(2) == (Result.CANNOT_BE_CHECKED, ("facts.usual",))
    assert statistic_keys(found, event(yuan=900)) == ()
    blank = evaluate(found, event(yuan=900), known()).outcomes[0]
    assert (blank.result, blank.fields) == (Result.CANNOT_BE_CHECKED, ("code",))


def planned_for(rule: Any) -> Plan:
    bound = compile_binding({"id": "s", "tier": 0, "phases": ["event"]}, rule)
    return plan(
        RuleSet(1, ((rule, bound),)),
        "enf.decision.made",
        Phase.EVENT,
        on=date(2026, 3, 10),
        unit=None,
        step="",
        source="",
    )


def test_a_rule_never_judges_an_act_older_than_its_ground() -> None:
    basis = [{"law": BOTH, "status": "law", "valid_from": "2026-03-11"}]
    assert ask(document(basis=basis), event(yuan=900)).result is Result.NOT_APPLICABLE
    later = event("2026-03-11T00:00:00+08:00", yuan=900)
    assert ask(document(basis=basis), later).result is Result.HIT


def test_ten_rules_with_six_facts_take_well_under_a_millisecond() -> None:
    import time

    specs = {f"f{n}": {"count": f"enf.k{n}", "within": "90 days"} for n in range(6)}
    condition = " and ".join(f"facts.f{n} >= 1" for n in range(6)) + " and amount > 800元"
    pairs = []
    for number in range(10):
        rule = compile_rule(document(condition, id=f"T{number:02}", facts=specs))
        pairs.append((rule, compile_binding({"id": "b", "tier": 0, "phases": ["event"]}, rule)))
    ruleset = RuleSet(1, tuple(pairs))
    history = [event("2026-03-01T09:00:00+08:00", kind=f"enf.k{n}") for n in range(6)]
    record, knowledge = event(yuan=900), known(*history)

    def once() -> float:
        started = time.perf_counter()
        found = plan(
            ruleset, record.kind, Phase.EVENT, on=date(2026, 3, 10), unit=None, step="", source=""
        )
        outcomes = evaluate(found, record, knowledge).outcomes
        spent = time.perf_counter() - started
        assert len(outcomes) == 10
        return spent

    typical = sorted(map(_run, [once] * 200))[100]
    assert typical < 0.001, f"{typical * 1000:.3f} ms"


def _run(once: Callable[[], float]) -> float:
    return once()
