"""The one clock of the city platform; nothing else in it asks for the time."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Asia/Shanghai")


class Clock:
    """Present time, real or of a fixed demo day; what is stamped is strictly later each time.

    :param start: instant at which the demo day begins, aware; None takes the real time.
    :param ticks: whether time moves by one second a stamp instead of running, so that two runs
        of the same day are equal to the byte.
    """

    def __init__(self, start: datetime | None = None, *, ticks: bool = False) -> None:
        self._start = start
        self._ticks = ticks
        self._begun = time.monotonic()
        self._last = datetime.min.replace(tzinfo=UTC)
        self._set: datetime | None = None
        self._lock = threading.Lock()

    @property
    def is_demo(self) -> bool:
        """Answer whether the day is a fixed one."""
        return self._start is not None

    def now(self) -> datetime:
        """Answer the present time, in the city's zone; never before the latest stamp."""
        return max(self._running(), self._last).astimezone(ZONE)

    def stamp(self) -> datetime:
        """Answer the time of a write, strictly later than any before, in the city's zone."""
        with self._lock:
            least = timedelta(seconds=1) if self._ticks else timedelta(microseconds=1)
            self._last = max(self._running(), self._last + least)
            return self._last.astimezone(ZONE)

    def not_before(self, instant: datetime) -> None:
        """Go on after an instant, so that a restart never writes before what is there.

        :param instant: the latest time in the database, aware.
        """
        self._last = max(self._last, instant)

    @contextmanager
    def at(self, instant: datetime) -> Iterator[None]:
        """Stand still at an instant while the past is told; for the story seed alone.

        :param instant: aware.
        """
        before, self._set, self._last = self._last, instant, instant - timedelta(seconds=1)
        try:
            yield
        finally:
            self._set, self._last = None, before

    def _running(self) -> datetime:
        if self._set is not None:
            return self._set
        if self._start is None:
            return datetime.now(UTC)
        if self._ticks:
            return self._start
        return self._start + timedelta(seconds=time.monotonic() - self._begun)


def stored(instant: datetime) -> str:
    """Write an instant as the fixed-width text that the tables hold.

    :param instant: aware.
    :return: UTC with microseconds, ``"2026-03-10T02:00:00.000000Z"``.
    """
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def read_stored(text: str) -> datetime:
    """Read an instant back, in the city's zone.

    :param text: as `stored` wrote it.
    """
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC).astimezone(ZONE)
