"""Asking a draft, and what it is compared with, about the events of the past as known then."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.checkpoint.planned import planned
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result, Tier
from cleangov_plugin.ledger.later_record import LaterRecord, record_in
from cleangov_plugin.rules import (
    ANY_KIND,
    Binding,
    Knowledge,
    Rule,
    RuleSet,
    compile_bindings,
    compile_rule,
    evaluate,
    group_keys,
    statistic_keys,
)
from cleangov_plugin.store.judged_entries import Horizon, JudgedEntry

from .figures_then import FiguresThen
from .groups_then import GroupsThen
from .sight import Past, known_then, sight

_HIT: Final = frozenset({Result.HIT, Result.SUPPRESSED})
#: How many entries are read between two tellings of how far it is.
_STEP: Final = 1_000
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
        self._sides: dict[str, Side] = {}
        for side, document in documents.items():
            rule = self.rules[side] = compile_rule(document)
            self._people[side] = _naming_people(rule)
            for alike in _alike(compile_bindings(document, rule)):
                id_ = f"{side}/{alike[0].id}"
                gates = [binding.tier for binding in alike if Phase.GATE in binding.phases]
                if gates:
                    self._gates[id_] = max(gates)
                free = replace(
                    alike[0],
                    id=id_,
                    phases=frozenset({Phase.EVENT}),
                    effective_from=None,
                    effective_to=None,
                )
                bound.append((rule, free))
                self._sides[id_] = side
        self.ruleset = RuleSet(0, tuple(bound))
        self._judged: dict[str, bool] = {}
        #: Ids of both rules.
        self.own = frozenset(rule.id for rule in self.rules.values())

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
        found = self._judged.get(kind)
        if found is None:
            found = self._judged[kind] = bool(self.ruleset.compiled(kind, Phase.EVENT))
        return found

    def said(self, outcomes: Iterable[RuleOutcome]) -> dict[Side, Said]:
        """Part outcomes by side, and answer what each side said.

        :param outcomes: of all bindings of both sides.
        """
        of_side: dict[Side, list[RuleOutcome]] = {side: [] for side in self.rules}
        for outcome in outcomes:
            of_side[self._sides[outcome.binding_id]].append(outcome)
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


def _alike(bindings: Iterable[Binding]) -> list[list[Binding]]:
    """Put bindings together that say the same of every event, the strictest first."""
    found: list[list[Binding]] = []
    for binding in sorted(bindings, key=lambda binding: (-binding.tier, binding.id)):
        for alike in found:
            first = alike[0]
            if (first.parameters, first.scope) == (binding.parameters, binding.scope):
                alike.append(binding)
                break
        else:
            found.append([binding])
    return found


def _naming_people(rule: Rule) -> frozenset[str]:
    """Answer the values of a rule that are somebody's pseudonym."""
    facts = (f"facts.{name}" for name, spec in rule.facts.items() if spec.field == "actor")
    return frozenset({"actor", *facts})


@dataclass(slots=True, kw_only=True)
class Reading:
    """One pass over the entries.

    :param ledger: zone and working days.
    :param sides: what is asked.
    :param groups: the events of all cases that either side looks at.
    :param figures: the figures over other cases that either side looks up.
    :param within: up to where entries are asked about.
    :param first: first civil day that counts; None for all.
    :param last: last civil day that counts.
    :param told: called with the number of entries read so far.
    """

    ledger: Ledger
    sides: Sides
    groups: GroupsThen
    figures: FiguresThen
    within: Horizon
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
        for subject, of_case in groupby(entries, itemgetter(0)):
            yield subject, self.case(of_case)

    def case(self, entries: Iterable[JudgedEntry]) -> list[Asked]:
        """Ask of one case.

        :param entries: its entries, in row order.
        :return: its events that were judged.
        """
        past: list[Past] = []
        found: list[Asked] = []
        digests = bytearray()
        for entry in entries:
            record = record_in(entry.body, entry.row)
            if not self.within.holds(entry):  # it may have been seen, and that is all
                past.append(Past(record, entry.row, entry.xid))
                continue
            self.entries += 1
            digests += sha256(entry.body.encode()).digest()
            if not self.entries % _STEP:
                self.told(self.entries)
            if self.sides.judges(record.kind):
                day = civil_day(record.occurred_at, self.ledger.zone)
                if (self.first or day) <= day <= (self.last or day):
                    found.append(self._asked(entry, record, past, day))
            past.append(Past(record, entry.row, entry.xid))
        if digests:
            self.digests += sha256(digests).digest()
        return found

    def passed(self, entries: Sequence[JudgedEntry]) -> None:
        """Go through one case of which it is known already what is said.

        :param entries: its entries, in row order.
        """
        before = self.entries
        self.entries += len(entries)
        if before // _STEP != self.entries // _STEP:
            self.told(self.entries)
        digests = [sha256(entry.body.encode()).digest() for entry in entries]
        self.digests += sha256(b"".join(digests)).digest()

    def _asked(self, entry: JudgedEntry, record: LaterRecord, past: list[Past], day: date) -> Asked:
        has_waited, seen = entry.has_waited, sight(entry.snapshot)
        zone = self.ledger.zone
        asked = planned(self.sides.ruleset, record, zone, on=day)
        known = Knowledge(
            zone=zone,
            history=known_then(past, record, seen, entry.xid, has_waited=has_waited),
            groups=self.groups.known(group_keys(asked, record, zone), entry, record, seen),
            statistics=self.figures.known(statistic_keys(asked, record), day),
            calendar=self.ledger.calendar,
        )
        said = self.sides.said(evaluate(asked, record, known, is_brief=True).outcomes)
        hits = {o[0] for o in record.document["outcomes"] if o[2] in _HIT}
        others = tuple(sorted(hits - self.sides.own)) if hits else ()
        return Asked(record=record, row=entry.row, day=day, said=said, others=others)
