"""The types of the rule language, each with its unit and its proven range."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from babel.numbers import get_currency_precision

#: A ratio of 100 % in our unit of percentages: thousandths of a percent, so that 0.001 % is 1.
WHOLE: Final = 100_000
#: What every integer of a rule is proven to stay within, so that any SQL engine computes it.
LARGEST: Final = 2**63 - 1


class Kind(StrEnum):
    """The kinds of value. Each name is also how a rule file writes the type."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    MONEY = "money"
    PERCENT = "percent"
    RATIO = "ratio"
    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    INSTANT = "datetime"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    DURATION = "duration"
    LIST = "list"


#: The currency of sums that the case decides: they are added and compared with one another alone.
ANY_CURRENCY: Final = "any"

#: Default ranges: money in minor units, durations in seconds, percentages in thousandths of one
#: percent. They are chosen so that a ratio of two sums of money passes the proof undeclared.
RANGES: Final[Mapping[Kind, tuple[int, int]]] = {
    Kind.INTEGER: (-(2**53) + 1, 2**53 - 1),
    Kind.MONEY: (-(10**13), 10**13),
    Kind.PERCENT: (0, 1000 * WHOLE),
    Kind.DAYS: (-100_000, 100_000),
    Kind.WORKING_DAYS: (-100_000, 100_000),
    Kind.DURATION: (-(10**10), 10**10),
}
#: The most entries of a list; a longer one is unknown.
MOST_ENTRIES: Final = 10_000
#: The default range of every kind that has one; a list's is of its number of entries.
DEFAULTS: Final[Mapping[Kind, tuple[int, int]]] = {**RANGES, Kind.LIST: (0, MOST_ENTRIES)}
ORDERED: Final = frozenset({*RANGES, Kind.DATE, Kind.INSTANT})

_UNITS: Final[Mapping[Kind, str]] = {
    Kind.DAYS: "civil days, written 60 days or 60天",
    Kind.WORKING_DAYS: "working days, written 5 working days or 5个工作日",
    Kind.DURATION: "a duration, written 24 hours or 30 minutes",
    Kind.PERCENT: "a percentage, written 10%",
    Kind.RATIO: "a ratio",
    Kind.INTEGER: "a whole number",
    Kind.TEXT: "a text, written 'text'",
    Kind.CHOICE: "one of a closed list, written 'text'",
    Kind.DATE: "a day, written 2026-03-10",
    Kind.INSTANT: "a moment",
    Kind.BOOLEAN: "yes or no",
    Kind.LIST: "a list",
}


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a value.

    :param kind: the kind.
    :param currency: ISO 4217 code of a sum of money, or `ANY_CURRENCY`; empty otherwise.
    :param choices: the closed list a text is from; empty where any text will do.
    :param low: least value, in the kind's unit; of a list its fewest entries.
    :param high: greatest value, in the kind's unit; of a list its most entries.
    :param item: type of a list's entries where it is declared; else they are texts.
    """

    kind: Kind
    currency: str = ""
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    item: "Type | None" = None

    @property
    def entry(self) -> "Type":
        """Answer the type of a list's entries."""
        return self.item or of(Kind.TEXT)

    @property
    def is_of_any_currency(self) -> bool:
        """Answer whether its values carry their own currency."""
        return self.currency == ANY_CURRENCY

    def within(self, low: int, high: int) -> "Type":
        """Answer this type with another range.

        :param low: least value.
        :param high: greatest value.
        """
        return replace(self, low=low, high=high)

    def described(self) -> str:
        """Answer how a message names the type, with its unit."""
        if self.is_of_any_currency:
            return "money in the currency of the case"
        if self.kind is Kind.MONEY:
            return f"money in {self.currency}, written 800{written_currency(self.currency)}"
        return _UNITS[self.kind]

    def is_like(self, other: "Type") -> bool:
        """Answer whether values of both types can be compared and added.

        :param other: the other type.
        """
        if {self.kind, other.kind} <= {Kind.TEXT, Kind.CHOICE}:
            return True
        return self.kind is other.kind and self.currency == other.currency


def of(kind: Kind, *, currency: str = "", choices: tuple[str, ...] = ()) -> Type:
    """Answer the type of a kind with its default range.

    :param kind: the kind.
    :param currency: for money, an ISO 4217 code or `ANY_CURRENCY`; CNY where left out.
    :param choices: for choices.
    """
    low, high = DEFAULTS.get(kind, (0, 0))
    if kind is Kind.MONEY:
        currency = currency or "CNY"
    return Type(kind=kind, currency=currency, choices=choices, low=low, high=high)


def size_of(type_: Type) -> Type:
    """Answer the type of the number of entries of a list.

    :param type_: type of the list.
    """
    return of(Kind.INTEGER).within(type_.low, type_.high)


def written_currency(currency: str) -> str:
    """Answer how the language writes a currency after a number.

    :param currency: ISO 4217 code.
    """
    return "元" if currency == "CNY" else currency


def minor_digits(currency: str) -> int:
    """Answer how many digits a currency has after the point: 2 for CNY, 0 for JPY (CLDR).

    :param currency: ISO 4217 code.
    """
    return int(get_currency_precision(currency))
