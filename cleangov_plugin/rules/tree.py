"""The checked tree of an expression: frozen nodes, one visitor for each back end.

The closure (`closure`), the slow reading that names what is unknown and explains (`reading`) and,
later, the SQL predicate are visitors of these nodes and nothing else, so that they can agree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeAlias, get_args

from cleangov_hooks import Money

from .kinds import Kind, Type, of

TRUTH: Final = of(Kind.BOOLEAN)

#: A value as the core computes it: money in minor units (with its currency only where the case
#: decides it), durations in seconds, percentages in thousandths of a percent; None is unknown.
Core: TypeAlias = bool | int | str | date | tuple[str, ...] | Money | None


class Source(StrEnum):
    """Where a name's value comes from."""

    EVENT = "event"
    CURRENT = "current"
    PARAMETER = "params"
    FACT = "facts"
    FACT_COUNT = "n"
    VALUE = "values"


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the expression."""

    type: Type
    value: Core


@dataclass(frozen=True, slots=True)
class Name:
    """A value read from the event, the parameters or the facts.

    :param type: its type.
    :param path: its canonical name, ``"facts.noticed"``; the key of outcome values.
    :param source: where it comes from.
    :param key: its name there.
    """

    type: Type
    path: str
    source: Source
    key: str


@dataclass(frozen=True, slots=True)
class And:
    """True where all are true, false where one is false, else unknown."""

    items: "tuple[Node, ...]"
    type: Type = TRUTH


@dataclass(frozen=True, slots=True)
class Or:
    """True where one is true, false where all are false, else unknown."""

    items: "tuple[Node, ...]"
    type: Type = TRUTH


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite; of unknown, unknown."""

    item: "Node"
    type: Type = TRUTH


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared by ``==``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``."""

    op: str
    left: "Node"
    right: "Node"
    type: Type = TRUTH


@dataclass(frozen=True, slots=True)
class CompareRatio:
    """A ratio compared with a percentage by cross-multiplication: no division, no rounding."""

    op: str
    ratio: "Ratio"
    percent: "Node"
    type: Type = TRUTH


@dataclass(frozen=True, slots=True)
class Member:
    """Whether a value is one of a list."""

    item: "Node"
    options: frozenset[Core]
    type: Type = TRUTH


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Sum, difference or product; `type` carries the proven range."""

    op: str
    left: "Node"
    right: "Node"
    type: Type


@dataclass(frozen=True, slots=True)
class Negative:
    """The number with the other sign."""

    item: "Node"
    type: Type


@dataclass(frozen=True, slots=True)
class Ratio:
    """A part of a whole; unknown where the whole is not positive."""

    part: "Node"
    whole: "Node"
    type: Type


@dataclass(frozen=True, slots=True)
class Missing:
    """Whether a value is unknown: the one question about unknowns that has an answer."""

    name: Name
    type: Type = TRUTH


@dataclass(frozen=True, slots=True)
class Size:
    """How many entries a list has."""

    item: "Node"
    type: Type


@dataclass(frozen=True, slots=True)
class Known:
    """The first of some values that is known; unknown where none is."""

    items: "tuple[Node, ...]"
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """A function of texts or lists, see `functions`.

    :param op: its name.
    :param items: what it is asked of.
    :param type: type of its answer.
    """

    op: str
    items: "tuple[Node, ...]"
    type: Type


@dataclass(frozen=True, slots=True)
class Item:
    """The entry of a list that is looked at; stands in the test of `Each` alone.

    :param type: its type.
    :param level: 0 for the entry of the list whose test it stands in, 1 for that of the list
        around it.
    """

    type: Type
    level: int = 0


@dataclass(frozen=True, slots=True)
class Each:
    """A test of every entry of a list.

    :param op: ``"any"`` or ``"all"``: as `Or` and `And` over the entries; ``"count"``: how many
        pass the test, unknown where that is unknown of one of them.
    :param entries: the list.
    :param test: the test; it reads `Item`. An `Each` in it has none in its own.
    :param type: yes or no, or a whole number.
    """

    op: str
    entries: "Node"
    test: "Node"
    type: Type


Node: TypeAlias = (
    Literal
    | Name
    | And
    | Or
    | Not
    | Compare
    | CompareRatio
    | Member
    | Arithmetic
    | Negative
    | Ratio
    | Missing
    | Size
    | Known
    | Call
    | Item
    | Each
)


#: Every class of node.
NODES: Final = get_args(Node)

_BELOW: Final[Mapping[type, Callable[[Any], tuple[Node, ...]]]] = {
    **dict.fromkeys((And, Or, Known, Call), lambda node: node.items),
    **dict.fromkeys((Not, Negative, Member, Size), lambda node: (node.item,)),
    **dict.fromkeys((Compare, Arithmetic), lambda node: (node.left, node.right)),
    Ratio: lambda node: (node.part, node.whole),
    Missing: lambda node: (node.name,),
    CompareRatio: lambda node: (node.ratio, node.percent),
    Each: lambda node: (node.entries, node.test),
    **dict.fromkeys((Literal, Name, Item), lambda _: ()),
}


#: What asks about a value that may be missing.
_MAY_BE_MISSING: Final = (Missing, Known)


def below(node: Node) -> tuple[Node, ...]:
    """Answer the nodes right below one.

    :param node: any node.
    """
    return _BELOW[type(node)](node)


def names(node: Node, *, with_missing: bool = True) -> tuple[Name, ...]:
    """Answer every name an expression reads, each once, in order of first use.

    :param node: the expression.
    :param with_missing: whether names count that may be missing: those inside ``missing(x)`` and
        ``known(a, b)``.
    """
    found: dict[str, Name] = {}
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, Name):
            found.setdefault(here.path, here)
        elif with_missing or not isinstance(here, _MAY_BE_MISSING):
            waiting.extend(reversed(_BELOW[type(here)](here)))
    return tuple(found.values())
