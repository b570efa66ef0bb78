"""Findings of terms: those that stand in a case, and what becomes of them without a person."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, select, update

from cleangov_plugin.domain.terms import CLEARED, FindingState

from . import tables
from .finding_changes import COLUMNS, FindingNow
from .run import run

#: What closes a finding of a term without a person: the step came in time; the term is over, and
#: the finding that says so has come; what is known now no longer says it. `CLEARED` besides: what
#: is known now says that the term was kept.
IN_TIME: Final = "in_time"
SUPERSEDED: Final = "superseded"
NO_LONGER: Final = "no_longer"
#: Those of reminders: they say nothing of how good a clock is.
REMINDED: Final = (IN_TIME, SUPERSEDED, NO_LONGER)
#: All of them.
BY_NOBODY: Final = (*REMINDED, CLEARED)
_WAITING: Final = (FindingState.OPEN.value, FindingState.ANSWERED.value, FindingState.SIGNAL.value)


class FindingKey(NamedTuple):
    """By what a finding of a term is known within its case.

    :param rule_id: the clock.
    :param part: number of the run and what is said of it.
    :param is_signal: whether it is for study only.
    """

    rule_id: str
    part: str
    is_signal: bool


class Standing(NamedTuple):
    """A finding as it stands.

    :param is_waiting: whether it waits for somebody.
    :param disposition: what it was closed with; None while it waits.
    :param due_on: ISO day by which it is due; None for a signal.
    :param shown_values: JSON of what its texts need.
    """

    is_waiting: bool
    disposition: str | None
    due_on: str | None
    shown_values: str

    @property
    def was_closed_by_nobody(self) -> bool:
        """Answer whether it was closed without a person, and so can be opened again."""
        return not self.is_waiting and self.disposition in BY_NOBODY


def standing(
    connection: Connection, log_id: str, subject: str, clock_ids: Iterable[str]
) -> dict[FindingKey, Standing]:
    """Answer the findings of terms of a case.

    :param connection: any connection.
    :param log_id: the ledger.
    :param subject: the case.
    :param clock_ids: ids of the clocks.
    """
    it = tables.finding
    query = select(
        it.c.rule_id,
        it.c.part,
        it.c.is_signal,
        it.c.state,
        it.c.disposition,
        it.c.due_on,
        it.c.shown_values,
    ).where(it.c.log_id == log_id, it.c.subject == subject, it.c.rule_id.in_(sorted(clock_ids)))
    return {
        FindingKey(row.rule_id, row.part, bool(row.is_signal)): Standing(
            row.state in _WAITING, row.disposition, row.due_on, row.shown_values
        )
        for row in run(connection, query)
    }


def close(
    connection: Connection, place: tuple[str, str], key: FindingKey, disposition: str, at: str
) -> FindingNow:
    """Close a finding that waits.

    :param connection: a writing connection of our own.
    :param place: the ledger and the case.
    :param key: which.
    :param disposition: what became of it.
    :param at: when, fixed-width UTC text.
    :return: the finding as it stands now.
    """
    changed = {"state": FindingState.CLOSED.value, "closed_at": at, "disposition": disposition}
    return _change(connection, place, key, changed)


def reopen(
    connection: Connection, place: tuple[str, str], key: FindingKey, due_on: str | None, values: str
) -> FindingNow:
    """Open a finding again that was closed without a person.

    :param connection: a writing connection of our own.
    :param place: the ledger and the case.
    :param key: which.
    :param due_on: ISO day by which it is due.
    :param values: JSON of what its texts need.
    :return: the finding as it stands now.
    """
    state = FindingState.SIGNAL if key.is_signal else FindingState.OPEN
    changed = {"state": state.value, "closed_at": None, "disposition": None}
    return _change(connection, place, key, {**changed, "due_on": due_on, "shown_values": values})


def tell(
    connection: Connection, place: tuple[str, str], key: FindingKey, due_on: str | None, values: str
) -> FindingNow:
    """Write what is known now over what a finding said.

    :param connection: a writing connection of our own.
    :param place: the ledger and the case.
    :param key: which.
    :param due_on: ISO day by which it is due.
    :param values: JSON of what its texts need.
    :return: the finding as it stands now.
    """
    return _change(connection, place, key, {"due_on": due_on, "shown_values": values})


def _change(
    connection: Connection, place: tuple[str, str], key: FindingKey, changed: dict[str, Any]
) -> FindingNow:
    it = tables.finding
    which = and_(
        it.c.log_id == place[0],
        it.c.subject == place[1],
        it.c.rule_id == key.rule_id,
        it.c.part == key.part,
        it.c.is_signal == key.is_signal,
    )
    statement = update(it).where(which).values(changed).returning(*COLUMNS)
    return FindingNow._make(run(connection, statement).one())
