"""Small changes of the facts, parameters and kinds that a rule's answer hangs on."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from cleangov_plugin.rules import tree
from cleangov_plugin.rules.kinds import of
from cleangov_plugin.rules.model import FactSpec, Parameter, Rule
from cleangov_plugin.rules.rule_answers import Words
from cleangov_plugin.rules.tree import Node, Source

from .mutants import Mutant, Operator, changes, in_words, moved
from .rewriting import worded, written, written_value


def deciding(rule: Rule) -> tuple[list[str], list[str]]:
    """Name the facts and the parameters that can change what a rule says of an event.

    What stands in texts alone is not among them: every text of a hit is written with each example.

    :param rule: the rule.
    :return: names of facts, in order; names of parameters, in order.
    """
    waiting = [node for node in (rule.condition, rule.applies, rule.hint_when) if node is not None]
    facts: set[str] = set()
    parameters: set[str] = set()
    while waiting:
        for name in tree.names(waiting.pop()):
            if name.source is Source.PARAMETER:
                parameters.add(name.key)
            elif name.source in (Source.FACT, Source.FACT_COUNT) and name.key not in facts:
                facts.add(name.key)
                spec = rule.facts[name.key]
                waiting.extend(node for node in (spec.where, spec.within) if node is not None)
    return [n for n in rule.facts if n in facts], [n for n in rule.parameters if n in parameters]


def fact_mutants(rule: Rule) -> Iterator[Mutant]:
    """Make the mutants of a rule's facts, of its parameters and of the kinds it judges.

    :param rule: the rule.
    """
    facts, parameters = deciding(rule)
    for name in parameters:
        yield from _of_parameter(rule, rule.parameters[name])
    for name in facts:
        spec = rule.facts[name]
        for o in _of_fact(rule, spec):
            told = (o.operator, o.was, o.becomes, o.was_said, o.becomes_said)
            yield _told(rule, f"facts.{name}", told, facts={**rule.facts, name: o.spec})
    if len(rule.on) > 1:
        for kind in sorted(rule.on):
            told = (Operator.KIND_DROPPED, kind, "-", _same(kind), _gone)
            yield _told(rule, "on", told, on=rule.on - {kind})


_Said: TypeAlias = Callable[[], Words]
"""Words that are written when somebody reads them."""


@dataclass(frozen=True, slots=True)
class _Other:
    """A fact with one small change."""

    operator: Operator
    was: str
    becomes: str
    spec: FactSpec
    was_said: _Said
    becomes_said: _Said


def _gone() -> Words:
    return {"zh": "（删去）", "en": "(left out)"}


_TURNED: Final[Mapping[str, Words]] = {
    "latest": {"zh": "最近一次", "en": "the latest"},
    "first": {"zh": "最早一次", "en": "the first"},
    "min": {"zh": "最小值", "en": "the least"},
    "max": {"zh": "最大值", "en": "the greatest"},
}
_TURNS: Final = {"latest": "first", "first": "latest", "min": "max", "max": "min"}


def _same(text: str) -> _Said:
    return lambda: {"zh": text, "en": text}


def _as(words: Words) -> _Said:
    return lambda: words


def _told(
    rule: Rule, place: str, other: tuple[Operator, str, str, _Said, _Said], **fields: Any
) -> Mutant:
    operator, was, becomes, was_said, becomes_said = other

    def said(words: Words) -> Words:
        return {tongue: f"{_label(rule, place, tongue)}: {text}" for tongue, text in words.items()}

    return Mutant(
        id=f"{place}: {was} -> {becomes}",
        operator=operator,
        rule=replace(rule, **fields),
        said=lambda: (said(was_said()), said(becomes_said())),
    )


def _label(rule: Rule, place: str, tongue: str) -> str:
    head, _, key = place.partition(".")
    entries: Any = {"facts": rule.facts, "params": rule.parameters}.get(head, {})
    return entries[key].label.get(tongue) or place if key in entries else place


def _of_parameter(rule: Rule, parameter: Parameter) -> Iterator[Mutant]:
    type_, value = parameter.type, parameter.default
    others: list[Any] = list(moved(value, type_))
    if isinstance(value, tuple):
        others = [(*value[:n], *value[n + 1 :]) for n in range(len(value))]
    if isinstance(value, bool):
        others = [not value]
    others.extend(choice for choice in type_.choices if choice != value)
    for other in others:
        was, becomes = written_value(value, type_), written_value(other, type_)
        changed = {**rule.parameters, parameter.name: replace(parameter, default=other)}
        operator = Operator.CONSTANT if isinstance(other, int) else Operator.CHOICE
        told = (operator, was, becomes, _same(was), _same(becomes))
        mutant = _told(rule, f"params.{parameter.name}", told, parameters=changed)
        yield replace(mutant, parameter=parameter.name)


def _of_fact(rule: Rule, spec: FactSpec) -> Iterator[_Other]:
    if spec.is_statistic:
        return  # an example gives the figure and does not tell how it is made: a back-test does
    yield from _of_window(rule, spec)
    yield from _of_anchors(spec)
    if spec.operation in _TURNS:
        turn = _TURNS[spec.operation]
        other = replace(spec, operation=turn)
        words = (_as(_TURNED[spec.operation]), _as(_TURNED[turn]))
        yield _Other(Operator.FACT, spec.operation, turn, other, *words)
    yield from _of_kinds(spec)
    if spec.where is not None:
        yield from _of_where(rule, spec, spec.where)


_ANCHORS: Final[Mapping[str, Words]] = {
    "after": {"zh": "在 {} 之后", "en": "after {}"},
    "before": {"zh": "在 {} 之前", "en": "before {}"},
}


def _of_anchors(spec: FactSpec) -> Iterator[_Other]:
    """Leave out what a fact lies after or before, and turn it round."""
    turned = replace(spec, after=spec.before, before=spec.after)
    for key, other, gone in (
        ("after", "before", replace(spec, after=None)),
        ("before", "after", replace(spec, before=None)),
    ):
        kind = spec.after if key == "after" else spec.before
        if kind is None:
            continue
        said, becomes = (
            _as({tongue: text.format(kind) for tongue, text in _ANCHORS[each].items()})
            for each in (key, other)
        )
        was = f"{key} {kind}"
        yield _Other(Operator.FACT, was, "-", gone, said, _gone)
        yield _Other(Operator.FACT, was, f"{other} {kind}", turned, said, becomes)


def _of_window(rule: Rule, spec: FactSpec) -> Iterator[_Other]:
    """Move a written window by a step, and leave a window out; a parameter moves by itself."""
    within = spec.within
    if within is None:
        return

    def said(node: Node) -> _Said:
        return lambda: {
            "zh": f"{worded(node, rule, 'zh')} 之内",
            "en": f"within {worded(node, rule, 'en')}",
        }

    was = f"within {written(within)}"
    gone = replace(spec, within=None)
    yield _Other(Operator.WINDOW, was, "-", gone, said(within), _gone)
    if isinstance(within, tree.Literal):
        for value in moved(within.value, of(within.type.kind)):
            node = replace(within, value=value)
            becomes, other = f"within {written(node)}", replace(spec, within=node)
            yield _Other(Operator.WINDOW, was, becomes, other, said(within), said(node))


def _of_kinds(spec: FactSpec) -> Iterator[_Other]:
    """Leave out one of several kinds, present or past."""
    for now, kinds in spec.by_kind.items():
        for kind in kinds:
            left_over = tuple(k for k in kinds if k != kind)
            other = replace(spec, by_kind={**spec.by_kind, now: left_over})
            was = f"{now}: {kind}"
            yield _Other(Operator.KIND_DROPPED, was, "-", other, _same(was), _gone)
    if not spec.by_kind and len(spec.kinds) > 1:
        for kind in spec.kinds:
            other = replace(spec, kinds=tuple(k for k in spec.kinds if k != kind))
            yield _Other(Operator.KIND_DROPPED, kind, "-", other, _same(kind), _gone)


def _of_where(rule: Rule, spec: FactSpec, where: Node) -> Iterator[_Other]:
    def said(node: Node) -> _Said:
        return lambda: in_words(node, rule)

    for change in changes(where, kinds=list(spec.kinds)):
        other = replace(spec, where=change.whole)
        was, becomes = written(change.was), written(change.becomes)
        told = (said(change.was), said(change.becomes))
        yield _Other(change.operator, was, becomes, other, *told)
    gone = replace(spec, where=None)
    yield _Other(Operator.PART_DROPPED, written(where), "-", gone, said(where), _gone)
