"""Facts over the earlier events of a case."""

from datetime import date
from itertools import accumulate
from typing import Any

import pytest

from cleangov_plugin.calendar import Calendar
from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result
from cleangov_plugin.intake.holidays_cn import calendar_days
from cleangov_plugin.rules import compile_rule, plan
from cleangov_plugin.rules.bound import bind
from cleangov_plugin.rules.evaluation import default_binding
from cleangov_plugin.rules.examples import ask as try_out
from cleangov_plugin.rules.examples import examples_of
from cleangov_plugin.rules.frame import FactValue, Frame
from cleangov_plugin.rules.planning import RuleSet
from tests.rules.rule_building import ROME, ask, day, document, event, known

FIELDS = {"no": {"type": "text"}, "limit": {"type": "money", "range": ["0.01元", "1亿元"]}}


def fact(
    spec: dict[str, Any], *history: Record, now: Record | None = None, **more: Any
) -> FactValue:
    """Compute one fact for an event after a history."""
    params = {"limit": {"type": "integer", "default": 2, "range": [0, 100]}}
    rule = compile_rule(document("true", facts={"f": spec}, fields=FIELDS, parameters=params))
    bound = bind(rule, default_binding(rule))
    frame = Frame(now or event(yuan=5), known(*history, **more))
    return frame.fact(bound.facts["f"])


A = event("2026-03-01T09:00:00+08:00", kind="enf.a", yuan=1, attributes={"no": "x"})
B = event("2026-03-03T09:00:00+08:00", kind="enf.b", yuan=2)
C = event("2026-03-05T09:00:00+08:00", kind="enf.a", yuan=4, attributes={"no": "y"})
NAMELESS = event("2026-03-06T09:00:00+08:00", kind="enf.a")


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


def test_durations_need_moments_on_both_sides() -> None:
    spec = {"elapsed_since": "enf.a", "in": "duration"}
    assert fact(spec, A, now=day("2026-03-10")).missing == ("occurred_at",)
    assert fact(spec, day("2026-03-05", kind="enf.a")).missing == ("enf.a.occurred_at",)


def test_working_days_skip_holidays_and_count_make_up_workdays() -> None:
    class Days:
        version = 7

        def working_days_between(self, a: date, b: date) -> int | None:
            assert (a, b) == (date(2026, 2, 13), date(2026, 2, 27))
            return 5

    start = event("2026-02-13T09:00:00+08:00", kind="enf.a")
    spec = {"elapsed_since": "enf.a", "in": "working_days"}
    now = event("2026-02-27T09:00:00+08:00")
    assert fact(spec, start, now=now, calendar=Days()).value == 5


def test_a_make_up_workday_moves_the_boundary_of_a_rule() -> None:
    rule = document(
        "facts.since > params.term",
        facts={"since": {"elapsed_since": "enf.a", "in": "working_days"}},
        parameters={"term": {"type": "working_days", "default": "5 working days"}},
        examples=[],
    )
    off = [f"2026-02-{n}" for n in (16, 17, 18, 19, 20, 23)]
    example = {
        "name": "n",
        "why": "w",
        "given": {
            "event": {"kind": "enf.decision.made", "at": "2026-02-28T09:00:00+08:00"},
            "history": [{"kind": "enf.a", "at": "2026-02-13T09:00:00+08:00"}],
        },
    }
    results = []
    for work in ([], ["2026-02-14"], ["2026-02-14", "2026-02-28"]):
        given = {**example["given"], "calendar": {"off": off, "work": work}}  # type: ignore[dict-item]
        made = {**rule, "examples": [{**example, "given": given, "expect": "hit"}]}
        compiled = compile_rule(made)
        results.append(try_out(compiled, examples_of(made, compiled)[0]).result)
    assert results == [Result.CLEAR, Result.CLEAR, Result.HIT]


def test_a_sum_past_its_declared_range_is_unknown() -> None:
    spec = {"sum": "amount", "of": "enf.a", "range": ["0元", "4元"]}
    assert fact(spec, A).value == 100
    assert fact(spec, A, C).missing == ("enf.a.amount",)


