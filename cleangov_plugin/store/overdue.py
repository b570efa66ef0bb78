"""Follow-ups whose day is past, and that nobody has answered, nothing has come for."""

from typing import Any, Final

from sqlalchemy import Connection, and_, select

from cleangov_plugin.domain.terms import AttemptState, FollowUp

from . import tables
from .follow_ups import MISSED, OPEN, Put, has_come
from .run import rows

#: Follow-ups looked at in each state for one page.
_LOOKED_AT: Final = 200


def overdue(
    connection: Connection, log_id: str, unit: str | None, *, since: str, now: str
) -> list[dict[str, Any]]:
    """List follow-ups that are past their day, the one that is longest past first.

    What was put off and came, in its time or later, is not among them: it is done.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param unit: only of steps of this unit; None for those of all.
    :param since: the earliest day looked for, fixed-width UTC text.
    :param now: the present time, fixed-width UTC text.
    :return: rows of their table, each with unit, step and, as ``of_kind``, kind of its attempt.
    """
    found = [
        row
        for state in (OPEN, MISSED)
        for row in _past(connection, log_id, state, unit, (since, now))
        if row["kind"] != FollowUp.PUT_OFF.value or _is_owed(connection, log_id, row)
    ]
    return sorted(found, key=lambda row: (row["due_at"], row["follow_id"]))


def _past(
    connection: Connection, log_id: str, state: str, unit: str | None, within: tuple[str, str]
) -> list[dict[str, Any]]:
    table, attempt = tables.follow_up, tables.attempt
    is_its = and_(attempt.c.log_id == table.c.log_id, attempt.c.attempt_id == table.c.attempt_id)
    told = (
        attempt.c.unit,
        attempt.c.kind.label("of_kind"),
        attempt.c.step,
        attempt.c.event_key,
        attempt.c.state.label("taken"),
    )
    query = select(table, *told)
    query = query.join(attempt, is_its).where(
        table.c.log_id == log_id,
        table.c.state == state,
        table.c.due_at >= within[0],
        table.c.due_at < within[1],
    )
    if unit is not None:
        query = query.where(attempt.c.unit == unit)
    return rows(connection, query.order_by(table.c.due_at, table.c.follow_id).limit(_LOOKED_AT))


def _is_owed(connection: Connection, log_id: str, row: dict[str, Any]) -> bool:
    """Answer whether the step was taken, and what was put off has not come to this day."""
    if row["taken"] != AttemptState.DONE.value:
        return False
    put = Put(
        follow_id=row["follow_id"],
        subject=row["subject"],
        attempt_id=row["attempt_id"],
        awaits=row["awaits"],
        asked_at=row["asked_at"],
        due_at=row["due_at"],
        state=row["taken"],
        row=None,
        event_key=row["event_key"],
    )
    return not has_come(connection, log_id, put, is_late_too=True)
