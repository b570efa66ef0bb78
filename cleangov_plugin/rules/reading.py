"""The slow reading of a tree: what is unknown in it, and what each part of it says.

It shares no code with the closures but what is done with two values, so that each can be tested
against the other.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from . import tree
from .closure import Inputs, arithmetic, compared, crossed, name_closure, shared
from .entries import entry
from .frame import Frame
from .functions import FUNCTIONS
from .items import filled
from .sums import scaled
from .tree import Core, Name, Node

Lookup: TypeAlias = Callable[[Name], Core]


def value_of(node: Node, lookup: Lookup) -> Any:
    """Work out an expression by walking its tree.

    :param node: the expression.
    :param lookup: answers the value of a name; None is unknown.
    :return: its value; None where unknown.
    """
    if isinstance(node, tree.Literal):
        return node.value
    if isinstance(node, Name):
        return lookup(node)
    if isinstance(node, tree.Each):
        return _each(node, lookup)
    below = [value_of(item, lookup) for item in tree.below(node)]
    if isinstance(node, tree.And | tree.Or):
        return _kleene(below, decided_by=isinstance(node, tree.Or))
    if isinstance(node, tree.Missing):
        return below[0] is None
    if isinstance(node, tree.Known):
        return next((value for value in below if value is not None), None)
    if any(value is None for value in below):
        return None
    if isinstance(node, tree.CompareRatio):
        parts = [value_of(item, lookup) for item in tree.below(node.ratio)]
        return crossed(node)(parts[0], parts[1], below[1])
    return _WORKED[type(node)](node, *below)


def _each(node: tree.Each, lookup: Lookup) -> Any:
    tests = entry_tests(node, lookup)
    if tests is None:
        return None
    said = [value_of(test, lookup) for test in tests]
    if node.op == "count":
        return None if None in said else said.count(True)
    return _kleene(said, decided_by=node.op == "any")


def entry_tests(node: tree.Each, lookup: Lookup) -> list[Node] | None:
    """Answer the test of each entry of a list, with the entry in its place.

    :param node: the test of a list.
    :param lookup: answers the value of a name.
    :return: the tests, in the order of the list; None where the list is unknown.
    """
    texts = value_of(node.entries, lookup)
    if texts is None:
        return None
    return [filled(node.test, entry(text, node.entries.type.entry)) for text in texts]


def _kleene(values: list[Core], *, decided_by: bool) -> bool | None:
    if any(value is decided_by for value in values):
        return decided_by
    return None if any(value is None for value in values) else not decided_by


_WORKED: Final[Mapping[type, Callable[..., Any]]] = {
    tree.Not: lambda _, a: not a,
    tree.Compare: lambda node, a, b: compared(node)(a, b),
    tree.Member: lambda node, a: a in node.options,
    tree.Arithmetic: lambda node, a, b: arithmetic(node)(a, b),
    tree.Negative: lambda _, a: scaled(a, -1),
    tree.Ratio: lambda node, a, b: shared(node)(a, b),
    tree.Call: lambda node, *values: FUNCTIONS[node.op].run(*values),
    tree.Size: lambda _, a: len(a),
}


def unknown_names(node: Node, lookup: Lookup) -> Iterator[Name]:
    """Name the values for want of which an expression is unknown.

    Parts that are known, or whose value could not change the whole, are not looked into.

    :param node: an expression whose value is unknown.
    :param lookup: answers the value of a name.
    :return: names, in order of reading; a name may come twice.
    """
    if value_of(node, lookup) is not None:
        return
    if isinstance(node, Name):
        yield node
        return
    found = False
    parts = tree.below(node)
    if isinstance(node, tree.Each):
        parts = (node.entries, *(entry_tests(node, lookup) or ()))
    for item in parts:
        for name in unknown_names(item, lookup):
            found = True
            yield name
    if not found:  # a ratio whose whole is not positive: the whole is as good as missing
        yield from tree.names(node.whole if isinstance(node, tree.Ratio) else node)


def unknowns(node: Node, inputs: Inputs, frame: Frame) -> list[Name]:
    """Name the values for want of which an expression is unknown for an event.

    :param node: the expression.
    :param inputs: what its names stand for.
    :param frame: the event.
    :return: names, each once.
    """
    found = unknown_names(node, lambda name: name_closure(name, inputs)(frame))
    return list({name.path: name for name in found}.values())
