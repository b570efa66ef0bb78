"""Attempts to take a step, and the passes that let them through."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from cleangov_plugin.domain.terms import AttemptState
from cleangov_plugin.ledger.instants import stamp

from . import tables
from .driver import execute
from .run import Busy, Retention, first, is_sqlite, kept, run


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """One try to take a step, as it is first written.

    :param log_id: the agency's ledger.
    :param attempt_id: the host's id of the attempt.
    :param stream: business stream.
    :param subject: the case.
    :param kind: kind of the event the step leads to.
    :param step: the host's own name of the step.
    :param actor: pseudonym of the officer.
    :param unit: unit of the officer.
    :param digest: payload digest of what is asked, hexadecimal.
    :param event: the proposed event as text; erasable.
    :param context: JSON of page, language and form fields; erasable.
    :param ruleset: revision of the rules it was judged by.
    :param calendar: version of the calendar.
    """

    log_id: str
    attempt_id: str
    stream: str
    subject: str
    kind: str
    step: str
    actor: str | None
    unit: str | None
    digest: str
    event: str | None
    context: str | None
    ruleset: int
    calendar: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What the gate decided of an attempt.

    :param state: where it stands now.
    :param decision: what was decided; None where nothing was.
    :param reason: code of the reason.
    :param hold_until: when a hold ends by itself, aware.
    """

    state: AttemptState = AttemptState.OPEN
    decision: str | None = None
    reason: str = ""
    hold_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRow:
    """A pass that a good answer earned.

    :param pass_id: unique.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt.
    :param prompt_id: the prompt answered.
    :param answer_id: the answer.
    :param digest: payload digest it is bound to, hexadecimal.
    :param issued_at: fixed-width UTC text.
    :param expires_at: fixed-width UTC text.
    """

    pass_id: str
    log_id: str
    attempt_id: str
    prompt_id: str
    answer_id: str
    digest: str
    issued_at: str
    expires_at: str


_UNDECIDED: Final = Decided()
_ROW: Final = tuple(field.name for field in fields(AttemptRow))
_VALUES: Final = attrgetter(*_ROW)
_DECIDED: Final = ("state", "decision", "reason", "decided_at", "hold_until_at")
_ONCE: Final = ("opened_at", "retention_class", "retain_until")
#: At every click an officer waits for it: so it is one statement, and nobody compiles it.
_SAVE: Final = (  # every name is our own
    f"INSERT INTO {{s}}cleangov_attempt ({', '.join((*_ROW, *_DECIDED, *_ONCE))})"  # noqa: S608
    f" VALUES ({', '.join(f':{name}' for name in (*_ROW, *_DECIDED, *_ONCE))})"
    " ON CONFLICT (log_id, attempt_id) DO UPDATE SET "
    f"{', '.join(f'{name} = excluded.{name}' for name in (*_ROW[2:], *_DECIDED))}"
)


_CLOSE: Final = (
    "UPDATE {s}cleangov_attempt SET state = :state, event_key = :event_key, reason = :reason"
    " WHERE log_id = :log_id AND attempt_id = :attempt_id"
)


def save_attempt(
    connection: Connection,
    row: AttemptRow,
    now: datetime,
    retention: Retention,
    decided: Decided = _UNDECIDED,
) -> None:
    """Write an attempt and what was decided of it; the same id again keeps when it began.

    :param connection: a writing connection of our own.
    :param row: the attempt.
    :param now: the present time, aware.
    :param retention: class and ISO day until which it is kept.
    :param decided: what the gate decided.
    """
    until = decided.hold_until
    values = {
        **dict(zip(_ROW, _VALUES(row), strict=True)),
        **kept(retention),
        "opened_at": stamp(now),
        "state": decided.state.value,
        "decision": decided.decision,
        "reason": decided.reason,
        "decided_at": None if decided.decision is None else stamp(now),
        "hold_until_at": None if until is None else stamp(until),
    }
    execute(connection, _SAVE, values)


