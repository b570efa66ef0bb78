"""Requests to a second person for which a step waits, and their end."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from cleangov_hooks import Event
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import second_requests

from .asked_entries import request_ended

Row: TypeAlias = Mapping[str, Any]


def requests_of(desk: Desk, connection: Connection, log_id: str, attempt_id: str) -> list[Row]:
    """List the requests of an attempt, newest first, as rows of their table.

    One past its time counts as expired, whether or not a tick has said so: no step waits for it.

    :param desk: the desk.
    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt.
    """
    found = second_requests.of_attempt(connection, log_id, attempt_id)
    return [as_of(row, desk.host.now()) for row in found]


def as_of(row: Row, now: datetime) -> Row:
    """Answer a request as it is now: one past its time has expired, tick or none.

    :param row: row of the request.
    :param now: the present time, aware.
    """
    return {**row, "state": second_requests.EXPIRED} if _is_late(row, stamp(now)) else row


def end_requests(
    desk: Desk, connection: Connection, log_id: str, attempt_id: str, *, but: str | None = None
) -> tuple[Event, ...]:
    """End the requests of an attempt that nobody needs to decide any more.

    :param desk: the desk.
    :param connection: a writing connection.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt.
    :param but: payload digest of the one request that goes on, if it is not past its time.
    :return: what tells of it; the caller records it in the same transaction.
    """
    return tuple(_ended(desk, connection, log_id, attempt_id, but))


def _ended(
    desk: Desk, connection: Connection, log_id: str, attempt_id: str, but: str | None
) -> Iterator[Event]:
    now = desk.host.now()
    for row in second_requests.of_attempt(connection, log_id, attempt_id):
        is_late = _is_late(row, stamp(now))
        if row["state"] == second_requests.OPEN and (is_late or row["digest"] != but):
            state = second_requests.EXPIRED if is_late else second_requests.WITHDRAWN
            id_ = row["request_id"]
            if second_requests.decide(connection, id_, state, decided_by=None, now=now):
                yield request_ended(desk, connection, row, state)


def _is_late(row: Row, now: str) -> bool:
    return bool(row["state"] == second_requests.OPEN and row["expires_at"] < now)
