"""Instants as fixed-width UTC text: as they stand in bodies, in columns and in the tree."""

from datetime import UTC, datetime
from functools import lru_cache


def stamp(moment: datetime) -> str:
    """Write an instant as fixed-width UTC text.

    :param moment: aware.
    :return: ``"2026-03-10T02:00:00.000000Z"``.
    """
    # In UTC first: where clocks go back, two instants of one zone are equal to Python.
    return _stamped(moment.astimezone(UTC))


@lru_cache(maxsize=64)
def _stamped(moment: datetime) -> str:
    """One event asks for the same few instants again and again."""
    # Not strftime: it does not pad years before 1000 on every platform.
    return moment.isoformat(timespec="microseconds")[:26] + "Z"


def instant(text: str) -> datetime:
    """Read what `stamp` wrote.

    :param text: fixed-width UTC text.
    :return: the instant, aware, UTC.
    :raises ValueError: where it is none.
    """
    return datetime.fromisoformat(text)
