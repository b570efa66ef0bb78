"""MMD: no entry stays unsealed while later ones are sealed, or longer than the auditor allows."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from cleangov_plugin.desk.sealed.own_leaves import LONGEST_DELAY
from cleangov_plugin.ledger.entry_code import CLOCK_STEP
from cleangov_plugin.ledger.instants import instant

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen

#: An entry is late only beyond what a clock may have been put back meanwhile.
_LATE: Final = timedelta(seconds=LONGEST_DELAY) + CLOCK_STEP


class Delay:
    """Compares when unsealed entries were written with the newest that is sealed, and with now.

    :param now: the present time, aware; None compares nothing with it.
    :param within: how soon an entry has to be sealed; None asks for no haste.
    """

    def __init__(self, now: datetime | None = None, within: timedelta | None = None) -> None:
        self._now, self._within = now, within
        self._newest = ""
        self._last: datetime | None = None

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Look for entries that were left behind.

        :param slice_: entries; those in no leaf come last.
        """
        if isinstance(slice_, Run) and self._is_newest(slice_.written[1]):
            return
        for seen in slice_:
            if not isinstance(seen, Seen):
                continue
            written = seen.row.ingested_at
            if seen.leaf is None:
                if self._last is None and self._newest:
                    self._last = _moment(self._newest)
                moment = _moment(written)
                if self._last is not None and (moment is None or self._last - moment > _LATE):
                    yield alarm("left_behind", entry=seen.row.row)
                elif self._is_awaited(moment):
                    yield alarm("unsealed_late", entry=seen.row.row, at=written)
            elif written > self._newest and _moment(written) is not None:
                self._newest = written

    def _is_newest(self, written: str) -> bool:
        """Take the newest of many that are sealed; False where it is no instant."""
        if written > self._newest and _moment(written) is None:
            return False
        self._newest = max(written, self._newest)
        return True

    def _is_awaited(self, written: datetime | None) -> bool:
        """Answer whether an entry should have been sealed by now, as the auditor asks."""
        if self._now is None or self._within is None:
            return False
        return written is None or self._now - written > self._within

    def kept(self) -> str:
        """Answer when the newest sealed entry was written."""
        return self._newest

    def resume(self, kept: str) -> None:
        """Go on from there.

        :param kept: what `kept` answered.
        """
        self._newest = str(kept)

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Nothing shows at the end alone."""
        return iter(())


def _moment(text: str) -> datetime | None:
    """Read when an entry was written; None where somebody wrote something else there."""
    try:
        found = instant(text)
    except ValueError:
        return None
    return found if found.tzinfo else None
