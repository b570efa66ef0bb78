"""Entries of lists whose type is declared: read from what an event carries, kept as texts.

The value of a list is a tuple of texts everywhere, so that it is stored, shown and compared in one
way. An entry of a declared type is one canonical text, ``"800.01元"``, ``"12"``, ``"2026-03-10"``,
and becomes a value of the core only where it is tested.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from cleangov_hooks import Money

from .kinds import Kind, Type, minor_digits, written_currency
from .tree import Core

#: The types an entry may have.
ENTRY_KINDS: Final = frozenset(
    {Kind.TEXT, Kind.CHOICE, Kind.INTEGER, Kind.DAYS, Kind.MONEY, Kind.DATE}
)
_WHOLE: Final = re.compile(r"-?[0-9]{1,19}")
_SUM: Final = re.compile(r"(-?[0-9]{1,19}(?:\.[0-9]{1,4})?) ?(元|[A-Z]{3})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def entry(value: object, type_: Type) -> Core:
    """Read an entry of a list.

    :param value: what the event carries, or the canonical text; hostile.
    :param type_: the declared type of the entries.
    :return: the value in the core's unit; None where it is not of that type.
    """
    return _READERS[type_.kind](value, type_)


def canonical(value: object, type_: Type) -> str | None:
    """Answer an entry as the text it is kept as.

    :param value: what the event carries; hostile.
    :param type_: the declared type of the entries.
    :return: a text that `entry` reads as the same value; None where it is not of that type.
    """
    found = entry(value, type_)
    if found is None or type_.kind is not Kind.MONEY:
        return None if found is None else str(found)
    assert isinstance(found, int)  # noqa: S101 - what `_sum` answers
    digits = minor_digits(type_.currency)
    number = Decimal(found).scaleb(-digits)
    plain = number.to_integral_value() if found % 10**digits == 0 else number
    return f"{plain:f}{written_currency(type_.currency)}"


def written_entry(value: int | str, type_: Type) -> str | None:
    """Write a value of the core as an entry of a list.

    :param value: in the core's unit.
    :param type_: type of the entries.
    :return: its text; None where such a list has no such entry.
    """
    if type_.kind is Kind.MONEY and isinstance(value, int):
        return canonical(Money(minor=value, currency=type_.currency), type_)
    return canonical(value, type_)


def canonical_list(values: tuple[Any, ...], type_: Type) -> tuple[str, ...] | None:
    """Answer a list with its entries as texts.

    :param values: what the event carries; hostile.
    :param type_: the type of the list.
    :return: the list; None where an entry is not of its type, as it cannot be trusted then.
    """
    found: list[str] = []
    for value in values:
        text = canonical(value, type_.entry)
        if text is None:
            return None
        found.append(text)
    return tuple(found)


def _ranged(number: int | None, type_: Type) -> Core:
    return number if number is not None and type_.low <= number <= type_.high else None


def _whole(value: object, type_: Type) -> Core:
    if isinstance(value, str):
        return _ranged(int(value), type_) if _WHOLE.fullmatch(value) else None
    return _ranged(value, type_) if type(value) is int else None


def _sum(value: object, type_: Type) -> Core:
    if isinstance(value, Money):
        return _ranged(value.minor, type_) if value.currency == type_.currency else None
    match = _SUM.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[2] not in (None, type_.currency, written_currency(type_.currency)):
        return None
    minor = Decimal(match[1]).scaleb(minor_digits(type_.currency))
    return _ranged(int(minor), type_) if minor == minor.to_integral_value() else None


def _day(value: object, _: Type) -> Core:
    if isinstance(value, date):
        return None if isinstance(value, datetime) else value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _text(value: object, type_: Type) -> Core:
    if not isinstance(value, str) or (type_.choices and value not in type_.choices):
        return None
    return str(value)


_READERS: Final[Mapping[Kind, Callable[[object, Type], Core]]] = {
    Kind.TEXT: _text,
    Kind.CHOICE: _text,
    Kind.INTEGER: _whole,
    Kind.DAYS: _whole,
    Kind.MONEY: _sum,
    Kind.DATE: _day,
}
