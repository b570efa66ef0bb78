"""What became of each rule's hits of tiers 2 and 3, for those who look after rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.prompting.kept_panels import rules_of
from cleangov_plugin.domain.terms import Tier
from cleangov_plugin.prompts.weights import MILLION, UNKNOWN
from cleangov_plugin.store import prompt_days
from cleangov_plugin.store.prompt_days import Prompted

from .choosing import DEFERRED, EASED, weights_of


@dataclass(slots=True)
class RulePrompts:
    """What became of one rule's hits at the gate; one of each attempt.

    :param shown: how often they stood before an officer.
    :param passed_over: how often a full day made a hint of them.
    :param in_a_mode: how often a mode let them through.
    :param worth: lower end of the share that was confirmed, in tenths of a percent.
    """

    shown: int = 0
    passed_over: int = 0
    in_a_mode: int = 0
    worth: int = 0


def prompted_rules(desk: Desk, log_id: str, days: int) -> dict[str, RulePrompts]:
    """Count what became of hits of tiers 2 and 3, by rule.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    :param days: how many days back.
    """
    since = desk.host.now() - timedelta(days=days)
    with desk.database.own_transaction(is_reading=True) as connection:
        found = _counted(prompt_days.prompted(connection, log_id, since))
        weights = weights_of(connection, log_id)
    for rule_id, counted in found.items():
        counted.worth = weights.get(rule_id, UNKNOWN).precision * 1_000 // MILLION
    return dict(sorted(found.items()))


def _counted(prompts: Iterable[Prompted]) -> dict[str, RulePrompts]:
    """Count each rule once an attempt; what was shown in the end was shown."""
    ends: dict[tuple[str, str], str] = {}
    for each in prompts:
        is_mode = each.reason.startswith((DEFERRED, EASED))
        hint = "in_a_mode" if is_mode else "passed_over"
        end = "shown" if each.tier >= Tier.CONFIRM else hint
        for rule_id in rules_of(each.outcomes):
            if ends.get((each.attempt_id, rule_id)) != "shown":
                ends[each.attempt_id, rule_id] = end
    found: dict[str, RulePrompts] = {}
    for (_, rule_id), end in ends.items():
        counted = found.setdefault(rule_id, RulePrompts())
        setattr(counted, end, getattr(counted, end) + 1)
    return found
