"""What officers were prompted about, day by day, and what became of it: for nightly figures."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from cleangov_hooks import AnswerKind
from cleangov_plugin.domain.terms import FindingState, Tier
from cleangov_plugin.ledger.instants import stamp

from . import tables
from .run import run

_SLICE = 1_000
_PUT_RIGHT = (AnswerKind.CORRECTED.value, AnswerKind.SUGGESTION_ACCEPTED.value)
_STANDS = (AnswerKind.JUSTIFIED.value, AnswerKind.ACKNOWLEDGED.value, AnswerKind.CONFIRMED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompted:
    """One prompt of tiers 2 and 3, shown or passed over.

    :param actor: pseudonym of the officer.
    :param attempt_id: the attempt.
    :param created_at: fixed-width UTC text.
    :param tier: the tier it was shown with: 1 where it was passed over.
    :param outcomes: JSON of the merged hits.
    :param reason: why the attempt stands where it stands.
    """

    actor: str
    attempt_id: str
    created_at: str
    tier: int
    outcomes: str
    reason: str


def prompted(connection: Connection, log_id: str, since: datetime) -> Iterator[Prompted]:
    """Go through the prompts of tiers 2 and 3 since an instant, in order of time.

    :param connection: a connection of our own; rows are read in slices, memory stays flat.
    :param log_id: the agency's ledger.
    :param since: aware.
    """
    table, attempt, place = tables.prompt, tables.attempt, (stamp(since), "")
    while True:
        at, id_ = place
        later = (table.c.created_at > at) | ((table.c.created_at == at) & (table.c.prompt_id > id_))
        query = (
            select(table, attempt.c.reason)
            .join(
                attempt,
                (attempt.c.log_id == table.c.log_id) & (attempt.c.attempt_id == table.c.attempt_id),
            )
            .where(
                table.c.log_id == log_id,
                table.c.created_at >= at,
                later,
                table.c.tier < Tier.SECOND_PERSON,
                table.c.actor.is_not(None),
            )
            .order_by(table.c.created_at, table.c.prompt_id)
            .limit(_SLICE)
        )
        found = run(connection, query).all()
        for row in found:
            yield Prompted(
                actor=row.actor,
                attempt_id=row.attempt_id,
                created_at=row.created_at,
                tier=row.tier,
                outcomes=row.outcomes,
                reason=row.reason,
            )
        if len(found) < _SLICE:
            return
        place = (found[-1].created_at, found[-1].prompt_id)


def answered(
    connection: Connection, log_id: str, since: datetime
) -> Iterator[tuple[str, str, bool]]:
    """List what officers did at a prompt: its rules as JSON, the choice, whether it was put right.

    A doubt about the prompt is not among it: that is the steward's to judge, not a vote.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param since: only prompts made since then, aware.
    """
    prompt, answer = tables.prompt, tables.answer
    query = (
        select(prompt.c.prompt_id, prompt.c.rules, answer.c.choice, answer.c.kind)
        .join(answer, answer.c.prompt_id == prompt.c.prompt_id)
        .where(
            prompt.c.log_id == log_id,
            prompt.c.created_at >= stamp(since),
            answer.c.kind.in_((*_PUT_RIGHT, *_STANDS)),
        )
        .distinct()
    )
    for row in run(connection, query):
        yield row.rules, row.choice, row.kind in _PUT_RIGHT


def closed(connection: Connection, log_id: str, since: datetime) -> dict[str, dict[str, int]]:
    """Count the findings that were closed, by rule and by what became of them.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param since: only findings made since then, aware.
    """
    table = tables.finding
    told = func.coalesce(table.c.disposition, "")
    query = (
        select(table.c.rule_id, told.label("told"), func.count().label("number"))
        .where(
            table.c.log_id == log_id,
            table.c.state == FindingState.CLOSED.value,
            table.c.found_at >= stamp(since),
        )
        .group_by(table.c.rule_id, told)
    )
    found: dict[str, dict[str, int]] = {}
    for row in run(connection, query):
        found.setdefault(row.rule_id, {})[row.told] = row.number
    return found
