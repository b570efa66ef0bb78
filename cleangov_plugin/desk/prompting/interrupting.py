"""Which outcomes of rules interrupt a step: the hits, and what a binding holds undecided."""

from collections.abc import Iterable
from typing import Final

from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.terms import OnFailure, Result, Tier
from cleangov_plugin.rules import Binding, Plan

_FAILED: Final = {
    Result.ERROR: "on_error",
    Result.TIMEOUT: "on_timeout",
    Result.CANNOT_BE_CHECKED: "on_missing",
}


def interrupting(plan: Plan, outcomes: Iterable[RuleOutcome]) -> list[RuleOutcome]:
    """Choose the hits, and what a binding holds because it could not be judged.

    :param plan: the rules that were asked.
    :param outcomes: what they said.
    """
    open_ones = [o for o in outcomes if o.result is Result.HIT or o.result in _FAILED]
    if not open_ones:
        return []
    bindings = {bound.binding.id: bound.binding for bound in plan.bound}
    return [
        outcome
        for outcome in open_ones
        if outcome.result is Result.HIT or _is_held_open(outcome, bindings[outcome.binding_id])
    ]


def failure(outcomes: Iterable[RuleOutcome]) -> Result | None:
    """Answer why something is not known to be clear; None where all of it is.

    :param outcomes: what the rules said.
    :return: the gravest: an error, then a rule that was not reached, then missing data.
    """
    found = {outcome.result for outcome in outcomes}
    return next((result for result in _FAILED if result in found), None)


def _is_held_open(outcome: RuleOutcome, binding: Binding) -> bool:
    """Answer whether a rule that could not be decided holds its step: tier 5 alone, by choice."""
    policy = _FAILED.get(outcome.result)
    is_hold = policy is not None and getattr(binding, policy) is OnFailure.HOLD
    return is_hold and binding.tier is Tier.REFUSE
