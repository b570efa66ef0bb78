"""What a tick does with clocks: entries are read once, and a case is looked at when it is time.

The hook of an event does nothing for clocks. Each slice is a transaction of its own: it reads some
entries that no clock has seen, looks at their cases, and then at cases whose next moment has come.
Broken off anywhere, the next tick goes on there; a second look at a case changes nothing.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from cleangov_plugin.desk.budget import Budget
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import rulebook, running_clocks
from cleangov_plugin.store.running_clocks import ClockState

from .knowing import Clockwork, can_start, clockwork_of
from .looking import look_back, look_now

#: Entries and cases of one transaction.
_ENTRIES: Final = 500
_CASES: Final = 200
#: Milliseconds after which a transaction begins no further case: SQLite has one writer, and the
#: platform's waits behind ours.
_SLICE_MS: Final = 25
#: Slices of one tick; what is left waits for the next.
_MOST: Final = 400
#: Slices between two requests.
_FEW: Final = 1


@dataclass(frozen=True, slots=True)
class _Pace:
    """How far one call goes.

    :param most: transactions at the most.
    :param milliseconds: after which a transaction begins no further case.
    """

    most: int
    milliseconds: float


@dataclass(slots=True)
class _Slice:
    """One transaction.

    :param work: the clocks.
    :param connection: a writing connection of our own, which holds the clocks of the ledger.
    :param look: looks at a case.
    :param budget: its time.
    :param seen: the cases that were looked at.
    :param changed: findings that were opened, told anew or closed.
    """

    work: Clockwork
    connection: Connection
    look: Callable[[str], int]
    budget: Budget
    seen: set[str] = field(default_factory=set)
    changed: int = 0

    def take(self, subject: str) -> None:
        """Look at a case, once."""
        if subject not in self.seen:
            self.seen.add(subject)
            self.changed += self.look(subject)

    @property
    def is_over(self) -> bool:
        """Answer whether no further case is begun."""
        return bool(self.seen) and self.budget.is_over()


def tick_clocks(desk: Desk, ledger: Ledger) -> int:
    """Look at the clocks of a ledger with all that is known now.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :return: how many findings were opened, told anew or closed.
    """
    return _run(desk, ledger, desk.host.now(), _Pace(_MOST, _SLICE_MS), is_past=False)


def tick_few_clocks(desk: Desk, ledger: Ledger) -> int:
    """Look at some clocks between two requests, for cities without a job for it.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :return: how many findings were opened, told anew or closed.
    """
    return _run(desk, ledger, desk.host.now(), _Pace(_FEW, _SLICE_MS), is_past=False)


def follow_clocks(desk: Desk, ledger: Ledger, until: datetime) -> int:
    """Look at the clocks of a log of the past at each moment up to one, as it was known then.

    No clock of this machine is asked: the moments are those of the terms and of the entries.

    :param desk: the desk.
    :param ledger: the ledger of the log.
    :param until: where the clock of the log stands, aware.
    :return: how many findings were opened, told anew or closed.
    """
    return _run(desk, ledger, until, _Pace(sys.maxsize, sys.maxsize), is_past=True)


def clocks_can_start(desk: Desk, ledger: Ledger, kinds: list[str]) -> bool:
    """Answer whether a clock in force can start in a log.

    :param desk: the desk.
    :param ledger: the ledger of the log.
    :param kinds: kinds of event that the log has.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        work = clockwork_of(desk, connection, ledger)
    return work is not None and can_start(work, kinds)


def _run(desk: Desk, ledger: Ledger, at: datetime, pace: _Pace, *, is_past: bool) -> int:
    changed = 0
    with desk.database.own_transaction(is_reading=True) as connection:
        revisions = rulebook.revisions(connection, ledger.log_id)
        desk.shelf.refresh(connection, ledger, *revisions)
        work = clockwork_of(desk, connection, ledger)
    if work is None:
        return 0
    for _ in range(pace.most):
        with desk.database.own_transaction() as connection:
            if not running_clocks.hold(connection, ledger.log_id):
                break  # another process is at work on them
            done, is_more = _slice(work, connection, at, Budget(pace.milliseconds), is_past)
        changed += done
        if not is_more:
            break
    return changed


def _slice(
    work: Clockwork, connection: Connection, at: datetime, budget: Budget, is_past: bool
) -> tuple[int, bool]:
    """Do some of what is due; answer how many findings changed, and whether there is more."""
    log_id = work.ledger.log_id
    state = _state(work, connection)
    places = dict(state.places)
    look = (
        partial(look_back, work, connection, until=at, places=dict(places))
        if is_past
        else partial(look_now, work, connection, now=at)
    )
    slice_ = _Slice(work, connection, look, budget)
    entries = running_clocks.new_entries(connection, log_id, places, _ENTRIES)
    is_more = len(entries) == _ENTRIES
    for entry in entries:
        if slice_.is_over:
            is_more = True
            break
        if entry.kind in work.kinds or entry.is_correction:
            slice_.take(entry.subject)
        places[entry.lane] = entry.no
    if entries:
        running_clocks.save_state(connection, log_id, state._replace(places=places))
    due = running_clocks.due_cases(connection, log_id, stamp(at), _CASES)
    for subject in due:
        if slice_.is_over:
            return slice_.changed, True
        slice_.take(subject)
    return slice_.changed, is_more or len(due) == _CASES


def _state(work: Clockwork, connection: Connection) -> ClockState:
    """Answer how far the entries were read; where clocks or days have changed, begin anew."""
    log_id, edition = work.ledger.log_id, work.edition
    there = running_clocks.state(connection, log_id)
    if there is not None and there[:2] == edition:
        return there
    is_read = there is not None and there.clocks == edition.clocks
    fresh = ClockState(*edition, there.places if there is not None and is_read else {})
    running_clocks.look_at_all(connection, log_id)
    running_clocks.save_state(connection, log_id, fresh)
    return fresh