def test_more_events_than_the_proof_counts_with_are_unknown() -> None:
    many = [event("2026-03-01T09:00:00+08:00", kind="enf.a") for _ in range(10_001)]
    assert fact({"count": "enf.a"}, *many[:-1]).value == 10_000
    assert fact({"count": "enf.a"}, *many) == (None, ("enf.a",), True, 0)


def test_a_span_longer_than_the_proof_counts_with_is_unknown() -> None:
    spec = {"elapsed_since": "enf.a"}
    old = event("1900-01-01T09:00:00+08:00", kind="enf.a")
    assert fact(spec, old, now=event("2173-10-16T09:00:00+08:00")).value == 100_000
    assert fact(spec, old, now=event("2173-10-17T09:00:00+08:00")).missing == ("enf.a",)


def test_a_blank_event_is_named_though_the_anchor_is_missing_too() -> None:
    spec = {"latest": "amount", "of": "enf.a", "before": "enf.z"}
    assert fact(spec, NAMELESS) == (None, ("enf.z", "enf.a.amount"), True, 0)
    assert fact(spec, A) == (None, ("enf.z",), False, 0)


def test_a_window_of_hours_is_no_window_of_days_over_a_change_of_the_clock() -> None:
    start = event("2026-03-28T12:00:00+01:00", kind="enf.a")
    now = event("2026-03-29T12:00:00+02:00")
    more = {"now": now, "zone": ROME}
    assert fact({"elapsed_since": "enf.a"}, start, **more).value == 1
    assert fact({"elapsed_since": "enf.a", "in": "duration"}, start, **more).value == 23 * 3600
    assert fact({"count": "enf.a", "within": "23 hours"}, start, **more).value == 1
    assert fact({"count": "enf.a", "within": "22 hours"}, start, **more).value == 0
    autumn = event("2026-10-24T12:00:00+02:00", kind="enf.a")
    later = {"now": event("2026-10-25T12:00:00+01:00"), "zone": ROME}
    assert fact({"count": "enf.a", "within": "1 days"}, autumn, **later).value == 1
    assert fact({"count": "enf.a", "within": "24 hours"}, autumn, **later).value == 0
    assert fact({"count": "enf.a", "within": "25 hours"}, autumn, **later).value == 1


def test_a_window_of_working_days_ends_with_a_make_up_workday() -> None:
    """Over the Spring Festival of 2026, by the official calendar."""
    days = calendar_days("CN", [2026])
    ordinals = tuple(accumulate(int(day.is_working) for day in days))
    calendar = Calendar(1, days[0].date, ordinals)
    start = event("2026-02-13T09:00:00+08:00", kind="enf.a")
    for at, number in (("2026-02-14", 1), ("2026-02-23", 1), ("2026-02-27", 5), ("2026-02-28", 6)):
        more: dict[str, Any] = {"now": event(f"{at}T09:00:00+08:00"), "calendar": calendar}
        spec = {"elapsed_since": "enf.a", "in": "working_days"}
        assert fact(spec, start, **more).value == number
        within = {"count": "enf.a", "within": f"{number} working days"}
        assert fact(within, start, **more).value == 1
        short = {"count": "enf.a", "within": f"{number - 1} working days"}
        assert fact(short, start, **more).value == 0


def test_without_a_calendar_working_days_are_unknown_and_it_is_named() -> None:
    spec = {"elapsed_since": "enf.a", "in": "working_days"}
    assert fact(spec, A) == (None, ("calendar",), True, 0)


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
        ({"sum": "amuont", "of": "enf.a"}, "Did you mean 'amount'"),
        ({"count": "enf.a", "within": "amount"}, "written span"),
        ({"count": "enf.a", "within": "30"}, "written span"),
        ({"median": "amount", "of": "enf.a", "per": ["actor"]}, "one person"),
        ({"exists": "enf.a", "per": ["no"]}, "only median and count"),
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
