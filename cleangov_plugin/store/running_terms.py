"""Terms that run, for those who look through them, and for the step that would end one."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, select

from cleangov_plugin.domain.terms import AttemptState

from . import tables
from .run import rows


def nearest(
    connection: Connection,
    log_id: str,
    *,
    unit: str | None,
    most: int,
    used: int = 0,
    **wanted: str | None,
) -> list[dict[str, Any]]:
    """List clocks that run, the one that is over first first; those without a day at the end.

    :param connection: any connection.
    :param log_id: the ledger.
    :param unit: one unit; None for all.
    :param most: how many at the most.
    :param used: only those of which so much is used, in percent.
    :param wanted: ``subject`` and ``clock_id``; None for all.
    """
    it = tables.running_clock
    mine = [it.c.log_id == log_id, it.c.state.in_(["running", "paused"])]
    mine += [it.c[key] == value for key, value in wanted.items() if value is not None]
    if used:
        mine.append(it.c.used >= used)
    if unit is not None:
        mine.append(it.c.unit == unit)
    dated = select(it).where(*mine, it.c.due_at.is_not(None)).order_by(it.c.due_at, it.c.subject)
    found = rows(connection, dated.limit(most))
    if len(found) < most:
        bare = select(it).where(*mine, it.c.due_at.is_(None)).order_by(it.c.subject)
        found += rows(connection, bare.limit(most - len(found)))
    return found


def running_in(connection: Connection, log_id: str, subject: str) -> list[dict[str, Any]]:
    """List what runs in a case and has a last day, the one that is over first first.

    :param connection: any connection.
    :param log_id: the ledger.
    :param subject: the case.
    """
    it = tables.running_clock
    query = select(it.c.clock_id, it.c.version, it.c.due_at).where(
        it.c.log_id == log_id,
        it.c.subject == subject,
        it.c.state == "running",
        it.c.due_at.is_not(None),
    )
    return rows(connection, query.order_by(it.c.due_at, it.c.clock_id))


def waiting_in(
    connection: Connection, log_id: str, subjects: Collection[str]
) -> list[dict[str, Any]]:
    """List the steps of some cases that wait for a second person: case, kind and until when.

    Steps that wait for their own officer are no one else's business.

    :param connection: any connection.
    :param log_id: the ledger.
    :param subjects: the cases.
    """
    it = tables.attempt
    query = select(it.c.subject, it.c.kind, it.c.hold_until_at).where(
        it.c.log_id == log_id,
        it.c.subject.in_(sorted(subjects)),
        it.c.state == AttemptState.WAITING.value,
        it.c.hold_until_at.is_not(None),
    )
    return rows(connection, query) if subjects else []
