"""Facts over the earlier events of a case."""

from datetime import date
from typing import Any

import pytest

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.terms import Phase, Result
from cleangov_plugin.rules import compile_rule, plan
from cleangov_plugin.rules.bound import bind
from cleangov_plugin.rules.evaluation import default_binding
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.planning import RuleSet
from tests.rules.fact_building import FIELDS, NAMELESS, A, B, C, fact
from tests.rules.rule_building import ask, day, document, event, known


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ({"count": "enf.a"}, 2),
        ({"count": ["enf.a", "enf.b"]}, 3),
        ({"count": "enf.z"}, 0),
        ({"exists": "enf.b"}, True),
        ({"exists": "enf.z"}, False),
        ({"sum": "amount", "of": ["enf.a", "enf.b"]}, 700),
        ({"sum": "amount", "of": "enf.z"}, 0),
        ({"distinct": "no", "of": "enf.a"}, 2),
        ({"latest": "no", "of": "enf.a"}, "y"),
        ({"first": "no", "of": "enf.a"}, "x"),
        ({"min": "amount", "of": ["enf.a", "enf.b"]}, 100),
        ({"max": "amount", "of": ["enf.a", "enf.b"]}, 400),
        ({"max": "occurred_on", "of": ["enf.a", "enf.b"], "before": "enf.b"}, date(2026, 3, 1)),
        ({"latest": "occurred_on", "of": "enf.b"}, date(2026, 3, 3)),
        ({"latest": "amount", "of": "enf.a", "before": "enf.b"}, 100),
        ({"latest": "amount", "of": "enf.a", "after": "enf.b"}, 400),
        ({"exists": "enf.a", "after": "enf.a"}, False),
        ({"elapsed_since": "enf.a"}, 5),
        ({"elapsed_since": "enf.a", "in": "duration"}, 5 * 86400 + 3600),
        ({"missing_before": ["enf.z", "enf.a", "enf.y"]}, ("enf.z", "enf.y")),
        ({"same_actor": "enf.a"}, True),
        ({"count": "enf.a", "where": "no == 'y'"}, 1),
        ({"count": "enf.a", "where": "amount < current.amount"}, 2),
        ({"count": "enf.a", "within": "5 days"}, 1),
        ({"count": "enf.a", "within": "9 days"}, 2),
        ({"count": "enf.a", "within": "8 days"}, 1),
        ({"count": "enf.a", "within": "121 hours"}, 1),
        ({"count": "enf.a", "within": "120 hours"}, 0),
    ],
)
def test_the_closed_list_of_facts(spec: dict[str, Any], value: Any) -> None:
    assert fact(spec, A, B, C).value == value


@pytest.mark.parametrize(
    ("spec", "missing", "is_blank"),
    [
        ({"sum": "amount", "of": "enf.a"}, ("enf.a.amount",), True),
        ({"latest": "amount", "of": "enf.a"}, ("enf.a.amount",), True),
        ({"min": "amount", "of": "enf.a"}, ("enf.a.amount",), True),
        ({"max": "amount", "of": "enf.z"}, ("enf.z.amount",), False),
        ({"latest": "amount", "of": "enf.z"}, ("enf.z.amount",), False),
        ({"first": "no", "of": "enf.z"}, ("enf.z.no",), False),
        ({"distinct": "no", "of": "enf.a"}, ("enf.a.no",), True),
        ({"elapsed_since": "enf.z"}, ("enf.z",), False),
        ({"count": "enf.a", "where": "no == 'x'"}, ("enf.a.no",), True),
        ({"count": "enf.a", "where": "no == current.no"}, ("no", "enf.a.no"), True),
        ({"exists": "enf.a", "where": "no == 'q'"}, ("enf.a.no",), True),
        ({"exists": "enf.a", "after": "enf.z"}, ("enf.z",), False),
        ({"count": "enf.a", "within": "5 working days"}, ("calendar",), True),
        ({"elapsed_since": "enf.a", "in": "working_days"}, ("calendar",), True),
    ],
)
def test_what_is_missing_is_named(
    spec: dict[str, Any], missing: tuple[str, ...], is_blank: bool
) -> None:
    found = fact(spec, A, B, C, NAMELESS)
    assert found.value is None
    assert set(found.missing) == set(missing)
    assert found.is_blank is is_blank


