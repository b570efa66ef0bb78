"""Findings and signals for those who look at them: lists, one by one, and counts that stop early.

The rows belong to the oversight side; every query here carries how far its reader may see.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select, tuple_

from cleangov_plugin.domain.terms import FindingState, Severity

from . import review_cases, tables
from .review import Condition, Reach
from .review_cases import found_for
from .review_walks import Page, Walk, page_of
from .run import run

#: Findings looked at for one page or one count.
STRETCH: Final = 20_000
#: Where a count stops: from here on it is "and more".
ENOUGH: Final = 1_000
#: Severities that are shown red: never left out of a day's list.
RED: Final = (Severity.VOID.value, Severity.REVOCABLE.value)


@dataclass(frozen=True, slots=True)
class FindingPlace:
    """A place in a list of findings.

    :param due_on: ISO day by which the finding that stands there is due; empty for signals.
    :param id: its number.
    """

    due_on: str
    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingQuery:
    """Which findings are wanted; what is left empty stands for all.

    :param log_id: the agency's ledger.
    :param reach: how far the reader may see.
    :param state: where they stand.
    :param rule_id: the rule.
    :param unit: unit of the officer.
    :param stream: business stream.
    :param severities: severities by law.
    :param since: first instant at which they were found, fixed-width UTC text.
    :param until: first instant that is too late, fixed-width UTC text.
    :param due_until: last ISO day by which they are due.
    """

    log_id: str
    reach: Reach
    state: FindingState
    rule_id: str = ""
    unit: str = ""
    stream: str = ""
    severities: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    due_until: str = ""

    @property
    def is_by_age(self) -> bool:
        """Answer whether they have no due date and go by age, the newest first."""
        return self.state is FindingState.SIGNAL

    @property
    def is_downward(self) -> bool:
        """Answer whether the latest comes first; what waits for somebody goes the other way."""
        return self.state in (FindingState.SIGNAL, FindingState.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How a rule's findings ended so far.

    :param closed: findings that were closed, the newest `ENOUGH` at most.
    :param by_disposition: their number by what became of them.
    """

    closed: int = 0
    by_disposition: dict[str, int] = field(default_factory=dict)


def page(
    connection: Connection, query: FindingQuery, *, size: int, after: FindingPlace | None = None
) -> Page[FindingPlace]:
    """Answer one page of findings.

    :param connection: any connection.
    :param query: which.
    :param size: findings of a page.
    :param after: only those that come after this place.
    :return: the page.
    """
    walk = Walk(
        table=tables.finding,
        stretch=lambda place, length: _stretch(query, place, length),
        wanted=lambda columns: _wanted(columns, query),
        keys=_columns,
        is_downward=query.is_downward,
        place=lambda row: FindingPlace(row["due_on"] or "", row["id"]),
        longest=STRETCH,
    )
    return page_of(connection, walk, size=size, after=after)


def one_for(
    connection: Connection, id_: int, reach: Reach, log_ids: Iterable[str] | None
) -> dict[str, Any] | None:
    """Look a finding up, as a row of its table; None where the reader may not see it.

    :param connection: any connection.
    :param id_: its number.
    :param reach: how far the reader may see.
    :param log_ids: the ledgers they may look into; None for all.
    """
    return review_cases.one_for(connection, tables.finding, id_, reach, log_ids)


def count(connection: Connection, query: FindingQuery) -> int:
    """Count findings, up to `ENOUGH`.

    :param connection: any connection.
    :param query: which.
    """
    stretch = _stretch(query, None).subquery()
    some = select(stretch.c.id).where(*_wanted(stretch.c, query)).limit(ENOUGH).subquery()
    return int(run(connection, select(func.count()).select_from(some)).scalar() or 0)


def record(connection: Connection, log_id: str, rule_id: str) -> Record:
    """Answer how the findings of a rule ended so far.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param rule_id: the rule.
    """
    table = tables.finding
    closed = (
        select(table.c.disposition)
        .where(
            table.c.log_id == log_id,
            table.c.rule_id == rule_id,
            table.c.state == FindingState.CLOSED.value,
        )
        .order_by(table.c.id.desc())
        .limit(ENOUGH)
        .subquery()
    )
    told = func.coalesce(closed.c.disposition, "")
    counted = select(told.label("told"), func.count().label("number")).group_by(told)
    found = {row.told: row.number for row in run(connection, counted)}
    return Record(closed=sum(found.values()), by_disposition=found)


def units_and_rules(
    connection: Connection, query: FindingQuery
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Answer units and rules that stand in the nearest findings, to be chosen from.

    :param connection: any connection.
    :param query: ledger, state and reach; other wishes are not looked at.
    :return: units and rules, each in order.
    """
    bare = FindingQuery(log_id=query.log_id, reach=query.reach, state=query.state)
    stretch = _stretch(bare, None, ENOUGH).subquery()
    wanted = select(stretch.c.unit, stretch.c.rule_id).distinct()
    found = run(connection, wanted.where(*_wanted(stretch.c, bare))).all()
    units = sorted({row.unit for row in found if row.unit})
    return tuple(units), tuple(sorted({row.rule_id for row in found}))


def _stretch(query: FindingQuery, after: FindingPlace | None, length: int = STRETCH) -> Select[Any]:
    """Write a bounded stretch of findings of one ledger and state, in the order of the list."""
    table = tables.finding
    wanted = select(table).where(table.c.log_id == query.log_id, table.c.state == query.state.value)
    if query.is_by_age:
        wanted = wanted.where(table.c.due_on.is_(None))
    if after is not None:
        wanted = wanted.where(_beyond(query, after))
    if query.due_until:
        wanted = wanted.where(table.c.due_on <= query.due_until)
    return wanted.order_by(*_order(table.c, query)).limit(length)


def _beyond(query: FindingQuery, after: FindingPlace) -> Condition:
    table = tables.finding
    if query.is_by_age:
        return table.c.id < after.id
    place, there = tuple_(table.c.due_on, table.c.id), (after.due_on, after.id)
    return place < there if query.is_downward else place > there


def _wanted(columns: Any, query: FindingQuery) -> list[Condition]:
    conditions = found_for(columns, query.reach)
    for name in ("rule_id", "unit", "stream"):
        if getattr(query, name):
            conditions.append(columns[name] == getattr(query, name))
    if query.severities:
        conditions.append(columns.severity.in_(sorted(query.severities)))
    if query.since:
        conditions.append(columns.found_at >= query.since)
    if query.until:
        conditions.append(columns.found_at < query.until)
    return conditions


def _order(columns: Any, query: FindingQuery) -> list[Condition]:
    names = _columns(columns)
    return [column.desc() for column in names] if query.is_downward else names


def _columns(columns: Any) -> list[Condition]:
    # `due_on` of signals is empty throughout; it is named because the index begins so.
    return [columns.due_on, columns.id]
