"""Rows whose term is over: found by their own `retain_until`, and left where a case is held.

A case is held while a finding of it is open or a letter about it is unanswered.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    update,
)

from cleangov_plugin.domain.terms import FindingState, LetterState

from . import tables
from .erasures import FieldsRow, of_ledger
from .retained import DELETED, EMPTIED, Kept, letter_case, of_letter
from .run import run

_OVER: Final = (FindingState.SIGNAL.value, FindingState.CLOSED.value)


def held_cases(log_id: str) -> Select[Any]:
    """Write the query for cases that are held: a finding is open, or a letter waits.

    :param log_id: the agency's ledger.
    """
    finding, letter = tables.finding, tables.instrument
    open_ones = select(finding.c.subject).where(
        finding.c.log_id == log_id, finding.c.state.not_in(_OVER)
    )
    waiting = select(letter.c.subject).where(
        letter.c.log_id == log_id, letter.c.state == LetterState.WAITING.value
    )
    return select(open_ones.union(waiting).subquery().c.subject)


def due_fields(
    connection: Connection, log_id: str, today: date, limit: int, after: int = 0
) -> list[FieldsRow]:
    """Answer entries that disclose something though their term is over, oldest first.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param today: the present civil day.
    :param limit: how many at the most.
    :param after: number of the row after which to begin.
    """
    entry = tables.entry
    is_due = and_(entry.c.id > after, _due_entry(today), _is_free(log_id, entry.c.subject))
    found = run(connection, of_ledger(log_id).where(is_due).order_by(entry.c.id).limit(limit))
    return [FieldsRow(*tuple(row)) for row in found]


def due_names(connection: Connection, log_id: str, today: date) -> dict[str, tuple[str, str]]:
    """Answer the pseudonyms whose name's own term is over: its class and last day.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param today: the present civil day.
    """
    table = tables.pseudonym
    query = select(table.c.pseudonym, table.c.retention_class, table.c.retain_until).where(
        table.c.log_id == log_id, table.c.identity.is_not(None), _is_over(table, today)
    )
    return {name: (why, until) for name, why, until in map(tuple, run(connection, query))}


def bodies_kept(connection: Connection, log_id: str, today: date) -> Iterator[str]:
    """Go through the bodies of entries whose term is not over, or whose case is held.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param today: the present civil day.
    """
    entry = tables.entry
    stays = or_(
        entry.c.retain_until.is_(None),
        entry.c.retain_until >= today.isoformat(),
        entry.c.subject.in_(held_cases(log_id)),
    )
    after = 0
    while True:
        query = select(entry.c.id, entry.c.body).where(
            entry.c.log_id == log_id, entry.c.id > after, stays
        )
        found = run(connection, query.order_by(entry.c.id).limit(1_000)).all()
        yield from (row.body for row in found)
        if not found:
            return
        after = found[-1].id


def first_written(connection: Connection, log_id: str) -> str | None:
    """Answer when the oldest entry was written, fixed-width UTC text; None for an empty ledger.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    """
    entry = tables.entry
    query = select(entry.c.ingested_at).where(entry.c.log_id == log_id)
    found: str | None = run(connection, query.order_by(entry.c.id).limit(1)).scalar()
    return found


def counts(connection: Connection, log_id: str, today: date) -> dict[str, tuple[int, int]]:
    """Count what is due, and of it what is held, by table.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param today: the present civil day.
    """
    entry, found = tables.entry, {}
    asked: dict[str, tuple[Table, ColumnElement[bool], Any]] = {
        entry.name: (entry, and_(entry.c.log_id == log_id, _due_entry(today)), entry.c.subject)
    }
    for name, kept in DELETED.items():
        due = and_(kept.of_ledger(log_id), _is_over(kept.table, today), _besides(kept))
        asked[name] = (kept.table, due, kept.case)
    for name, (table, columns) in EMPTIED.items():
        due = and_(of_letter(table, log_id), _is_over(table, today), _has_words(table, columns))
        asked[name] = (table, due, letter_case(table))
    for name, (table, due, case) in asked.items():
        number = _number(connection, table, due)
        is_held = None if case is None else case.in_(held_cases(log_id))
        held = 0 if is_held is None or not number else _number(connection, table, due & is_held)
        found[name] = (number, held)
    return found


def delete_due(connection: Connection, log_id: str, kept: Kept, today: date, limit: int) -> int:
    """Delete rows whose term is over and which nothing refers to.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param kept: the table.
    :param today: the present civil day.
    :param limit: how many at the most.
    :return: how many.
    """
    table = kept.table
    keys = [table.c[name] for name in kept.key]
    conditions = [kept.of_ledger(log_id), _is_over(table, today), _besides(kept)]
    if kept.case is not None:
        conditions.append(_is_free(log_id, kept.case))
    for other, columns in kept.inner:
        refers = and_(*(other.c[name] == table.c[name] for name in columns))
        conditions.append(~exists().where(refers))
    rows = run(connection, select(*keys).where(*conditions).limit(limit)).all()
    for row in rows:
        named = zip(keys, tuple(row), strict=True)
        run(connection, delete(table).where(*(key == value for key, value in named)))
    return len(rows)


def empty_due(connection: Connection, log_id: str, name: str, today: date, limit: int) -> int:
    """Empty people's own words in rows that stay though their term is over.

    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param name: name of the table, one of `EMPTIED`.
    :param today: the present civil day.
    :param limit: how many rows at the most.
    :return: how many.
    """
    table, columns = EMPTIED[name]
    query = select(table.c.id).where(
        of_letter(table, log_id),
        _is_over(table, today),
        _has_words(table, columns),
        _is_free(log_id, letter_case(table)),
    )
    ids = list(run(connection, query.limit(limit)).scalars())
    if ids:
        empty: dict[str, None] = dict.fromkeys(columns)
        run(connection, update(table).where(table.c.id.in_(ids)).values(empty))
    return len(ids)


def _due_entry(today: date) -> ColumnElement[bool]:
    return and_(tables.entry.c.disc.is_not(None), _is_over(tables.entry, today))


def _is_over(table: Table, today: date) -> ColumnElement[bool]:
    """A row is kept until the end of its last day; one without a day, for ever."""
    return table.c.retain_until < today.isoformat()


def _is_free(log_id: str, case: ColumnElement[Any]) -> ColumnElement[bool]:
    return case.not_in(held_cases(log_id))


def _besides(kept: Kept) -> ColumnElement[bool]:
    return true() if kept.besides is None else kept.besides


def _has_words(table: Table, columns: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(*(table.c[name].is_not(None) for name in columns))


def _number(connection: Connection, table: Table, due: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(table).where(due)
    return int(run(connection, query).scalar() or 0)
