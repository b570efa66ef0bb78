"""How often an officer would be stopped: prompts a day, after tiers and the daily budget."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from cleangov_plugin.domain.terms import Tier

#: Tiers that interrupt an officer.
_INTERRUPTS: Final = Tier.CONFIRM
#: Most prompts of tiers 2 and 3 that one officer is shown in a day; tiers 4 and 5 are always shown.
BUDGET: Final = 3
_BUDGETED: Final = frozenset({Tier.CONFIRM, Tier.JUSTIFY})


@dataclass(slots=True)
class Prompting:
    """Prompts by officer and day; officers are pseudonyms and are never named.

    Every event that hits counts as one step that was stopped: a panel holds whatever else hits.
    """

    days: "Counter[tuple[str, date]]" = field(default_factory=Counter)
    budgeted: "Counter[tuple[str, date]]" = field(default_factory=Counter)
    tiers: "Counter[int]" = field(default_factory=Counter)
    nobody: int = 0

    def note(self, officer: str | None, day: date, tier: Tier | None) -> None:
        """Count one event that was looked at.

        :param officer: pseudonym of who acted; None where it is not known.
        :param day: civil day.
        :param tier: the strictest tier that would have stopped it; None where none would.
        """
        interrupts = tier is not None and tier >= _INTERRUPTS
        if officer is None:
            self.nobody += interrupts
            return
        key = (officer, day)
        self.days[key] += interrupts
        if interrupts and tier is not None:
            self.tiers[tier.value] += 1
            self.budgeted[key] += tier in _BUDGETED

    def add(self, other: "Prompting") -> None:
        """Add the prompts of other cases; an officer's day may have some of both.

        :param other: their prompts.
        """
        for name in ("days", "budgeted", "tiers"):
            getattr(self, name).update(getattr(other, name))
        self.nobody += other.nobody

    def told(self) -> dict[str, Any]:
        """Answer whole numbers alone: officer-days, prompts, and how many a day."""
        daily = sorted(self.days.values())
        over = sum(max(0, number - BUDGET) for number in self.budgeted.values())
        return {
            "officers": len({officer for officer, _ in self.days}),
            "officer_days": len(daily),
            "officer_days_with_prompt": sum(number > 0 for number in daily),
            "prompts": sum(daily),
            "by_tier": {str(tier): self.tiers[tier] for tier in sorted(self.tiers)},
            "over_budget": over,
            "shown": sum(daily) - over,
            "per_day_p50": _at(daily, 50),
            "per_day_p95": _at(daily, 95),
            "per_day_most": daily[-1] if daily else 0,
            "without_officer": self.nobody,
        }


def _at(ordered: list[int], percent: int) -> int:
    """Answer the smallest number that so many percent of the days do not pass (nearest rank)."""
    if not ordered:
        return 0
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1]
