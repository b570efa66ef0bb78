"""Which parts of a condition decided it: the ones that would do alone."""

from . import tree
from .reading import Lookup, entry_tests, value_of
from .tree import Core, Node


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


def deciding_entries(node: tree.Each, lookup: Lookup) -> list[tuple[int, Core]]:
    """Answer the entry that decided a test of entries, and those that decided the tests in it.

    :param node: the test.
    :param lookup: answers the value of a name.
    :return: the place of each from 0 and the entry as the event carries it, the outer one first;
        nothing where no single one did.
    """
    tests = entry_tests(node, lookup)
    said = [value_of(test, lookup) for test in tests or ()]
    wanted = value_of(node, lookup)
    if not tests or wanted not in said or (wanted is (node.op == "all")) or node.op == "count":
        return []
    place = said.index(wanted)
    found = [(place, value_of(node.entries, lookup)[place])]
    for part in deciding(tests[place], lookup):
        within = part.item if isinstance(part, tree.Not) else part
        if isinstance(within, tree.Each):
            found += deciding_entries(within, lookup)
    return found
