"""Suppressions and exemptions, as the ledger tells of them: which hit is passed over; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.our_kinds import PASSING_CONFIRMED, PASSING_DECLARED, PASSING_ENDED
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Result

from .declarations import Declaration, Kinds, common, told

#: Kinds of the entries that tell of suppressions and exemptions.
KINDS: Final = Kinds(PASSING_DECLARED, PASSING_CONFIRMED, PASSING_ENDED, "passing_id")
#: In an outcome's fields, before the id of what it was passed over by.
BY: Final = "passing:"


class Sort(StrEnum):
    """What a rule does where it is passed over: be quiet for a place, or not bind somebody."""

    SUPPRESSION = "suppression"
    EXEMPTION = "exemption"


class Scope(StrEnum):
    """For what a hit is passed over."""

    UNIT = "unit"
    STEP = "step"
    CASE = "case"
    PARTY = "party"


#: For how many days at the most (`research/prompts.md` 2.1: 90 where nothing but quiet is wanted).
LONGEST: Final = {Sort.SUPPRESSION: 90, Sort.EXEMPTION: 366}
#: What each may be for: a rule binds a unit and a step, and its law a case and a party.
SCOPES: Final = {
    Sort.SUPPRESSION: (Scope.UNIT, Scope.STEP, Scope.CASE),
    Sort.EXEMPTION: (Scope.CASE, Scope.PARTY),
}
_RESULTS: Final = {Sort.SUPPRESSION: Result.SUPPRESSED, Sort.EXEMPTION: Result.EXEMPT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing(Declaration):
    """A suppression or an exemption that was declared.

    :param sort: which of both.
    :param rule: id of the rule.
    :param scope: for what.
    :param place: the unit, step or case; of a party the pseudonym.
    :param basis: the law that exempts; empty for a suppression.
    """

    sort: Sort
    rule: str
    scope: Scope
    place: str
    basis: str = ""

    def covers(self, record: Record) -> bool:
        """Answer whether it is for an event.

        :param record: the event.
        """
        if self.scope is Scope.PARTY:
            return self.place in record.parties
        own = {Scope.UNIT: record.unit, Scope.STEP: record.step, Scope.CASE: record.case_id}
        return own[self.scope] == self.place


def declared(records: Iterable[Record]) -> tuple[Passing, ...]:
    """Read the suppressions and exemptions that entries tell of; what does not fit tells nothing.

    :param records: the events of the entries, in row order.
    """
    return told(records, KINDS, _declared)


def _declared(id_: str, record: Record) -> Passing | None:
    said = {name: str(record.attributes.get(name, "")) for name in ("sort", "rule", "scope")}
    sort = next((s for s in Sort if s.value == said["sort"]), None)
    scope = next((s for s in Scope if s.value == said["scope"]), None)
    place, basis = (str(record.attributes.get(name, "")) for name in ("place", "basis"))
    if sort is None or scope not in SCOPES[sort] or not place:
        return None
    if sort is Sort.EXEMPTION and not basis:
        return None
    known = common(id_, record, LONGEST[sort])
    if known is None or scope is None:
        return None
    return Passing(**known, sort=sort, rule=said["rule"], scope=scope, place=place, basis=basis)


def passed_over(
    outcomes: Iterable[RuleOutcome],
    passings: Iterable[Passing],
    record: Record,
    red: frozenset[str],
    at: datetime,
) -> tuple[RuleOutcome, ...]:
    """Mark the hits that are passed over, each with the id of what was declared.

    An exemption goes before a suppression: it says more. Red is never suppressed, whatever was
    declared while the rule asked for less.

    :param outcomes: what the rules said of the event.
    :param passings: what was declared.
    :param record: the event.
    :param red: ids of rules that are never suppressed.
    :param at: the moment that counts, aware.
    :return: the same, in their order.
    """
    open_ones = [p for p in passings if p.is_in_force(at) and p.covers(record)]
    open_ones.sort(key=lambda p: (p.sort is not Sort.EXEMPTION, p.declared_at, p.id))
    if not open_ones:
        return tuple(outcomes)
    return tuple(_said(outcome, open_ones, red) for outcome in outcomes)


def _said(outcome: RuleOutcome, passings: list[Passing], red: frozenset[str]) -> RuleOutcome:
    if outcome.result is not Result.HIT:
        return outcome
    for each in passings:
        is_red = each.sort is Sort.SUPPRESSION and each.rule in red
        if each.rule == outcome.rule_id and not is_red:
            return replace(outcome, result=_RESULTS[each.sort], fields=(BY + each.id,))
    return outcome


def by(fields: Iterable[str]) -> str:
    """Answer the id of what a hit was passed over by; empty where it was answered at the step.

    :param fields: the outcome's fields.
    """
    return next((field[len(BY) :] for field in fields if field.startswith(BY)), "")
