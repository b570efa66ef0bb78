"""Findings as they stand, beside the entries that tell of their changes."""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select, update

from cleangov_plugin.domain.our_kinds import FINDING_CHANGED
from cleangov_plugin.domain.terms import FindingState

from . import tables
from .run import may_read, run

_WAITING: Final = (FindingState.OPEN.value, FindingState.ANSWERED.value)


class FindingNow(NamedTuple):
    """What a finding says now.

    :param id: its number.
    :param log_id: its ledger.
    :param subject: its case.
    :param rule_id: the rule.
    :param part: part of the case; empty for the whole.
    :param state: where it stands.
    :param disposition: what became of it; None while it waits.
    :param due_on: ISO day by which it is due.
    :param owner: role that owns it.
    """

    id: int
    log_id: str
    subject: str
    rule_id: str
    part: str
    state: str
    disposition: str | None
    due_on: str | None
    owner: str | None


COLUMNS: Final = tuple(tables.finding.c[name] for name in FindingNow._fields)


def close(connection: Connection, id_: int, disposition: str, at: str) -> FindingNow | None:
    """Close a finding that waits for somebody.

    :param connection: a writing connection of our own.
    :param id_: its number.
    :param disposition: what became of it.
    :param at: when, fixed-width UTC text.
    :return: the finding as it stands now; None where it does not wait, or is a signal.
    """
    it = tables.finding
    changed = {"state": FindingState.CLOSED.value, "closed_at": at, "disposition": disposition}
    which = (it.c.id == id_, it.c.state.in_(_WAITING))
    row = run(connection, update(it).where(*which).values(changed).returning(*COLUMNS)).first()
    return None if row is None else FindingNow._make(row)


def number(connection: Connection, log_id: str, subject: str) -> int:
    """Count the changes of findings that the entries of a case tell of.

    Whoever holds the row of a finding that they changed gets a higher number with each change.

    :param connection: any connection.
    :param log_id: the ledger.
    :param subject: the case.
    """
    it = tables.entry
    which = (it.c.log_id == log_id, it.c.subject == subject, it.c.kind == FINDING_CHANGED)
    return int(run(connection, select(func.count()).where(*which)).scalar() or 0)


def may_be_read(connection: Connection) -> bool:
    """Answer whether this account may read findings: only the oversight side may.

    :param connection: any connection.
    """
    return may_read(connection, tables.finding, "disposition")


def standing(connection: Connection, ids: Collection[int]) -> dict[int, FindingNow]:
    """Read findings by their numbers; those that are not there are left out.

    :param connection: any connection.
    :param ids: some hundreds at the most.
    """
    query = select(*COLUMNS).where(tables.finding.c.id.in_(list(ids)))
    return {row.id: FindingNow._make(row) for row in run(connection, query)}


def changed(connection: Connection, log_id: str, kept: Collection[str]) -> Iterator[int]:
    """Go through the findings that somebody owned and that do not wait as they were opened.

    :param connection: any connection.
    :param log_id: the ledger.
    :param kept: what becomes of signals by itself, and is no entry.
    :return: their numbers.
    """
    it = tables.finding
    is_own = ~it.c.is_signal | func.coalesce(it.c.disposition, "").not_in(sorted(kept))
    first = (FindingState.OPEN.value, FindingState.SIGNAL.value)
    is_changed = it.c.state.not_in(first) | it.c.disposition.is_not(None)
    query = select(it.c.id).where(it.c.log_id == log_id, is_own, is_changed).order_by(it.c.id)
    found = run(connection, query)
    while some := list(islice(found, 1_000)):
        yield from (row.id for row in some)
