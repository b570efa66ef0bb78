"""Everything an evaluation must know, read in one statement."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import Place, decode_record
from cleangov_plugin.ledger.leaf import NO_PREDECESSOR, leaf_of
from cleangov_plugin.rules.knowledge import GroupKey, Statistic, StatisticKey

from . import knowledge_sql
from .driver import driver_of, execute
from .isolation import describe
from .run import is_sqlite, lock_number


class KnowledgeRequest(NamedTuple):
    """What is asked.

    :param log_id: the agency's ledger.
    :param subject: the case.
    :param kinds: kinds of the case's earlier events; none reads no history.
    :param statistics: figures over other cases.
    :param groups: groups of events of all cases, each with its name in the index.
    :param day: ISO day up to which figures count: those of later nights were not known.
    :param event_key: key of the event that will be written, see `event_key`; None at the gate
        and when a step is opened: then nothing is locked and no place in a lane is taken.
    :param supersedes: key of the event that this one corrects.
    :param pseudonyms: those the event names, to learn which have no row yet.
    :param until: for an event that waited, when the host recorded it, fixed-width UTC text: what
        was recorded later, corrections too, was not known then. None for all that is there.
    """

    log_id: str
    subject: str
    kinds: frozenset[str] = frozenset()
    statistics: tuple[StatisticKey, ...] = ()
    groups: tuple[tuple[GroupKey, str], ...] = ()
    day: str = "9999-12-31"
    event_key: str | None = None
    supersedes: str | None = None
    pseudonyms: tuple[str, ...] = ()
    until: str | None = None


class KnowledgeRows(NamedTuple):
    """What was found.

    :param history: the case's earlier events of the wanted kinds, in row order, superseded ones
        left out.
    :param statistics: figures by key; those there are.
    :param groups: events by group, like `history`; those of the groups that are filled.
    :param place: where the next entry stands in its lane; None where none was asked for, the
        event is known already, or somebody else is writing it.
    :param digest: digest of the event as it was written before; None where it was not.
    :param row: number of its row.
    :param pseudonyms: those that have a row.
    :param ruleset: revision of rules and bindings; 0 for a ledger without any.
    :param calendar: version of the calendar; 0 where there is none.
    :param passings_until: up to when something may be passed over; empty where nothing is.
    :param snapshot: what this statement could see: ``pg_current_snapshot()`` (its first number
        alone where nothing was open), on SQLite the highest row number; behind it `WAITED` where
        `KnowledgeRequest.until` bounded what was read.
    :param is_busy: whether another transaction is writing the same event just now.
    :param level: isolation level as the database says; empty on SQLite.
    """

    history: tuple[Record, ...] = ()
    statistics: Mapping[StatisticKey, Statistic] = MappingProxyType({})
    groups: Mapping[GroupKey, tuple[Record, ...]] = MappingProxyType({})
    place: Place | None = None
    digest: bytes | None = None
    row: int | None = None
    pseudonyms: frozenset[str] = frozenset()
    ruleset: int = 0
    calendar: int = 0
    passings_until: str = ""
    snapshot: str = ""
    is_busy: bool = False
    level: str = ""


#: Lane of a database with one writer.
ONE_LANE: Final = 0
#: What stands behind the snapshot of an event that waited before it was judged.
WAITED: Final = ";waited"
#: Rows in the order of entries.
_BY_ROW: Final = itemgetter(3)
_NO_REVISION: Final = ("r", None, None, 0, 0)


def event_key(source: str, event_id: str) -> str:
    """Answer the key by which a resent event is known.

    :param source: the source system; holds no control characters.
    :param event_id: the event's id within it; neither.
    :return: both, apart by a tab.
    """
    return f"{source}\t{event_id}"


def read(connection: Connection, request: KnowledgeRequest) -> KnowledgeRows:
    """Read what an evaluation must know, in one statement.

    On PostgreSQL the statement also takes the event's id (a try-lock) and a lane: one that no
    other transaction holds, or a new one where all are held. Nothing is waited for. Where the
    transaction's snapshot is fixed (REPEATABLE READ and above) it is a lane of the server process
    alone: to lock one that others moved on since the snapshot would be an error.

    On SQLite the write lock is taken first where an entry will follow, so that nobody else can
    take the same place; where the host has begun to write, that has happened already.

    :param connection: the host's connection, or one of our own.
    :param request: what is asked.
    :return: what was found.
    """
    if is_sqlite(connection) and request.event_key is not None:
        hold_write_lock(connection)
    template = knowledge_sql.template(
        connection.dialect.name,
        len(request.kinds),
        len(request.statistics),
        len(request.pseudonyms),
        request.event_key is not None,
        len(request.groups),
        is_bounded=request.until is not None,
    )
    values = _parameters(request)
    if not is_sqlite(connection) and request.event_key is not None:
        values["lock"] = lock_number(request.log_id, request.event_key)
    rows = execute(connection, template, values).fetchall()
    return _collected(rows, request)


def hold_write_lock(connection: Connection) -> None:
    """Begin the write transaction that the sqlite3 module would begin with the first INSERT.

    Its own BEGIN comes late: what was read before may be stale when the write follows. In
    autocommit none is begun: a host that never commits would lose what it writes after us.

    :param connection: a connection to SQLite.
    """
    if driver_of(connection).in_transaction:  # nearly always: the host has written
        return
    if not describe(connection).is_autocommit:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _parameters(request: KnowledgeRequest) -> dict[str, Any]:
    values: dict[str, Any] = {"log_id": request.log_id}
    if request.kinds:
        values["subject"] = request.subject
        values.update(zip(_numbered("k", len(request.kinds)), sorted(request.kinds), strict=True))
    if request.statistics:
        values["day"] = request.day
        for n, key in enumerate(request.statistics):
            values[f"f{n}"], values[f"g{n}"] = key.fact_id, key.key
    for n, (group, name) in enumerate(request.groups):
        values[f"a{n}"], values[f"c{n}"] = group.group_id, name
        values[f"v{n}"], values[f"w{n}"] = group.since, group.until
    if request.event_key is not None:
        values["event_key"] = request.event_key
    if request.until is not None and (request.kinds or request.groups):
        values["until"] = request.until
    names = request.pseudonyms
    values.update(zip(_numbered("p", len(names)), names, strict=True))
    return values


@lru_cache(maxsize=512)
def _numbered(letter: str, count: int) -> tuple[str, ...]:
    """Name so many parameters."""
    return tuple(f"{letter}{n}" for n in range(count))


def _collected(rows: Iterable[Any], request: KnowledgeRequest) -> KnowledgeRows:
    found: dict[str, list[Any]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    _, snapshot, level, is_free, _ = found["x"][0]
    known = found["d"][0] if "d" in found else None
    _, until, _, ruleset, calendar = found["r"][0] if "r" in found else _NO_REVISION
    is_ours = request.event_key is not None and known is None and bool(is_free)
    return KnowledgeRows(
        history=_history(found.get("h", ()), request),
        statistics={
            StatisticKey(fact_id, key): Statistic(value, n)
            for _, fact_id, key, value, n in found.get("s", ())
        },
        groups=_groups(found, request) if request.groups else {},
        place=_place(found.get("l", ())) if is_ours else None,
        digest=bytes.fromhex(known[1]) if known else None,
        row=known[3] if known else None,
        pseudonyms=frozenset(row[1] for row in found.get("p", ())),
        ruleset=ruleset,
        calendar=calendar,
        passings_until=until or "",
        snapshot=_brief(snapshot) + ("" if request.until is None else WAITED),
        is_busy=request.event_key is not None and not is_free,
        level=(level or "").upper(),
    )


def _groups(
    found: Mapping[str, list[Any]], request: KnowledgeRequest
) -> dict[GroupKey, tuple[Record, ...]]:
    """Read the events of each group that is filled; the one that is corrected is left out."""
    known = {row[1] for row in found.get("f", ())}
    groups = {}
    for n, (group, _) in enumerate(request.groups):
        if group.group_id not in known:
            continue
        rows = sorted(found.get(f"g{n}", ()), key=_BY_ROW)
        records = (_decoded(body, row) for _, _, body, row, _ in rows)
        groups[group] = tuple(
            r for r in records if event_key(r.source, r.event_id) != request.supersedes
        )
    return groups


def _brief(snapshot: str) -> str:
    """Write a snapshot of PostgreSQL with nothing open as the one number it is: ten bytes an entry.

    ``"756:756:"`` says that everything before 756 had ended and nothing from there on had begun.
    """
    first, _, rest = snapshot.partition(":")
    return first if rest == f"{first}:" else snapshot


def _history(rows: Iterable[Any], request: KnowledgeRequest) -> tuple[Record, ...]:
    """Read the case's events; those that a later one corrects are left out."""
    records = [_decoded(body, row) for _, _, body, row, _ in sorted(rows, key=_BY_ROW)]
    corrected = {event_key(r.source, r.supersedes) for r in records if r.supersedes is not None}
    if request.supersedes is not None:
        corrected.add(request.supersedes)
    wanted = [record for record in records if record.kind in request.kinds]
    if not corrected:
        return tuple(wanted)
    return tuple(r for r in wanted if event_key(r.source, r.event_id) not in corrected)


@lru_cache(maxsize=1_024)
def _decoded(body: str, row: int) -> Record:
    """Read an entry's event; a case is asked about at its page, at the gate and at its event."""
    return decode_record(body, row)


def _place(rows: Iterable[Any]) -> Place:
    """Answer the place after the lane's head; on SQLite the head is the last entry itself."""
    for _, head, body, lane, no in rows:
        if no == 0:
            return Place(lane, 1, NO_PREDECESSOR)
        return Place(lane, no + 1, bytes.fromhex(head) if head else leaf_of(body))
    return Place(ONE_LANE, 1, NO_PREDECESSOR)
