"""Reading sums of a log: exact decimal text to whole minor units, never through a float."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from cleangov_hooks import Money
from cleangov_plugin.domain.errors import IntakeError
from cleangov_plugin.rules.kinds import minor_digits

from .cells import Get, bare
from .formats.log_rows import Row, shown

#: What 1 in the file stands for, as a power of ten of the whole currency; None: a minor unit.
UNITS: Final[Mapping[str, int | None]] = {
    "minor": None,
    "one": 0,
    "thousand": 3,
    "ten_thousand": 4,
    "million": 6,
    "hundred_million": 8,
}
#: The sign that a sum may have in the file; minus: what it writes are deductions, without a sign.
SIGNS: Final = ("plus", "minus", "either")
ROUNDINGS: Final = ("refused", "nearest")

_LARGEST: Final = 2**53 - 1
_MOST_CURRENCIES: Final = 300
_NUMBER: Final = re.compile(r"([+-]?)(\d{1,30})(?:\.(\d{1,30}))?(?:[eE]([+-]?\d{1,2}))?")
#: A part of a minor unit below one in so many is what a binary float leaves behind: 71.30000000001.
_NOISE: Final = 10**6


@dataclass(frozen=True, slots=True, kw_only=True)
class SumFormat:
    """How sums are written.

    :param currency: ISO 4217 code; empty where the log tells it beside each sum.
    :param unit: one of `UNITS`.
    :param sign: one of `SIGNS`.
    :param rounding: what is done with parts of a minor unit, one of `ROUNDINGS`.
    :param decimal_mark: before the decimals.
    :param group_mark: between thousands; empty where there is none.
    """

    currency: str = ""
    unit: str = "one"
    sign: str = "plus"
    rounding: str = "refused"
    decimal_mark: str = "."
    group_mark: str = ""


def money(
    get: Get, name: str, format_: SumFormat, unknown: Iterable[str] = ()
) -> Callable[[Row], Money | None]:
    """Make the reader of a sum.

    :param get: reads the cell.
    :param name: our own name of the value.
    :param format_: how it is written.
    :param unknown: values that stand for nothing known.
    :return: the reader.
    """
    read_bare = bare(get, name, unknown)
    power = UNITS[format_.unit]
    shift = 0 if power is None else minor_digits(format_.currency) + power
    sums: dict[str, Money] = {}  # few different sums stand in a log

    def read(row: Row) -> Money | None:
        found = read_bare(row)
        if found is None:
            return None
        known = sums.get(found)
        if known is None:
            minor = _minor(_plain(found, format_), shift, name, found, format_)
            known = Money(minor=minor, currency=format_.currency)
            if len(sums) < 10_000:
                sums[found] = known
        return known

    return read


def money_as_told(
    get: Get,
    name: str,
    format_: SumFormat,
    unknown: Iterable[str],
    currency: Callable[[Row], str | None],
) -> Callable[[Row], Money | None]:
    """Make the reader of a sum whose currency stands beside it.

    :param get: reads the cell.
    :param name: our own name of the value.
    :param format_: how it is written, but for the currency.
    :param unknown: values that stand for nothing known.
    :param currency: reads the currency, in letters of either size.
    :return: the reader.
    """
    read_bare = bare(get, name, unknown)
    readers: dict[str, Callable[[Row], Money | None]] = {}

    def read(row: Row) -> Money | None:
        if read_bare(row) is None:
            return None
        code = (currency(row) or "").upper()
        if code not in readers:
            if not is_currency(code) or len(readers) >= _MOST_CURRENCIES:
                what = f"{name}: the currency of a sum is {shown(code) if code else 'missing'}."
                raise IntakeError(what, remedy="Correct the file: an ISO 4217 code, as CNY.")
            readers[code] = money(get, name, replace(format_, currency=code), unknown)
        return readers[code](row)

    return read


def is_currency(code: str) -> bool:
    """Answer whether a text is written as a currency's code is.

    :param code: the text.
    """
    return len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()


def _plain(written: str, format_: SumFormat) -> str:
    if format_.group_mark:
        written = written.replace(format_.group_mark, "")
    return written if format_.decimal_mark == "." else written.replace(format_.decimal_mark, ".")


def _minor(written: str, shift: int, name: str, found: str, format_: SumFormat) -> int:
    match = _NUMBER.fullmatch(written)
    if match is None:
        remedy = "If it stands for no sum, name it under 'unknown'; else correct the file."
        raise IntakeError(f"{name}: {shown(found)} is no sum.", remedy=remedy)
    sign, whole, part, exponent = match.groups(default="")
    power = int(exponent or 0) + shift - len(part)
    minor = _scaled(int(whole + part), power, format_.rounding == "nearest")
    if minor is None:
        remedy = "Correct the unit in the mapping, or say 'rounding: nearest' there."
        raise IntakeError(f"{name}: {shown(found)} has parts of a minor unit.", remedy=remedy)
    if minor > _LARGEST:
        raise IntakeError(f"{name}: {shown(found)} is too large.", remedy="Correct the unit.")
    if sign == "-" and minor and format_.sign != "either":
        remedy = "Say 'sign: either' in the mapping if such sums are meant."
        raise IntakeError(
            f"{name}: {shown(found)} is negative, which {_MAY[format_.sign]}.", remedy=remedy
        )
    return -minor if (sign == "-") != (format_.sign == "minus") else minor


_MAY: Final = {
    "plus": "this kind of event forbids",
    "minus": "a deduction written without a sign forbids",
}


def _scaled(digits: int, power: int, is_rounded: bool) -> int | None:
    """Multiply by a power of ten; None where a true part of a unit would be lost."""
    if power >= 0:
        return digits * _ten_to(power)
    unit = _ten_to(-power)
    units, rest = divmod(digits, unit)
    is_noise = rest * _NOISE < unit or (unit - rest) * _NOISE < unit
    if rest and not is_noise and not is_rounded:
        return None
    is_up = 2 * rest > unit or (2 * rest == unit and units % 2 == 1)  # half to even
    return units + is_up


def _ten_to(power: int) -> int:
    return int("1" + "0" * power)
