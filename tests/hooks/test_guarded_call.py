"""In a guarded call no plugin can harm the host or another plugin."""

import asyncio
import concurrent.futures
import logging
from dataclasses import dataclass
from typing import Any

import pluggy
import pytest

from cleangov_hooks import (
    BUDGET_MS,
    Attempt,
    Decision,
    Fragment,
    Prompt,
    Relation,
    Status,
    Tie,
    Verdict,
    guarded_call,
    hookimpl,
    strictest,
)
from tests.support.stub_plugins import SLOT, Slot, Witness


class PrivateError(BaseException):
    """Not an Exception: an `except Exception` would let it through to the host."""


def raising(problem: BaseException) -> Any:
    def behave() -> Any:
        raise problem

    return behave


def surrounded(pm: pluggy.PluginManager, plugin: object) -> tuple[Witness, Witness]:
    before, after = Witness(), Witness()
    pm.register(before, "before")
    pm.register(plugin, "between")
    pm.register(after, "after")
    return before, after


@pytest.mark.parametrize(
    "problem",
    [ValueError("secret of a citizen"), PrivateError(), RecursionError(), MemoryError()],
    ids=lambda problem: type(problem).__name__,
)
def test_what_a_plugin_raises_is_named_and_the_others_are_asked(
    pm: pluggy.PluginManager, problem: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    before, after = surrounded(pm, Slot(raising(problem)))
    with caplog.at_level(logging.WARNING):
        report = guarded_call(pm, "cleangov_slot", **SLOT)
    assert (before.calls, after.calls) == (1, 1)
    assert [o.plugin for o in report.outcomes] == ["after", "between", "before"]
    (trouble,) = report.troubles
    assert (trouble.status, trouble.error) == (Status.RAISED, type(problem).__name__)
    assert len(report.values) == 2
    assert "between" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("wrong", [0, "", "text", [], {}, object(), b"x", 1.5])
def test_an_answer_of_the_wrong_type_is_dropped(pm: pluggy.PluginManager, wrong: object) -> None:
    before, after = surrounded(pm, Slot(lambda: wrong))
    report = guarded_call(pm, "cleangov_slot", **SLOT)
    (trouble,) = report.troubles
    assert (trouble.status, trouble.error) == (Status.WRONG_TYPE, type(wrong).__name__)
    assert trouble.value is None
    assert (before.calls, after.calls) == (1, 1)


@pytest.mark.parametrize("problem", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_ends_the_process_is_not_the_guards_to_stop(
    pm: pluggy.PluginManager, problem: type[BaseException]
) -> None:
    pm.register(Slot(raising(problem())))
    with pytest.raises(problem):
        guarded_call(pm, "cleangov_slot", **SLOT)


def test_a_cancelled_task_stays_cancelled(pm: pluggy.PluginManager) -> None:
    pm.register(Slot(raising(asyncio.CancelledError())))
    with pytest.raises(asyncio.CancelledError):
        guarded_call(pm, "cleangov_slot", **SLOT)


def test_a_cancelled_future_of_the_plugin_itself_stops_here(pm: pluggy.PluginManager) -> None:
    before, after = surrounded(pm, Slot(raising(concurrent.futures.CancelledError())))
    report = guarded_call(pm, "cleangov_slot", **SLOT)
    assert [o.error for o in report.troubles] == ["CancelledError"]
    assert (before.calls, after.calls) == (1, 1)


def test_a_killed_greenlet_stays_killed(pm: pluggy.PluginManager) -> None:
    class GreenletExit(BaseException):
        pass

    pm.register(Slot(raising(GreenletExit())))
    with pytest.raises(GreenletExit):
        guarded_call(pm, "cleangov_slot", **SLOT)


def test_a_plugin_with_nothing_to_say_is_silent(pm: pluggy.PluginManager) -> None:
    pm.register(Slot(lambda: None), "quiet")
    report = guarded_call(pm, "cleangov_slot", **SLOT)
    assert [o.status for o in report.outcomes] == [Status.SILENT]
    assert report.values == report.troubles == []


def test_without_a_plugin_the_step_passes(pm: pluggy.PluginManager, attempt: Attempt) -> None:
    report = guarded_call(pm, "cleangov_step_gate", attempt=attempt)
    assert report.outcomes == ()
    verdict = strictest(report.values, attempt.id)
    assert (verdict.decision, verdict.reason) == (Decision.PASS, "no_plugin")


def test_a_plugin_that_cannot_be_hashed_silences_nobody(pm: pluggy.PluginManager) -> None:
    @dataclass
    class Plain:
        name: str = "plain"

        @hookimpl
        def cleangov_slot(self) -> Fragment:
            return Fragment(medium="html", content=self.name)

    before, after = surrounded(pm, Plain())
    report = guarded_call(pm, "cleangov_slot", **SLOT)
    assert [o.status for o in report.outcomes] == [Status.ANSWERED] * 3
    assert (before.calls, after.calls) == (1, 1)


def test_a_plugin_that_names_its_function_otherwise_is_asked_once(
    pm: pluggy.PluginManager,
) -> None:
    class Renamed:
        calls = 0

        @hookimpl(specname="cleangov_slot")
        def show(self) -> None:
            self.calls += 1

    plugin = Renamed()
    surrounded(pm, plugin)
    report = guarded_call(pm, "cleangov_slot", **SLOT)
    assert plugin.calls == 1
    assert len(report.outcomes) == 3


def test_a_plugin_may_take_fewer_arguments_than_the_hook_has(
    pm: pluggy.PluginManager, attempt: Attempt
) -> None:
    pm.register(Witness())
    (verdict,) = guarded_call(pm, "cleangov_step_gate", attempt=attempt).values
    assert verdict == Verdict(decision=Decision.PASS, attempt_id="t1")


@pytest.mark.parametrize("hook", sorted(BUDGET_MS))
def test_a_hook_with_a_budget_is_told_it(pm: pluggy.PluginManager, hook: str) -> None:
    told = []

    class Asks:
        @hookimpl(specname=hook)
        def ask(self, budget_ms: int) -> None:
            told.append(budget_ms)

    pm.register(Asks())
    guarded_call(pm, hook)
    guarded_call(pm, hook, budget_ms=7)
    assert told == [BUDGET_MS[hook], 7]


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ([], Status.ANSWERED),
        ((Prompt(id="p", attempt_id=None, tier=1, rules=(), headline="h"),), Status.ANSWERED),
        ("not prompts", Status.WRONG_TYPE),
        (["not a prompt"], Status.WRONG_TYPE),
    ],
)
def test_a_hook_that_answers_several_is_checked_item_by_item(
    pm: pluggy.PluginManager, answer: Any, status: Status
) -> None:
    class Opens:
        @hookimpl
        def cleangov_step_opened(self) -> Any:
            return answer

    pm.register(Opens())
    (outcome,) = guarded_call(pm, "cleangov_step_opened", step=None).outcomes
    assert outcome.status is status


