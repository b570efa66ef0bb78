"""Facts of time: durations, working days and windows, with a calendar and without."""

from datetime import date
from itertools import accumulate
from typing import Any

from cleangov_plugin.calendar import Calendar
from cleangov_plugin.domain.terms import Result
from cleangov_plugin.intake.holidays_cn import calendar_days
from cleangov_plugin.rules import compile_rule
from cleangov_plugin.rules.examples import ask as try_out
from cleangov_plugin.rules.examples import examples_of
from tests.rules.fact_building import A, fact
from tests.rules.rule_building import ROME, day, document, event


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


def test_a_span_longer_than_the_proof_counts_with_is_unknown() -> None:
    spec = {"elapsed_since": "enf.a"}
    old = event("1900-01-01T09:00:00+08:00", kind="enf.a")
    assert fact(spec, old, now=event("2173-10-16T09:00:00+08:00")).value == 100_000
    assert fact(spec, old, now=event("2173-10-17T09:00:00+08:00")).missing == ("enf.a",)


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
