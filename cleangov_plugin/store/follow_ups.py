"""What has to follow on answers: who is asked, until when, and what became of it."""

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, insert, or_, select, update

from cleangov_plugin.domain.terms import AttemptState, FollowUp
from cleangov_plugin.ledger.instants import stamp

from . import tables
from .run import Retention, first, kept, rows, run

#: States of a follow-up: waiting · somebody agreed, or did not · what was awaited came, or did not
#: come · the answer that it follows on was taken back, or its step never taken.
OPEN: Final = "open"
AGREED: Final = "agreed"
DECLINED: Final = "declined"
FOLLOWED: Final = "followed"
MISSED: Final = "missed"
WITHDRAWN: Final = "withdrawn"
#: Most on one page, and most that one tick looks at.
MOST: Final = 50
_SLICE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowRow:
    """One follow-up, as it is first written.

    :param follow_id: unique.
    :param log_id: the agency's ledger.
    :param kind: what has to follow.
    :param attempt_id: the attempt.
    :param prompt_id: the prompt answered.
    :param answer_id: the answer it follows on.
    :param subject: the case.
    :param actor: pseudonym of the officer who answered.
    :param role: role of those who are asked; None where nobody is.
    :param asked: pseudonym of the one person asked; None for all of the role.
    :param awaits: kinds of event that fulfil it, apart by spaces; None where somebody decides.
    :param asked_at: fixed-width UTC text.
    :param due_at: fixed-width UTC text.
    """

    follow_id: str
    log_id: str
    kind: str
    attempt_id: str
    prompt_id: str
    answer_id: str
    subject: str
    actor: str
    role: str | None
    asked: str | None
    awaits: str | None
    asked_at: str
    due_at: str


class Put(NamedTuple):
    """What was put off, with the step that was taken meanwhile.

    :param follow_id: the follow-up.
    :param subject: the case.
    :param attempt_id: the attempt.
    :param awaits: kinds of event that fulfil it.
    :param asked_at: since when, fixed-width UTC text.
    :param due_at: until when, fixed-width UTC text.
    :param state: where its attempt stands.
    :param row: number of the step's entry; None where there is none.
    :param event_key: key of the step's event; None where there is none.
    """

    follow_id: str
    subject: str
    attempt_id: str
    awaits: str
    asked_at: str
    due_at: str
    state: str
    row: int | None
    event_key: str | None


def add(connection: Connection, row: FollowRow, retention: Retention) -> None:
    """Write a follow-up.

    :param connection: a writing connection of our own.
    :param row: the follow-up.
    :param retention: class and ISO day until which it is kept.
    """
    values = {**asdict(row), **kept(retention), "state": OPEN}
    run(connection, insert(tables.follow_up).values(values))


def find(connection: Connection, follow_id: str) -> dict[str, Any] | None:
    """Look a follow-up up, as a row of its table.

    :param connection: any connection.
    :param follow_id: the follow-up.
    """
    table = tables.follow_up
    return first(connection, select(table).where(table.c.follow_id == follow_id))


def of_prompt(connection: Connection, prompt_id: str) -> list[dict[str, Any]]:
    """List what follows on the answers to a prompt, newest first, as rows of their table.

    :param connection: any connection.
    :param prompt_id: the prompt.
    """
    table = tables.follow_up
    query = select(table).where(table.c.prompt_id == prompt_id)
    return rows(connection, query.order_by(table.c.asked_at.desc(), table.c.follow_id))


def stepped_back(connection: Connection, log_id: str, subject: str, actor: str) -> bool:
    """Answer whether an officer stepped back from a case, and nobody has said that they go on.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    :param actor: pseudonym of the officer.
    """
    table = tables.follow_up
    query = select(table.c.follow_id).where(
        table.c.log_id == log_id,
        table.c.subject == subject,
        table.c.actor == actor,
        table.c.kind == FollowUp.RECUSAL.value,
        table.c.state.in_((OPEN, AGREED)),
    )
    return run(connection, query.limit(1)).first() is not None