def test_a_hook_that_answers_nothing_may_not_answer(pm: pluggy.PluginManager) -> None:
    class Talks:
        @hookimpl
        def cleangov_permit_events(self) -> str:
            return "hello"

    pm.register(Talks())
    report = guarded_call(pm, "cleangov_permit_events", events=(), connection=None)
    assert [o.status for o in report.outcomes] == [Status.WRONG_TYPE]


def test_a_first_result_hook_stops_at_the_first_good_answer(pm: pluggy.PluginManager) -> None:
    asked = []

    class Register:
        def __init__(self, name: str, answer: Any) -> None:
            self.name, self.answer = name, answer

        @hookimpl
        def cleangov_relation(self, officer_id: str) -> Any:
            asked.append(self.name)
            return self.answer

    yes = Relation(tie=Tie.YES)
    for name, answer in [("never", yes), ("good", yes), ("wrong", [yes]), ("silent", None)]:
        pm.register(Register(name, answer), name)
    report = guarded_call(pm, "cleangov_relation", officer_id="o", party_id="p")
    assert asked == ["silent", "wrong", "good"]
    assert report.values == [yes]


def test_a_hook_wrapper_wraps_nothing_and_is_left_out(pm: pluggy.PluginManager) -> None:
    class Wraps:
        @hookimpl(wrapper=True)
        def cleangov_slot(self) -> Any:
            yield
            raise ValueError

    surrounded(pm, Wraps())
    report = guarded_call(pm, "cleangov_slot", **SLOT)
    assert [o.plugin for o in report.outcomes] == ["after", "before"]


def test_an_unspecified_hook_is_the_host_programmers_mistake(pm: pluggy.PluginManager) -> None:
    with pytest.raises(AttributeError):
        guarded_call(pm, "cleangov_no_such_hook")


@pytest.mark.parametrize("order", ["tryfirst", "trylast"])
def test_a_plugin_keeps_the_place_it_asked_for(pm: pluggy.PluginManager, order: str) -> None:
    class Placed:
        @hookimpl(**{order: True})
        def cleangov_slot(self) -> None:
            """Say nothing."""

    surrounded(pm, Placed())
    names = [o.plugin for o in guarded_call(pm, "cleangov_slot", **SLOT).outcomes]
    assert names.index("between") == (0 if order == "tryfirst" else 2)
