"""The words of the rule language: a text becomes tokens, each with its place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.core import get_global

from cleangov_plugin.domain.errors import RuleError

from .kinds import RANGES, WHOLE, Kind, Type, minor_digits, of

#: Longest text of one expression, in characters (limits measured with the language's prototype).
LONGEST: Final = 2_000

_OPERATORS: Final = {"&&": "and", "||": "or", "!": "not", "且": "and", "或": "or", "非": "not"}
_WORDS: Final = {**_OPERATORS, "and": "and", "or": "or", "not": "not", "in": "in", "属于": "in"}
_TWO_WORDS: Final = {"不属于": ("not", "in")}
_BOOLEANS: Final = {"true": True, "false": False, "真": True, "假": False}
_CURRENCIES: Final = frozenset(get_global("all_currencies"))

_UNITS: Final[Mapping[str, tuple[Kind, int]]] = {
    "%": (Kind.PERCENT, WHOLE // 100),
    **dict.fromkeys(("days", "day", "天", "日"), (Kind.DAYS, 1)),
    **dict.fromkeys(("working days", "working day", "个工作日", "工作日"), (Kind.WORKING_DAYS, 1)),
    **dict.fromkeys(("hours", "hour", "小时", "个小时"), (Kind.DURATION, 3600)),
    **dict.fromkeys(("minutes", "minute", "分钟"), (Kind.DURATION, 60)),
}
_YUAN: Final[Mapping[str, int]] = {"元": 1, "万元": 10_000, "亿元": 100_000_000}

_INSTEAD: Final = {
    "=": "Compare with ==.",
    "/": "There is no division: write ratio(a, b) > 10%.",
    "%": "Write the percentage with its number: 10%.",
    "'": "A text ends with the quote it began with.",
    **{
        wide: f"Write the half-width sign: {sign}"
        for wide, sign in zip(
            "（），＞＜＝！＋－＊％“”‘’＂＇【】［］", "(),><=!+-*%\"\"''\"'[][]", strict=True
        )
    },
}

_PATTERN: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}(?!\d))
    |(?P<number>[0-9０-９]+(?:_[0-9０-９]+)*(?:\.[0-9０-９]+)?)[ ]?
     (?P<unit>%|working\ days?|个?工作日|个?小时|分钟|[天日]|[万亿]?元|(?:days?|hours?|minutes?)\b
      |[A-Z]{3}\b)?
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
    |(?P<sign>==|!=|<=|>=|&&|\|\||[-+*()\[\],<>!])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of an expression.

    :param kind: ``"literal"``, ``"name"``, ``"sign"``, ``"word"`` or ``"end"``.
    :param text: as written; the canonical spelling of words.
    :param at: position of its first character, counted from 1.
    :param value: the value of a literal.
    :param type: the type of a literal.
    """

    kind: str
    text: str
    at: int
    value: bool | int | str | date = 0
    type: Type | None = None


def tokens(text: str, where: str) -> tuple[Token, ...]:
    """Cut an expression into its words.

    :param text: the expression.
    :param where: path of the expression in its rule, for messages.
    :return: the words and a last one of kind ``"end"``.
    :raises RuleError: at the first character that begins no word, and for texts too long.
    """
    if len(text) > LONGEST:
        raise RuleError(
            f"the expression has {len(text):,} characters.",
            where=where,
            remedy=f"At most {LONGEST:,} are allowed: make two rules, or move parts to facts.",
        )
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _PATTERN.match(text, position)
        if match is None:
            char = text[position]
            what = f"'{char}' begins no word of the language"
            raise refused(what, where, position + 1, _INSTEAD.get(char, ""))
        if match["name"] in _TWO_WORDS:
            found.extend(
                Token("word", word, match.start() + 1) for word in _TWO_WORDS[match["name"]]
            )
        elif match.lastgroup != "space" and match["space"] is None:
            found.append(_token(match, where))
        position = match.end()
    return (*found, Token("end", "the end", len(text) + 1))


def refused(what: str, where: str, at: int, remedy: str = "") -> RuleError:
    """Make the error for one place of an expression.

    :param what: what is wrong there, without a full stop.
    :param where: path of the expression in its rule.
    :param at: position, counted from 1.
    :param remedy: what to write instead.
    """
    return RuleError(f"{what} (character {at}).", where=where, remedy=remedy)


def _token(match: re.Match[str], where: str) -> Token:
    at, text = match.start() + 1, match.group().strip()
    if match["date"]:
        try:
            day = date.fromisoformat(match["date"])
        except ValueError:
            raise refused(f"there is no day {match['date']}", where, at) from None
        return Token("literal", text, at, day, of(Kind.DATE))
    if match["number"]:
        return _quantity(match, where, at)
    if match["text"]:
        quote = text[0]
        return Token("literal", text, at, text[1:-1].replace(quote * 2, quote), of(Kind.TEXT))
    if text in _BOOLEANS:
        return Token("literal", text, at, _BOOLEANS[text], of(Kind.BOOLEAN))
    if text in _WORDS:
        return Token("word", _WORDS[text], at)
    return Token("name" if match["name"] else "sign", text, at)


def _quantity(match: re.Match[str], where: str, at: int) -> Token:
    """Read a number with its unit, exactly: a fraction finer than the unit is refused."""
    digits, unit = match["number"].replace("_", ""), match["unit"] or ""
    if unit in _YUAN:
        kind, scale, currency = Kind.MONEY, 100 * _YUAN[unit], "CNY"
    elif unit in _UNITS:
        (kind, scale), currency = _UNITS[unit], ""
    elif unit:
        if unit not in _CURRENCIES:
            raise refused(f"'{unit}' is no currency", where, at, "Write its ISO 4217 code.")
        kind, scale, currency = Kind.MONEY, 10 ** minor_digits(unit), unit
    else:
        kind, scale, currency = Kind.INTEGER, 1, ""
    value = _scaled(digits, scale)
    if value is None:
        remedy = "Write it with a unit that makes it whole: 800元, 10%, 36.00EUR."
        raise refused(f"{match.group().strip()} is not a whole number", where, at, remedy)
    if value > RANGES[kind][1]:
        raise refused(f"{match.group().strip()} is too large", where, at)
    return Token("literal", match.group().strip(), at, value, of(kind, currency=currency))


def _scaled(digits: str, scale: int) -> int | None:
    """Multiply a decimal number exactly; None where the product is not whole."""
    whole, _, fraction = digits.partition(".")
    product, rest = divmod(int(whole + fraction) * scale, 10 ** len(fraction))
    return None if rest else product
