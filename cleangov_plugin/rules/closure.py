"""The closure back end: a checked tree becomes a Python function of a frame.

Unknown is None and spreads as in Kleene's logic: false wins over unknown in a conjunction, true
in a disjunction; everything else with an unknown part is unknown.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, TypeAlias

from . import tree
from .entry_closures import of_each, of_entry
from .frame import Computable, Frame, Reader
from .functions import FUNCTIONS
from .kinds import WHOLE, Kind
from .sums import minor, on_minors, scaled
from .tree import Core, Name, Node, Source

Run: TypeAlias = Callable[[Frame], Any]
"""A closure; checked trees make its values right, so mypy need not follow them."""

COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Inputs:
    """What names stand for while one binding is compiled.

    :param readers: readers of the event's fields by name.
    :param parameters: values of the parameters by name.
    :param facts: facts by name.
    :param made: nodes that are compiled already, by identity, each beside its closure, so that
        no identity is used again; None where nothing is compiled twice with these inputs.
    """

    readers: Mapping[str, Reader]
    parameters: Mapping[str, Core]
    facts: Mapping[str, Computable]
    made: dict[int, tuple[Node, Run]] | None = field(default=None, compare=False, repr=False)


def closure(node: Node, inputs: Inputs) -> Run:
    """Compile an expression.

    :param node: its checked tree.
    :param inputs: what its names stand for.
    :return: a function of a frame; None is unknown.
    """
    made = inputs.made
    if made is None:
        return _compiled(node, inputs)
    found = made.get(id(node))
    if found is None:
        found = made[id(node)] = (node, _compiled(node, inputs))
    return found[1]


def _compiled(node: Node, inputs: Inputs) -> Run:
    if isinstance(node, tree.Literal):
        value = node.value
        return lambda _: value
    if isinstance(node, Name):
        return name_closure(node, inputs)
    if isinstance(node, tree.Item):
        return of_entry(node)
    below = [closure(item, inputs) for item in tree.below(node)]
    if isinstance(node, tree.CompareRatio):
        part, whole = closure(node.ratio.part, inputs), closure(node.ratio.whole, inputs)
        return _cross(node, part, whole, below[1])
    return _COMPILERS[type(node)](node, below)


def name_closure(name: Name, inputs: Inputs) -> Run:
    """Compile the reading of one name.

    :param name: the name.
    :param inputs: what it may stand for.
    """
    key = name.key
    if name.source is Source.EVENT:
        return inputs.readers[key]
    if name.source is Source.CURRENT:
        read = inputs.readers[key]
        return lambda frame: read(frame.current)
    if name.source is Source.PARAMETER:
        value = inputs.parameters[key]
        return lambda _: value
    fact = inputs.facts[key]
    if name.source is Source.FACT_COUNT:
        return lambda frame: frame.fact(fact)[3] or None
    return lambda frame: frame.fact(fact)[0]


def share(part: int, whole: int) -> int | None:
    """Answer a part of a whole for showing, in thousandths of a percent, half rounded up.

    :param part: the part.
    :param whole: the whole; without a positive whole there is no share.
    """
    return (2 * part * WHOLE + whole) // (2 * whole) if whole > 0 else None


def compared(node: tree.Compare) -> Callable[[Any, Any], Any]:
    """Answer the comparison of two values.

    :param node: the node.
    """
    return on_minors(COMPARE[node.op], node.left.type)


def shared(node: tree.Ratio) -> Callable[[Any, Any], Any]:
    """Answer the ratio of two values.

    :param node: the node.
    """
    return on_minors(share, node.part.type)


def crossed(node: tree.CompareRatio) -> Callable[[Any, Any, int], Any]:
    """Answer the comparison of a part of a whole with a percentage.

    :param node: the node.
    :return: a function of part, whole and thousandths of a percent.
    """
    compare, shares = COMPARE[node.op], shared(node.ratio)

    def run(part: Any, whole: Any, percent: int) -> Any:
        if shares(part, whole) is None:
            return None
        return compare(minor(part) * WHOLE, minor(whole) * percent)

    return run


def arithmetic(node: tree.Arithmetic) -> Callable[[Any, Any], Any]:
    """Answer the operation of a sum, difference or product.

    :param node: the node.
    """
    left, right = node.left.type.kind, node.right.type.kind
    if right is Kind.DAYS and left is Kind.DATE:
        sign = 1 if node.op == "+" else -1
        return lambda a, b: _moved(a, sign * b, _DAY)
    if right is Kind.DURATION and left is Kind.INSTANT:
        sign = 1 if node.op == "+" else -1
        return lambda a, b: _moved(a, sign * b, _SECOND)
    if left is Kind.DATE:
        return lambda a, b: (a - b).days
    if left is Kind.INSTANT:
        return lambda a, b: (a - b) // _SECOND
    if node.op == "*":
        return lambda a, b: scaled(b, a)
    return on_minors(_PLAIN[node.op], node.left.type, is_sum=True)


_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)
_PLAIN: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add,
    "-": operator.sub,
}


def _moved(start: Any, number: int, unit: timedelta) -> Any:
    """Move a day or moment; unknown past the ends of the calendar."""
    try:
        return start + number * unit
    except OverflowError:
        return None


def _one(operation: Callable[[Any], Core], item: Run) -> Run:
    def run(frame: Frame) -> Core:
        value = item(frame)
        return None if value is None else operation(value)

    return run


def _both(operation: Callable[[Any, Any], Core], left: Run, right: Run) -> Run:
    def run(frame: Frame) -> Core:
        a = left(frame)
        if a is None:
            return None
        b = right(frame)
        return None if b is None else operation(a, b)

    return run


def _and(items: list[Run]) -> Run:
    def run(frame: Frame) -> Core:
        is_unknown = False
        for item in items:
            value = item(frame)
            if value is False:
                return False
            is_unknown = is_unknown or value is None
        return None if is_unknown else True

    return run


def _or(items: list[Run]) -> Run:
    def run(frame: Frame) -> Core:
        is_unknown = False
        for item in items:
            value = item(frame)
            if value is True:
                return True
            is_unknown = is_unknown or value is None
        return None if is_unknown else False

    return run


def _missing(item: Run) -> Run:
    return lambda frame: item(frame) is None


def _cross(node: tree.CompareRatio, part: Run, whole: Run, limit: Run) -> Run:
    compare = crossed(node)

    def run(frame: Frame) -> Core:
        a, b, c = part(frame), whole(frame), limit(frame)
        return None if a is None or b is None or c is None else compare(a, b, c)

    return run


def _known(items: list[Run]) -> Run:
    return lambda frame: next((v for item in items if (v := item(frame)) is not None), None)


def _added(node: tree.Arithmetic, below: list[Run]) -> Run:
    if (node.left.type.kind, node.right.type.kind) != (Kind.DATE, Kind.WORKING_DAYS):
        return _both(arithmetic(node), *below)
    start, days = below

    def run(frame: Frame) -> Core:
        day, number, calendar = start(frame), days(frame), frame.knowledge.calendar
        if day is None or number is None or calendar is None:
            return None
        return calendar.add_working_days(day, number)

    return run


_COMPILERS: Final[Mapping[type, Callable[[Any, list[Run]], Run]]] = {
    tree.And: lambda _, below: _and(below),
    tree.Or: lambda _, below: _or(below),
    tree.Not: lambda _, below: _one(operator.not_, below[0]),
    tree.Compare: lambda node, below: _both(compared(node), *below),
    tree.Member: lambda node, below: _one(node.options.__contains__, below[0]),
    tree.Arithmetic: _added,
    tree.Negative: lambda _, below: _one(lambda value: scaled(value, -1), below[0]),
    tree.Ratio: lambda node, below: _both(shared(node), *below),
    tree.Known: lambda _, below: _known(below),
    tree.Call: lambda node, below: _both(FUNCTIONS[node.op].run, *below),
    tree.Each: lambda node, below: of_each(node, *below),
    tree.Missing: lambda _, below: _missing(below[0]),
    tree.Size: lambda _, below: _one(len, below[0]),
}
