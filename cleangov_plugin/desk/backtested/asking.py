"""Asking a draft, and what it is compared with, about the events of the past as known then."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from itertools import groupby
from typing import Any, Final

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.checkpoint.planned import planned
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result, Tier
from cleangov_plugin.ledger.body import record_of
from cleangov_plugin.rules import (
    ANY_KIND,
    Knowledge,
    Rule,
    RuleSet,
    compile_bindings,
    compile_rule,
    evaluate,
    group_keys,
    statistic_keys,
)
from cleangov_plugin.store.judged_entries import JudgedEntry

from .figures_then import FiguresThen
from .groups_then import GroupsThen
from .sight import Past, known_then, sight

_HIT: Final = frozenset({Result.HIT, Result.SUPPRESSED})
_UNKNOWN: Final = frozenset({Result.CANNOT_BE_CHECKED, Result.ERROR, Result.TIMEOUT})


class Side(StrEnum):
    """The two texts that are compared."""

    DRAFT = "draft"
    AGAINST = "against"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one side said of one event.

    :param result: hit, clear, cannot be checked or not applicable.
    :param tier: the strictest tier of a binding that hit and stands at the gate; None elsewhere.
    :param missing: fields for want of which it could not be checked.
    :param outcome: the outcome that decided; None where no binding looks at such an event.
    """

    result: Result = Result.NOT_APPLICABLE
    tier: Tier | None = None
    missing: tuple[str, ...] = ()
    outcome: RuleOutcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One event, and what both sides said of it.

    :param record: the event.
    :param row: number of its entry's row.
    :param day: its civil day in the agency's zone.
    :param said: by side.
    :param others: rules that hit it when it was judged.
    """

    record: Record
    row: int
    day: date
    said: Mapping[Side, Said]
    others: tuple[str, ...]


class Sides:
    """Both texts compiled into one set of rules, so that a fact of both is computed once.

    A binding's days of effect and its phases are left aside: the question is what the text would
    have said had it been in force. The days of its legal basis count.

    :param documents: rule documents with their bindings, by side.
    """

    def __init__(self, documents: Mapping[Side, Mapping[str, Any]]) -> None:
        bound = []
        self.rules: dict[Side, Rule] = {}
        self._gates: dict[str, Tier] = {}
        self._people: dict[str, frozenset[str]] = {}
        for side, document in documents.items():
            rule = self.rules[side] = compile_rule(document)
            self._people[side] = _naming_people(rule)
            for binding in compile_bindings(document, rule):
                id_ = f"{side}/{binding.id}"
                if Phase.GATE in binding.phases:
                    self._gates[id_] = binding.tier
                free = replace(
                    binding,
                    id=id_,
                    phases=frozenset({Phase.EVENT}),
                    effective_from=None,
                    effective_to=None,
                )
                bound.append((rule, free))
        self.ruleset = RuleSet(0, tuple(bound))

    def kinds(self) -> frozenset[str] | None:
        """Answer the kinds of event that are judged or looked back at; None for every kind."""
        judged = {kind for rule in self.rules.values() for kind in rule.on}
        if ANY_KIND in judged:
            return None
        asked = (b for kind in judged for b in self.ruleset.compiled(kind, Phase.EVENT))
        facts = (fact for bound in asked for fact in bound.facts_for(Phase.EVENT))
        grouped = (group.kinds for group in self.ruleset.groups())
        return frozenset(judged.union(*(fact.spec.history_kinds for fact in facts), *grouped))

    def statistics(self) -> tuple[str, ...]:
        """Name the figures over other cases that are asked for."""
        return tuple(sorted({fact.spec.name for fact in self.ruleset.facts()}))

    def judges(self, kind: str) -> bool:
        """Answer whether either side judges a kind of event.

        :param kind: canonical kind.
        """
        return bool(self.ruleset.compiled(kind, Phase.EVENT))

    def said(self, outcomes: Iterable[RuleOutcome]) -> dict[Side, Said]:
        """Part outcomes by side, and answer what each side said.

        :param outcomes: of all bindings of both sides.
        """
        of_side: dict[Side, list[RuleOutcome]] = {side: [] for side in self.rules}
        for outcome in outcomes:
            of_side[Side(outcome.binding_id.partition("/")[0])].append(outcome)
        return {side: self._decided(found) for side, found in of_side.items()}

    def _decided(self, outcomes: list[RuleOutcome]) -> Said:
        hits = [each for each in outcomes if each.result in _HIT]
        if hits:
            tiers = [self._gates[h.binding_id] for h in hits if h.binding_id in self._gates]
            return Said(
                result=Result.HIT, tier=max(tiers, default=None), outcome=self._nameless(hits[0])
            )
        unknown = [each for each in outcomes if each.result in _UNKNOWN]
        if unknown:
            fields = {name for each in unknown for name in each.fields or (each.result.value,)}
            missing = tuple(sorted(fields))
            return Said(result=Result.CANNOT_BE_CHECKED, missing=missing, outcome=unknown[0])
        clear = [each for each in outcomes if each.result is Result.CLEAR]
        return Said(result=Result.CLEAR, outcome=clear[0]) if clear else Said()

    def _nameless(self, outcome: RuleOutcome) -> RuleOutcome:
        """Leave out of a hit's values who acted: a back-test names nobody, by pseudonym neither."""
        people = self._people[outcome.binding_id.partition("/")[0]]
        kept = {name: value for name, value in outcome.values.items() if name not in people}
        return replace(outcome, values=kept)


