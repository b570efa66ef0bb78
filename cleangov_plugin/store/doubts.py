"""Doubts: an officer says that a prompt is wrong, and somebody answers. Rows of the requests."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, or_, select

from cleangov_plugin.ledger.instants import stamp

from . import tables
from .run import rows
from .second_requests import DOUBTED, DOUBTS

#: Most doubts on one page.
MOST: Final = 50


def of_prompt(connection: Connection, prompt_id: str) -> list[dict[str, Any]]:
    """List the doubts about a prompt, oldest first, as rows of their table.

    :param connection: any connection.
    :param prompt_id: the prompt.
    """
    table = tables.second_request
    prompt = tables.prompt
    query = (
        select(table)
        .join(prompt, (prompt.c.log_id == table.c.log_id) & (prompt.c.prompt_id == prompt_id))
        .where(table.c.attempt_id == prompt.c.attempt_id, table.c.prompt_id == prompt_id)
        .where(table.c.state.in_(DOUBTS))
    )
    return rows(connection, query.order_by(table.c.requested_at, table.c.request_id))


def of_officer(
    connection: Connection, log_id: str, officer: str, since: datetime
) -> list[dict[str, Any]]:
    """List the doubts of one officer, newest first: those open, and those answered of late.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param officer: pseudonym of the officer.
    :param since: from when on an answer is of late, aware.
    """
    table = tables.second_request
    is_shown = or_(table.c.state == DOUBTED, table.c.decided_at >= stamp(since))
    query = select(table).where(
        table.c.log_id == log_id,
        table.c.state.in_(DOUBTS),
        table.c.requested_by == officer,
        is_shown,
    )
    newest = query.order_by(table.c.requested_at.desc(), table.c.request_id)
    return rows(connection, newest.limit(MOST))


def waiting(
    connection: Connection, log_id: str, roles: Collection[str], *, late_on: datetime | None
) -> list[dict[str, Any]]:
    """List the doubts that nobody has answered, the first that is due first.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param roles: those it was passed on to.
    :param late_on: with those of all roles that are past their time by then, aware; None without.
    """
    table = tables.second_request
    reached: list[ColumnElement[bool]] = [table.c.role.in_(sorted(roles))]
    if late_on is not None:
        reached.append(table.c.expires_at < stamp(late_on))
    is_theirs = or_(*reached)
    query = select(table).where(table.c.log_id == log_id, table.c.state == DOUBTED, is_theirs)
    return rows(connection, query.order_by(table.c.expires_at, table.c.request_id).limit(MOST))
