"""What stands before one officer now: their prompts whose step is not taken yet, the newest first.

An index names the officer; of their own prompts a stretch of bounded length is looked at.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, exists, or_, select

from cleangov_plugin.domain.terms import LAST_FATES, AttemptState, Fate
from cleangov_plugin.ledger.instants import stamp

from . import tables
from .run import rows
from .second_requests import APPROVED

#: Prompts of the officer that are looked at for one page.
STRETCH: Final = 500

_HOLDING: Final = (AttemptState.HELD.value, AttemptState.WAITING.value)
_STANDING: Final = tuple(
    fate.value for fate in Fate if fate not in LAST_FATES and fate is not Fate.UNKNOWN
)


@dataclass(frozen=True, slots=True)
class OwnPrompts:
    """Prompts of one officer.

    :param rows: rows of their table, the newest first, each with ``attempt_state``, ``kind`` and
        ``context`` of its attempt.
    :param is_cut: whether there may be older ones that were not looked at.
    """

    rows: tuple[dict[str, Any], ...]
    is_cut: bool


def own_prompts(
    connection: Connection,
    log_id: str,
    actor: str,
    *,
    since: datetime,
    now: datetime,
    size: int,
    stretch: int = STRETCH,
) -> OwnPrompts:
    """List the prompts that hold a step of an officer, and those that a second person agreed to.

    What was agreed to stands until the step is taken, or the agreement is no longer good.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param actor: pseudonym of the officer.
    :param since: only prompts made since then, aware.
    :param now: the present time, aware.
    :param size: how many at the most.
    :param stretch: how many of the officer's newest prompts are looked at.
    :return: the prompts.
    """
    table = tables.prompt
    is_own = and_(
        table.c.log_id == log_id, table.c.actor == actor, table.c.created_at >= stamp(since)
    )
    late = table.c.created_at.desc()
    newest = select(table).where(is_own).order_by(late).limit(stretch).subquery()
    found = rows(connection, _to_be_taken(newest, stamp(now)).limit(size + 1))
    beyond = select(table.c.prompt_id).where(is_own).order_by(late).offset(stretch).limit(1)
    is_cut = len(found) > size or bool(rows(connection, beyond))
    return OwnPrompts(tuple(found[:size]), is_cut)


def _to_be_taken(newest: Any, now: str) -> Any:
    attempt, request = tables.attempt, tables.second_request
    agreed = exists().where(
        request.c.log_id == newest.c.log_id,
        request.c.attempt_id == newest.c.attempt_id,
        request.c.prompt_id == newest.c.prompt_id,
        request.c.state == APPROVED,
        request.c.expires_at >= now,
    )
    holds = and_(attempt.c.state.in_(_HOLDING), newest.c.fate.in_(_STANDING))
    is_to_be_taken = and_(attempt.c.state == AttemptState.PASSED.value, agreed)
    return (
        select(newest, attempt.c.kind, attempt.c.context, attempt.c.state.label("attempt_state"))
        .join(
            attempt,
            and_(attempt.c.log_id == newest.c.log_id, attempt.c.attempt_id == newest.c.attempt_id),
        )
        .where(or_(holds, is_to_be_taken))
        .order_by(newest.c.created_at.desc(), newest.c.prompt_id)
    )
