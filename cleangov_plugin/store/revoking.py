"""Passes that are revoked: an officer took back the answer that had earned them."""

from datetime import datetime

from sqlalchemy import Connection, update

from cleangov_plugin.ledger.instants import stamp

from . import tables
from .run import run


def revoke_passes(
    connection: Connection, log_id: str, attempt_id: str, *, before: datetime
) -> None:
    """End the passes of an attempt that have let nothing through.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param attempt_id: the attempt.
    :param before: their last instant, aware.
    """
    table = tables.pass_
    end = stamp(before)
    statement = update(table).where(
        table.c.log_id == log_id,
        table.c.attempt_id == attempt_id,
        table.c.used_at.is_(None),
        table.c.expires_at > end,
    )
    run(connection, statement.values(expires_at=end))
