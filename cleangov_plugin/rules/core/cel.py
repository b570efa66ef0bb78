"""The core as CEL, the Common Expression Language (cel.dev): for other engines, and as a check.

The inputs are the entries of maps, ``numbers``, ``truths`` and ``texts``, and lists those of
``number_lists`` and ``text_lists``. What is unknown is left out: CEL then answers with an error,
and its ``&&`` and ``||`` absorb errors exactly where Kleene's logic decides without the unknown
part, so that an error of the whole is "unknown". The
entry named ``""`` is never given: it stands for what is unknown by itself.

What CEL lacks is written out: ``known(a, b)`` becomes a question whether `a` is known. Engines
refuse what is long or deep, so that `LONGEST` and `DEEPEST` bound what is written.
"""

import json
import re
from dataclasses import dataclass
from typing import Final

from cleangov_plugin.domain.errors import RuleError

from . import nodes as core
from .nodes import Input, Sort, Term, sort_of

#: Longest text and deepest tree that cel-cpp takes with its limits as shipped, 100 000 code points
#: and 32 levels; tried with cel-expr-python 0.1.3.
LONGEST: Final = 100_000
DEEPEST: Final = 30
#: How many levels a macro adds to its test: it becomes a loop.
_MACRO: Final = 4

_MAPS: Final = {Sort.NUMBER: "numbers", Sort.TRUTH: "truths", Sort.TEXT: "texts"}
_LISTS: Final = {Sort.NUMBER: "number_lists", Sort.TEXT: "text_lists"}
_CONTROL: Final = re.compile(r'["\\\x00-\x1f\x7f-\x9f\u2028\u2029]')


@dataclass(frozen=True, slots=True)
class _Cel:
    """A piece of CEL, and how many levels its tree has."""

    text: str
    depth: int = 1


def write_cel(term: Term) -> str:
    """Write a term of the core as CEL.

    :param term: the term.
    :return: one expression over the maps ``numbers``, ``truths``, ``texts`` and those of lists.
    :raises RuleError: where it would be too long or too deep, or has a text that is no Unicode.
    """
    return _written(term).text


def place(given: Input) -> str:
    """Answer how CEL reads an input: ``numbers["amount"]``.

    :param given: the input.
    """
    return f"{_map(given)}[{_quoted(given.name)}]"


def _map(given: Input) -> str:
    return _LISTS[given.entry.sort] if given.entry is not None else _MAPS[given.sort]


def _written(term: Term) -> _Cel:
    match term:
        case Input():
            return _Cel(place(term), 2)
        case core.Constant(value):
            return _Cel(_constant(value))
        case core.All(items):
            return _joined(" && ", [_written(item) for item in items], "true")
        case core.Any(items):
            return _joined(" || ", [_written(item) for item in items], "false")
        case core.Opposite(core.IsUnknown(item)):
            return _known(item)
        case core.Opposite(item):
            return _made("!{}", _written(item))
        case core.IsUnknown(item):
            return _made("!{}", _known(item))
        case core.Compared(op, left, right) | core.Computed(op, left, right):
            return _made("({} " + op + " {})", _written(left), _written(right))
    return _longer(term)


def _longer(term: Term) -> _Cel:
    """Write what CEL has no sign for."""
    match term:
        case core.OneOf(item, options):
            listed = _Cel(", ".join(map(_constant, options)))
            return _made("({} in [{}])", _written(item), listed)
        case core.Floored(item, by, shift):
            return _made(f"(({{}} + {shift}) / {by} - {shift // by})", _written(item), levels=3)
        case core.Within(item):
            return _chosen(_inside(term), _written(item), _never(Sort.NUMBER))
        case core.Where(test, item):
            return _chosen(_written(test), _written(item), _never(sort_of(item)))
        case core.First(items):
            return _first(items)
        case core.Entry():
            return _Cel("item")
        case core.Each(op, entries, test):
            return _each(op, place(entries), _written(test))
    raise TypeError(term)


