"""Looking entries up, one by one."""

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, select

from . import tables
from .run import run


def body_of(connection: Connection, log_id: str, key: str) -> str | None:
    """Look up the body of an event's entry; None where there is none.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param key: the event's key.
    """
    entry = tables.entry
    query = select(entry.c.body).where(entry.c.log_id == log_id, entry.c.event_key == key)
    body: str | None = run(connection, query).scalar()
    return body


def entry_at(connection: Connection, log_id: str, row: int) -> tuple[str, str | None] | None:
    """Look up an entry's body and the values kept beside it; None where there is none.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param row: number of its row.
    """
    entry = tables.entry
    query = select(entry.c.body, entry.c.fact_values).where(
        entry.c.log_id == log_id, entry.c.id == row
    )
    found = run(connection, query).first()
    return None if found is None else (found.body, found.fact_values)


def bodies_of_lane(
    connection: Connection, log_id: str, lane: int, numbers: Collection[int]
) -> Iterator[bytes]:
    """Go through the bodies that stand at some places of a lane.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param lane: the lane.
    :param numbers: numbers there; some hundreds at the most.
    """
    entry = tables.entry
    query = select(entry.c.body).where(
        entry.c.log_id == log_id, entry.c.lane == lane, entry.c.no.in_(sorted(numbers))
    )
    for body in run(connection, query).scalars():
        yield str(body).encode("utf-8", "surrogateescape")
