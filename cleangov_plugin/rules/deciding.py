"""Which parts of a condition decided it: the ones that would do alone."""

from . import tree
from .reading import Lookup, value_of
from .tree import Node


def deciding(node: Node, lookup: Lookup) -> tuple[Node, ...]:
    """Answer the parts of an expression that decided its value.

    Whatever the other parts were, the value would be the same: one false part decides a
    conjunction, one true part a disjunction, and the first such part is named. Where the value is
    unknown, the parts are named for want of which it is.

    :param node: an expression.
    :param lookup: answers the value of a name; None is unknown.
    :return: comparisons, names and questions, in order of reading; at least one.
    """
    value = value_of(node, lookup)
    match node:
        case tree.Not(item) if isinstance(item, tree.And | tree.Or | tree.Not):
            return deciding(item, lookup)
        case tree.And(items) | tree.Or(items):
            alike = [item for item in items if value_of(item, lookup) is value]
            if value is isinstance(node, tree.Or):
                alike = alike[:1]
            return tuple(part for item in alike for part in deciding(item, lookup))
        case tree.Known((first, *_)) if value_of(first, lookup) is not None:
            return deciding(first, lookup)
    return (node,)
