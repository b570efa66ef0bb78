"""Findings that hits raised, as verifying looks for them: few columns, many at a time."""

from collections.abc import Collection
from typing import Final, NamedTuple

from sqlalchemy import Connection, null, select

from cleangov_hooks import AnswerKind
from cleangov_plugin.domain.terms import Severity

from . import tables
from .gaps import GapState
from .run import may_read, run


class Stayed(NamedTuple):
    """Why a hit may have no finding, as the tables beside the entries say.

    :param reasons: reasons of attempts, by their ids.
    :param put_off: ids of answers that put something off.
    :param answers: ids of all answers that are there.
    :param owed: keys of events that are still to be made whole, each with what waits; None where
        this account may not read that.
    """

    reasons: dict[str, str]
    put_off: frozenset[str]
    answers: frozenset[str]
    owed: dict[str, tuple[str | None, ...]]


_TABLES: Final = (
    (tables.finding, "rule_id"),
    (tables.attempt, "reason"),
    (tables.answer, "kind"),
    (tables.pass_, "used_at"),
)


def may_be_looked_up(connection: Connection) -> bool:
    """Answer whether this account may read findings, attempts, answers and passes.

    :param connection: any connection.
    """
    return all(may_read(connection, table, column) for table, column in _TABLES)


class Raised(NamedTuple):
    """What tells findings of a ledger apart: never two of them have all of it alike.

    :param subject: the case.
    :param rule_id: the rule.
    :param part: part of the case; empty for the whole.
    :param is_signal: whether it is for study only.
    """

    subject: str
    rule_id: str
    part: str
    is_signal: bool


def raised(
    connection: Connection, log_id: str, subjects: Collection[str]
) -> tuple[frozenset[Raised], frozenset[Raised]]:
    """Answer which findings of cases there are.

    :param connection: any connection.
    :param log_id: the ledger.
    :param subjects: cases; some hundreds at the most.
    :return: all of them, and those whose rule raises nothing but signals.
    """
    it = tables.finding
    which = (it.c.log_id == log_id, it.c.subject.in_(sorted(subjects)))
    columns = (it.c.subject, it.c.rule_id, it.c.part, it.c.is_signal, it.c.severity)
    found = run(connection, select(*columns).where(*which)).all()
    keys = [Raised(row.subject, row.rule_id, row.part, bool(row.is_signal)) for row in found]
    only = Severity.SIGNAL.value
    mild = (key for key, row in zip(keys, found, strict=True) if row.severity == only)
    return frozenset(keys), frozenset(mild)


def spent(connection: Connection, answers: Collection[str]) -> frozenset[str]:
    """Answer by which answers a step went on that could not wait: the pass they earned is used.

    :param connection: any connection.
    :param answers: ids of answers; some hundreds at the most.
    """
    answer, pass_ = tables.answer, tables.pass_
    query = (
        select(answer.c.answer_id)
        .join(pass_, pass_.c.answer_id == answer.c.answer_id)
        .where(
            answer.c.answer_id.in_(sorted(answers)),
            answer.c.kind == AnswerKind.BREAK_GLASS.value,
            pass_.c.used_at.is_not(None),
        )
    )
    return frozenset(run(connection, query).scalars()) if answers else frozenset()


def stayed(
    connection: Connection,
    log_id: str,
    attempts: Collection[str],
    answers: Collection[str],
    keys: Collection[str],
) -> Stayed:
    """Look up why some hits may have no finding.

    :param connection: any connection.
    :param log_id: the ledger.
    :param attempts: ids of attempts; some hundreds at the most, as of the others.
    :param answers: ids of answers.
    :param keys: keys of events.
    """
    at, answer, gap = tables.attempt, tables.answer, tables.gap
    named = select(at.c.attempt_id, at.c.reason).where(
        at.c.log_id == log_id, at.c.attempt_id.in_(sorted(attempts))
    )
    given = select(answer.c.answer_id, answer.c.kind).where(answer.c.answer_id.in_(sorted(answers)))
    kinds = {row.answer_id: row.kind for row in run(connection, given)} if answers else {}
    event = gap.c.event if may_read(connection, gap, "event") else null()
    waiting = select(gap.c.event_key, event.label("event")).where(
        gap.c.log_id == log_id,
        gap.c.state == GapState.OWED.value,
        gap.c.event_key.in_(sorted(keys)),
    )
    owed: dict[str, tuple[str | None, ...]] = {}
    for row in run(connection, waiting):
        owed[row.event_key] = (*owed.get(row.event_key, ()), row.event)
    return Stayed(
        reasons={row.attempt_id: row.reason for row in run(connection, named)} if attempts else {},
        put_off=frozenset(id_ for id_, kind in kinds.items() if kind == AnswerKind.DEFERRED.value),
        answers=frozenset(kinds),
        owed=owed,
    )
