"""MAC: every entry has the code that the plugin gave it, of the day on which it was written.

The day of a code is never believed: it has to be that of the entry, and it does not go back along
a lane. What was written before there were codes stands in early leaves, or is not believed either.
"""

import hmac
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any, Final

from cleangov_plugin.ledger.entry_code import CodeKey, epoch_in
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.ledger.strict import Refused

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen
from .code_days import Coders, days_possible

#: Time for which a transaction that began before there were codes may still be open.
_LONGEST: Final = timedelta(hours=1)


class Codes:
    """Works out every code anew.

    :param key: the first key of the ledger's codes; None checks none.
    """

    def __init__(self, key: CodeKey | None) -> None:
        self._key = key
        self._coders = None if key is None else Coders(key)
        self._lanes: dict[int, int] = {}
        self._is_too_late = self._is_owed = False
        self._first = "" if key is None else stamp(key.first)
        self._late = "" if key is None else stamp(key.first + _LONGEST)

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Compare the code of each entry with that of its body.

        :param slice_: entries in order of their leaves, or of their numbers.
        """
        if self._key is None and isinstance(slice_, Run):
            self._is_owed |= slice_.is_coded
            return
        if self._key is None:
            self._is_owed |= any(isinstance(seen, Seen) and seen.row.mac for seen in slice_)
            return
        if isinstance(slice_, Run) and self._are_right(slice_):
            return
        for seen in slice_:
            if isinstance(seen, Seen):
                found = self._judged(seen, self._key)
                if found is not None:
                    yield found

    def kept(self) -> list[Any]:
        """Answer the newest day of each lane, and whether the first ones are over."""
        return [self._is_too_late, [[lane, day] for lane, day in sorted(self._lanes.items())]]

    def resume(self, kept: list[Any]) -> None:
        """Go on from there.

        :param kept: what `kept` answered.
        """
        is_too_late, lanes = kept
        self._is_too_late = bool(is_too_late)
        self._lanes = {int(lane): int(day) for lane, day in lanes}

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Say that there are codes, which nobody can look at without the key."""
        if self._is_owed:
            yield Unchecked(code="no_code_key")

    def _are_right(self, run: Run) -> bool:
        """Go on where all codes are those of the entries' own days; else stay."""
        begun, written = run.written
        if run.days is None or begun < self._first:
            return False
        if any(self._lanes.get(lane, first) > first for lane, (first, _) in run.days.items()):
            return False
        self._lanes.update((lane, last) for lane, (_, last) in run.days.items())
        self._is_too_late |= written > self._late
        return True

    def _judged(self, seen: Seen, begun: CodeKey) -> Alarm | None:
        row = seen.row
        days = days_possible(row.ingested_at)
        if days is None:
            return alarm("code_time", entry=row.row, leaf=seen.leaf)
        epoch = self._epoch(seen, begun)
        if row.ingested_at < self._first and (epoch is None or not days[0] <= epoch <= days[1]):
            if seen.leaf is not None and not self._is_too_late:
                return None
            return alarm("code_before", entry=row.row, leaf=seen.leaf, first=self._first)
        if epoch is None:
            code = "code_none" if row.mac is None else "code_wrong"
            return alarm(code, entry=row.row, leaf=seen.leaf, first=self._first)
        self._is_too_late |= row.ingested_at > self._late
        return self._day_judged(seen, epoch, *days)

    def _day_judged(self, seen: Seen, epoch: int, first: int, last: int) -> Alarm | None:
        row = seen.row
        if not first <= epoch <= last:
            return alarm("code_day", entry=row.row, leaf=seen.leaf, epoch=epoch, day=first)
        newest = self._lanes.get(row.lane, epoch)
        if newest > last:
            return alarm("code_back", entry=row.row, leaf=seen.leaf, lane=row.lane)
        self._lanes[row.lane] = max(newest, epoch)
        return None

    def _epoch(self, seen: Seen, begun: CodeKey) -> int | None:
        """Answer the day of an entry's code; None where it has none, or not its own."""
        code = seen.row.mac
        if code is None or self._coders is None:
            return None
        try:
            epoch = epoch_in(code)
        except Refused:
            return None
        if epoch < begun.epoch:
            return None
        right = self._coders.on(epoch).code(seen.hash)
        return epoch if hmac.compare_digest(right, code) else None
