"""Reading times of a log: with their own offset, or in the zone that the mapping names."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timezone
from typing import Final
from zoneinfo import ZoneInfo

from cleangov_hooks import Precision
from cleangov_plugin.domain.errors import IntakeError

from .cells import Get, bare
from .formats.log_rows import Row, TypedTime, shown

_YEARS: Final = range(1900, 2201)
_DATE_ALONE: Final = len("2026-03-10")


def moment(
    get: Get,
    name: str,
    *,
    format_: str | None = None,
    zone: str | None = None,
    precision: Precision | None = None,
    unknown: Iterable[str] = (),
) -> Callable[[Row], tuple[datetime, Precision] | None]:
    """Make the reader of a time.

    A time that the clock shows twice, when summer time ends, is the first of the two.

    :param get: reads the cell.
    :param name: our own name of the value.
    :param format_: as `datetime.strptime` has it; None for ISO 8601.
    :param zone: IANA zone of values without an offset; None refuses them.
    :param precision: how finely it is known; None: to the day where only a date is written, else
        to the second.
    :param unknown: values that stand for nothing known.
    :return: the reader of a time with a fixed offset, and its precision.
    """
    read_bare = bare(get, name, unknown)
    local = None if zone is None else ZoneInfo(zone)

    def read(row: Row) -> tuple[datetime, Precision] | None:
        found = read_bare(row)
        if found is None:
            return None
        written = None if isinstance(get(row), TypedTime) else format_
        when = _parsed(found, written, name)
        if when.utcoffset() is None:
            if local is None:
                raise IntakeError(
                    f"{name}: {shown(found)} tells no offset from UTC, and the mapping no zone.",
                    remedy="Name the zone of such times in the mapping, as zone: Asia/Shanghai.",
                )
            when = when.replace(tzinfo=local)
        if when.year not in _YEARS:
            remedy = "If it stands for no date, name it under 'unknown'."
            raise IntakeError(f"{name}: the year {when.year} is not believed.", remedy=remedy)
        offset = when.utcoffset()
        fixed = when.replace(tzinfo=timezone(offset)) if offset is not None else when
        is_day = len(found) <= _DATE_ALONE and written is None
        return fixed, precision or (Precision.DAY if is_day else Precision.SECOND)

    return read


def day(
    get: Get, name: str, *, format_: str | None = None, unknown: Iterable[str] = ()
) -> Callable[[Row], date | None]:
    """Make the reader of a day.

    :param get: reads the cell.
    :param name: our own name of the value.
    :param format_: as `datetime.strptime` has it; None for ISO 8601.
    :param unknown: values that stand for nothing known.
    :return: the reader.
    """
    read_bare = bare(get, name, unknown)

    def read(row: Row) -> date | None:
        found = read_bare(row)
        written = None if isinstance(get(row), TypedTime) else format_
        return None if found is None else _parsed(found, written, name).date()

    return read


def _parsed(written: str, format_: str | None, name: str) -> datetime:
    try:
        if format_ is not None:
            return datetime.strptime(written, format_)  # noqa: DTZ007  # the zone follows
        return datetime.fromisoformat(written)
    except ValueError:
        expected = "ISO 8601" if format_ is None else f"'{format_}'"
        what = f"{name}: {shown(written)} is no time as {expected} has it."
        remedy = "Correct 'format' in the mapping."
        if written.replace(".", "", 1).isdecimal():
            remedy = "In a workbook, name the column under 'serials' if its numbers are dates."
        raise IntakeError(what, remedy=remedy) from None
