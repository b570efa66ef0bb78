"""Which rules look at a kind of event in a phase, and what must be known for them."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase

from .across import Group
from .at_once import AtOnce, at_once
from .bound import HINTING, BoundRule, bind
from .facts import Fact
from .frame import Frame
from .knowledge import GroupKey, Knowledge, StatisticKey
from .model import ANY_KIND, Binding, Rule

_Asked: TypeAlias = tuple[str, Phase, int, str | None, str, str]
_MOST_PLANS: Final = 1_000


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules in force and their bindings, compiled once.

    :param revision: number of this set; kept with every evaluation.
    :param bound: rules with their bindings.
    """

    revision: int
    bound: tuple[tuple[Rule, Binding], ...]
    _compiled: dict[tuple[str, Phase], tuple[BoundRule, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _plans: "dict[_Asked, Plan]" = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _short: dict[tuple[int, bool, bool], AtOnce | None] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _groups: dict[str, tuple[Group, ...]] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    _turns: list[date] = field(init=False, repr=False, compare=False, default_factory=list)

    def __post_init__(self) -> None:
        self._turns.extend(sorted(_turns(self.bound)))
        found: dict[tuple[str, Phase], list[BoundRule]] = {}
        for rule, binding in self.bound:
            compiled = bind(rule, binding)
            for kind in rule.on:
                for phase in binding.phases:
                    found.setdefault((kind, phase), []).append(compiled)
        self._compiled.update({key: tuple(rules) for key, rules in found.items()})
        for group in self.groups():
            for kind in group.kinds:
                self._groups[kind] = (*self._groups.get(kind, ()), group)

    def compiled(self, kind: str, phase: Phase) -> tuple[BoundRule, ...]:
        """Answer the compiled rules for a kind of event in a phase.

        :param kind: canonical kind; rules of every kind are among its rules.
        :param phase: open, edit, gate or event.
        """
        own = () if kind == ANY_KIND else self._compiled.get((kind, phase), ())
        return (*own, *self._compiled.get((ANY_KIND, phase), ()))

    def short(self, bound: BoundRule, phase: Phase, on: date) -> AtOnce | None:
        """Answer the short way of a rule in a phase, generated at the first asking.

        :param bound: one of the compiled rules.
        :param phase: open, edit, gate or event.
        :param on: a civil day; the way is that of all days of its era.
        """
        is_valid = any(basis.is_valid_on(on) for basis in bound.rule.basis)
        asked = (id(bound), phase in HINTING, is_valid)
        if asked not in self._short:
            self._short[asked] = at_once(bound, bound.question(phase), is_valid=is_valid)
        return self._short[asked]

    def era(self, on: date) -> int:
        """Answer which days are alike: in one era the same bindings and laws have begun, not ended.

        :param on: a civil day.
        """
        return bisect_right(self._turns, on)

    def days(self, on: date) -> tuple[date, date]:
        """Answer the first and the last day of an era.

        :param on: one of its days.
        """
        era, turns = self.era(on), self._turns
        first = turns[era - 1] if era else date.min
        return first, turns[era] - timedelta(days=1) if era < len(turns) else date.max

    def remembered(self, asked: "_Asked", make: "Callable[[], Plan]") -> "Plan":
        """Answer a plan, made at the first asking; what was asked is hostile, so few are kept.

        :param asked: all that decides it.
        :param make: makes it.
        """
        found = self._plans.get(asked)
        if found is None:
            if len(self._plans) >= _MOST_PLANS:
                self._plans.clear()
            found = self._plans[asked] = make()
        return found

    def facts(self) -> tuple[Fact, ...]:
        """Answer all figures over other cases that the nightly table must hold, each once."""
        found = {fact.id: fact for fact in self._all_facts() if fact.spec.is_statistic}
        return tuple(found[id_] for id_ in sorted(found))

    def groups(self) -> tuple[Group, ...]:
        """Answer the groups in which events of all cases are looked for, each once."""
        found = {f.across.group.id: f.across.group for f in self._all_facts() if f.across}
        return tuple(found[id_] for id_ in sorted(found))

    def groups_of(self, kind: str) -> tuple[Group, ...]:
        """Answer the groups that events of a kind may belong to.

        :param kind: canonical kind.
        """
        return self._groups.get(kind, ())

    def _all_facts(self) -> Iterator[Fact]:
        for rules in self._compiled.values():
            for bound in rules:
                yield from bound.facts.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one evaluation will do.

    :param revision: number of the set of rules.
    :param kind: kind of the event.
    :param phase: open, edit, gate or event.
    :param bound: the rules, in the order they are evaluated.
    :param short: the short way of each; None where it has none.
    :param history_kinds: kinds of earlier events of the case that must be read.
    :param statistics: the figures over other cases that may be needed.
    :param across: the facts that look at the events of all cases.
    :param days: the first and the last day for which the short ways are right.
    """

    revision: int
    kind: str
    phase: Phase
    bound: tuple[BoundRule, ...]
    short: tuple[AtOnce | None, ...]
    history_kinds: frozenset[str]
    statistics: tuple[Fact, ...]
    across: tuple[Fact, ...] = ()
    days: tuple[date, date] = (date.min, date.max)

    def asking(self, chosen: Iterable[BoundRule]) -> "Plan":
        """Answer a plan that asks some of these rules alone.

        :param chosen: rules of this plan.
        """
        wanted = {id(bound) for bound in chosen}
        ways = zip(self.bound, self.short, strict=True)
        kept = [(bound, short) for bound, short in ways if id(bound) in wanted]
        return replace(
            self, bound=tuple(bound for bound, _ in kept), short=tuple(short for _, short in kept)
        )


#: Figures are grouped by what the event itself says, so nothing else need be known for a key.
_NOTHING: Final = Knowledge(zone=ZoneInfo("UTC"))


def plan(
    ruleset: RuleSet,
    kind: str,
    phase: Phase,
    *,
    on: date,
    unit: str | None,
    step: str,
    source: str,
) -> Plan:
    """Choose the rules for an event and say what must be known for them.

    :param ruleset: the rules in force.
    :param kind: kind of the event.
    :param phase: open, edit, gate or event.
    :param on: civil day of the act, by which bindings begin and end.
    :param unit: unit of the acting officer; where it is unknown, rules bound to certain units
        stay in the plan and answer that they cannot be checked.
    :param step: the host's own name of the step.
    :param source: the source system.
    :return: the plan; it may hold no rule at all.
    """
    asked = (kind, phase, ruleset.era(on), unit, step, source)
    return ruleset.remembered(asked, lambda: _plan(ruleset, kind, phase, on, unit, step, source))


def _plan(
    ruleset: RuleSet, kind: str, phase: Phase, on: date, unit: str | None, step: str, source: str
) -> Plan:
    chosen = [
        bound
        for bound in ruleset.compiled(kind, phase)
        if _is_effective(bound.binding, on) and _is_in_scope(bound.binding, unit, step, source)
    ]
    chosen.sort(key=lambda bound: (-bound.binding.tier, bound.rule.id, bound.binding.id))
    facts = {fact.id: fact for bound in chosen for fact in bound.facts_for(phase)}
    return Plan(
        revision=ruleset.revision,
        kind=kind,
        phase=phase,
        bound=tuple(chosen),
        short=tuple(ruleset.short(bound, phase, on) for bound in chosen),
        history_kinds=frozenset(k for f in facts.values() for k in f.spec.history_kinds),
        statistics=tuple(fact for fact in facts.values() if fact.key is not None),
        across=tuple(fact for fact in facts.values() if fact.across is not None),
        days=ruleset.days(on),
    )


def statistic_keys(plan: Plan, record: Record) -> tuple[StatisticKey, ...]:
    """Name the figures over other cases that an event's rules will look up.

    :param plan: the plan.
    :param record: the event.
    :return: keys, each once; groups with a missing value are left out.
    """
    if not plan.statistics:
        return ()
    frame = Frame(record, _NOTHING)
    keys = (fact.key(frame) for fact in plan.statistics if fact.key is not None)
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def group_keys(plan: Plan, record: Record, zone: ZoneInfo) -> tuple[GroupKey, ...]:
    """Name the events of all cases that an event's rules will look at.

    :param plan: the plan.
    :param record: the event.
    :param zone: the agency's zone.
    :return: keys, each once; groups with a missing value are left out.
    """
    if not plan.across:
        return ()
    frame = Frame(record, Knowledge(zone=zone))
    keys = (fact.across.asked(frame) for fact in plan.across if fact.across is not None)
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def _turns(bound: Iterable[tuple[Rule, Binding]]) -> set[date]:
    """Answer the days on which a binding or a law begins, or is over."""
    found: set[date] = set()
    for rule, binding in bound:
        terms = [(binding.effective_from, binding.effective_to)]
        terms += [(basis.valid_from, basis.valid_to) for basis in rule.basis]
        for first, last in terms:
            if first is not None:
                found.add(first)
            if last is not None and last < date.max:
                found.add(last + timedelta(days=1))
    return found


def _is_effective(binding: Binding, on: date) -> bool:
    has_begun = binding.effective_from is None or binding.effective_from <= on
    return has_begun and (binding.effective_to is None or on <= binding.effective_to)


def _is_in_scope(binding: Binding, unit: str | None, step: str, source: str) -> bool:
    scope = binding.scope
    return (
        (not scope.units or unit is None or unit in scope.units)
        and (not scope.steps or step in scope.steps)
        and (not scope.sources or source in scope.sources)
    )
