"""Where the inputs of the core come from, and their values for one event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeAlias

from cleangov_hooks import Money
from cleangov_plugin.rules import tree
from cleangov_plugin.rules.entries import entry
from cleangov_plugin.rules.kinds import Type
from cleangov_plugin.rules.mutation import rewriting
from cleangov_plugin.rules.tree import Core, Name, Node

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)

#: A value of the core; None is unknown.
Given: TypeAlias = bool | int | str | tuple[int | str, ...] | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value of an input comes from.

    :param node: the part of the tree that gives it.
    :param part: ``"value"``; ``"currency"`` of a sum; ``"blank"`` of a fact: whether its events
        lack a field; ``"entries"`` of a list.
    """

    node: Node
    part: str = "value"


def given(value: Core, part: str = "value") -> Given:
    """Turn a value of the language into one of the core.

    :param value: what a closure answered.
    :param part: which part of it.
    :return: day numbers for days, microseconds since 1970 for moments, minor units for sums.
    """
    if isinstance(value, Money):
        return value.currency if part == "currency" else value.minor
    if isinstance(value, datetime):
        return (value - EPOCH) // MICROSECOND
    if isinstance(value, date):
        return value.toordinal()
    if isinstance(value, tuple):
        return len(value)
    return str(value) if isinstance(value, str) else value


def value_for(origin: Origin, value: Core) -> Given:
    """Turn what a closure answered into the value of an input.

    :param origin: where the input comes from.
    :param value: what the closure of its node answered.
    """
    if origin.part == "entries":
        return entries(value, origin.node.type)
    return given(value, origin.part)


def entries(value: Core, type_: Type) -> Given:
    """Turn a list into one of the core.

    :param value: what a closure answered.
    :param type_: type of the list.
    :return: its entries, as `given` turns them; None where the list is unknown.
    """
    if not isinstance(value, tuple):
        return None
    found = [given(entry(text, type_.entry)) for text in value]
    return tuple(each for each in found if isinstance(each, int | str))


def written(node: Node) -> str:
    """Write a question about lists and texts: the name of its input.

    :param node: the question, or a part of it.
    """
    match node:
        case tree.Literal(_, value):
            return "'" + str(value).replace("'", "''") + "'"
        case Name(_, path):
            return path
        case tree.Call(op, items):
            return f"{op}({_listed(items)})"
        case tree.Known(items):
            return f"known({_listed(items)})"
        case tree.Each():
            return rewriting.written(node)
    return f"size({_listed(tree.below(node))})"


def _listed(items: Iterable[Node]) -> str:
    return ", ".join(written(item) for item in items)
