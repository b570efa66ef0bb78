"""Requests to a second person: who asks whom about what, until when, and what was decided."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from cleangov_plugin.ledger.instants import stamp

from . import tables
from .driver import execute
from .run import Retention, first, kept, rows, run


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """A request to a second person.

    :param request_id: unique.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt that waits.
    :param prompt_id: the prompt that asked for it.
    :param digest: payload digest it is about, hexadecimal.
    :param role: role of the person asked.
    :param requested_by: pseudonym of who asks.
    :param asked: pseudonym of the person asked, where one was named.
    :param requested_at: fixed-width UTC text.
    :param expires_at: fixed-width UTC text.
    :param reason: code of what it is about; None for a step that waits.
    :param instead_of: the role that the prompt names, where another one is asked in its place.
    """

    request_id: str
    log_id: str
    attempt_id: str
    prompt_id: str
    digest: str
    role: str
    requested_by: str
    asked: str | None
    requested_at: str
    expires_at: str
    reason: str | None = None
    instead_of: str | None = None


#: States of a request to a second person.
OPEN: Final = "open"
APPROVED: Final = "approved"
REFUSED: Final = "refused"
EXPIRED: Final = "expired"
WITHDRAWN: Final = "withdrawn"
#: Nobody could be asked.
NOBODY: Final = "nobody"
#: An officer says that a prompt is wrong: somebody else is asked to look, and no step waits for it.
DOUBTED: Final = "doubted"
UPHELD: Final = "upheld"
DECLINED: Final = "declined"
#: States of doubts; every other one is of a request that a step waits for.
DOUBTS: Final = (DOUBTED, UPHELD, DECLINED)


def ask(connection: Connection, row: RequestRow, retention: Retention, state: str = OPEN) -> None:
    """Write a request to a second person.

    :param connection: a writing connection of our own.
    :param row: the request.
    :param retention: class and ISO day until which it is kept.
    :param state: open, or doubted.
    """
    values = {**asdict(row), **kept(retention), "state": state}
    run(connection, insert(tables.second_request).values(values))


def decide(
    connection: Connection,
    request_id: str,
    state: str,
    *,
    decided_by: str | None,
    now: datetime,
    reason: str | None = None,
    words: str | None = None,
    only: str = OPEN,
) -> bool:
    """Decide a request that is open.

    :param connection: a writing connection of our own.
    :param request_id: the request.
    :param state: approved, refused, expired or withdrawn.
    :param decided_by: pseudonym of who decides; None where it expired.
    :param now: the present time, aware.
    :param reason: code of the reason.
    :param words: the person's own words; personal, erasable.
    :param only: the state in which it may be decided.
    :return: False where it is not open any more.
    """
    table = tables.second_request
    values = {
        "state": state,
        "decided_by": decided_by,
        "decided_at": stamp(now),
        "reason": reason,
        "words": words,
    }
    statement = update(table).where(table.c.request_id == request_id, table.c.state == only)
    return run(connection, statement.values(values)).rowcount == 1


def end_sooner(connection: Connection, request_id: str, until: datetime) -> None:
    """Let an open request, and the hold that waits for it, end sooner.

    :param connection: a writing connection of our own.
    :param request_id: the request.
    :param until: when, aware.
    """
    asked, attempt = tables.second_request, tables.attempt
    this = select(asked.c.log_id, asked.c.attempt_id).where(asked.c.request_id == request_id)
    where = (asked.c.request_id == request_id, asked.c.state == OPEN)
    if run(connection, update(asked).where(*where).values(expires_at=stamp(until))).rowcount:
        its = tuple_(attempt.c.log_id, attempt.c.attempt_id).in_(this)
        run(connection, update(attempt).where(its).values(hold_until_at=stamp(until)))


def find(connection: Connection, request_id: str) -> dict[str, Any] | None:
    """Look a request up, as a row of its table.

    :param connection: any connection.
    :param request_id: the request.
    """
    table = tables.second_request
    query = select(table).where(table.c.request_id == request_id)
    return first(connection, query)


def waiting(
    connection: Connection, log_id: str, *, roles: frozenset[str] | None, state: str = OPEN
) -> list[dict[str, Any]]:
    """List requests to certain roles, oldest first, as rows of their table.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param roles: roles; None for all.
    :param state: state of the request.
    """
    table = tables.second_request
    query = select(table).where(table.c.log_id == log_id, table.c.state == state)
    if roles is not None:
        query = query.where(table.c.role.in_(sorted(roles)))
    return rows(connection, query.order_by(table.c.requested_at))


#: Whether anything waits, in one row, and up to when there are deputies. Every page of the host
#: asks it, and a statement that SQLAlchemy writes takes longer than to answer it.
_ANY: Final = """
SELECT %(letter)srevision.deputies_until, asked.request_id
FROM {s}cleangov_revision AS revision
LEFT JOIN {s}cleangov_second_request AS asked
  ON asked.log_id = revision.log_id AND asked.state = 'open' AND (asked.asked = :own%(roles)s)
