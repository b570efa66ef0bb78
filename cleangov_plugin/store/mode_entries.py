"""The steps that were taken in a mode, and are looked at when it has ended."""

from collections.abc import Iterator

from sqlalchemy import Connection, select, update

from cleangov_plugin.domain.terms import AttemptState

from . import tables
from .run import run

#: The case, of nobody's, under which the entries of all modes of a ledger stand.
SUBJECT = "cleangov.modes"
_SLICE = 500


def deferred(connection: Connection, log_id: str, reason: str) -> Iterator[tuple[str, int, bool]]:
    """Go through the steps that were taken in a mode and not looked at since.

    :param connection: a connection of our own; rows are read in slices.
    :param log_id: the agency's ledger.
    :param reason: reason of their attempts, which names the mode.
    :return: attempt, number of the entry's row, and whether a later entry corrects it.
    """
    attempt, entry, later = tables.attempt, tables.entry, tables.entry.alias()
    last = ""
    while True:
        query = (
            select(attempt.c.attempt_id, attempt.c.event_key, attempt.c.subject, entry.c.id)
            .join(
                entry,
                (entry.c.log_id == attempt.c.log_id)
                & (entry.c.event_key == attempt.c.event_key)
                & (entry.c.subject == attempt.c.subject),
            )
            .where(
                attempt.c.log_id == log_id,
                attempt.c.reason == reason,
                attempt.c.state == AttemptState.DONE.value,
                attempt.c.attempt_id > last,
            )
            .order_by(attempt.c.attempt_id)
            .limit(_SLICE)
        )
        found = run(connection, query).all()
        for row in found:
            corrected = select(later.c.id).where(
                later.c.log_id == log_id,
                later.c.subject == row.subject,
                later.c.supersedes == row.event_key,
            )
            is_corrected = run(connection, corrected.limit(1)).first() is not None
            yield row.attempt_id, row.id, is_corrected
        if len(found) < _SLICE:
            return
        last = found[-1].attempt_id


def looked_at(connection: Connection, log_id: str, attempt_id: str, reason: str) -> None:
    """Take note that a step was looked at after its mode.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt.
    :param reason: code of the reason from now on.
    """
    table = tables.attempt
    where = (table.c.log_id == log_id, table.c.attempt_id == attempt_id)
    run(connection, update(table).where(*where).values(reason=reason))


def deferred_cases(
    connection: Connection, log_id: str, reason: str, unit: str | None, size: int
) -> list[str]:
    """Name the cases with steps that were taken in a mode and not looked at since.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param reason: reason of their attempts, which names the mode.
    :param unit: only steps of this unit; None for those of all.
    :param size: how many at the most.
    """
    attempt = tables.attempt
    query = select(attempt.c.subject).distinct()
    query = query.where(
        attempt.c.log_id == log_id,
        attempt.c.reason == reason,
        attempt.c.state == AttemptState.DONE.value,
    )
    if unit is not None:
        query = query.where(attempt.c.unit == unit)
    return list(run(connection, query.order_by(attempt.c.subject).limit(size)).scalars())
