"""Dates of a workbook: numbers of days in one of two systems, told apart by a cell's format."""

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

#: How a number is shown, as far as it matters here.
DATE: Final = "date"
TIME: Final = "time"
BOTH: Final = "datetime"

_DATES: Final = frozenset((14, 15, 16, 17, *range(27, 32), 36, *range(50, 55), 57, 58))
_HOURS: Final = frozenset((18, 19, 20, 21, *range(32, 36), 45, 46, 47, 55, 56))
#: Of a format's code: what is written as it stands, colours, and the marks of noon.
_NOISE: Final = re.compile(
    r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]|am/pm|a/p|上午/下午', re.IGNORECASE
)
_DAY: Final = timedelta(days=1)
_MILLISECONDS: Final = 86_400_000
_LAST: Final = 2_958_466  # the day after 9999-12-31
#: 29 February 1900, which the system of 1900 counts and the calendar does not have.
_NEVER: Final = 60


def shown_as(number: int, code: str | None) -> str | None:
    """Answer whether a format shows days, hours or both; None for neither.

    :param number: number of the format.
    :param code: its code, where the workbook tells it.
    """
    if code is None:
        plain = DATE if number in _DATES else TIME if number in _HOURS else None
        return BOTH if number == 22 else plain
    letters = set(_NOISE.sub("", code.partition(";")[0]).lower())
    has_hours = bool(letters & {"h", "s"})
    if letters & {"y", "d"} or ("m" in letters and not has_hours):
        return BOTH if has_hours else DATE
    return TIME if has_hours else None


def written(serial: str, is_1904: bool, shown: str) -> str | None:
    """Write a number of days as ISO 8601.

    :param serial: the number as the file has it.
    :param is_1904: whether days are counted from 1904.
    :param shown: `DATE`, `TIME` or `BOTH`.
    :return: a day alone where hours are neither shown nor there; None where it is no date.
    """
    try:
        days = Decimal(serial)
    except InvalidOperation:
        return None
    if not (days.is_finite() and 0 <= days < _LAST):
        return None
    moment = timedelta(milliseconds=int((days * _MILLISECONDS).to_integral_value()))
    if shown == TIME and moment < _DAY:
        return (datetime(1900, 1, 1) + moment).time().isoformat(timespec="seconds")  # noqa: DTZ001
    if is_1904:
        found = datetime(1904, 1, 1) + moment  # noqa: DTZ001  # the zone is the mapping's
    elif moment.days == _NEVER:
        return None
    else:
        first = 30 if moment.days > _NEVER else 31
        found = datetime(1899, 12, first) + moment  # noqa: DTZ001
    if shown == DATE and not moment % _DAY:
        return found.date().isoformat()
    return found.isoformat(timespec="milliseconds" if found.microsecond else "seconds")
