"""Earlier events of all cases by group: an index, written with the entry and filled by a tick."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, func, insert, literal_column, select, update

from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import decode_record

from . import tables
from .driver import execute
from .run import insert_missing, is_sqlite, run

#: Entries that one transaction of a tick puts into the index.
SLICE: Final = 2_000
_PUT: Final = (
    "INSERT INTO {s}cleangov_grouped (log_id, group_id, key, day, entry_id)"
    " VALUES (:log_id, :group_id, :key, :day, :entry_id) ON CONFLICT DO NOTHING"
)
_XMIN: Final = "CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)"
_XMAX: Final = "CAST(CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text) AS bigint)"
#: The number of the present transaction, on PostgreSQL.
XID: Final = "CAST(CAST(pg_current_xact_id() AS text) AS bigint)"


@dataclass(frozen=True, slots=True)
class Member:
    """One event in one group.

    :param group_id: the group's hash.
    :param key: keyed hash of the values it is grouped by: they stand in no table.
    :param day: civil day of the event, as `date.toordinal` counts.
    """

    group_id: str
    key: str
    day: int


@dataclass(frozen=True, slots=True)
class Filled:
    """Since when something of our own stands: all events in a group's index, a day's figures.

    :param row: the last row there was.
    :param xid: on PostgreSQL, the transaction that said so.
    """

    row: int
    xid: int | None


def put(connection: Connection, log_id: str, row: int, members: Iterable[Member]) -> None:
    """Put an entry into the index, in the transaction that writes it.

    :param connection: the host's connection.
    :param log_id: the agency's ledger.
    :param row: number of the entry's row.
    :param members: where it belongs.
    """
    for member in members:
        values = {
            "log_id": log_id,
            "group_id": member.group_id,
            "key": member.key,
            "day": member.day,
            "entry_id": row,
        }
        execute(connection, _PUT, values)


def filled(connection: Connection, log_id: str, ruleset: int) -> dict[str, Filled]:
    """Answer which groups can be asked, and since when.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param ruleset: revision of the rules in force.
    """
    state = tables.group_state
    query = select(state.c.group_id, state.c.filled_row, state.c.xid).where(
        state.c.log_id == log_id, state.c.ruleset == ruleset, state.c.filled_row.is_not(None)
    )
    return {row.group_id: Filled(row.filled_row, row.xid) for row in run(connection, query)}


def begin(connection: Connection, log_id: str, group_id: str, ruleset: int) -> None:
    """Begin to fill a group: whoever writes from here on knows the rules, and does it himself.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param group_id: the group's hash.
    :param ruleset: revision of the rules in force.
    """
    state = tables.group_state
    run(connection, delete(state).where(state.c.log_id == log_id, state.c.group_id == group_id))
    after: Any = None if is_sqlite(connection) else literal_column(_XMAX)
    values = {"log_id": log_id, "group_id": group_id, "ruleset": ruleset, "upto": 0}
    run(connection, insert(state).values(**values, after_xid=after))


def drop_others(connection: Connection, log_id: str, used: Sequence[str]) -> None:
    """Forget the groups that no rule in force asks for.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param used: hashes of those that are asked for.
    """
    for table in (tables.group_state, tables.grouped):
        unused = table.c.group_id.not_in(used)
        run(connection, delete(table).where(table.c.log_id == log_id, unused))


def states(connection: Connection, log_id: str) -> dict[str, tuple[int, bool]]:
    """Answer for each group with which revision it was begun, and whether it is filled.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    """
    state = tables.group_state
    query = select(state.c.group_id, state.c.ruleset, state.c.filled_row).where(
        state.c.log_id == log_id
    )
    return {r.group_id: (r.ruleset, r.filled_row is not None) for r in run(connection, query)}


def fill(
    connection: Connection,
    log_id: str,
    group_id: str,
    kinds: Iterable[str],
    member_of: Callable[[Record], Member | None],
) -> bool:
    """Put one slice of older entries into a group; those that are in it already stay.

    On PostgreSQL nothing is done while a transaction is open that may not know the rules yet.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param group_id: the group's hash.
    :param kinds: kinds of its events.
    :param member_of: answers where an event belongs.
    :return: whether more can be done at once.
    """
    state, entry = tables.group_state, tables.entry
    mine = (state.c.log_id == log_id, state.c.group_id == group_id)
    found = run(connection, select(state.c.upto, state.c.after_xid).where(*mine)).first()
    if found is None or not _may_begin(connection, found.after_xid):
        return False
    query = (
        select(entry.c.id, entry.c.body)
        .where(entry.c.log_id == log_id, entry.c.id > found.upto, entry.c.kind.in_(sorted(kinds)))
        .order_by(entry.c.id)
        .limit(SLICE)
    )
    rows = run(connection, query).all()
    if not rows:
        last = select(func.coalesce(func.max(entry.c.id), 0)).scalar_subquery()
        xid: Any = None if is_sqlite(connection) else literal_column(XID)
        run(connection, update(state).where(*mine).values(filled_row=last, xid=xid))
        return False
    members = [(row.id, member_of(decode_record(row.body, row.id))) for row in rows]
    wanted = [
        {"log_id": log_id, "group_id": m.group_id, "key": m.key, "day": m.day, "entry_id": row}
        for row, m in members
        if m is not None
    ]
    insert_missing(connection, tables.grouped, wanted)
    run(connection, update(state).where(*mine).values(upto=rows[-1].id))
    return True


def _may_begin(connection: Connection, after_xid: int | None) -> bool:
    if is_sqlite(connection) or after_xid is None:
        return True
    first_open = run(connection, select(literal_column(_XMIN))).scalar_one()
    return int(first_open) >= after_xid
