"""MAC: every entry has the code that the plugin gave it, of the day on which it was written.

The day of a code is never believed: it has to be that of the entry, and it does not go back along
a lane. What was written before there were codes stands in early leaves, or is not believed either.
"""

import hmac
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from cleangov_plugin.ledger.entry_code import (
    CLOCK_STEP,
    LATEST,
    CodeKey,
    Coder,
    epoch_in,
    next_key,
)
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.ledger.strict import Refused

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen

#: Time for which a transaction that began before there were codes may still be open.
_LONGEST: Final = timedelta(hours=1)
_WRITTEN: Final = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"
)
_INSTANT: Final = re.compile(_WRITTEN, re.ASCII)
_INSTANTS: Final = re.compile(f"(?:{_WRITTEN})*", re.ASCII)
_WIDTH: Final = 27
_DAY: Final = itemgetter(slice(10))
#: From this minute of a day on, a code may be of the next one: a clock was put back since.
_STEPPED: Final = f"23:{60 - CLOCK_STEP.seconds // 60}"
_BEGINNING: Final = date(1970, 1, 1).toordinal()


class Codes:
    """Works out every code anew.

    :param key: the first key of the ledger's codes; None checks none.
    """

    def __init__(self, key: CodeKey | None) -> None:
        self._key = key
        self._keys: list[bytes] = [] if key is None else [key.key]
        self._coders: dict[int, Coder] = {}
        self._lanes: dict[int, int] = {}
        self._is_too_late = self._is_owed = False
        self._first = "" if key is None else stamp(key.first)
        self._late = "" if key is None else stamp(key.first + _LONGEST)

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Compare the code of each entry with that of its body.

        :param slice_: entries in order of their leaves, or of their numbers.
        """
        if self._key is None and isinstance(slice_, Run):
            self._is_owed |= any(slice_.leaves.mac)
            return
        if self._key is None:
            self._is_owed |= any(isinstance(seen, Seen) and seen.row.mac for seen in slice_)
            return
        if isinstance(slice_, Run) and self._are_right(slice_, self._key):
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

    def _are_right(self, run: Run, begun: CodeKey) -> bool:
        """Go on where all codes are those of the entries' own days; else stay."""
        leaves = run.leaves
        written, codes = leaves.ingested_at, leaves.mac
        if set(map(type, codes)) != {bytes} or not _are_instants(written):
            return False
        if min(written) < self._first:
            return False
        at, lanes = 0, self._lanes.copy()
        for text, group in groupby(written, _DAY):
            until = at + sum(1 for _ in group)
            day = _day(text)
            if day is None or not begun.epoch <= day <= LATEST:
                return False
            right = self._coder(day, begun).codes(leaves.hash[at:until])
            stored = [code or b"" for code in codes[at:until]]
            if not hmac.compare_digest(b"".join(right), b"".join(stored)):
                return False
            for lane in set(leaves.of_lane[at:until]):
                if lanes.get(lane, day) > day:
                    return False
                lanes[lane] = day
            at = until
        self._lanes = lanes
        self._is_too_late |= max(written) > self._late
        return True

    def _judged(self, seen: Seen, begun: CodeKey) -> Alarm | None:
        row = seen.row
        days = _days(row.ingested_at)
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
        if code is None:
            return None
        try:
            epoch = epoch_in(code)
        except Refused:
            return None
        if epoch < begun.epoch:
            return None
        right = self._coder(epoch, begun).code(seen.hash)
        return epoch if hmac.compare_digest(right, code) else None

    def _coder(self, epoch: int, begun: CodeKey) -> Coder:
        """Answer what makes the codes of a day."""
        found = self._coders.get(epoch)
        if found is None:
            keys, place = self._keys, epoch - begun.epoch
            while len(keys) <= place:
                keys.append(next_key(keys[-1]))
            of_day = CodeKey(log_id=begun.log_id, epoch=epoch, first=begun.first, key=keys[place])
            found = self._coders[epoch] = Coder(of_day)
        return found


def _are_instants(texts: Sequence[str]) -> bool:
    """Answer whether all texts are instants, as `_days` takes them."""
    return set(map(len, texts)) == {_WIDTH} and bool(_INSTANTS.fullmatch("".join(texts)))


def _days(text: str) -> tuple[int, int] | None:
    """Answer the first and the last day that the code of an entry may be of.

    :param text: when it was written, as it is stored; hostile.
    :return: days since 1970-01-01 UTC; None where it is no instant.
    """
    day = _day(text[:10]) if _INSTANT.fullmatch(text) else None
    return None if day is None else (day, day + (text[11:16] >= _STEPPED))


@lru_cache(maxsize=1_024)
def _day(text: str) -> int | None:
    try:
        return date.fromisoformat(text).toordinal() - _BEGINNING
    except ValueError:
        return None
