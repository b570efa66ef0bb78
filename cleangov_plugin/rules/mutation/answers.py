"""What a rule answers, and nothing beside it: for asking many small changes of it many times.

It answers as `evaluation.evaluate` does, without values, texts and names of what is missing.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import TypeAlias

from cleangov_plugin.domain.terms import Phase, Result
from cleangov_plugin.rules.bound import HINTING, needed
from cleangov_plugin.rules.closure import Inputs, Run, closure
from cleangov_plugin.rules.facts import resolve
from cleangov_plugin.rules.frame import Computable, Frame, Reader, reader
from cleangov_plugin.rules.model import ANY_KIND, Rule
from cleangov_plugin.rules.tree import Core, Node, Source

Judge: TypeAlias = Callable[[Frame], Result | None]
"""Answers what a rule says of an event; None where it does not look at such an event."""


def readers_of(rule: Rule) -> Mapping[str, Reader]:
    """Answer the readers of a rule's fields.

    :param rule: the rule.
    """
    return {name: reader(field) for name, field in rule.fields.items()}


def judge(
    rule: Rule,
    parameters: Mapping[str, Core],
    phase: Phase,
    readers: Mapping[str, Reader],
    inputs: Inputs | None = None,
) -> Judge:
    """Compile a rule to its answer alone.

    :param rule: the rule.
    :param parameters: values of its parameters.
    :param phase: the phase in which it is asked.
    :param readers: readers of its fields.
    :param inputs: what its names stand for with these parameters, where that is at hand.
    """
    if inputs is None:
        inputs = Inputs(readers, parameters, {**resolve(rule.facts, rule.fields, parameters)})
    hints = rule.hint_when if phase in HINTING else None
    node = rule.condition if hints is None else hints
    run, guard = closure(node, inputs), _guard(rule, inputs)
    is_any = ANY_KIND in rule.on

    wanted = cache(partial(_wanted, rule, node, inputs))

    def answer(frame: Frame) -> Result | None:
        if not is_any and frame.record.kind not in rule.on:
            return None
        if not any(basis.is_valid_on(frame.day) for basis in rule.basis):
            return Result.NOT_APPLICABLE
        applies = guard(frame)
        if not applies:
            return Result.CANNOT_BE_CHECKED if applies is None else Result.NOT_APPLICABLE
        found = run(frame)
        if found is True:
            return Result.HIT
        fields, asked = wanted()
        if found is None or any(read(frame) is None for read in fields):
            return Result.CANNOT_BE_CHECKED
        is_blank = any(fact_value[2] and fact_value[1] for fact_value in map(frame.fact, asked))
        return Result.CANNOT_BE_CHECKED if is_blank else Result.CLEAR

    return answer


def _wanted(rule: Rule, node: Node, inputs: Inputs) -> tuple[list[Reader], list[Computable]]:
    """Answer what "clear" asks for besides; a change that is noticed at once never asks."""
    names = needed(rule, node)
    fields = [n.key for n in names if n.source is Source.EVENT]
    asked = [inputs.facts[n.key] for n in names if n.source in (Source.FACT, Source.FACT_COUNT)]
    return [inputs.readers[key] for key in fields if rule.fields[key].is_required], asked


def _guard(rule: Rule, inputs: Inputs) -> Run:
    applies: Node | None = rule.applies
    return (lambda _: True) if applies is None else closure(applies, inputs)
