"""Steps of one officer that were taken, before which a prompt stood; the newest first."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, select

from cleangov_plugin.domain.terms import AttemptState, Tier
from cleangov_plugin.ledger.instants import stamp

from . import tables
from .run import rows


def prompted(
    connection: Connection,
    log_id: str,
    actor: str,
    *,
    since: datetime,
    size: int,
    is_done: bool,
) -> list[dict[str, Any]]:
    """List the prompts that interrupted an officer, as rows of their table, each with ``stream``.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param actor: pseudonym of the officer.
    :param since: only prompts made since then, aware.
    :param size: how many at the most.
    :param is_done: only of steps that were taken.
    """
    prompt, attempt = tables.prompt, tables.attempt
    same = and_(attempt.c.log_id == prompt.c.log_id, attempt.c.attempt_id == prompt.c.attempt_id)
    query = (
        select(prompt, attempt.c.stream)
        .join(attempt, same)
        .where(
            prompt.c.log_id == log_id,
            prompt.c.actor == actor,
            prompt.c.created_at >= stamp(since),
            prompt.c.tier >= Tier.CONFIRM.value,
        )
        .order_by(prompt.c.created_at.desc())
        .limit(size)
    )
    if is_done:
        query = query.where(attempt.c.state == AttemptState.DONE.value)
    return rows(connection, query)