def _naming_people(rule: Rule) -> frozenset[str]:
    """Answer the values of a rule that are somebody's pseudonym."""
    facts = (f"facts.{name}" for name, spec in rule.facts.items() if spec.field == "actor")
    return frozenset({"actor", *facts})


@dataclass(slots=True, kw_only=True)
class Reading:
    """One pass over the entries.

    :param ledger: zone and working days.
    :param sides: what is asked.
    :param waited: keys of the events that waited before they were judged.
    :param groups: the events of all cases that either side looks at.
    :param figures: the figures over other cases that either side looks up.
    :param first: first civil day that counts; None for all.
    :param last: last civil day that counts.
    :param told: called with the number of entries read so far.
    """

    ledger: Ledger
    sides: Sides
    waited: frozenset[str]
    groups: GroupsThen
    figures: FiguresThen
    first: date | None = None
    last: date | None = None
    told: Callable[[int], object] = lambda _: None
    entries: int = 0
    digests: bytearray = field(default_factory=bytearray)

    def cases(self, entries: Iterable[JudgedEntry]) -> Iterator[tuple[str, list[Asked]]]:
        """Ask of every case in turn; afterwards `entries` and `digests` tell what was read.

        :param entries: case by case, in row order.
        :return: the case, and its events that were judged.
        """
        for subject, of_case in groupby(entries, lambda entry: entry.subject):
            digest = sha256()
            yield subject, list(self._case(of_case, digest))
            self.digests += digest.digest()

    def _case(self, entries: Iterable[JudgedEntry], digest: Any) -> Iterator[Asked]:
        past: list[Past] = []
        for entry in entries:
            self.entries += 1
            digest.update(sha256(entry.body.encode()).digest())
            self.told(self.entries)
            body = json.loads(entry.body)
            record = record_of(body, entry.row)
            if self.sides.judges(record.kind):
                day = civil_day(record.occurred_at, self.ledger.zone)
                if (self.first or day) <= day <= (self.last or day):
                    yield self._asked(entry, body, record, past, day)
            past.append(Past(record, entry.row, entry.xid))

    def _asked(
        self, entry: JudgedEntry, body: Any, record: Record, past: list[Past], day: date
    ) -> Asked:
        has_waited, seen = entry.key in self.waited, sight(entry.snapshot)
        zone = self.ledger.zone
        asked = planned(self.sides.ruleset, record, zone)
        known = Knowledge(
            zone=zone,
            history=known_then(past, record, seen, entry.xid, has_waited=has_waited),
            groups=self.groups.known(
                group_keys(asked, record, zone), entry, record, seen, has_waited=has_waited
            ),
            statistics=self.figures.known(statistic_keys(asked, record), day),
            calendar=self.ledger.calendar,
        )
        said = self.sides.said(evaluate(asked, record, known, is_brief=True).outcomes)
        hits = {o[0] for o in body["outcomes"] if Result(o[2]) in _HIT}
        own = {rule.id for rule in self.sides.rules.values()}
        others = tuple(sorted(hits - own))
        return Asked(record=record, row=entry.row, day=day, said=said, others=others)