def waiting(
    connection: Connection, log_id: str, roles: Collection[str], own: str
) -> list[dict[str, Any]]:
    """List what waits for a person, the first that is due first, as rows of their table.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param roles: roles of the person.
    :param own: pseudonym of the person.
    """
    table = tables.follow_up
    of_role = and_(table.c.asked.is_(None), table.c.role.in_(sorted(roles)))
    query = select(table).where(
        table.c.log_id == log_id,
        table.c.state == OPEN,
        table.c.awaits.is_(None),
        or_(of_role, table.c.asked == own),
    )
    return rows(connection, query.order_by(table.c.due_at, table.c.follow_id).limit(MOST))


def promised(connection: Connection, log_id: str, actor: str) -> list[dict[str, Any]]:
    """List what an officer has put off, the first that is due first, as rows of their table.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param actor: pseudonym of the officer.
    """
    table = tables.follow_up
    query = select(table).where(
        table.c.log_id == log_id,
        table.c.state == OPEN,
        table.c.awaits.is_not(None),
        table.c.actor == actor,
    )
    return rows(connection, query.order_by(table.c.due_at, table.c.follow_id).limit(MOST))


def decide(
    connection: Connection,
    follow_id: str,
    state: str,
    *,
    decided_by: str | None,
    now: datetime,
    words: str | None = None,
) -> bool:
    """Take note of what became of a follow-up; one that is over stays as it is.

    :param connection: a writing connection.
    :param follow_id: the follow-up.
    :param state: what became of it.
    :param decided_by: pseudonym of who decided; None where nobody did.
    :param now: the present time, aware.
    :param words: their own words; personal, erasable.
    :return: False where it was over.
    """
    table = tables.follow_up
    statement = update(table).where(table.c.follow_id == follow_id, table.c.state == OPEN)
    values = {"state": state, "decided_by": decided_by, "decided_at": stamp(now), "words": words}
    return run(connection, statement.values(values)).rowcount == 1


def put_off(connection: Connection, log_id: str) -> Iterator[Put]:
    """Go through what was put off and is open, the first that is due first.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    """
    table, attempt, entry = tables.follow_up, tables.attempt, tables.entry
    query = (
        select(
            table.c.follow_id,
            table.c.subject,
            table.c.attempt_id,
            table.c.awaits,
            table.c.asked_at,
            table.c.due_at,
            attempt.c.state,
            entry.c.id,
            attempt.c.event_key,
        )
        .join(
            attempt,
            and_(
                attempt.c.log_id == table.c.log_id,
                attempt.c.attempt_id == table.c.attempt_id,
            ),
        )
        .outerjoin(
            entry,
            and_(
                attempt.c.state == AttemptState.DONE.value,
                entry.c.log_id == table.c.log_id,
                entry.c.event_key == attempt.c.event_key,
                entry.c.subject == table.c.subject,
            ),
        )
        .where(table.c.log_id == log_id, table.c.state == OPEN, table.c.awaits.is_not(None))
        .order_by(table.c.due_at, table.c.follow_id)
        .limit(_SLICE)
    )
    yield from (Put._make(row) for row in run(connection, query).all())


def has_come(connection: Connection, log_id: str, put: Put, *, is_late_too: bool = False) -> bool:
    """Answer whether what was put off came in its time: such an event, or the step put right.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param put: what was put off.
    :param is_late_too: whether what came after its day counts, too.
    """
    entry = tables.entry
    came = and_(entry.c.kind.in_(put.awaits.split()), entry.c.recorded_at >= put.asked_at)
    is_it = came if put.event_key is None else or_(came, entry.c.supersedes == put.event_key)
    query = select(entry.c.id).where(
        entry.c.log_id == log_id, entry.c.subject == put.subject, is_it
    )
    if not is_late_too:
        query = query.where(entry.c.recorded_at <= put.due_at)
    return run(connection, query.limit(1)).first() is not None
