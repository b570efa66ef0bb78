"""The term that the law sets for a step that waits: until when somebody else is waited for.

A step that ends a term must not miss it because it is held. The officer cannot be waited for by
the law, but a second person can: that waiting ends before the last working day of the term begins,
and on that day after two hours or half of what is left. Then the officer has the way out that
follows on every request nobody answered, or, where the law refuses the step, break-glass.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.rules.clocks import Clock
from cleangov_plugin.store import running_terms

#: On the last day of a term nobody is waited for longer than this.
LAST_WAIT: Final = timedelta(hours=2)
_DAY: Final = timedelta(days=1)
_TICK: Final = timedelta(microseconds=1)
#: Days that are looked through for a working day; no holiday is as long.
_LONGEST_HOLIDAY: Final = 30


@dataclass(frozen=True, slots=True)
class Deadline:
    """When the term of a step is over.

    :param clock: the clock that says so.
    :param over: the first moment at which the term may be over, in the authority's zone.
    :param last_working_day: the last working day that lies in the term.
    """

    clock: Clock
    over: datetime
    last_working_day: date

    @property
    def last_moment(self) -> datetime:
        """Answer the last moment of the term."""
        return self.over - _TICK

    @property
    def last_day(self) -> date:
        """Answer the last civil day of the term."""
        return self.last_moment.date()

    def is_over(self, now: datetime) -> bool:
        """Answer whether the term may be over.

        :param now: the present time, aware.
        """
        return now >= self.over

    def is_near(self, now: datetime) -> bool:
        """Answer whether the last working day of the term has begun.

        :param now: the present time, aware.
        """
        return now >= self._begins

    def bound(self, now: datetime, until: datetime) -> datetime:
        """Answer until when a second person is waited for, who would be until a moment.

        :param now: the present time, aware.
        :param until: the moment, aware.
        :return: that, or an earlier one; once the term is over nothing is to be missed any more.
        """
        if self.is_over(now):
            return until
        if not self.is_near(now):
            return min(until, self._begins)
        return min(until, now + min(LAST_WAIT, (self.over - now) / 2))

    @property
    def _begins(self) -> datetime:
        return datetime.combine(self.last_working_day, time(), self.over.tzinfo)


def deadline_of(
    desk: Desk, connection: Connection, ledger: Ledger, subject: str, kind: str
) -> Deadline | None:
    """Answer the term that a step would end, the first one to be over; None where none runs.

    It is as the last tick has found it; what paused or extended it since makes it later, not
    earlier.

    :param desk: the desk.
    :param connection: any connection.
    :param ledger: the agency's ledger.
    :param subject: the case.
    :param kind: kind of the event that the step would record.
    """
    for row in running_terms.running_in(connection, ledger.log_id, subject):
        clock = desk.shelf.clock(connection, ledger, row["clock_id"], row["version"])
        if clock is not None and kind in clock.stops:
            over = instant(row["due_at"]).astimezone(ledger.zone)
            last = civil_day(over - _TICK, ledger.zone)
            return Deadline(clock, over, _working_day(ledger, last))
    return None


def _working_day(ledger: Ledger, day: date) -> date:
    """Answer a day or the last working day before it; make-up workdays are working days."""
    for back in range(_LONGEST_HOLIDAY):
        each = day - back * _DAY
        is_known = ledger.calendar.is_working_day(each) if ledger.calendar else None
        if is_known or (is_known is None and each.weekday() < 5):
            return each
    return day
