"""A rule in the core: what is asked of an event, and what its answers come to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cleangov_plugin.domain.terms import Phase
from cleangov_plugin.rules.bound import BoundRule, Question
from cleangov_plugin.rules.closure import closure
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.rules.kinds import Kind, of
from cleangov_plugin.rules.model import Basis
from cleangov_plugin.rules.tree import Name, Source

from . import nodes as core
from .lowering import Lowering
from .nodes import Input, Term, inputs_of
from .origins import Given, Origin, value_for

_DAY: Final = Name(of(Kind.DATE), "occurred_on", Source.EVENT, "occurred_on")
_UNIT: Final = Name(of(Kind.TEXT), "unit", Source.EVENT, "unit")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoweredRule:
    """One rule as one binding asks it in one phase, in the core.

    The outcome follows from four truths, in this order: where `applies` is false, not_applicable;
    where it is unknown, cannot_be_checked; where `condition` is true, hit; where that is unknown
    or `complete` false, cannot_be_checked; else clear.

    :param id: the rule, its version and its binding, for messages.
    :param applies: whether a ground of the rule held on the day of the act, and its guard.
    :param condition: what makes it hit.
    :param complete: whether every required input is there; never unknown.
    :param origins: where the inputs come from, by name.
    """

    id: str
    applies: Term
    condition: Term
    complete: Term
    origins: Mapping[str, Origin] = field(repr=False)

    @property
    def inputs(self) -> tuple[Input, ...]:
        """Answer its inputs, by name."""
        return inputs_of(self.applies, self.condition, self.complete)


def lower_rule(bound: BoundRule, phase: Phase) -> LoweredRule:
    """Lower a rule as one binding asks it.

    :param bound: the rule with its binding.
    :param phase: open, edit, gate or event.
    :return: the rule in the core.
    :raises RuleError: where something in it cannot be lowered.
    """
    rule, question = bound.rule, bound.question(phase)
    id_ = f"{rule.id}@{rule.version} {bound.binding.id}"
    lowering = Lowering(bound.binding.parameters, id_)
    applies = _stands(rule.basis, lowering.lower(_DAY))
    if rule.applies is not None:
        guard = lowering.lower(rule.applies)
        applies = guard if applies == core.TRUE else core.All((applies, guard))
    condition = lowering.lower(question.node)
    if bound.binding.scope.units:
        has_unit = core.Opposite(lowering.missing(_UNIT))
        condition = core.Where(has_unit, condition)
    return LoweredRule(
        id=id_,
        applies=applies,
        condition=condition,
        complete=_complete(bound, question, lowering),
        origins=lowering.origins,
    )


def given_values(lowered: LoweredRule, bound: BoundRule, frame: Frame) -> dict[str, Given]:
    """Answer the values of a lowered rule's inputs for one event.

    :param lowered: the rule in the core.
    :param bound: the rule it was lowered from.
    :param frame: the event.
    :return: values by name of the input; None is unknown.
    """
    found: dict[str, Given] = {}
    for each in lowered.inputs:
        origin = lowered.origins[each.name]
        if origin.part == "blank" and isinstance(origin.node, Name):
            _, missing, is_blank, _ = frame.fact(bound.facts[origin.node.key])
            found[each.name] = is_blank and bool(missing)
        else:
            found[each.name] = value_for(origin, closure(origin.node, bound.inputs)(frame))
    return found


def _stands(bases: tuple[Basis, ...], day: Term) -> Term:
    """Ask whether one of the grounds of a rule held on a day."""
    grounds: list[Term] = []
    for basis in bases:
        bounds: list[Term] = []
        if basis.valid_from is not None:
            first = core.Constant(basis.valid_from.toordinal())
            bounds.append(core.Compared(">=", day, first))
        if basis.valid_to is not None:
            last = core.Constant(basis.valid_to.toordinal())
            bounds.append(core.Compared("<=", day, last))
        if not bounds:
            return core.TRUE
        grounds.append(bounds[0] if len(bounds) == 1 else core.All(tuple(bounds)))
    return grounds[0] if len(grounds) == 1 else core.Any(tuple(grounds))


def _complete(bound: BoundRule, question: Question, lowering: Lowering) -> Term:
    """Ask whether all is there without which the answer is never "clear"."""
    lacking: list[Term] = []
    for path, _ in question.required:
        type_ = bound.rule.fields[path].type
        lacking.append(lowering.missing(Name(type_, path, Source.EVENT, path)))
    for fact in question.asked:
        name = fact.spec.name
        node = Name(fact.spec.type, f"facts.{name}", Source.FACT, name)
        lacking.append(lowering.blank(name, node))
    return core.Opposite(core.Any(tuple(dict.fromkeys(lacking)))) if lacking else core.TRUE