def decide_attempt(
    connection: Connection,
    log_id: str,
    attempt_id: str,
    state: AttemptState,
    *,
    now: datetime,
    reason: str = "",
    hold_until: datetime | None = None,
    only: frozenset[AttemptState] = frozenset(AttemptState),
) -> bool:
    """Take note of where an attempt stands that an answer, a person or the clock decided.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt.
    :param state: where it stands now.
    :param now: the present time, aware.
    :param reason: code of the reason.
    :param hold_until: when a hold ends by itself, aware.
    :param only: states from which it may change.
    :return: False where there is no such attempt, or it stands elsewhere.
    """
    values = {
        "state": state.value,
        "reason": reason,
        "decided_at": stamp(now),
        "hold_until_at": None if hold_until is None else stamp(hold_until),
    }
    is_there = tables.attempt.c.state.in_(sorted(only))
    statement = update(tables.attempt).where(*_is(log_id, attempt_id), is_there).values(values)
    return run(connection, statement).rowcount == 1


def close_attempt(
    connection: Connection,
    log_id: str,
    attempt_id: str,
    state: AttemptState,
    *,
    event_key: str | None = None,
    reason: str = "",
) -> bool:
    """End an attempt: its event was written, or the step was given up.

    :param connection: the host's connection, or one of our own.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt.
    :param state: done or aborted.
    :param event_key: key of the event that was written.
    :param reason: code of the reason.
    :return: False where there is no such attempt.
    """
    values = {
        "log_id": log_id,
        "attempt_id": attempt_id,
        "state": state.value,
        "event_key": event_key,
        "reason": reason,
    }
    return bool(execute(connection, _CLOSE, values).rowcount == 1)


def attempt(connection: Connection, log_id: str, attempt_id: str) -> dict[str, Any] | None:
    """Look an attempt up, as a row of its table.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt.
    """
    query = select(tables.attempt).where(*_is(log_id, attempt_id))
    return first(connection, query)


def hold(connection: Connection, log_id: str, attempt_id: str) -> None:
    """Take an attempt's row, so that to change it waits for no other transaction.

    On the host's connection nothing may be waited for: there is no time limit on it, and two that
    wait for each other would fail the host's own statement.

    :param connection: the host's connection.
    :param log_id: the agency's ledger.
    :param attempt_id: an attempt that there is.
    :raises Busy: where another transaction has it.
    """
    if is_sqlite(connection):
        return
    query = select(tables.attempt.c.state).where(*_is(log_id, attempt_id))
    if run(connection, query.with_for_update(key_share=True, skip_locked=True)).first() is None:
        raise Busy("another transaction has this attempt.", where=tables.attempt.name)


def issue_pass(connection: Connection, row: PassRow, retention: Retention) -> None:
    """Write a pass.

    :param connection: a writing connection of our own.
    :param row: the pass.
    :param retention: class and ISO day until which it is kept.
    """
    run(connection, insert(tables.pass_).values({**asdict(row), **kept(retention)}))


def valid_pass(
    connection: Connection, log_id: str, attempt_id: str, digest: str, now: datetime
) -> dict[str, Any] | None:
    """Answer the newest pass of an attempt that is good for a payload, as a row of its table.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt.
    :param digest: payload digest, hexadecimal.
    :param now: the present time, aware.
    """
    table = tables.pass_
    query = (
        select(table)
        .where(
            table.c.log_id == log_id,
            table.c.attempt_id == attempt_id,
            table.c.digest == digest,
            table.c.expires_at >= stamp(now),
        )
        .order_by(table.c.issued_at.desc(), table.c.pass_id)
    )
    return first(connection, query)


def use_pass(connection: Connection, pass_id: str, now: datetime) -> bool:
    """Take note that a pass let its step through.

    :param connection: the host's connection, or one of our own.
    :param pass_id: the pass.
    :param now: the present time, aware.
    :return: False where it was used before.
    """
    table = tables.pass_
    statement = update(table).where(table.c.pass_id == pass_id, table.c.used_at.is_(None))
    return run(connection, statement.values(used_at=stamp(now))).rowcount == 1


def _is(log_id: str, attempt_id: str) -> tuple[Any, Any]:
    table = tables.attempt
    return table.c.log_id == log_id, table.c.attempt_id == attempt_id
