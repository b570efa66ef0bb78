"""TIME: the clock that wrote the entries went forward, and not past the witnesses' clocks."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cleangov_plugin.ledger.instants import stamp

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen

#: A clock may be put right by so much; ordinary time services step it.
_STEP: Final = timedelta(minutes=5)


class Times:
    """Looks at when entries were written.

    :param cosigned: size of the newest cosigned head, and seconds since 1970 at which the first
        witness cosigned it; None where there is none.
    """

    def __init__(self, cosigned: tuple[int, int] | None) -> None:
        self._size = cosigned[0] if cosigned else 0
        at = datetime.fromtimestamp(cosigned[1], UTC) + _STEP if cosigned else None
        self._latest = stamp(at) if at else ""
        self._lanes: dict[int, str] = {}

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Compare each entry with the one before it in its lane, and with the witnesses.

        Instants are fixed-width text, which sorts as they do.

        :param slice_: entries.
        """
        if isinstance(slice_, Run) and self._is_forward(slice_):
            return
        lanes = self._lanes
        for seen in slice_:
            if not isinstance(seen, Seen):
                continue
            row = seen.row
            before, written = lanes.get(row.lane, ""), row.ingested_at
            if written < before and _is_far(written, before):
                yield alarm("clock_back", entry=row.row, leaf=seen.leaf, lane=row.lane)
            lanes[row.lane] = written
            if seen.leaf is not None and seen.leaf < self._size and written > self._latest:
                yield alarm("after_cosigned", entry=row.row, leaf=seen.leaf, size=self._size)

    def _is_forward(self, run: Run) -> bool:
        """Go on along the lanes where no clock went back or ahead; else stay where they were."""
        if not run.is_forward or (run.first < self._size and run.written[1] > self._latest):
            return False
        if any(there.began < self._lanes.get(lane, "") for lane, there in run.lanes.items()):
            return False
        self._lanes.update((lane, there.ended) for lane, there in run.lanes.items())
        return True

    def kept(self) -> list[list[int | str]]:
        """Answer when the last entry of each lane was written."""
        return [[lane, written] for lane, written in sorted(self._lanes.items())]

    def resume(self, kept: list[list[Any]]) -> None:
        """Go on from there.

        :param kept: what `kept` answered.
        """
        self._lanes = {int(lane): str(written) for lane, written in kept}

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Nothing shows at the end alone."""
        return iter(())


def _is_far(written: str, before: str) -> bool:
    try:
        return datetime.fromisoformat(before) - datetime.fromisoformat(written) > _STEP
    except (ValueError, TypeError):
        return True  # no instant at all
