"""How times are written in a strange file; a zone is never guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .heads import Column

_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d")
_FORMATS: Final = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日%H时%M分",
    "%Y年%m月%d日",
    "%Y.%m.%d %H:%M:%S",
    "%Y.%m.%d %H:%M",
    "%Y.%m.%d",
    "%Y%m%d%H%M%S",
    "%Y%m%d",
    "%m/%d/%Y %I:%M:%S %p",
    "%d/%m/%Y %I:%M:%S %p",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeGuess:
    """How the times of a column are written.

    :param formats: formats of strptime that fit every value; empty where it is ISO 8601. More
        than one: nobody can tell day from month.
    :param with_offset: how many values tell their offset.
    :param precision: day, minute or second.
    :param is_typed: whether the file itself says they are times.
    """

    formats: tuple[str, ...]
    with_offset: int
    precision: str
    is_typed: bool


def guess_time(column: Column) -> TimeGuess | None:
    """Guess how times are written; None where these are none.

    :param column: the column.
    """
    told = [value.strip() for value in column.told]
    moments = _iso(told)
    if moments is not None:
        return TimeGuess(
            formats=(),
            with_offset=sum(moment.utcoffset() is not None for moment in moments),
            precision=_iso_precision(told),
            is_typed=column.is_typed,
        )
    formats = tuple(format_ for format_ in _FORMATS if _fits(told, format_))
    if not told or not formats:
        return None
    return TimeGuess(
        formats=formats, with_offset=0, precision=_precision(formats[0]), is_typed=False
    )


def _iso(told: Sequence[str]) -> list[datetime] | None:
    if not told or not all(map(_ISO.match, told)):
        return None
    try:
        return [datetime.fromisoformat(value) for value in told]
    except ValueError:
        return None


def _iso_precision(told: Sequence[str]) -> str:
    longest = max(map(len, told))
    return "day" if longest <= 10 else "minute" if longest <= 16 else "second"


def _precision(format_: str) -> str:
    return "second" if "%S" in format_ else "minute" if "%M" in format_ else "day"


def _fits(told: Sequence[str], format_: str) -> bool:
    try:
        for value in told:
            datetime.strptime(value, format_)  # noqa: DTZ007  # only whether it fits
    except ValueError:
        return False
    return True
