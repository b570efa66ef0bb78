"""STRM: lanes have no gaps, and every entry names the one before it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleangov_plugin.ledger.leaf import NO_PREDECESSOR

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen


class Lanes:
    """Follows every lane.

    :param heads: number and hash of the last entry of each lane that was verified before.
    """

    def __init__(self, heads: Mapping[int, tuple[int, bytes]] | None = None) -> None:
        self.heads: dict[int, tuple[int, bytes]] = dict(heads or {})

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Go on along the lanes.

        :param slice_: entries in order of their leaves, or of their numbers.
        """
        if isinstance(slice_, Run) and self._is_followed(slice_):
            return
        heads = self.heads
        for seen in slice_:
            if isinstance(seen, Seen):
                if seen.body is None:
                    continue
                row = seen.row
                last, before = heads.get(row.lane, (0, NO_PREDECESSOR))
                if row.no != last + 1:
                    where = {"lane": row.lane, "last": last, "no": row.no}
                    yield alarm("lane_gap", entry=row.row, leaf=seen.leaf, **where)
                elif seen.body["prev"] != before.hex():
                    yield alarm("lane_order", entry=row.row, leaf=seen.leaf, lane=row.lane)
                heads[row.lane] = (row.no, seen.sealed or seen.hash)
            elif isinstance(seen, Gone) and seen.lane is not None and seen.no is not None:
                heads[seen.lane] = (seen.no, seen.hash)  # it is named already, once

    def _is_followed(self, run: Run) -> bool:
        """Go on along the lanes where nothing is to be told; else stay where they were."""
        begun = (0, NO_PREDECESSOR)
        if not run.is_followed:
            return False
        for lane, there in run.lanes.items():
            last, before = self.heads.get(lane, begun)
            if there.first != last + 1 or there.prev != before.hex():
                return False
        self.heads.update((lane, (there.last, there.end)) for lane, there in run.lanes.items())
        return True

    def kept(self) -> list[list[int | str]]:
        """Answer the last number and hash of each lane."""
        return [[lane, no, hash_.hex()] for lane, (no, hash_) in sorted(self.heads.items())]

    def resume(self, kept: list[list[Any]]) -> None:
        """Go on behind them.

        :param kept: what `kept` answered.
        """
        self.heads = {int(lane): (int(no), bytes.fromhex(text)) for lane, no, text in kept}

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Nothing shows at the end alone."""
        return iter(())
