"""Tests of the entries of a list: ``any(papers, item == 'permit')``, checked."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Final

from . import tree
from .kinds import Kind, size_of
from .names import near
from .syntax import Syntax
from .tokens import refused
from .tree import Core, Node

#: How the test of an entry names it, and how a test within that test names the entry around it.
ITEM: Final = ("item", "项")
OUTER: Final = ("outer", "外层项")
#: How many tests of entries stand within one another.
DEEPEST: Final = 2
_TEXTS: Final = (Kind.TEXT, Kind.CHOICE)


def each(syntax: Syntax, entries: Node, test: Node, where: str) -> tree.Each:
    """Make the test of a list's entries.

    :param syntax: as it is written.
    :param entries: the list.
    :param test: the test of one entry.
    :param where: path of the expression in its rule, for messages.
    :raises RuleError: where the test does not read the entry.
    """
    at = syntax.items[1].token.at
    if not reads_entry(test):
        remedy = "Name the entry: any(list, item == 'text')."
        raise refused("the test does not look at the entry", where, at, remedy)
    type_ = size_of(entries.type) if syntax.op == "count" else tree.TRUTH
    return tree.Each(syntax.op, entries, test, type_.within(0, type_.high))


def check_call(call: tree.Call, syntax: Syntax, where: str) -> None:
    """Refuse a question about the texts of a list whose entries are none, or not that text.

    :param call: the question.
    :param syntax: as it is written.
    :param where: path of the expression in its rule, for messages.
    :raises RuleError: where the answer could only be "no".
    """
    for node in call.items:
        if node.type.kind is Kind.LIST and node.type.entry.kind not in _TEXTS:
            what = f"the entries of this list are {node.type.entry.described()}"
            remedy = "Ask any(list, item == value)."
            raise refused(what, where, syntax.token.at, remedy)
    if call.op != "has":
        return
    entries, entry = call.items
    choices = entries.type.entry.choices
    if choices and isinstance(entry, tree.Literal) and entry.value not in choices:
        remedy = near(str(entry.value), choices) or f"They are {', '.join(choices)}."
        what = f"'{entry.value}' is not one of the allowed values"
        raise refused(what, where, syntax.token.at, remedy)


def reads_item(node: Node) -> bool:
    """Answer whether an expression reads an entry that is looked at, whichever list it is of.

    :param node: the expression.
    """
    return any(isinstance(part, tree.Item) for part in _walk(node))


def reads_entry(node: Node, level: int = 0) -> bool:
    """Answer whether an expression reads the entry of one list, at any depth.

    :param node: the expression.
    :param level: 0 for the list whose test it is, 1 for that around it.
    """
    if isinstance(node, tree.Item):
        return node.level == level
    if isinstance(node, tree.Each):
        return reads_entry(node.entries, level) or reads_entry(node.test, level + 1)
    return any(reads_entry(part, level) for part in tree.below(node))


def filled(node: Any, value: Core, level: int = 0) -> Any:
    """Put a value in the place of the entry that is looked at.

    :param node: a test.
    :param value: the entry.
    :param level: how many tests of entries stand between.
    :return: the test of this entry alone.
    """
    if isinstance(node, tree.Item):
        return tree.Literal(node.type, value) if node.level == level else node
    if isinstance(node, tuple):
        return tuple(filled(item, value, level) for item in node)
    if not isinstance(node, tree.NODES) or not tree.below(node):
        return node
    if isinstance(node, tree.Each):
        entries, test = filled(node.entries, value, level), filled(node.test, value, level + 1)
        return replace(node, entries=entries, test=test)
    changed = {f.name: filled(getattr(node, f.name), value, level) for f in fields(node)}
    return replace(node, **changed)


def needs_language(node: tree.Each) -> bool:
    """Answer whether a test of entries asks what the core does not know: of texts and lists.

    :param node: the test of a list.
    """
    asked = (tree.Call, tree.Each, tree.Size)
    return any(isinstance(part, asked) and reads_item(part) for part in _walk(node.test))


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for part in tree.below(node):
        yield from _walk(part)
