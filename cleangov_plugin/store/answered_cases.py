"""What was answered at earlier steps of a case, whose step was taken with that answer."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from . import tables
from .run import run


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedAnswer:
    """An answer whose pass let its step through.

    :param answer_id: its id.
    :param prompt_id: the prompt answered.
    :param attempt_id: the attempt.
    :param choice: code of the choice.
    :param kind: kind of answer.
    :param outcomes: JSON of the merged hits, as they were kept with the prompt.
    """

    answer_id: str
    prompt_id: str
    attempt_id: str
    choice: str
    kind: str
    outcomes: str


def used(
    connection: Connection, log_id: str, subject: str, actor: str, *, limit: int
) -> list[UsedAnswer]:
    """List what an officer answered in a case and then did, the newest first.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    :param actor: pseudonym of the officer.
    :param limit: how many at the most.
    """
    attempt, prompt, answer, good = tables.attempt, tables.prompt, tables.answer, tables.pass_
    query = (
        select(
            answer.c.answer_id,
            prompt.c.prompt_id,
            prompt.c.attempt_id,
            answer.c.choice,
            answer.c.kind,
            prompt.c.outcomes,
        )
        .select_from(attempt)
        .join(
            good,
            (good.c.log_id == attempt.c.log_id) & (good.c.attempt_id == attempt.c.attempt_id),
        )
        .join(prompt, prompt.c.prompt_id == good.c.prompt_id)
        .join(answer, answer.c.answer_id == good.c.answer_id)
        .where(
            attempt.c.log_id == log_id,
            attempt.c.subject == subject,
            attempt.c.actor == actor,
            good.c.used_at.is_not(None),
        )
        .order_by(good.c.used_at.desc(), answer.c.answer_id)
        .limit(limit)
    )
    return [UsedAnswer(**row) for row in run(connection, query).mappings()]
