"""A plugin that takes too long three times in a row rests for a minute."""

import itertools
from collections.abc import Iterable
from typing import Any

import pluggy
import pytest

from cleangov_hooks import BUDGET_MS, Breaker, Status, breaker, guard, guarded_call, hookimpl
from tests.support.stub_plugins import SLOT, Slot, Witness


class Clock:
    """Both clocks of the guard, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds

    perf_counter = monotonic


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(guard, "time", clock)
    return clock


def statuses(pm: pluggy.PluginManager, times: int) -> list[Status]:
    return [guarded_call(pm, "cleangov_slot", **SLOT).outcomes[0].status for _ in range(times)]


def slow(clock: Clock, pace: float | Iterable[float]) -> Any:
    seconds = iter(pace) if isinstance(pace, Iterable) else itertools.repeat(pace)

    def behave() -> None:
        clock.seconds += next(seconds)

    return behave


def test_the_third_overrun_in_a_row_opens_the_breaker(
    pm: pluggy.PluginManager, clock: Clock
) -> None:
    other = Witness()
    pm.register(other, "other")
    pm.register(Slot(slow(clock, 10)), "slow")
    assert statuses(pm, 5) == [Status.SILENT] * 3 + [Status.SKIPPED] * 2
    assert other.calls == 5


def test_an_overrun_is_among_the_troubles(pm: pluggy.PluginManager, clock: Clock) -> None:
    pm.register(Slot(slow(clock, 0.251)), "slow")
    (trouble,) = guarded_call(pm, "cleangov_slot", **SLOT).troubles
    assert trouble.is_overrun
    assert trouble.milliseconds == pytest.approx(251)


def test_two_overruns_and_a_quick_call_begin_anew(pm: pluggy.PluginManager, clock: Clock) -> None:
    pace = [10, 10, 0, 10, 10, 0, 0]
    pm.register(Slot(slow(clock, pace)), "mostly slow")
    assert statuses(pm, 7) == [Status.SILENT] * 7


def test_after_the_rest_one_call_is_tried_and_a_further_overrun_opens_again(
    pm: pluggy.PluginManager, clock: Clock
) -> None:
    pm.register(Slot(slow(clock, 10)), "slow")
    statuses(pm, 3)
    clock.seconds += 61
    assert statuses(pm, 2) == [Status.SILENT, Status.SKIPPED]


def test_after_the_rest_a_quick_call_closes_it(pm: pluggy.PluginManager, clock: Clock) -> None:
    pace = [10, 10, 10, 0, 10, 10, 0]
    pm.register(Slot(slow(clock, pace)), "recovers")
    statuses(pm, 3)
    clock.seconds += 61
    assert statuses(pm, 4) == [Status.SILENT] * 4


def test_a_slow_failure_counts_as_an_overrun_too(pm: pluggy.PluginManager, clock: Clock) -> None:
    def behave() -> None:
        clock.seconds += 10
        raise ValueError

    pm.register(Slot(behave), "slow and wrong")
    assert statuses(pm, 4) == [Status.RAISED] * 3 + [Status.SKIPPED]


def test_a_quick_failure_never_opens_it(pm: pluggy.PluginManager, clock: Clock) -> None:
    pm.register(Slot(lambda: "wrong"), "quick and wrong")
    assert statuses(pm, 6) == [Status.WRONG_TYPE] * 6


def test_each_hook_of_a_plugin_has_a_breaker_of_its_own(pm: pluggy.PluginManager) -> None:
    breaker(pm, "plugin", "cleangov_slot").open_until = float("inf")
    assert breaker(pm, "plugin", "cleangov_step_gate").allows(0.0)
    assert not breaker(pm, "plugin", "cleangov_slot").allows(0.0)


def test_the_guard_is_four_times_as_patient_as_the_budget(
    pm: pluggy.PluginManager, clock: Clock
) -> None:
    class Edits:
        @hookimpl
        def cleangov_step_edited(self, budget_ms: int) -> None:
            clock.seconds += budget_ms * self.factor / 1000

        factor = 3.9

    plugin = Edits()
    pm.register(plugin)
    arguments = {"step": None, "draft": None, "changed": frozenset()}
    (outcome,) = guarded_call(pm, "cleangov_step_edited", **arguments).outcomes
    assert not outcome.is_overrun
    plugin.factor = 4.1
    (outcome,) = guarded_call(pm, "cleangov_step_edited", **arguments).outcomes
    assert outcome.is_overrun
    assert BUDGET_MS["cleangov_step_edited"] == 20


def test_limit_and_rest_can_be_set(pm: pluggy.PluginManager, clock: Clock) -> None:
    pm.register(Slot(slow(clock, 10)), "slow")
    mine = breaker(pm, "slow", "cleangov_slot")
    mine.limit, mine.rest = 1, 5.0
    assert statuses(pm, 2) == [Status.SILENT, Status.SKIPPED]
    clock.seconds += 6
    assert statuses(pm, 1) == [Status.SILENT]


def test_a_breaker_is_closed_at_first() -> None:
    assert Breaker().allows(0.0)
