"""What the rules said of one event."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from cleangov_hooks import Money

from .terms import Phase, Result, Severity, Tier, Visibility

Value: TypeAlias = "bool | int | str | Money | date | datetime | tuple[str, ...] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome:
    """What one binding's rule said of one event.

    :param rule_id: the rule's public id, ``"E07"``.
    :param version: the rule's version.
    :param binding_id: the binding it was evaluated through.
    :param result: hit, clear, not_applicable, cannot_be_checked, error, timeout, ...
    :param severity: severity by law.
    :param tier: tier by the binding.
    :param visibility: who may see it.
    :param fields: the fields that were missing, for cannot_be_checked; sorted.
    :param values: the values the condition used, by name; also the parameters of the texts.
    :param part: part of the case it concerns where a case can hit more than once.
    :param beside: the event field a prompt stands beside, if one.
    """

    rule_id: str
    version: int
    binding_id: str
    result: Result
    severity: Severity
    tier: Tier
    visibility: Visibility
    fields: tuple[str, ...] = ()
    values: Mapping[str, Value] = field(default_factory=dict)
    part: str = ""
    beside: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What all bindings said of one event in one phase.

    :param phase: open, edit, gate or event.
    :param ruleset: number of the revision of rules and bindings used.
    :param calendar: number of the calendar version used.
    :param outcomes: one of each binding that applies to the kind, clear ones included.
    """

    phase: Phase
    ruleset: int
    calendar: int
    outcomes: tuple[RuleOutcome, ...] = ()

    @property
    def notable(self) -> tuple[RuleOutcome, ...]:
        """Answer the outcomes that say something: clear and not applicable follow from the rules.

        One pass for an event; what is written of it, its marks and findings look at these alone.
        """
        return tuple(
            o
            for o in self.outcomes
            if o.result is not Result.CLEAR and o.result is not Result.NOT_APPLICABLE
        )

    @property
    def hits(self) -> tuple[RuleOutcome, ...]:
        """Answer the outcomes that hit."""
        return tuple(o for o in self.outcomes if o.result is Result.HIT)
