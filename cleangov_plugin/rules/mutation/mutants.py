"""Small changes of a rule, each of which its examples must notice.

The operators are those of mutation testing for conditions (boundary, relation, connective,
negation, constant, part dropped, choice), and those of the mistakes rules are made with: a window
or an anchor of a fact, a guard left out, something missing taken for "clear".
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any, Final

from cleangov_plugin.rules import tree
from cleangov_plugin.rules.kinds import RANGES, Kind, Type
from cleangov_plugin.rules.model import Rule
from cleangov_plugin.rules.rule_answers import Words
from cleangov_plugin.rules.tree import Core, Name, Node

from .missing_values import may_be_missing, taken_for_clear
from .rewriting import worded, written


class Operator(StrEnum):
    """What was changed."""

    BOUNDARY = "boundary"
    RELATION = "relation"
    INVERTED = "inverted"
    CONNECTIVE = "connective"
    NOT_DROPPED = "not_dropped"
    CONSTANT = "constant"
    PART_DROPPED = "part_dropped"
    CHOICE = "choice"
    WINDOW = "window"
    FACT = "fact"
    KIND_DROPPED = "kind_dropped"
    GUARD_DROPPED = "guard_dropped"
    MISSING_CLEAR = "missing_clear"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A rule with one small change.

    :param id: names the change in the words of the rule file; the same while its place is the same.
    :param operator: what was changed.
    :param rule: the changed rule.
    :param said: answers what stood there and what stands there now, each by language.
    :param parameter: the parameter whose default was changed; None where none was.
    :param turn: the least part of a tree that can be asked of an event, before and after: where
        both answer the same, so do both rules. None where that is not so.
    """

    id: str
    operator: Operator
    rule: Rule
    said: Callable[[], tuple[Words, Words]]
    parameter: str | None = None
    turn: tuple[Node, Node] | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a tree.

    :param operator: what was changed.
    :param was: the part that stood there.
    :param becomes: the part that stands there now.
    :param whole: the whole tree with the change.
    :param entries: the outermost test of entries around it, before and after; None where there
        is none: what stands in it is asked of an entry, not of an event.
    """

    operator: Operator
    was: Node
    becomes: Node
    whole: Node
    entries: tuple[Node, Node] | None = None


_BOUNDARY: Final = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
_INVERTED: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_RELATION: Final = {"==": (">=", "<="), "!=": (">", "<")}
_STEPS: Final = {Kind.DURATION: 60}
_PLACES: Final = ("condition", "applies", "hint_when")


def tree_mutants(rule: Rule) -> Iterator[Mutant]:
    """Make the mutants of a rule's expressions.

    :param rule: the rule.
    :return: mutants, each with an id of its own.
    """
    for place in _PLACES:
        node: Node | None = getattr(rule, place)
        if node is None:
            continue
        for change in changes(node, kinds=sorted(rule.on)):
            yield changed(rule, place, change, **{place: change.whole})
        for name in may_be_missing(rule, node):
            whole = taken_for_clear(node, name)
            change = Change(Operator.MISSING_CLEAR, tree.Missing(name), _FALSE, whole)
            yield changed(rule, place, change, **{place: whole})
    if rule.applies is not None:
        gone = Change(Operator.GUARD_DROPPED, rule.applies, _TRUE, _TRUE)
        yield changed(rule, "applies", gone, applies=None)


_TRUE: Final = tree.Literal(tree.TRUTH, True)
_FALSE: Final = tree.Literal(tree.TRUTH, False)


def changed(rule: Rule, place: str, change: Change, **fields: Any) -> Mutant:
    """Put a change of a tree into a rule.

    :param rule: the rule.
    :param place: the key under which the tree stands.
    :param change: the change.
    :param fields: what of the rule is replaced.
    """
    before, after = written(change.was), written(change.becomes)
    return Mutant(
        id=f"{place}: {before} -> {after}",
        operator=change.operator,
        rule=replace(rule, **fields),
        said=lambda: (in_words(change.was, rule), in_words(change.becomes, rule)),
        turn=_turn(change),
    )


def _turn(change: Change) -> tuple[Node, Node] | None:
    """Answer what is to be asked; "clear" asks for what is read, so both must read the same."""
    was, becomes = change.entries or (change.was, change.becomes)
    is_read = {*tree.names(was, with_missing=False)}
    return (was, becomes) if is_read == {*tree.names(becomes, with_missing=False)} else None


def in_words(node: Node, rule: Rule) -> Words:
    """Write a part of a rule in words, by language.

    :param node: the part.
    :param rule: the rule.
    """
    return {tongue: worded(node, rule, tongue) for tongue in ("zh", "en")}


def changes(node: Node, *, kinds: list[str]) -> Iterator[Change]:
    """Make every change of an expression, one at a time.

    :param node: the expression.
    :param kinds: the kinds the rule judges: a written kind is exchanged for another of them.
    """
    yield from _here(node, kinds)
    for part, put in _parts(node):
        for change in changes(part, kinds=kinds):
            whole, entries = put(change.whole), change.entries
            if isinstance(node, tree.Each):
                entries = (node, whole)
            yield replace(change, whole=whole, entries=entries)


def _here(node: Node, kinds: list[str]) -> Iterator[Change]:
    def to(operator: Operator, becomes: Node) -> Change:
        return Change(operator, node, becomes, becomes)

    if isinstance(node, tree.Compare | tree.CompareRatio):
        if node.op in _BOUNDARY:
            yield to(Operator.BOUNDARY, replace(node, op=_BOUNDARY[node.op]))
        yield to(Operator.INVERTED, replace(node, op=_INVERTED[node.op]))
        yield from (to(Operator.RELATION, other) for other in _relations(node))
        yield from _choices(node, kinds)
    elif isinstance(node, tree.And | tree.Or):
        kind = tree.Or if isinstance(node, tree.And) else tree.And
        yield to(Operator.CONNECTIVE, kind(node.items))
        yield from (to(Operator.PART_DROPPED, rest) for rest in _rests(node))
    elif isinstance(node, tree.Not):
        yield to(Operator.NOT_DROPPED, node.item)
    elif isinstance(node, _ASKS) and node.type.kind is Kind.BOOLEAN:
        yield to(Operator.INVERTED, tree.Not(node))
        if isinstance(node, tree.Each):
            yield to(Operator.CONNECTIVE, replace(node, op=_OTHER_TEST[node.op]))
        if isinstance(node, tree.Member) and len(node.options) > 1:
            for option in sorted(node.options, key=str):
                yield to(Operator.CHOICE, replace(node, options=node.options - {option}))


_ASKS: Final = (Name, tree.Call, tree.Member, tree.Missing, tree.Each)
_OTHER_TEST: Final = {"any": "all", "all": "any"}


def _relations(node: tree.Compare | tree.CompareRatio) -> Iterator[Node]:
    is_number = isinstance(node, tree.Compare) and node.left.type.kind in RANGES
    for op in _RELATION.get(node.op, ()) if is_number else ():
        yield replace(node, op=op)


def _rests(node: tree.And | tree.Or) -> Iterator[Node]:
    for n in range(len(node.items)):
        rest = (*node.items[:n], *node.items[n + 1 :])
        yield rest[0] if len(rest) == 1 else replace(node, items=rest)


def _choices(node: tree.Compare | tree.CompareRatio, kinds: list[str]) -> Iterator[Change]:
    """Exchange a written text for the others it could have been, and move a written number."""
    if isinstance(node, tree.CompareRatio):
        sides: tuple[tuple[str, Node, Node], ...] = (("percent", node.percent, node.ratio),)
    else:
        sides = (("left", node.left, node.right), ("right", node.right, node.left))
    for key, side, other in sides:
        if not isinstance(side, tree.Literal):
            continue
        for value in _moved(side.value, side.type):
            whole = replace(node, **{key: replace(side, value=value)})  # type: ignore[arg-type]
            yield Change(Operator.CONSTANT, node, whole, whole)
        if isinstance(side.value, str):
            is_kind = isinstance(other, Name) and other.path == "kind"
            for text in kinds if is_kind else other.type.choices:
                if text != side.value:
                    whole = replace(node, **{key: replace(side, value=text)})  # type: ignore[arg-type]
                    yield Change(Operator.CHOICE, node, whole, whole)


def _moved(value: Core, type_: Type) -> Iterator[Core]:
    """Answer the values one step beside a written one."""
    if isinstance(value, bool):
        return
    if isinstance(value, int):
        step = _STEPS.get(type_.kind, 1)
        yield from (value - step, value + step)
    elif isinstance(value, date):
        for number in (value.toordinal() - 1, value.toordinal() + 1):
            if 1 <= number <= date.max.toordinal():
                yield date.fromordinal(number)


def moved(value: Core, type_: Type) -> list[Core]:
    """Answer the values one step beside a value that stay within its range.

    :param value: the value.
    :param type_: its type: a day, a minor unit, a thousandth of a percent is a step.
    """
    found = list(_moved(value, type_))
    if type_.kind not in RANGES:
        return found
    return [v for v in found if isinstance(v, int) and type_.low <= v <= type_.high]


def _parts(node: Node) -> Iterator[tuple[Node, Callable[[Node], Node]]]:
    """Answer the parts of a node, each with the function that puts another in its place."""
    if isinstance(node, tree.And | tree.Or):
        for n, item in enumerate(node.items):
            yield item, partial(_in_items, node, n)
    elif isinstance(node, tree.Not) and (
        isinstance(node.item, tree.Each) or not isinstance(node.item, _ASKS)
    ):
        yield node.item, tree.Not
    elif isinstance(node, tree.Each):
        yield node.test, lambda test: replace(node, test=test)
    elif isinstance(node, tree.Compare):
        for key in ("left", "right"):
            side = getattr(node, key)
            if isinstance(side, tree.Each):
                yield side, partial(_in_side, node, key)


def _in_side(node: tree.Compare, key: str, part: Node) -> Node:
    return replace(node, left=part) if key == "left" else replace(node, right=part)


def _in_items(node: tree.And | tree.Or, n: int, part: Node) -> Node:
    return type(node)((*node.items[:n], part, *node.items[n + 1 :]))
