"""Counting, rule by rule, the cases of a ledger: how many hit, how many could not be checked.

An entry names hits, unknowns and errors. That a rule was clear, or did not apply, is implied by
the rules in force; which of the two is worked out here by asking the rules again, with what each
evaluation could know: the case, the events of all cases, and the figures of its day.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, Final

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.domain.our_kinds import OUR_KINDS
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result
from cleangov_plugin.ledger.body import record_of
from cleangov_plugin.rules import ANY_KIND, evaluate
from cleangov_plugin.store.judged_entries import ALL_SEEN, JudgedEntry, judged_entries

from .backtested.knowing import KnownThen
from .backtested.sight import Past
from .checkpoint.planned import planned
from .shelf import Connection, Ledger

#: What a rule said of an event, as it counts for the case; the first that is found decides.
_HIT: Final = frozenset({Result.HIT, Result.SUPPRESSED})
_UNKNOWN: Final = frozenset({Result.CANNOT_BE_CHECKED, Result.ERROR, Result.TIMEOUT})
_LOOKED_AT: Final = _HIT | _UNKNOWN | {Result.CLEAR, Result.EXEMPT}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTally:
    """What one rule saw of a ledger. Every number counts cases.

    :param rule_id: the rule.
    :param cases: with something to look at: at least one event of which the rule was clear, hit,
        or could not be checked. Where it did not apply, it had nothing to look at.
    :param hits: in which it hit.
    :param cannot_be_checked: in which it hit nowhere, and at least one event could not be checked.
    :param missing: in how many of those each field was missing.
    """

    rule_id: str
    cases: int = 0
    hits: int = 0
    cannot_be_checked: int = 0
    missing: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What all rules in force saw of a ledger.

    :param rules: one line of each rule in force, in order of id.
    :param older: entries that were judged by rules no longer in force: only what they name counts.
    """

    rules: tuple[RuleTally, ...]
    older: int


@dataclass(slots=True)
class _Case:
    """What a rule said of the events of one case."""

    has_hit: bool = False
    missing: set[str] = field(default_factory=set)

    def note(self, result: Result, fields: Iterable[str]) -> None:
        self.has_hit |= result in _HIT
        if result in _UNKNOWN:
            self.missing.update(fields or (result.value,))


def tally(connection: Connection, ledger: Ledger) -> Tally:
    """Count the cases of a ledger, rule by rule.

    :param connection: any connection.
    :param ledger: the ledger, with its rules in force.
    :return: the counts.
    """
    found = {rule.id: RuleTally(rule_id=rule.id) for rule, _ in ledger.rules.bound}
    older = 0
    telling = _Telling(ledger, KnownThen(connection, ledger, ALL_SEEN))
    entries = judged_entries(connection, ledger.log_id, _kinds_read(ledger), ALL_SEEN)
    for _, of_case in groupby(entries, lambda entry: entry.subject):
        cases: dict[str, _Case] = {}
        older += sum(telling.told(of_case, cases))
        for rule_id, case in cases.items():
            found[rule_id] = _counted(found.get(rule_id) or RuleTally(rule_id=rule_id), case)
    return Tally(rules=tuple(found[id_] for id_ in sorted(found)), older=older)


def _kinds_read(ledger: Ledger) -> frozenset[str] | None:
    """Answer the kinds that a rule judges, and those it looks back at; None for every kind."""
    judged = {kind for rule, _ in ledger.rules.bound for kind in rule.on}
    if ANY_KIND in judged:
        return None
    facts = (
        fact
        for kind in judged
        for bound in ledger.rules.compiled(kind, Phase.EVENT)
        for fact in bound.facts_for(Phase.EVENT)
    )
    return frozenset(judged.union(*(fact.spec.history_kinds for fact in facts)))


class _Telling:
    """What the rules said of the events of a ledger, case by case.

    :param ledger: the ledger, with its rules in force.
    :param known: what each evaluation knew.
    """

    def __init__(self, ledger: Ledger, known: KnownThen) -> None:
        self._ledger, self._known = ledger, known

    def told(self, entries: Iterable[JudgedEntry], cases: dict[str, _Case]) -> Iterator[bool]:
        """Go through one case; answer of each entry whether its rules are no longer in force.

        :param entries: the case's entries, in row order.
        :param cases: what each rule said of the case; it is filled here.
        """
        past: list[Past] = []
        for entry in entries:
            body = json.loads(entry.body)
            record = record_of(body, entry.row)
            is_older = body["ruleset"] != self._ledger.rules.revision
            for rule_id, _, result, _, *fields in body["outcomes"]:
                cases.setdefault(rule_id, _Case()).note(Result(result), fields)
            if not is_older and record.kind not in OUR_KINDS:
                named = {binding_id for _, _, _, binding_id, *_ in body["outcomes"]}
                for rule_id in self._silent(entry, record, past, named):
                    cases.setdefault(rule_id, _Case())
            past.append(Past(record, entry.row, entry.xid))
            yield is_older

    def _silent(
        self, entry: JudgedEntry, record: Record, past: list[Past], named: set[str]
    ) -> Iterator[str]:
        """Name the rules that looked at an event and of which its entry says nothing.

        A binding without a guard is silent where it was clear. One with a guard may not have
        applied: it is asked again.
        """
        zone = self._ledger.zone
        day = civil_day(record.occurred_at, zone)
        asked = planned(self._ledger.rules, record, zone)
        guarded = []
        for bound in asked.bound:
            streams = bound.binding.scope.streams
            if bound.binding.id in named or (streams and record.stream not in streams):
                continue
            if bound.applies is not None:
                guarded.append(bound)
            elif any(basis.is_valid_on(day) for basis in bound.rule.basis):
                yield bound.rule.id
        if guarded:
            again = asked.asking(guarded)
            said = evaluate(again, record, self._known.of(entry, record, past, again))
            yield from (each.rule_id for each in said.outcomes if each.result in _LOOKED_AT)


def _counted(before: RuleTally, case: _Case) -> RuleTally:
    is_unknown = bool(case.missing) and not case.has_hit
    missing: dict[str, Any] = dict(before.missing)
    for name in case.missing if is_unknown else ():
        missing[name] = missing.get(name, 0) + 1
    return replace(
        before,
        cases=before.cases + 1,
        hits=before.hits + case.has_hit,
        cannot_be_checked=before.cannot_be_checked + is_unknown,
        missing=missing,
    )
