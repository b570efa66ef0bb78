"""The integer and boolean core: what is left of a checked tree once every unit is gone.

A value is a whole number below 2^63 in size, a truth or a text; texts are told apart, and nothing
else. Any of them may be unknown, and unknown spreads as in Kleene's logic. No division but one by
a written positive number, of a number that is proven not to be negative: there, every engine
rounds alike.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias


class Sort(StrEnum):
    """The sorts of value; a list is of numbers or of texts, and only its entries are looked at."""

    NUMBER = "number"
    TRUTH = "truth"
    TEXT = "text"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Input:
    """A value that is given from outside, and may be unknown.

    :param name: its name: ``"amount"``, ``"facts.paid"``, ``"size(tags)"``.
    :param sort: its sort.
    :param low: least value of a number; what lies below is unknown.
    :param high: greatest value of a number.
    :param entry: of a list, what its entries are; `low` and `high` are of their number then.
    """

    name: str
    sort: Sort
    low: int = 0
    high: int = 0
    entry: "Entry | None" = None


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry of a list that is looked at; stands in the test of `Each` alone.

    :param sort: number or text.
    :param low: least value of a number; a list with one below is unknown.
    :param high: greatest value of a number.
    """

    sort: Sort
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written down."""

    value: bool | int | str


@dataclass(frozen=True, slots=True)
class All:
    """True where all are true, false where one is false, else unknown."""

    items: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True)
class Any:
    """True where one is true, false where all are false, else unknown."""

    items: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True)
class Opposite:
    """The opposite of a truth."""

    item: "Term"


@dataclass(frozen=True, slots=True)
class Compared:
    """Two values of one sort compared; texts and truths by ``==`` and ``!=`` alone."""

    op: str
    left: "Term"
    right: "Term"


@dataclass(frozen=True, slots=True)
class OneOf:
    """Whether a value is one of some constants of its sort."""

    item: "Term"
    options: tuple[bool | int | str, ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """Sum (``+``), difference (``-``) or product (``*``) of two numbers."""

    op: str
    left: "Term"
    right: "Term"


@dataclass(frozen=True, slots=True)
class Floored:
    """A number divided by a positive constant and rounded down.

    :param item: the number.
    :param by: what it is divided by.
    :param shift: a multiple of `by` that no size of `item` passes: added before the division and
        taken off after it, so that nothing negative is ever divided.
    """

    item: "Term"
    by: int
    shift: int


@dataclass(frozen=True, slots=True)
class Within:
    """A number, where it lies between two constants, both included; else unknown."""

    item: "Term"
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Where:
    """A value, where a test is true; where that is false or unknown, unknown."""

    test: "Term"
    item: "Term"


@dataclass(frozen=True, slots=True)
class First:
    """The first of some values that is known; unknown where none is."""

    items: "tuple[Term, ...]"


@dataclass(frozen=True, slots=True)
class IsUnknown:
    """Whether an input is unknown; that is always known."""

    item: Input


@dataclass(frozen=True, slots=True)
class Each:
    """A test of every entry of a list.

    :param op: ``"any"`` or ``"all"``: as `Any` and `All` over the entries; ``"count"``: how many
        pass, unknown where one is unknown.
    :param entries: the list.
    :param test: the test; no other `Each` stands in it.
    """

    op: str
    entries: Input
    test: "Term"


Term: TypeAlias = (
    Input
    | Constant
    | All
    | Any
    | Opposite
    | Compared
    | OneOf
    | Computed
    | Floored
    | Within
    | Where
    | First
    | IsUnknown
    | Entry
    | Each
)

TRUE: Final = Constant(True)


def parts(term: Term) -> tuple[Term, ...]:
    """Answer the terms right below one.

    :param term: any term.
    """
    match term:
        case All(items) | Any(items) | First(items):
            return items
        case Opposite(item) | OneOf(item) | Floored(item) | Within(item) | IsUnknown(item):
            return (item,)
        case (
            Compared(_, left, right)
            | Computed(_, left, right)
            | Where(left, right)
            | Each(_, left, right)
        ):
            return (left, right)
        case _:
            return ()


def sort_of(term: Term) -> Sort:
    """Answer the sort of a term's value.

    :param term: any term.
    """
    match term:
        case Input(_, sort) | Entry(sort):
            return sort
        case Constant(value):
            if isinstance(value, bool):
                return Sort.TRUTH
            return Sort.NUMBER if isinstance(value, int) else Sort.TEXT
        case Computed() | Floored() | Within() | Each("count"):
            return Sort.NUMBER
        case Where(_, item) | First((item, *_)):
            return sort_of(item)
        case _:
            return Sort.TRUTH


def inputs_of(*terms: Term) -> tuple[Input, ...]:
    """Answer the inputs of some terms, each once, by name.

    :param terms: any terms.
    """
    found: dict[str, Input] = {}
    waiting = list(terms)
    while waiting:
        here = waiting.pop()
        if isinstance(here, Input):
            found[here.name] = here
        waiting.extend(parts(here))
    return tuple(found[name] for name in sorted(found))


def range_of(term: Term) -> tuple[int, int]:
    """Answer between which numbers a term lies whenever it is known.

    :param term: a term of numbers.
    """
    match term:
        case Input(_, _, low, high) | Entry(_, low, high):
            return low, high
        case Each(_, entries):
            return 0, entries.high
        case Constant(value):
            return int(value), int(value)
        case Floored(item, by):
            low, high = range_of(item)
            return low // by, high // by
        case Within(item, low, high):
            inner = range_of(item)
            return max(low, inner[0]), min(high, inner[1])
        case Where(_, item):
            return range_of(item)
        case First(items):
            ranges = [range_of(item) for item in items]
            return min(low for low, _ in ranges), max(high for _, high in ranges)
        case Computed(op, left, right):
            return _computed(op, range_of(left), range_of(right))
    return 0, 0


def _computed(op: str, left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int]:
    (a, b), (c, d) = left, right
    if op == "+":
        return a + c, b + d
    if op == "-":
        return a - d, b - c
    products = (a * c, a * d, b * c, b * d)
    return min(products), max(products)
