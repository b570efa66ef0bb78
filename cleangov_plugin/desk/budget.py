"""Cooperative time: how long a verb may take, and when it rests because it took too long."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cleangov_hooks import Breaker


@dataclass(frozen=True, slots=True)
class Budget:
    """A deadline that is looked at between rules; nothing is ever interrupted.

    :param milliseconds: how long the verb may take.
    :param monotonic: answers seconds that only grow.
    """

    milliseconds: float
    monotonic: Callable[[], float] = time.monotonic
    started: float = field(init=False)
    _ends: float = field(init=False)

    def __post_init__(self) -> None:
        started = self.monotonic()
        object.__setattr__(self, "started", started)
        object.__setattr__(self, "_ends", started + self.milliseconds / 1000)

    def spent(self) -> float:
        """Answer the milliseconds used so far."""
        return (self.monotonic() - self.started) * 1000

    def left(self) -> float:
        """Answer the milliseconds that are left; less than none where it is used up."""
        return self.milliseconds - self.spent()

    def is_over(self) -> bool:
        """Answer whether the time is used up."""
        return self.monotonic() > self._ends


@dataclass(slots=True)
class Breakers:
    """One breaker a verb: three overruns in a row, and the verb rests for a minute.

    :param by_verb: the breakers made so far.
    """

    by_verb: dict[str, Breaker] = field(default_factory=dict)

    def allow(self, verb: str) -> bool:
        """Answer whether a verb may run now.

        :param verb: name of the verb.
        """
        return self._breaker(verb).allows(time.monotonic())

    def note(self, verb: str, budget: Budget, patience: float = 4.0) -> bool:
        """Take note of a verb that ended, and answer whether it overran.

        :param verb: name of the verb.
        :param budget: its budget.
        :param patience: how many budgets count as an overrun: one slow disk write does not.
        """
        is_overrun = budget.spent() > budget.milliseconds * patience
        self._breaker(verb).note(time.monotonic(), is_overrun)
        return is_overrun

    def resting(self) -> list[str]:
        """List the verbs that rest now."""
        now = time.monotonic()
        return sorted(verb for verb, b in list(self.by_verb.items()) if not b.allows(now))

    def _breaker(self, verb: str) -> Breaker:
        return self.by_verb.get(verb) or self.by_verb.setdefault(verb, Breaker())
