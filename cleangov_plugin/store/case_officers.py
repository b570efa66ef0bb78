"""Who acted in a case, and before whom else it is: asked before somebody is written to."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from cleangov_plugin.domain.terms import Mark

from . import tables
from .review import LARGE_CASE, Reach
from .run import run


def officers_of(
    connection: Connection, log_id: str, subject: str, reach: Reach, limit: int
) -> list[tuple[str, str]]:
    """Answer who acted in a case for a unit, and for which; those who only looked are left out.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    :param reach: how far the reader may see.
    :param limit: how many at the most.
    :return: pseudonym and unit, in order; a citizen has no unit and is not among them.
    """
    some = _some(log_id, subject)
    query = select(some.c.actor, some.c.unit).distinct()
    query = query.where(some.c.actor.is_not(None), some.c.unit.is_not(None))
    query = query.where(some.c.marks.bitwise_and(Mark.OURS.value) == 0)
    if reach.unit is not None:
        query = query.where(some.c.unit == reach.unit)
    ordered = query.order_by(some.c.actor, some.c.unit).limit(limit)
    return [(row.actor, row.unit) for row in run(connection, ordered)]


def latest_of(
    connection: Connection, log_id: str, subject: str, kinds: Sequence[str]
) -> dict[str, int]:
    """Answer the number of the latest entry of each of some kinds in a case.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    :param kinds: kinds of event.
    :return: number by kind; kinds that are not there are left out.
    """
    some = _some(log_id, subject)
    query = select(some.c.kind, func.max(some.c.id).label("last"))
    query = query.where(some.c.kind.in_(list(kinds))).group_by(some.c.kind)
    return {row.kind: row.last for row in run(connection, query)}


def _some(log_id: str, subject: str) -> Any:
    """Write a case's entries, as many as are looked at."""
    entry = tables.entry
    columns = (entry.c.id, entry.c.kind, entry.c.actor, entry.c.unit, entry.c.marks)
    query = select(*columns).where(entry.c.log_id == log_id, entry.c.subject == subject)
    return query.limit(LARGE_CASE + 1).subquery()