def test_one_event_that_surely_counts_is_enough_for_exists() -> None:
    assert fact({"exists": "enf.a", "where": "no == 'x'"}, A, NAMELESS).value is True


def test_without_an_actor_nobody_can_say_whether_it_was_the_same() -> None:
    assert fact({"same_actor": "enf.a"}, A, now=event(actor=None)).missing == ("actor",)
    assert fact({"same_actor": "enf.z"}, A, now=event(actor=None)).missing == ("actor",)
    found = fact({"same_actor": "enf.a"}, event(kind="enf.a", actor=None))
    assert found.missing == ("enf.a.actor",)
    assert fact({"same_actor": "enf.a"}, A, now=event(actor="else")).value is False


def test_order_within_a_day_is_that_of_the_rows_where_only_days_are_known() -> None:
    first = day("2026-03-05", kind="enf.a", attributes={"no": "first"})
    second = day("2026-03-05", kind="enf.a", attributes={"no": "second"})
    assert fact({"latest": "no", "of": "enf.a"}, first, second).value == "second"
    assert fact({"first": "no", "of": "enf.a"}, first, second).value == "first"
    exists = {"exists": "enf.a", "after": "enf.b"}
    anchor = day("2026-03-05", kind="enf.b")
    assert fact(exists, first, anchor).value is False
    assert fact(exists, anchor, first).value is True


def test_order_is_that_of_what_happened_not_of_when_it_came_to_be_known() -> None:
    late = event("2026-02-01T09:00:00+08:00", kind="enf.a", attributes={"no": "late"})
    assert fact({"latest": "no", "of": "enf.a"}, A, C, late).value == "y"


def test_a_sum_past_its_declared_range_is_unknown() -> None:
    spec = {"sum": "amount", "of": "enf.a", "range": ["0元", "4元"]}
    assert fact(spec, A).value == 100
    assert fact(spec, A, C).missing == ("enf.a.amount",)


@pytest.mark.thorough
def test_more_events_than_the_proof_counts_with_are_unknown() -> None:
    many = [event("2026-03-01T09:00:00+08:00", kind="enf.a") for _ in range(10_001)]
    assert fact({"count": "enf.a"}, *many[:-1]).value == 10_000
    assert fact({"count": "enf.a"}, *many) == (None, ("enf.a",), True, 0)


def test_a_blank_event_is_named_though_the_anchor_is_missing_too() -> None:
    spec = {"latest": "amount", "of": "enf.a", "before": "enf.z"}
    assert fact(spec, NAMELESS) == (None, ("enf.z", "enf.a.amount"), True, 0)
    assert fact(spec, A) == (None, ("enf.z",), False, 0)


def test_facts_may_use_parameters_and_facts_before_them() -> None:
    facts = {
        "who": {"latest": "actor", "of": "enf.a"},
        "theirs": {"count": "enf.a", "where": "actor == facts.who"},
    }
    other = event("2026-03-06T09:00:00+08:00", kind="enf.a", actor="other")
    rule = document("facts.theirs >= 2", facts=facts)
    assert ask(rule, event(), known(A, C)).result is Result.HIT
    assert ask(rule, event(), known(A, C, other)).result is Result.CLEAR


def test_equal_facts_of_two_rules_are_one_and_computed_once() -> None:
    specs = {"n": {"count": "enf.a", "where": "amount >= params.low"}}
    low = {"low": {"type": "money", "default": "1元"}}
    first = compile_rule(document("facts.n > 1", facts=specs, parameters=low))
    renamed = {"other": specs["n"]}
    second = compile_rule(document("facts.other > 3", facts=renamed, parameters=low, id="T02"))
    third = compile_rule(
        document("facts.n > 1", facts=specs, parameters={"low": {**low["low"], "default": "2元"}})
    )
    bound = [bind(rule, default_binding(rule)) for rule in (first, second, third)]
    ids = [next(iter(b.facts.values())).id for b in bound]
    assert ids[0] == ids[1]
    assert ids[0] != ids[2]
    frame = Frame(event(), known(A, C))
    once = frame.fact(bound[0].facts["n"])
    assert frame.fact(bound[1].facts["other"]) is once


