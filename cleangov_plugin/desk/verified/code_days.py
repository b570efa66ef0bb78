"""The codes of many entries at once, and the days that they are of."""

import hmac
import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final

from cleangov_plugin.ledger.entry_code import CLOCK_STEP, LATEST, CodeKey, Coder, next_key
from cleangov_plugin.store.leaf_reader import Leaves

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


class Coders:
    """Makes the codes of each day.

    :param key: the first key of the ledger's codes.
    """

    def __init__(self, key: CodeKey) -> None:
        self._key = key
        self._keys = [key.key]
        self._coders: dict[int, Coder] = {}

    def on(self, epoch: int) -> Coder:
        """Answer what makes the codes of a day.

        :param epoch: the day, not before that of the first key.
        """
        found = self._coders.get(epoch)
        if found is None:
            key, keys, place = self._key, self._keys, epoch - self._key.epoch
            while len(keys) <= place:
                keys.append(next_key(keys[-1]))
            of_day = CodeKey(log_id=key.log_id, epoch=epoch, first=key.first, key=keys[place])
            found = self._coders[epoch] = Coder(of_day)
        return found

    def days_of(self, leaves: Leaves) -> dict[int, tuple[int, int]] | None:
        """Answer the days of codes where each is that of its entry's own day.

        :param leaves: entries in their order; each equals what was sealed.
        :return: first and last day of each lane, along which days do not go back; None where
            anything is otherwise.
        """
        written, codes = leaves.ingested_at, leaves.mac
        if not all(codes) or not _are_instants(written):
            return None
        at, lanes = 0, dict[int, tuple[int, int]]()
        for text, group in groupby(written, _DAY):
            until = at + sum(1 for _ in group)
            day = _day(text)
            if day is None or not self._key.epoch <= day <= LATEST:
                return None
            right = self.on(day).codes(leaves.hash[at:until])
            stored = [code or b"" for code in codes[at:until]]
            if not hmac.compare_digest(b"".join(right), b"".join(stored)):
                return None
            for lane in set(leaves.of_lane[at:until]):
                first, last = lanes.get(lane, (day, day))
                if last > day:
                    return None
                lanes[lane] = (first, day)
            at = until
        return lanes


def days_possible(text: str) -> tuple[int, int] | None:
    """Answer the first and the last day that the code of an entry may be of.

    :param text: when it was written, as it is stored; hostile.
    :return: days since 1970-01-01 UTC; None where it is no instant.
    """
    day = _day(text[:10]) if _INSTANT.fullmatch(text) else None
    return None if day is None else (day, day + (text[11:16] >= _STEPPED))


def _are_instants(texts: Sequence[str]) -> bool:
    """Answer whether all texts are instants, as `days_possible` takes them."""
    return set(map(len, texts)) == {_WIDTH} and bool(_INSTANTS.fullmatch("".join(texts)))


@lru_cache(maxsize=1_024)
def _day(text: str) -> int | None:
    try:
        return date.fromisoformat(text).toordinal() - _BEGINNING
    except ValueError:
        return None
