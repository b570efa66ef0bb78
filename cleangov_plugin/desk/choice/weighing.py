"""What a rule's past hits were worth, worked out by night, so that no gate ever reads the past."""

import json
import logging
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.terms import NO_BREACH, Phase, Severity, Tier
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.prompts.panel import RED, place
from cleangov_plugin.prompts.weights import Weight, lower_bound
from cleangov_plugin.rules.knowledge import Statistic, StatisticKey
from cleangov_plugin.store import prompt_days, statistics
from cleangov_plugin.store.prompt_days import Prompted

from .choosing import BETTER, PRECISION

logger = logging.getLogger("cleangov")

#: Days back from which it is told how often a rule's hits were confirmed, and how full days are.
WORTH_DAYS: Final = 730
DAYS: Final = 90
#: One day in so many may bring more weighty panels than places are kept for.
RARE: Final = 100

#: Place of a panel among others, see `prompts.panel.place`.
Place = tuple[int, int, int]
#: Of a rule: tier of its strictest binding at the gate below 4, and severity.
Standing = tuple[int, Severity]


def make_weights(desk: Desk, ledger: Ledger) -> int:
    """Work out the figures of today, once a day; the gate goes by the newest there are.

    Confirmed is what somebody not concerned found so when a finding was closed, and what the
    officer put right at the prompt. Not confirmed is a finding that was cleared, and a prompt after
    which the step was taken as it was. To click a rule away gains nobody anything: what is passed
    over is a finding, and of each rule one prompt a day is left.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :return: how many facts were brought up to date.
    """
    today = desk.today(ledger)
    try:
        with desk.database.own_transaction(is_reading=True) as connection:
            newest = statistics.newest_day(connection, ledger.log_id, PRECISION)
            if newest is not None and newest >= today:
                return 0
            found = _weights(connection, ledger, today)
        with desk.database.own_transaction() as connection:
            for fact, figures in found.items():
                statistics.put_in_place(connection, ledger.log_id, fact, today, figures)
    except Exception as problem:  # the order of yesterday stands
        logger.warning("weights: %s", type(problem).__name__)
        return 0
    return len(found)


def _weights(
    connection: Connection, ledger: Ledger, today: date
) -> dict[str, dict[StatisticKey, Statistic]]:
    until = datetime.combine(today, time.min, ledger.zone).astimezone(UTC)
    shares = _shares(connection, ledger, until - timedelta(days=WORTH_DAYS))
    worth = {rule: lower_bound(good, n) for rule, (good, n) in shares.items()}
    panels = prompt_days.prompted(connection, ledger.log_id, until - timedelta(days=DAYS))
    better, days = how_much_better(
        (each for each in panels if instant(each.created_at) < until),
        standings(ledger),
        {rule: Weight(precision=value) for rule, value in worth.items()},
        ledger,
    )
    return {
        PRECISION: {
            StatisticKey(PRECISION, rule): Statistic(value, shares[rule][1])
            for rule, value in worth.items()
        },
        BETTER: {
            StatisticKey(BETTER, rule): Statistic(value, days) for rule, value in better.items()
        },
    }


def _shares(connection: Connection, ledger: Ledger, since: datetime) -> dict[str, tuple[int, int]]:
    """Answer by rule how many of its hits were confirmed, of how many that were looked at."""
    good: Counter[str] = Counter()
    number: Counter[str] = Counter({rule.id: 0 for rule, _ in ledger.rules.bound})
    for rule_id, told in prompt_days.closed(connection, ledger.log_id, since).items():
        known = {end: count for end, count in told.items() if end}
        number[rule_id] += sum(known.values())
        good[rule_id] += sum(count for end, count in known.items() if end not in NO_BREACH)
    for refs, choice, is_put_right in prompt_days.answered(connection, ledger.log_id, since):
        for rule_id in _offering(ledger, json.loads(refs), choice):
            good[rule_id] += is_put_right
            number[rule_id] += 1
    return {rule_id: (good[rule_id], count) for rule_id, count in number.items()}


def _offering(ledger: Ledger, refs: Iterable[str], choice: str) -> list[str]:
    """Name the rules of a panel whose own answer was taken."""
    found = []
    for rule_id, _, version in (ref.partition("@") for ref in refs):
        rule = ledger.bound(rule_id, int(version))
        if rule is not None and any(answer.code == choice for answer in rule.answers):
            found.append(rule_id)
    return found


def standings(ledger: Ledger) -> dict[str, Standing]:
    """Answer the rules that a full day may turn into hints, with tier and severity.

    :param ledger: the agency's ledger.
    """
    found: dict[str, Standing] = {}
    for rule, binding in ledger.rules.bound:
        is_at_gate = Phase.GATE in binding.phases
        if is_at_gate and Tier.CONFIRM <= binding.tier < Tier.SECOND_PERSON:
            tier = max(binding.tier, found.get(rule.id, (Tier.CONFIRM, rule.severity))[0])
            found[rule.id] = (tier, rule.severity)
    return found


def how_much_better(
    panels: Iterable[Prompted],
    rules: Mapping[str, Standing],
    weights: Mapping[str, Weight],
    ledger: Ledger,
) -> tuple[dict[str, int], int]:
    """Answer by rule how many panels of greater weight a day brings, all but one in a hundred.

    Red is shown however full a day is, so no place is kept for it.

    :param panels: what officers were prompted about, shown or passed over.
    :param rules: tier and severity of the rules in question.
    :param weights: what their past hits were worth.
    :param ledger: the agency's ledger.
    :return: whole panels by id of the rule, and the days of officers; those without any panel
        are no days.
    """
    days: dict[tuple[str, date], dict[str, Place]] = defaultdict(dict)
    for each in panels:
        day = days[each.actor, civil_day(instant(each.created_at), ledger.zone)]
        best = _best(each.outcomes, weights)
        if best is not None:
            day[each.attempt_id] = min(best, day.get(each.attempt_id, best))
    found = {}
    for rule_id, (tier, severity) in rules.items():
        own = place(tier, severity, rule_id, weights)
        above = sorted(sum(best < own for best in day.values()) for day in days.values())
        found[rule_id] = above[-1 - len(above) // RARE] if above else 0
    return found, len(days)


def _best(outcomes: str, weights: Mapping[str, Weight]) -> Place | None:
    """Answer the place of a panel, which is that of its weightiest hit; red needs none."""
    hits = [(hit, Severity(hit["severity"])) for hit in json.loads(outcomes)]
    if any(severity in RED for _, severity in hits):
        return None
    return min(place(hit["tier"], severity, hit["rule"], weights) for hit, severity in hits)
