"""Two processes look at the leaves of a ledger: the first in their order, the second ahead of it.

Both do the same with the same leaves, and the first alone goes along the ledger with what comes of
it. So nothing depends on who looked at which.
"""

from collections import deque
from collections.abc import Iterator
from typing import Final

from cleangov_plugin.store.leaf_reader import STRETCH, LeafReader, Leaves, stretch_end

from .checks import moved
from .looking import Looked
from .second import Second, SecondGone
from .sorting import Sorter
from .stretches import Looking, Slice

#: Stretches that the second process is asked for at once, so that it need not wait.
_DEPTH: Final = 3
#: Leaves that are kept ready ahead at the most: about 100 bytes each.
_AHEAD: Final = 64 * STRETCH


class Together:
    """Looks at leaves with a second process.

    :param looking: looks at them in this one.
    :param second: the second process, which has taken the ledger.
    :param last: leaves that there should be.
    """

    def __init__(self, looking: Looking, second: Second, last: int) -> None:
        self._looking, self._second, self._last = looking, second, last
        self._is_there = True
        self._next = 0
        self._asked: deque[int] = deque()
        self._ready: dict[int, list[Slice]] = {}

    @property
    def reader(self) -> LeafReader:
        """What reads leaves here."""
        return self._looking.reader

    @property
    def sorter(self) -> Sorter:
        """What sorts them here."""
        return self._looking.sorter

    def all(self, first: int) -> Iterator[Leaves | Looked]:
        """Look at all leaves, a stretch after the other.

        :param first: the leaf to begin with.
        """
        is_full = True
        while is_full:
            until, number = stretch_end(first), 0
            self._next = max(self._next, until)
            self._keep_busy(first)
            if first in self._ready or first in self._asked:
                for slice_ in self._stretch(first, until):
                    number += slice_.number
                    yield slice_.looked or self._read(slice_)
            else:
                for rows, looked in self._looking.each(first, until):
                    number += len(rows.idx)
                    yield looked or rows
            is_full, first = number == until - first, until
        while self._collect(is_awaited=True):
            pass  # what was asked for in vain
        yield from self.reader.slices(first, None)  # behind a gap, they may be anywhere

    def _stretch(self, first: int, until: int) -> list[Slice]:
        """Answer a stretch that was asked for; meanwhile, look at those that nobody looks at."""
        while first in self._asked:
            self._keep_busy(first)
            if first not in self._asked:
                break
            ahead = self._next
            if self._is_ahead(first):
                self._next = stretch_end(ahead)
                self._ready[ahead] = self._own(ahead, self._next)
            else:
                self._collect(is_awaited=True)
        found = self._ready.pop(first, None)
        return self._own(first, until) if found is None else found

    def _own(self, first: int, until: int) -> list[Slice]:
        return [each.bound(self.reader) for each in self._looking.stretch(first, until)]

    def _keep_busy(self, first: int) -> None:
        """Take what is answered, and ask for more."""
        while self._collect(is_awaited=False):
            pass
        while self._is_there and len(self._asked) < _DEPTH and self._is_ahead(first):
            until = stretch_end(self._next)
            self._second.ask(self._next, until)
            self._asked.append(self._next)
            self._next = until

    def _is_ahead(self, first: int) -> bool:
        """Answer whether there is a stretch left to look at."""
        return stretch_end(self._next) <= min(self._last, first + _AHEAD)

    def _collect(self, *, is_awaited: bool) -> bool:
        """Take the next answer; False where there is none."""
        if not self._asked:
            return False
        try:
            found = self._second.answer(is_awaited=is_awaited)
        except SecondGone:
            self._is_there = False
            self._asked.clear()
            return False
        if found is None:
            return False
        self._ready[self._asked.popleft()] = [each.bound(self.reader) for each in found]
        return True

    def _read(self, slice_: Slice) -> Leaves:
        rows = self.reader.some(slice_.first, slice_.until)
        if rows is None or len(rows.idx) != slice_.number:
            raise moved()
        return rows
