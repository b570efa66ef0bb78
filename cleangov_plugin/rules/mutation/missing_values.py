"""Which values a rule may find missing, and the mistake of taking one of them for "clear"."""

from dataclasses import replace
from typing import Final

from cleangov_plugin.rules import tree
from cleangov_plugin.rules.model import Rule
from cleangov_plugin.rules.reading import value_of
from cleangov_plugin.rules.tree import Core, Name, Node, Source

#: What every event has.
_ALWAYS: Final = frozenset(
    {"kind", "step", "occurred_on", "recorded_at", "recorded_on", "clock", "mode", "origin"}
)


def may_be_missing(rule: Rule, node: Node) -> list[Name]:
    """Answer the names of an expression that can be unknown where the rule applies.

    A guard that asks for a value, ``not missing(x)``, lets nothing through without it.

    :param rule: the rule.
    :param node: one of its expressions.
    """
    there = {rule.applies, *(rule.applies.items if isinstance(rule.applies, tree.And) else ())}
    return [
        name
        for name in tree.names(node, with_missing=False)
        if _may_be_unknown(rule, name)
        and tree.Not(tree.Missing(name)) not in there
        and not _is_settled(rule, node, name)
    ]


def _is_settled(rule: Rule, node: Node, name: Name) -> bool:
    """Answer whether an expression is false wherever a fact is unknown, whatever else is known.

    A fact after or before the latest event of a kind, and nothing else, is unknown only where there
    is none of that kind: what counts such events is then none, too.
    """
    spec = rule.facts.get(name.key) if name.source is Source.FACT else None
    if spec is None or spec.where or spec.within or spec.operation not in ("count", "exists"):
        return False
    anchors = {kind for kind in (spec.after, spec.before) if kind is not None}

    def without(asked: Name) -> Core:
        other = rule.facts.get(asked.key) if asked.source is Source.FACT else None
        is_plain = other is not None and not _may_be_unknown(rule, asked)
        if other is None or not is_plain or not anchors >= {*other.kinds}:
            return None
        return {"exists": False, "count": 0}.get(other.operation)

    return value_of(node, without) is False


def _may_be_unknown(rule: Rule, name: Name) -> bool:
    if name.source is Source.EVENT:
        return name.key not in _ALWAYS
    if name.source is not Source.FACT:
        return name.source is Source.FACT_COUNT
    spec = rule.facts[name.key]
    if spec.operation in ("count", "exists"):
        return any((spec.where, spec.after, spec.before, spec.within, spec.per))
    return spec.operation != "missing_before"


def taken_for_clear(node: Node, name: Name) -> Node:
    """Change an expression so that it is false where a value is missing, and never asks for it.

    :param node: the expression.
    :param name: the value.
    """
    without = _with(node, name, tree.Known((name,), name.type))
    return tree.And((tree.Not(tree.Missing(name)), without))


def _with(node: Node, name: Name, other: Node) -> Node:
    """Put another node in the place of a name, wherever it stands in an expression."""
    if node == name:
        return other
    match node:
        case tree.And(items) | tree.Or(items) | tree.Known(items) | tree.Call(_, items):
            return replace(node, items=tuple(_with(item, name, other) for item in items))
        case tree.Not(item) | tree.Negative(item) | tree.Member(item) | tree.Size(item):
            return replace(node, item=_with(item, name, other))
        case tree.Compare(_, left, right) | tree.Arithmetic(_, left, right):
            return replace(node, left=_with(left, name, other), right=_with(right, name, other))
        case tree.Ratio(part, whole):
            return replace(node, part=_with(part, name, other), whole=_with(whole, name, other))
        case tree.Each(_, entries, test):
            entries, test = _with(entries, name, other), _with(test, name, other)
            return replace(node, entries=entries, test=test)
        case tree.CompareRatio(_, ratio, percent):
            changed_ratio = _with(ratio, name, other)
            assert isinstance(changed_ratio, tree.Ratio)  # noqa: S101 - only names are replaced
            return replace(node, ratio=changed_ratio, percent=_with(percent, name, other))
    return node