def _each(op: str, listed: str, test: _Cel) -> _Cel:
    """Write a test of entries by a macro of CEL; each adds some levels."""
    if op == "count":
        return _made(f"size({listed}.filter(item, {{}}))", test, levels=_MACRO + 1)
    word = "exists" if op == "any" else "all"
    return _made(f"{listed}.{word}(item, {{}})", test, levels=_MACRO)


def _first(items: tuple[Term, ...]) -> _Cel:
    found = _written(items[-1])
    for item in reversed(items[:-1]):
        found = _chosen(_known(item), _written(item), found)
    return found


def _inside(term: core.Within) -> _Cel:
    item = _written(term.item)
    return _made(f"({{0}} >= {term.low} && {{0}} <= {term.high})", item, levels=2)


def _known(term: Term) -> _Cel:
    """Write the question whether a term is known; its answer always is."""
    match term:
        case Input(name):
            return _Cel(f"({_quoted(name)} in {_map(term)})", 2)
        case core.Constant() | core.IsUnknown() | core.Entry():
            return _Cel("true")
        case core.All(items):
            decided = [_both(_known(item), _made("!{}", _written(item))) for item in items]
            return _any([*decided, _known_each(items)])
        case core.Any(items):
            decided = [_both(_known(item), _written(item)) for item in items]
            return _any([*decided, _known_each(items)])
        case core.Within(item):
            return _both(_known(item), _inside(term))
        case core.Where(test, item):
            return _both(_known(test), _written(test), _known(item))
        case core.First(items):
            return _any([_known(item) for item in items])
        case core.Each():
            return _tested(term)
    return _known_each(core.parts(term))


def _tested(term: core.Each) -> _Cel:
    """Write the question whether a test of entries has an answer."""
    is_there, listed, known = _known(term.entries), place(term.entries), _known(term.test)
    all_known = _each("all", listed, known)
    if term.op == "count":
        return _both(is_there, all_known)
    test = _written(term.test) if term.op == "any" else _made("!{}", _written(term.test))
    return _both(is_there, _any([_each("any", listed, _both(known, test)), all_known]))


def _known_each(terms: tuple[Term, ...]) -> _Cel:
    return _both(*(_known(term) for term in terms))


def _both(*pieces: _Cel) -> _Cel:
    return _joined(" && ", [piece for piece in pieces if piece.text != "true"], "true")


def _any(pieces: list[_Cel]) -> _Cel:
    return _joined(" || ", pieces, "false")


def _joined(sign: str, pieces: list[_Cel], neutral: str) -> _Cel:
    if len(pieces) < 2:
        return pieces[0] if pieces else _Cel(neutral)
    levels = (len(pieces) - 1).bit_length()  # engines balance a row of the same sign
    text = sign.join(piece.text for piece in pieces)
    return _bounded(f"({text})", levels + max(piece.depth for piece in pieces))


def _chosen(test: _Cel, item: _Cel, otherwise: _Cel) -> _Cel:
    return _made("({} ? {} : {})", test, item, otherwise)


def _never(sort: Sort) -> _Cel:
    return _Cel(f'{_MAPS[sort]}[""]', 2)


def _made(pattern: str, *pieces: _Cel, levels: int = 1) -> _Cel:
    text = pattern.format(*(piece.text for piece in pieces))
    return _bounded(text, levels + max(piece.depth for piece in pieces))


def _bounded(text: str, depth: int) -> _Cel:
    if len(text) > LONGEST or depth > DEEPEST:
        what = f"as CEL this has {depth} levels and {len(text):,} characters"
        remedy = f"At most {DEEPEST} and {LONGEST:,} are written: make two rules."
        raise RuleError(f"{what}.", remedy=remedy)
    return _Cel(text, depth)


def _constant(value: bool | int | str) -> str:
    if isinstance(value, str):
        return _quoted(value)
    return str(value).lower()


def _quoted(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise RuleError(f"{json.dumps(text)} is no Unicode text.") from None
    return '"' + _CONTROL.sub(lambda found: _escape(found.group()), text) + '"'


def _escape(char: str) -> str:
    return f"\\{char}" if char in '"\\' else f"\\u{ord(char):04x}"
