"""What became of each rule's prompts, and how they were answered: for those who tend rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, NamedTuple

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.prompting.kept_panels import rules_of
from cleangov_plugin.domain.terms import Tier
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.prompts.manner import SEEN_AFTER_MS, Given, Manner, manners
from cleangov_plugin.prompts.weights import MILLION, UNKNOWN
from cleangov_plugin.store import answer_manner, prompt_days
from cleangov_plugin.store.answer_manner import Timed
from cleangov_plugin.store.prompt_days import Prompted

from .choosing import DEFERRED, EASED, weights_of

#: Officers who answered a rule below whom nothing is said of it: it would be said of them.
FEWEST: Final = 5


class Answered(NamedTuple):
    """In which manner officers answered.

    :param by_rule: by id of the rule; only where enough officers answered.
    :param too_few: rules that too few officers answered.
    """

    by_rule: dict[str, Manner]
    too_few: tuple[str, ...]


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


def answered_rules(desk: Desk, log_id: str, days: int) -> Answered:
    """Count in which manner officers answered, by rule; nobody's figures are worked out.

    What fewer than `FEWEST` of them answered would be the figures of somebody: those need a
    decision of two people, and each look at them is an entry.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    :param days: how many days back.
    """
    since = desk.host.now() - timedelta(days=days)
    with desk.database.own_transaction(is_reading=True) as connection:
        people: dict[str, set[str]] = {}
        found = manners(_by(people, answer_manner.timed(connection, log_id, since)))
    few = tuple(rule for rule in found if len(people[rule]) < FEWEST)
    return Answered({rule: each for rule, each in found.items() if rule not in few}, few)


def _by(people: dict[str, set[str]], answers: Iterable[Timed]) -> Iterator[Given]:
    """Tell answers once for each rule of their prompts, and take note of who answered which."""
    for each in answers:
        for given in _given(each):
            people.setdefault(given.rule_id, set()).add(each.answered_by)
            yield given


def given_in(answers: Iterable[Timed]) -> Iterator[Given]:
    """Tell answers once for each rule of their prompts.

    :param answers: as they are kept.
    """
    return (given for each in answers for given in _given(each))


def _given(answer: Timed) -> Iterator[Given]:
    """Tell an answer once for each rule of its prompt."""
    shown = answer.seen_at or answer.rendered_at
    dwell = None
    if shown is not None:
        passed = instant(answer.answered_at) - instant(shown)
        dwell = passed // timedelta(milliseconds=1) + (SEEN_AFTER_MS if answer.seen_at else 0)
    for rule_id in rules_of(answer.outcomes):
        yield Given(
            rule_id=rule_id,
            tier=answer.tier,
            subject=answer.subject,
            words=answer.words or "",
            dwell_ms=dwell if dwell is not None and dwell >= 0 else None,
            has_script=answer.seen_at is not None,
        )
