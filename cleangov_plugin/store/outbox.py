"""The outbox of a host that sends its events over HTTP: a table of the host's own, beside its rows.

`docs/outbox` has the SQL of it. We read what waits and note what became of it, and write no row.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, Connection, Text, column, func, select, table, update

_OUTBOX: Final = table(
    "supervision_outbox",
    column("no", BigInteger),
    column("case_id", Text),
    column("event", Text),
    column("status", Text),
    column("kept_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An event that is not kept yet.

    :param no: its number; within a case, in the order in which the host committed.
    :param case_id: the case.
    :param event: a CloudEvent as JSON.
    """

    no: int
    case_id: str
    event: str


def waiting(connection: Connection, after: int, most: int) -> list[Waiting]:
    """List events that are not kept, oldest first.

    :param connection: a connection to the host's database.
    :param after: number after which to look.
    :param most: how many at the most.
    """
    box = _OUTBOX.c
    query = select(box.no, box.case_id, box.event).where(box.kept_at.is_(None), box.no > after)
    rows = connection.execute(query.order_by(box.no).limit(most))
    return [Waiting(no=no, case_id=case_id, event=event) for no, case_id, event in rows]


def mark(connection: Connection, no: int, status: str, *, is_kept: bool) -> None:
    """Note what became of an event; what is kept is not sent again.

    :param connection: a connection to the host's database.
    :param no: the event's number.
    :param status: in the service's words.
    :param is_kept: whether the service has it.
    """
    at = func.current_timestamp() if is_kept else None
    box = _OUTBOX.c
    noted = update(_OUTBOX).where(box.no == no, box.kept_at.is_(None))
    connection.execute(noted.values(status=status, kept_at=at))


def number_waiting(connection: Connection) -> int:
    """Count the events that are not kept.

    :param connection: a connection to the host's database.
    """
    query = select(func.count()).select_from(_OUTBOX).where(_OUTBOX.c.kept_at.is_(None))
    return int(connection.execute(query).scalar_one())
