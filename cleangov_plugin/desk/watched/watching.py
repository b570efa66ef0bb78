"""One look at a view: what is new is told by the verb that the hooks use; at least once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol

from cleangov_hooks import Event
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.served.event_batches import tell
from cleangov_plugin.domain.errors import IntakeError, SettingsError
from cleangov_plugin.store.watched_view import Row, View

from .mark import Mark

#: Rows that are read at once.
_AT_ONCE: Final = 500
#: Refused rows that are remembered: more, and the view is not what was agreed.
_MOST_REFUSED: Final = 1_000
#: Seconds between two counts of what is below the mark.
_RECOUNT_S: Final = 3_600.0
_LONGEST: Final = 300


class Reads(Protocol):
    """Reads rows of a platform."""

    def event(self, row: Mapping[str, Any]) -> Event:
        """Answer the event of a row; raises `IntakeError`.

        :param row: hostile.
        """
        ...

    def recorded_at(self, row: Mapping[str, Any]) -> datetime | None:
        """Answer when the platform recorded a row; None where that cannot be read.

        :param row: hostile.
        """
        ...


@dataclass(slots=True, kw_only=True)
class Looked:
    """What a look did.

    :param told: events that the ledger has now and had not before.
    :param known: events that it had.
    :param refused: rows that are not what was agreed; they are asked for again.
    :param older: rows that were recorded before the watching began, and are not told.
    :param is_busy: whether the database took no more; the rest is told at the next look.
    :param late: rows that turned up below the mark: all are read again at the next look.
    :param gone: rows below the mark that the view has no more.
    """

    told: int = 0
    known: int = 0
    refused: int = 0
    older: int = 0
    is_busy: bool = False
    late: int = 0
    gone: int = 0


@dataclass(slots=True)
class Watching:
    """Looks at a view again and again.

    :param desk: the desk.
    :param view: the view.
    :param reads: reads its rows.
    :param mark: how far it was read.
    :param late_s: seconds after which no smaller number is expected any more.
    :param keep: keeps the mark.
    """

    desk: Desk
    view: View
    reads: Reads
    mark: Mark
    late_s: float
    keep: Callable[[Mark], None]
    _told: set[int] = field(default_factory=set)

    def begin(self) -> int:
        """Begin at the present: what stands in the view is below the mark, and is not told.

        :return: how many rows are passed over.
        """
        self.mark.low = self.view.highest()
        self.mark.counted = self.view.number_upto(self.mark.low)
        self.mark.recounted_at = self._now()
        self.keep(self.mark)
        return self.mark.counted

    def look(self) -> Looked:
        """Look once.

        :return: what was done.
        :raises StoreError: where the view cannot be read.
        :raises SettingsError: where too many rows are not what was agreed.
        """
        done, mark = Looked(), self.mark
        if mark.refused:
            self._ask_again(done)
        height = mark.low
        for row in self._new():
            if not self._tell(row, done):
                break
            height = row.no
            self._told.add(row.no)
        now = self._now()
        if not done.is_busy:  # else a row that came late may still wait below the height
            self._move(mark.rise(now, height, self.late_s))
        if now - mark.recounted_at >= _RECOUNT_S:
            self._recount(now, done)
        mark.looked_at = now
        done.refused = len(mark.refused)
        self.keep(mark)
        return done

    def _ask_again(self, done: Looked) -> None:
        """Read refused rows again; what the view has no more is refused no more."""
        rows = self.view.some(self.mark.refused)
        for no in set(self.mark.refused) - {row.no for row in rows}:
            del self.mark.refused[no]
        for row in rows:
            self._tell(row, done)

    def _new(self) -> Iterator[Row]:
        """Go through rows above the mark; those of an earlier look of ours are passed over."""
        after = self.mark.low
        while True:
            rows = self.view.after(after, _AT_ONCE)
            for row in rows:
                if row.no not in self._told and row.no not in self.mark.refused:
                    yield row
                elif row.no in self.mark.refused:
                    self._told.add(row.no)
            if len(rows) < _AT_ONCE:
                return
            after = rows[-1].no

    def _tell(self, row: Row, done: Looked) -> bool:
        """Tell of a row; answer whether the next one may be told."""
        refused, desk = self.mark.refused, self.desk
        recorded = self.reads.recorded_at(row.values)
        if recorded is not None and recorded.timestamp() < self.mark.since:
            refused.pop(row.no, None)
            done.older += 1
            return True
        try:
            event = self.reads.event(row.values)
        except IntakeError as problem:
            self._refuse(row.no, f"{problem.where}: {problem.what}")
            return True
        told = tell(desk, event)
        desk.counters.add(f"watched.{told.status}")
        if told.status == "busy":
            done.is_busy = True
            return False
        refused.pop(row.no, None)
        done.known += told.status == "known"
        done.told += told.status != "known"
        return True

    def _refuse(self, no: int, why: str) -> None:
        refused = self.mark.refused
        refused[no] = why[:_LONGEST]
        if len(refused) > _MOST_REFUSED:
            what = f"{_MOST_REFUSED} rows are not what was agreed; the last one: {refused[no]}"
            raise SettingsError(what, where=self.mark.view, remedy="See docs/watch.md.")

    def _move(self, to: int) -> None:
        """Move the mark; what it passes over is counted, to notice what comes later still."""
        passed = {no for no in self._told if no <= to}
        self.mark.counted += len(passed)
        self._told -= passed
        self.mark.low = to

    def _recount(self, now: float, done: Looked) -> None:
        mark = self.mark
        mark.recounted_at = now
        there = self.view.number_upto(mark.low)
        if there > mark.counted:
            done.late = there - mark.counted
            mark.begin_again()
            self._told.clear()
        else:
            done.gone = mark.counted - there
            mark.counted = there

    def _now(self) -> float:
        return self.desk.host.now().timestamp()
