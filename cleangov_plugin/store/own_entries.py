"""Entries of one officer: what they did in a case, in which cases of late, and who looked there.

No index names the officer: a case is found by its number, and their cases in a stretch of the
newest entries, of bounded length.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from cleangov_plugin.domain.terms import Mark
from cleangov_plugin.ledger.instants import stamp

from . import tables
from .review import LARGE_CASE
from .run import rows, run

#: Newest entries in which the cases of an officer are looked for.
STRETCH: Final = 5_000


def of_officer(
    connection: Connection, log_id: str, subject: str, actor: str
) -> list[dict[str, Any]]:
    """List what an officer did in a case, as rows of the entries, in the order of the acts.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    :param actor: pseudonym of the officer.
    """
    entry, left_out = tables.entry, Mark.OURS | Mark.UNLISTED
    query = select(entry).where(
        entry.c.log_id == log_id,
        entry.c.subject == subject,
        entry.c.actor == actor,
        entry.c.marks.bitwise_and(left_out.value) == 0,
    )
    return rows(connection, query.order_by(entry.c.occurred_at, entry.c.id).limit(LARGE_CASE))


def superseded(connection: Connection, log_id: str, subject: str) -> frozenset[str]:
    """Answer the keys of the events of a case that a later entry corrects.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    """
    entry = tables.entry
    query = select(entry.c.supersedes).where(
        entry.c.log_id == log_id, entry.c.subject == subject, entry.c.supersedes.is_not(None)
    )
    return frozenset(run(connection, query.limit(LARGE_CASE)).scalars())


def cases_of(
    connection: Connection,
    log_id: str,
    actor: str,
    unit: str | None,
    *,
    since: datetime,
    size: int,
    stretch: int = STRETCH,
) -> tuple[str, ...]:
    """Answer the cases in which an officer acted of late, the newest first.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param actor: pseudonym of the officer.
    :param unit: their unit; None for acts for any unit.
    :param since: only acts since then, aware.
    :param size: how many at the most.
    :param stretch: how many of the newest entries are looked at.
    """
    entry, left_out = tables.entry, Mark.OURS | Mark.UNLISTED
    names = ("subject", "actor", "unit", "marks", "occurred_at")
    # One walk along the index of lists; what narrows it would have a planner read the table whole.
    walk = select(*(entry.c[name] for name in names)).where(
        entry.c.log_id == log_id, entry.c.occurred_at >= stamp(since)
    )
    newest = walk.order_by(entry.c.occurred_at.desc(), entry.c.id.desc()).limit(stretch).subquery()
    last = func.max(newest.c.occurred_at)
    found = (
        select(newest.c.subject)
        .where(newest.c.actor == actor, newest.c.marks.bitwise_and(left_out.value) == 0)
        .group_by(newest.c.subject)
        .order_by(last.desc(), newest.c.subject)
        .limit(size)
    )
    if unit is not None:
        found = found.where(newest.c.unit == unit)
    return tuple(run(connection, found).scalars())


def of_kinds(
    connection: Connection,
    log_id: str,
    subjects: Collection[str],
    kinds: Collection[str],
    *,
    until: datetime,
    size: int,
) -> list[dict[str, Any]]:
    """List our own entries of some kinds in some cases, the newest first, as rows of the table.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subjects: the cases.
    :param kinds: kinds of entry.
    :param until: only what happened until then, aware.
    :param size: how many at the most.
    """
    entry = tables.entry
    query = select(entry).where(
        entry.c.log_id == log_id,
        entry.c.subject.in_(sorted(subjects)),
        entry.c.kind.in_(sorted(kinds)),
        entry.c.occurred_at <= stamp(until),
    )
    newest = query.order_by(entry.c.occurred_at.desc(), entry.c.id.desc()).limit(size)
    return rows(connection, newest) if subjects else []


def is_there(
    connection: Connection, place: tuple[str, str], kind: str, actor: str, *, since: datetime
) -> bool:
    """Answer whether somebody has an entry of a kind in a case since a moment.

    :param connection: any connection.
    :param place: ledger and case.
    :param kind: kind of entry.
    :param actor: pseudonym of the person.
    :param since: since when, aware.
    """
    entry = tables.entry
    query = select(entry.c.id).where(
        entry.c.log_id == place[0],
        entry.c.subject == place[1],
        entry.c.kind == kind,
        entry.c.actor == actor,
        entry.c.occurred_at >= stamp(since),
    )
    return run(connection, query.limit(1)).first() is not None


def numbered(
    connection: Connection, log_id: str, subjects: Collection[str], actor: str
) -> frozenset[tuple[int, int]]:
    """Answer lane and number of all entries of an officer in some cases.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subjects: the cases.
    :param actor: pseudonym of the officer.
    """
    entry = tables.entry
    query = select(entry.c.lane, entry.c.no).where(
        entry.c.log_id == log_id, entry.c.subject.in_(sorted(subjects)), entry.c.actor == actor
    )
    found = run(connection, query.limit(LARGE_CASE)) if subjects else ()
    return frozenset((row.lane, row.no) for row in found)