WHERE revision.log_id = :log_id
LIMIT 1"""
#: Whether somebody was ever written a letter: asked along with the other where both are shown.
_LETTER: Final = """EXISTS (
  SELECT 1 FROM {s}cleangov_instrument AS letter
  WHERE letter.log_id = revision.log_id AND letter.addressee = :own
), """


@lru_cache(maxsize=64)
def _any(number: int, *, has_letters: bool = False) -> str:
    """Write the question for somebody with so many roles."""
    names = ", ".join(f":role{each}" for each in range(number))
    roles = f" OR (asked.asked IS NULL AND asked.role IN ({names}))" if number else ""
    return _ANY % {"letter": _LETTER if has_letters else "", "roles": roles}


def is_any_waiting(
    connection: Connection, log_id: str, roles: frozenset[str], own: str, now: str
) -> bool:
    """Answer whether a request to somebody is open, or one may be to whom they stand in for.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param roles: their roles.
    :param own: their pseudonym.
    :param now: the present time, fixed-width UTC text.
    """
    found = execute(connection, _any(len(roles)), _asked_by(log_id, roles, own)).fetchall()
    return bool(found) and (found[0][1] is not None or (found[0][0] or "") > now)


def is_any_waiting_or_written(
    connection: Connection, log_id: str, roles: frozenset[str], own: str, now: str
) -> bool:
    """Answer the same, or whether somebody was ever written a letter; in one statement.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param roles: their roles.
    :param own: their pseudonym.
    :param now: the present time, fixed-width UTC text.
    """
    question = _any(len(roles), has_letters=True)
    found = execute(connection, question, _asked_by(log_id, roles, own)).fetchall()
    return any(letter or asked is not None or (until or "") > now for letter, until, asked in found)


def _asked_by(log_id: str, roles: frozenset[str], own: str) -> dict[str, str]:
    asked = {f"role{number}": role for number, role in enumerate(sorted(roles))}
    return {"log_id": log_id, "own": own, **asked}


def inbox(
    connection: Connection, log_id: str, roles: frozenset[str], own: str
) -> tuple[list[dict[str, Any]], str]:
    """List the open requests to a person or their roles, oldest first, as rows of their table.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param roles: their roles.
    :param own: their pseudonym.
    :return: the requests, and up to when there may be deputies, as fixed-width UTC text; empty
        where there are none. One statement tells both.
    """
    table, revision = tables.second_request, tables.revision
    theirs = and_(
        table.c.log_id == revision.c.log_id,
        table.c.state == OPEN,
        _asks(table, roles, frozenset({own})),
    )
    query = (
        select(revision.c.deputies_until, table)
        .select_from(revision.outerjoin(table, theirs))
        .where(revision.c.log_id == log_id)
        .order_by(table.c.requested_at)
    )
    found = rows(connection, query)
    until = str(found[0]["deputies_until"] or "") if found else ""
    return [row for row in found if row["request_id"] is not None], until


def asked_of(
    connection: Connection, log_id: str, roles: frozenset[str], people: frozenset[str]
) -> list[dict[str, Any]]:
    """List the open requests to roles at large and to people by name, oldest first.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param roles: roles.
    :param people: pseudonyms.
    """
    table = tables.second_request
    query = select(table).where(
        table.c.log_id == log_id, table.c.state == OPEN, _asks(table, roles, people)
    )
    return rows(connection, query.order_by(table.c.requested_at))


def _asks(table: Table, roles: frozenset[str], people: frozenset[str]) -> ColumnElement[bool]:
    at_large = and_(table.c.asked.is_(None), table.c.role.in_(sorted(roles)))
    return or_(at_large, table.c.asked.in_(sorted(people)))


def of_attempt(connection: Connection, log_id: str, attempt_id: str) -> list[dict[str, Any]]:
    """List the requests that an attempt waits or waited for, newest first, as rows of their table.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt.
    """
    table = tables.second_request
    query = select(table).where(table.c.log_id == log_id, table.c.attempt_id == attempt_id)
    waited_for = query.where(table.c.state.not_in(DOUBTS))
    return rows(connection, waited_for.order_by(table.c.requested_at.desc()))
