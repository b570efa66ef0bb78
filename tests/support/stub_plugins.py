"""Plugins to call in the contract's tests, and what to call them with."""

from collections.abc import Callable
from typing import Any

from cleangov_hooks import Attempt, Decision, Fragment, Verdict, hookimpl

SLOT = {"name": "step.panel", "step": None, "medium": "html"}


class Witness:
    """A plugin that answers rightly and counts how often it was asked."""

    def __init__(self) -> None:
        self.calls = 0

    @hookimpl
    def cleangov_step_gate(self, attempt: Attempt) -> Verdict:
        self.calls += 1
        return Verdict(decision=Decision.PASS, attempt_id=attempt.id)

    @hookimpl
    def cleangov_slot(self, name: str) -> Fragment:
        self.calls += 1
        return Fragment(medium="html", content=name)


class Slot:
    """A plugin whose slot does what it is told."""

    def __init__(self, behave: Callable[[], Any]) -> None:
        self.behave = behave

    @hookimpl
    def cleangov_slot(self) -> Any:
        return self.behave()
