"""Looking entries up, one by one."""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from sqlalchemy import Connection, select, tuple_

from . import tables
from .run import run

#: Places that are looked up together.
_PLACES_AT_ONCE: Final = 400


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


def taken_places(
    connection: Connection, log_id: str, places: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Answer at which places there is an entry, in order.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param places: lanes and numbers there.
    """
    entry, wanted = tables.entry, sorted(set(places))
    found: set[tuple[int, int]] = set()
    for first in range(0, len(wanted), _PLACES_AT_ONCE):
        chosen = tuple_(entry.c.lane, entry.c.no).in_(wanted[first : first + _PLACES_AT_ONCE])
        query = select(entry.c.lane, entry.c.no).where(entry.c.log_id == log_id, chosen)
        found.update((row.lane, row.no) for row in run(connection, query))
    return sorted(found)


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
