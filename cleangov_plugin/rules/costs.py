"""What an expression may cost, known before it ever runs."""

from typing import Final

from . import tree
from .kinds import Kind
from .tree import Node

#: The most steps of one expression. 400 nodes are 400 steps; what goes beyond are long lists and
#: texts. An expression at the bound takes about 5 ms on one core.
MOST_STEPS: Final = 25_000
#: Steps for looking through a text: the longest that a mapping reads has 2,000 characters.
_TEXT: Final = 200


def cost(node: Node) -> int:
    """Answer how many steps an expression takes at most.

    :param node: its checked tree.
    :return: one step for each node, besides one for each entry of a list that is looked through,
        by its declared range, and 200 for each text that is; a test of entries as often as the
        list may have entries.
    """
    if isinstance(node, tree.Each):
        return 1 + cost(node.entries) + node.entries.type.high * cost(node.test)
    steps = 1 + sum(cost(item) for item in tree.below(node))
    if isinstance(node, tree.Call):
        steps += sum(_looked_through(item) for item in node.items)
    return steps


def _looked_through(node: Node) -> int:
    return node.type.high if node.type.kind is Kind.LIST else _TEXT
