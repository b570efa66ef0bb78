"""What a rule and a binding are made of, compiled and checked."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from cleangov_hooks import Money
from cleangov_plugin.domain.evaluation import Value
from cleangov_plugin.domain.terms import Eased, OnFailure, Phase, Severity, Tier, Visibility

from .drawing import Drawing
from .kinds import Kind, Type
from .knowledge import FIGURES
from .rule_answers import RuleAnswer, Words
from .tree import Core, Node

#: What a rule that judges every kind of event writes under ``on``.
ANY_KIND: Final = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventField:
    """A field of an event that a rule may read.

    :param name: its name in expressions.
    :param code: code of the host's attribute; None for the event's own fields.
    :param type: its type and range; a value outside is as good as missing.
    :param label: how it is called.
    :param is_required: whether a missing value forbids the answer "clear".
    """

    name: str
    code: str | None
    type: Type
    label: Words = dataclasses.field(default_factory=dict)
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A number of a rule that a binding may set.

    :param name: its name.
    :param type: its type and range.
    :param default: the value used where the binding says nothing.
    :param is_local: whether the number is local law, to be confirmed locally.
    :param label: how it is called.
    """

    name: str
    type: Type
    default: Core
    is_local: bool = False
    label: Words = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSpec:
    """A value derived from earlier events, of the case or of all; or a figure made by night.

    :param name: its name in the rule; `operation`: see docs/rule-language.md.
    :param kinds: kinds of events it looks at; `by_kind`: for same_actor, by the present kind.
    :param field: the past event's field that is taken; `where`: condition on the past event.
    :param after: only events after the latest of this kind; `before`: before it.
    :param within: window before the present event, in civil or working days or a duration.
    :param per: fields by which events of other cases are grouped; `also`: their earlier names.
    :param at_least: fewest events a figure may be made from; `at`, `toward`: see `figure_specs`.
    :param type: type of the value; `label`: how it is called.
    """

    name: str
    operation: str
    kinds: tuple[str, ...]
    type: Type
    by_kind: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    field: str | None = None
    where: Node | None = None
    after: str | None = None
    before: str | None = None
    within: Node | None = None
    per: tuple[str, ...] | None = None
    also: Mapping[str, str] = dataclasses.field(default_factory=dict)
    at_least: int = 1
    at: int = 0
    toward: tuple[str, ...] = ()
    label: Words = dataclasses.field(default_factory=dict)

    @property
    def is_statistic(self) -> bool:
        """Answer whether it is a figure over other cases, made by night."""
        return self.per is not None and (self.operation in FIGURES or self.within is None)

    @property
    def is_across(self) -> bool:
        """Answer whether it looks at earlier events of all cases."""
        return self.per is not None and not self.is_statistic

    @property
    def history_kinds(self) -> frozenset[str]:
        """Answer the kinds of earlier events of the case that must be read for it."""
        anchors = {kind for kind in (self.after, self.before) if kind}
        return frozenset() if self.per is not None else frozenset({*self.kinds, *anchors})


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a rule stands on.

    :param law: name of the law or source, by language.
    :param article: article, by language.
    :param quote: the words, in the original language.
    :param status: ``"law"``, ``"local"`` or ``"method"``.
    :param source: where it can be read.
    :param valid_from: first day it applies to acts; None where it always did.
    :param valid_to: last day; None while in force.
    """

    law: Words
    article: Words
    quote: Words
    status: str
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid_on(self, day: date) -> bool:
        """Answer whether it applies to an act.

        :param day: civil day of the act.
        """
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One version of a rule, checked.

    :param id: public id, ``"E07"``.
    :param version: number of the version.
    :param digest: SHA-256 of its document, hexadecimal.
    :param title: by language.
    :param why: by language.
    :param basis: in order of preference.
    :param on: kinds of events it judges; `ANY_KIND` alone for every kind.
    :param severity: by law.
    :param parameters: by name.
    :param fields: event fields by name, the event's own ones included.
    :param facts: by name, in order of dependency.
    :param applies: guard; None where the rule always applies.
    :param condition: what makes it hit.
    :param hint_when: when its hint is shown at open and edit; None: when the condition hits.
    :param values: named values for texts, by name.
    :param beside: the event field its hint stands beside.
    :param texts: templates by key and language.
    :param answers: ways to answer; the last is always "this prompt is wrong".
    :param owner: who answers for it.
    :param review_by: when it is to be looked at again.
    :param drawing: what is drawn of a case in which it hit; None where nothing is.
    :param memory: what is worked out of it once.
    """

    id: str
    version: int
    digest: str
    title: Words
    why: Words
    basis: tuple[Basis, ...]
    on: frozenset[str]
    severity: Severity
    parameters: Mapping[str, Parameter]
    fields: Mapping[str, EventField]
    facts: Mapping[str, FactSpec]
    applies: Node | None
    condition: Node
    hint_when: Node | None
    values: Mapping[str, Node]
    beside: str | None
    texts: Mapping[str, Words]
    answers: tuple[RuleAnswer, ...]
    owner: str
    review_by: date | None
    drawing: Drawing | None = None
    memory: dict[str, Any] = dataclasses.field(init=False, compare=False, default_factory=dict)

    def basis_on(self, day: date) -> tuple[Basis, ...]:
        """Answer what the rule stands on for an act of a day; empty where nothing applied yet.

        :param day: civil day of the act.
        """
        return tuple(basis for basis in self.basis if basis.is_valid_on(day))

    def answer(self, code: str) -> RuleAnswer | None:
        """Answer the answer of a code; None where the rule offers none such.

        :param code: code of the answer.
        """
        return next((answer for answer in self.answers if answer.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a binding applies; an empty set means everywhere.

    :param streams: business streams.
    :param units: units of the acting officer.
    :param steps: the host's names of steps.
    :param sources: source systems.
    """

    streams: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    steps: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """A rule put to work: where, when, how strictly, and what on failure.

    :param id: unique among bindings.
    :param rule_id: the rule.
    :param rule_version: its version.
    :param tier: what a hit asks of the officer, 0 to 5.
    :param phases: when it is evaluated.
    :param parameters: values of all parameters, in the core's units.
    :param scope: where it applies.
    :param on_error: what is done where the rule raises.
    :param on_missing: what is done where data is missing.
    :param on_timeout: what is done where time runs out.
    :param visibility: who may see a hit.
    :param effective_from: first day of acts it judges; None for all.
    :param effective_to: last day; None for no end.
    :param eased: modes in which a hit does not interrupt; none from tier 4 on.
    """

    id: str
    rule_id: str
    rule_version: int
    tier: Tier
    phases: frozenset[Phase]
    parameters: Mapping[str, Core] = dataclasses.field(default_factory=dict)
    scope: Scope = Scope()
    on_error: OnFailure = OnFailure.RECORD
    on_missing: OnFailure = OnFailure.RECORD
    on_timeout: OnFailure = OnFailure.RECORD
    visibility: Visibility = Visibility.OFFICER
    effective_from: date | None = None
    effective_to: date | None = None
    eased: frozenset[Eased] = frozenset()


def shown(value: Core, type_: Type) -> Value:
    """Turn a value of the core into one that outcomes carry: money as `Money`, all else as it is.

    :param value: the value.
    :param type_: its type.
    """
    if type_.kind is Kind.MONEY and isinstance(value, int):
        return Money(minor=value, currency=type_.currency)
    return value


def core(value: Value, type_: Type) -> Core:
    """Turn a value that an outcome carries back into one of the core.

    :param value: the value.
    :param type_: its type.
    :return: money in minor units, None where it is of another currency; moments in UTC.
    """
    if isinstance(value, datetime):  # Python counts between two of one zone by their clocks
        return value.astimezone(UTC)
    if isinstance(value, Money) and not type_.is_of_any_currency:
        return value.minor if value.currency == type_.currency else None
    return value
