"""Figures over other cases: read by night, written as rows of a day."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection, delete, func, insert, literal_column, select

from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.rules.knowledge import Statistic, StatisticKey

from . import tables
from .groups import XID, Filled
from .knowledge import event_key
from .run import is_sqlite, run

#: Figures of one fact by key.
Figures: TypeAlias = Mapping[StatisticKey, Statistic]

_SLICE = 1_000
#: Stands in the place of a group where it is said when a day's figures were made: those of groups
#: are JSON lists.
_MADE: Final = "made"


def records(
    connection: Connection, log_id: str, kinds: Iterable[str], *, since: datetime, until: datetime
) -> Iterator[Record]:
    """Go through the events of all cases that a figure is made from.

    :param connection: a connection of our own; rows are read in slices, memory stays flat.
    :param log_id: the agency's ledger.
    :param kinds: kinds of events.
    :param since: from this instant of `occurred_at` on, aware.
    :param until: up to this instant, itself left out.
    :return: events in row order, those corrected by a later one left out.
    """
    entry = tables.entry
    corrected = _corrected(connection, log_id)
    last = 0
    while True:
        query = (
            select(entry.c.id, entry.c.body)
            .where(
                entry.c.log_id == log_id,
                entry.c.id > last,
                entry.c.kind.in_(sorted(set(kinds))),
                entry.c.occurred_at >= stamp(since),
                entry.c.occurred_at < stamp(until),
            )
            .order_by(entry.c.id)
            .limit(_SLICE)
        )
        rows = run(connection, query).all()
        for row in rows:
            record = decode_record(row.body, row.id)
            if event_key(record.source, record.event_id) not in corrected:
                yield record
        if len(rows) < _SLICE:
            return
        last = rows[-1].id


def write(
    connection: Connection,
    log_id: str,
    fact_id: str,
    day: date,
    figures: Figures,
) -> None:
    """Write the figures of one fact for one day, in the place of those that were there.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param fact_id: id of the fact.
    :param day: the civil day from which they count.
    :param figures: figures by key; keys of other facts are left out.
    """
    table = tables.statistic
    place = {"log_id": log_id, "fact_id": fact_id, "day_on": day.isoformat()}
    run(connection, delete(table).where(*(table.c[k] == v for k, v in place.items())))
    rows = [
        {**place, "key": key.key, "value": figure.value, "n": figure.n}
        for key, figure in sorted(figures.items(), key=lambda item: item[0])
        if key.fact_id == fact_id
    ]
    if rows:
        run(connection, insert(table), rows)


def say_made(connection: Connection, log_id: str, fact_id: str, day: date) -> None:
    """Say that the figures of a day stand from now on: who judged before did not know them.

    :param connection: the writing connection, in the transaction that wrote them.
    :param log_id: the agency's ledger.
    :param fact_id: id of the fact.
    :param day: the civil day from which they count.
    """
    entry = tables.entry
    now: Any = literal_column(XID)
    if is_sqlite(connection):
        now = select(func.coalesce(func.max(entry.c.id), 0)).scalar_subquery()
    place = {"log_id": log_id, "fact_id": fact_id, "day_on": day.isoformat()}
    run(connection, insert(tables.statistic).values(**place, key=_MADE, value=now, n=0))


def made(
    connection: Connection, log_id: str, fact_ids: Iterable[str]
) -> dict[tuple[str, str], Filled]:
    """Answer by fact and ISO day since when figures stood; for older ones it was not said.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param fact_ids: ids of the facts.
    """
    table = tables.statistic
    query = select(table.c.fact_id, table.c.day_on, table.c.value).where(
        table.c.log_id == log_id,
        table.c.fact_id.in_(sorted(set(fact_ids))),
        table.c.key == _MADE,
    )
    is_one_writer = is_sqlite(connection)
    return {
        (row.fact_id, row.day_on): Filled(row.value, None)
        if is_one_writer
        else Filled(0, row.value)
        for row in run(connection, query)
    }


def newest(
    connection: Connection, log_id: str, fact_id: str, on: date | None = None
) -> dict[StatisticKey, Statistic]:
    """Answer the figures of one fact that stand last, by group.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param fact_id: id of the fact.
    :param on: of this day alone.
    """
    table = tables.statistic
    query = (
        select(table.c.key, table.c.value, table.c.n)
        .where(table.c.log_id == log_id, table.c.fact_id == fact_id, table.c.key != _MADE)
        .order_by(table.c.day_on)
    )
    if on is not None:
        query = query.where(table.c.day_on == on.isoformat())
    return {
        StatisticKey(fact_id, row.key): Statistic(row.value, row.n)
        for row in run(connection, query)
    }


def newest_day(connection: Connection, log_id: str, fact_id: str) -> date | None:
    """Answer the day for which a fact's figures were last written.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param fact_id: id of the fact.
    :return: the day; None where there is none.
    """
    table = tables.statistic
    query = select(func.max(table.c.day_on)).where(
        table.c.log_id == log_id, table.c.fact_id == fact_id
    )
    found = run(connection, query).scalar()
    return None if found is None else date.fromisoformat(found)


def put_in_place(
    connection: Connection, log_id: str, fact_id: str, day: date, figures: Figures
) -> None:
    """Write the figures of one fact for one day, in the place of all there are of other days.

    Few rows are left, so that whoever waits for them waits for little.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param fact_id: id of the fact; one of no rule, which nothing is judged by.
    :param day: the civil day from which they count.
    :param figures: figures by key; keys of other facts are left out.
    """
    table = tables.statistic
    run(connection, delete(table).where(table.c.log_id == log_id, table.c.fact_id == fact_id))
    write(connection, log_id, fact_id, day, figures)


def all_of(
    connection: Connection, log_id: str, fact_ids: Iterable[str]
) -> dict[StatisticKey, Statistic]:
    """Answer the figures of facts that are kept for one day alone, see `put_in_place`.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param fact_ids: ids of the facts.
    """
    table = tables.statistic
    query = select(table.c.fact_id, table.c.key, table.c.value, table.c.n).where(
        table.c.log_id == log_id, table.c.fact_id.in_(sorted(set(fact_ids)))
    )
    found = run(connection, query).all()
    return {StatisticKey(row.fact_id, row.key): Statistic(row.value, row.n) for row in found}


def is_small(connection: Connection, log_id: str, kinds: Iterable[str], limit: int) -> bool:
    """Answer whether a figure is made from few enough events to make it between two requests.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param kinds: kinds of events.
    :param limit: the most there may be.
    """
    entry = tables.entry
    few = (
        select(entry.c.id)
        .where(entry.c.log_id == log_id, entry.c.kind.in_(sorted(set(kinds))))
        .limit(limit + 1)
    )
    return len(run(connection, few).all()) <= limit


def _corrected(connection: Connection, log_id: str) -> frozenset[str]:
    entry = tables.entry
    query = select(entry.c.supersedes).where(
        entry.c.log_id == log_id, entry.c.supersedes.is_not(None)
    )
    return frozenset(run(connection, query).scalars())


def on_days(connection: Connection, log_id: str, key: StatisticKey) -> list[tuple[str, Statistic]]:
    """Answer what one figure was, by the civil day from which it counted.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param key: which figure.
    :return: day as ISO text and figure, in order of days.
    """
    table = tables.statistic
    query = (
        select(table.c.day_on, table.c.value, table.c.n)
        .where(table.c.log_id == log_id, table.c.fact_id == key.fact_id, table.c.key == key.key)
        .order_by(table.c.day_on)
    )
    return [(row.day_on, Statistic(row.value, row.n)) for row in run(connection, query)]