def test_facts_over_fields_with_other_choices_share_no_row() -> None:
    """A value that is none of the choices is missing: the two facts have other values."""

    def id_of(spec: dict[str, Any], *choices: str) -> str:
        fields = {"word": {"type": "choice", "choices": [*choices]}, "day": {"type": "date"}}
        rule = compile_rule(document("missing(facts.f)", facts={"f": spec}, fields=fields))
        return bind(rule, default_binding(rule)).facts["f"].id

    for spec in (
        {"latest": "word", "of": "enf.a"},
        {"count": "enf.a", "where": "word == 'a'"},
        {"median": "amount", "of": "enf.a", "per": ["word"], "at_least": 5},
    ):
        assert id_of(spec, "a", "b") != id_of(spec, "a", "b", "c")
        assert id_of(spec, "a", "b") == id_of(spec, "b", "a")
    over_days = {"latest": "day", "of": "enf.a"}
    assert id_of(over_days, "a", "b") == id_of(over_days, "a", "b", "c")


def test_a_fact_id_does_not_hang_on_the_order_of_a_set() -> None:
    ids = set()
    for options in ("'b', 'a', 'c'", "'c', 'b', 'a'"):
        spec = {"n": {"count": "enf.a", "where": f"no in [{options}]"}}
        rule = compile_rule(document("facts.n > 1", facts=spec, fields=FIELDS))
        ids.add(bind(rule, default_binding(rule)).facts["n"].id)
    assert len(ids) == 1


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"count": "enf.a", "in": "duration"}, "does nothing"),
        ({"same_actor": "enf.a", "where": "amount > 3元"}, "does nothing"),
        ({"exists": "enf.a", "at_least": 3}, "does nothing"),
        ({"count": "enf.a", "exists": "enf.b"}, "exactly one operation"),
        ({"coutn": "enf.a"}, "Did you mean 'count'"),
        ({"count": "a"}, "no kind of event"),
        ({"sum": "no", "of": "enf.a"}, "no numbers to add"),
        ({"max": "no", "of": "enf.a"}, "has no order"),
        ({"sum": "amuont", "of": "enf.a"}, "Did you mean 'amount'"),
        ({"count": "enf.a", "within": "amount"}, "written span"),
        ({"count": "enf.a", "within": "30"}, "written span"),
        ({"median": "amount", "of": "enf.a", "per": ["actor"]}, "one person"),
        ({"latest": "amount", "of": "enf.a", "per": ["unit"]}, "does not look over other cases"),
        ({"exists": "enf.a", "per": ["unit"]}, "within civil days"),
        ({"elapsed_since": "enf.a", "in": "weeks"}, "no unit"),
    ],
)
def test_facts_that_make_no_sense_are_refused(spec: dict[str, Any], message: str) -> None:
    with pytest.raises(RuleError, match=r"T01\.facts\.f") as refused:
        fact(spec)
    assert message in str(refused.value)


def test_the_history_a_plan_asks_for_is_what_its_facts_read() -> None:
    facts = {
        "x": {"latest": "amount", "of": "enf.a", "before": "enf.b"},
        "unused": {"count": "enf.z"},
    }
    rule = compile_rule(document("facts.x > 3元", facts=facts))
    ruleset = RuleSet(1, ((rule, default_binding(rule)),))
    found = plan(
        ruleset,
        "enf.decision.made",
        Phase.GATE,
        on=date(2026, 1, 1),
        unit=None,
        step="s",
        source="t",
    )
    assert found.history_kinds == {"enf.a", "enf.b"}
