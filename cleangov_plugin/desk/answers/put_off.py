"""What was put off is looked at by a tick: it came, or its step is a finding like any other."""

from datetime import timedelta
from typing import Final

from cleangov_plugin.desk.checkpoint.recording import record
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.leads import reopen_leads
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.domain.terms import AttemptState
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.store import follow_ups
from cleangov_plugin.store.follow_ups import Put

from .asked_entries import follow_up_ended

#: So long after its day an event that is owed has its entry; a step without one was never taken.
_GIVEN_UP: Final = timedelta(days=7)


def close_put_off(desk: Desk, ledger: Ledger) -> int:
    """Close what came, and make findings of what did not come by its day.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :return: how many were closed.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        waiting = list(follow_ups.put_off(connection, ledger.log_id))
    return sum(_looked(desk, ledger, put) for put in waiting)


def _looked(desk: Desk, ledger: Ledger, put: Put) -> bool:
    now = desk.host.now()
    is_over = put.due_at < stamp(now)
    with desk.database.own_transaction() as connection:
        if follow_ups.has_come(connection, ledger.log_id, put):
            state = follow_ups.FOLLOWED
        elif not is_over:
            return False
        elif put.row is not None:
            if not reopen_leads(desk, connection, ledger.log_id, put.row, with_retired=True):
                return False  # another transaction opens it just now
            state = follow_ups.MISSED
        elif put.state == AttemptState.ABORTED or instant(put.due_at) + _GIVEN_UP < now:
            state = follow_ups.WITHDRAWN
        else:
            return False  # its event is owed
        row = follow_ups.find(connection, put.follow_id)
        if not follow_ups.decide(connection, put.follow_id, state, decided_by=None, now=now):
            return False
        if row is not None:
            record(desk, [follow_up_ended(desk, connection, row, state)], connection)
        return True
