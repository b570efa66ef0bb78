"""What became of each rule's prompts, and how they were answered: for those who tend rules.

Whole months of the calendar alone are counted, none that still goes on: of figures of ninety days
and of ninety-one the difference would be those of one day, and so of whoever worked on it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from cleangov_plugin.calendar.civil import civil_day, month_before
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.prompting.kept_panels import rules_of
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.terms import Tier
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.prompts.manner import SEEN_AFTER_MS, Given, Manner, manners
from cleangov_plugin.prompts.weights import MILLION, UNKNOWN
from cleangov_plugin.store import answer_manner, prompt_days
from cleangov_plugin.store.answer_manner import Timed
from cleangov_plugin.store.prompt_days import Prompted

from .choosing import DEFERRED, EASED, weights_of

#: Officers who answered a rule in a month below whom the month is left out: it would be theirs.
FEWEST: Final = 5


class Answered(NamedTuple):
    """In which manner officers answered.

    :param by_rule: by id of the rule; of months alone in which enough officers answered it.
    :param too_few: rules that too few officers answered in a month, in any of them.
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


class _Span(NamedTuple):
    """Whole months of a place."""

    since: datetime
    until: datetime
    zone: ZoneInfo

    def month(self, at: str) -> date | None:
        """Answer the month of a moment; None where it lies outside."""
        moment = instant(at)
        is_inside = self.since <= moment < self.until
        return month_before(civil_day(moment, self.zone), 0) if is_inside else None


def prompted_rules(desk: Desk, log_id: str, months: int) -> dict[str, RulePrompts]:
    """Count what became of hits of tiers 2 and 3, by rule.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    :param months: how many whole months before this one.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        span = _span(desk, connection, log_id, months)
        until, told = stamp(span.until), prompt_days.prompted(connection, log_id, span.since)
        found = _counted(takewhile(lambda each: each.created_at < until, told))
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


def answered_rules(desk: Desk, log_id: str, months: int) -> Answered:
    """Count in which manner officers answered, by rule; nobody's figures are worked out.

    What fewer than `FEWEST` of them answered in a month would be the figures of somebody: those
    need a decision of two people, and each look at them is an entry. So such a month is left out,
    however many others are counted.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    :param months: how many whole months before this one.
    """
    by_month: dict[tuple[str, date], list[Given]] = defaultdict(list)
    people: dict[tuple[str, date], set[str]] = defaultdict(set)
    with desk.database.own_transaction(is_reading=True) as connection:
        span = _span(desk, connection, log_id, months)
        asked_since = span.since - timedelta(days=desk.settings.prompt_days + 1)
        for each in answer_manner.timed(connection, log_id, asked_since):
            month = span.month(each.taken_at)
            if month is None:
                continue
            for given in _given(each):
                by_month[given.rule_id, month].append(given)
                people[given.rule_id, month].add(each.answered_by)
    counted = [
        given for place, all_ in by_month.items() if len(people[place]) >= FEWEST for given in all_
    ]
    found = manners(counted)
    return Answered(found, tuple(sorted({rule for rule, _ in by_month} - found.keys())))


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


def _span(desk: Desk, connection: Connection, log_id: str, months: int) -> _Span:
    """Answer the whole months before this one, as the agency's zone counts them."""
    ledger = desk.shelf.ledger(connection, log_id)
    zone = ledger.zone if ledger is not None else ZoneInfo(desk.host.agency().zone)
    today = civil_day(desk.host.now(), zone)
    first, last = (
        datetime.combine(month_before(today, back), time.min, zone).astimezone(UTC)
        for back in (months, 0)
    )
    return _Span(first, last, zone)
