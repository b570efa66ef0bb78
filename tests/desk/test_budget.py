"""Budgets are looked at, never enforced; three overruns in a row make a verb rest."""

import time
from dataclasses import FrozenInstanceError

import pytest

from cleangov_hooks import Breaker
from cleangov_plugin.desk.budget import Breakers, Budget


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ours(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Breakers:
    monkeypatch.setattr(time, "monotonic", clock)
    return Breakers()


def test_a_budget_runs_from_the_moment_it_was_made(clock: Clock) -> None:
    budget = Budget(50, clock)
    assert budget.spent() == 0
    clock.seconds += 0.03
    assert budget.spent() == pytest.approx(30)
    assert not budget.is_over()
    clock.seconds += 0.021
    assert budget.is_over()


def test_exactly_the_budget_is_not_over_it(clock: Clock) -> None:
    budget = Budget(500, clock)
    clock.seconds += 0.5
    assert budget.spent() == 500
    assert not budget.is_over()


def test_a_budget_of_nothing_is_over_at_once(clock: Clock) -> None:
    budget = Budget(0, clock)
    assert not budget.is_over()
    clock.seconds += 0.001
    assert budget.is_over()


def test_a_budget_cannot_be_lengthened(clock: Clock) -> None:
    with pytest.raises(FrozenInstanceError):
        Budget(50, clock).milliseconds = 100  # type: ignore[misc]


def test_it_measures_real_time_where_no_clock_is_given() -> None:
    budget = Budget(60_000)
    first = budget.spent()
    assert 0 <= first <= budget.spent() < 60_000


def ran(ours: Breakers, clock: Clock, milliseconds: float, verb: str = "gate") -> bool:
    budget = Budget(50, clock)
    clock.seconds += milliseconds / 1000
    return ours.note(verb, budget)


def test_one_slow_disk_write_is_no_overrun(ours: Breakers, clock: Clock) -> None:
    assert not ran(ours, clock, 199)
    assert ran(ours, clock, 201)
    budget = Budget(50, clock)
    clock.seconds += 0.06
    assert ours.note("gate", budget, patience=1)


def test_three_overruns_in_a_row_make_a_verb_rest_for_a_minute(
    ours: Breakers, clock: Clock
) -> None:
    for _ in range(2):
        assert ran(ours, clock, 300)
        assert ours.allow("gate")
    assert ran(ours, clock, 300)
    assert not ours.allow("gate")
    clock.seconds += 59
    assert not ours.allow("gate")
    clock.seconds += 1.01
    assert ours.allow("gate")


def test_one_more_overrun_after_the_rest_is_enough(ours: Breakers, clock: Clock) -> None:
    for _ in range(3):
        ran(ours, clock, 300)
    clock.seconds += 61
    assert ours.allow("gate")
    ran(ours, clock, 300)
    assert not ours.allow("gate")


def test_a_verb_that_was_in_time_is_forgiven(ours: Breakers, clock: Clock) -> None:
    for milliseconds in (300, 300, 10, 300, 300):
        ran(ours, clock, milliseconds)
    assert ours.allow("gate")


def test_each_verb_rests_by_itself(ours: Breakers, clock: Clock) -> None:
    for _ in range(3):
        ran(ours, clock, 300, "open")
    assert not ours.allow("open")
    assert ours.allow("gate")
    assert ours.resting() == ["open"]
    clock.seconds += 61
    assert ours.resting() == []


def test_a_verb_that_never_ran_may_run(ours: Breakers) -> None:
    assert ours.allow("record")
    assert ours.resting() == []
    assert isinstance(ours.by_verb["record"], Breaker)
