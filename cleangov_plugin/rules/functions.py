"""Functions of texts and lists: pure, total, and unknown where one of their values is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from .kinds import Kind, Type, of

_TEXT: Final = of(Kind.TEXT)
_LIST: Final = of(Kind.LIST)
_TRUTH: Final = of(Kind.BOOLEAN)


@dataclass(frozen=True, slots=True)
class Function:
    """One function of the language.

    :param takes: types of its values.
    :param gives: type of its answer.
    :param run: works it out; no value is unknown.
    """

    takes: tuple[Type, ...]
    gives: Type
    run: Callable[..., Any]


def contains(text: str, part: str) -> bool:
    """Answer whether a text contains another; any run of blanks and line ends counts as one.

    :param text: the text.
    :param part: what is looked for; nothing is contained in everything.
    """
    return _plain(part) in _plain(text)


def joined(first: str, second: str) -> str:
    """Put two texts under one another.

    :param first: the upper one.
    :param second: the lower one.
    """
    return f"{first}\n{second}"


def overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Answer whether two lists have an entry in common.

    :param one: the one.
    :param other: the other.
    """
    return not set(one).isdisjoint(other)


def has(entries: tuple[str, ...], entry: str) -> bool:
    """Answer whether a text is an entry of a list; written ``entry in list``.

    :param entries: the list.
    :param entry: the text.
    """
    return entry in entries


def _plain(text: str) -> str:
    return " ".join(text.split())


FUNCTIONS: Final[Mapping[str, Function]] = {
    "contains": Function((_TEXT, _TEXT), _TRUTH, contains),
    "joined": Function((_TEXT, _TEXT), _TEXT, joined),
    "overlap": Function((_LIST, _LIST), _TRUTH, overlap),
    "has": Function((_LIST, _TEXT), _TRUTH, has),
}
