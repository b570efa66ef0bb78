"""Outcomes, hints, patches and figures over other cases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cleangov_hooks import Money
from cleangov_plugin.domain.terms import Phase, Result
from cleangov_plugin.rules import (
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
from tests.rules.rule_building import BOTH, ask, document, event, known


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
