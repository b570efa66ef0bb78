"""Templates of texts for people: typed places such as ``{amount:money}``, checked at saving.

A stretch in double square brackets is left out where one of its places is unknown.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cleangov_plugin.domain.errors import RuleError

from .kinds import Kind, of
from .names import Names, near
from .tree import Name, Source

_PLACE: Final = re.compile(r"\{([^{}:]+)(?::([a-z_]+))?\}")
_STRETCH: Final = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)

#: Which kinds of value each form can show; the first form that fits is used where none is named.
FORMS: Final[Mapping[str, frozenset[Kind]]] = {
    "money": frozenset({Kind.MONEY}),
    "amount": frozenset({Kind.MONEY}),
    "date": frozenset({Kind.DATE, Kind.INSTANT}),
    "date_short": frozenset({Kind.DATE, Kind.INSTANT}),
    "weekday": frozenset({Kind.DATE, Kind.INSTANT}),
    "time": frozenset({Kind.INSTANT}),
    "percent": frozenset({Kind.PERCENT, Kind.RATIO}),
    "integer": frozenset({Kind.INTEGER, Kind.DAYS, Kind.WORKING_DAYS}),
    "duration": frozenset({Kind.DURATION}),
    "text": frozenset({Kind.TEXT, Kind.CHOICE}),
    "list": frozenset({Kind.LIST}),
}
#: The place of the citation that is valid for the day of the act.
BASIS: Final = Name(of(Kind.INTEGER), "basis", Source.VALUE, "basis")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a template.

    :param name: the value shown there.
    :param form: how it is shown; empty for the usual form of its kind.
    """

    name: str
    form: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a template.

    :param pieces: plain text and places, in order.
    :param is_optional: whether it is left out where a value is unknown.
    """

    pieces: tuple[str | Place, ...]
    is_optional: bool


@lru_cache(maxsize=2_000)
def stretches(template: str) -> tuple[Stretch, ...]:
    """Cut a template into stretches.

    :param template: the template.
    """
    found = []
    for number, part in enumerate(_STRETCH.split(template)):
        if part:
            found.append(Stretch(tuple(_pieces(part)), number % 2 == 1))
    return tuple(found)


def _pieces(text: str) -> Iterator[str | Place]:
    position = 0
    for match in _PLACE.finditer(text):
        if match.start() > position:
            yield text[position : match.start()]
        yield Place(match[1].strip(), match[2] or "")
        position = match.end()
    if position < len(text):
        yield text[position:]


def places(template: str) -> tuple[Place, ...]:
    """Answer the places of a template, in order.

    :param template: the template.
    """
    return tuple(p for s in stretches(template) for p in s.pieces if isinstance(p, Place))


def check_template(template: str, names: Names, where: str) -> tuple[Name, ...]:
    """Check every place of a template.

    :param template: the template.
    :param names: the names it may use.
    :param where: its path in the rule, for messages.
    :return: the names it shows.
    :raises RuleError: where a name is unknown or cannot be shown in the form asked for.
    """
    rest = _PLACE.sub("", _STRETCH.sub(r"\1", template))
    if any(mark in rest for mark in ("{", "}", "[[", "]]")):
        remedy = "Write {amount:money}, and optional stretches as [[ · {facts.usual.n:integer} ]]."
        raise RuleError("a brace or bracket is left open.", where=where, remedy=remedy)
    found = []
    for place in places(template):
        if place.name == BASIS.path:
            found.append(BASIS)
            continue
        name = names.resolve(place.name, where)
        _check_form(place, name, where)
        found.append(name)
    return tuple(found)


def _check_form(place: Place, name: Name, where: str) -> None:
    if not place.form:
        return
    kinds = FORMS.get(place.form)
    if kinds is None:
        hint = near(place.form, FORMS) or f"Known are {', '.join(FORMS)}."
        raise RuleError(f"there is no form '{place.form}'.", where=where, remedy=hint)
    if name.type.kind not in kinds:
        fitting = ", ".join(form for form, kinds in FORMS.items() if name.type.kind in kinds)
        what = f"'{name.path}' is {name.type.described()} and cannot be shown as {place.form}."
        raise RuleError(what, where=where, remedy=f"Use {fitting}." if fitting else "")


def usual_form(kind: Kind) -> str:
    """Answer the form in which a kind is shown where none is named.

    :param kind: the kind.
    """
    return next((form for form, kinds in FORMS.items() if kind in kinds), "text")
