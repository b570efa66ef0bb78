"""Terms that run: the one that is over first stands first, with what is left of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.rules.clocks import State
from cleangov_plugin.store import running_terms

from .checkpoints import agencies_of, agency_view
from .entry_views import AgencyView
from .overdue import OverdueView, overdue
from .readers import Reader, open_ledger
from .rule_words import Teller

#: Terms of the page.
SIZE: Final = 200
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermView:
    """One run of a clock.

    :param case_id: its case.
    :param clock_id: the clock.
    :param title: what the clock is called.
    :param unit: unit that was last at work in the case.
    :param started: civil day it started on.
    :param due: the last day, or the earliest it may be; None where it cannot be said.
    :param due_to: the latest last day; None where nobody can say.
    :param used: share that was certainly used when it was last looked at, in percent.
    :param left: working days to the last day, negative past it; None where it cannot be said.
    :param is_paused: whether it is paused.
    :param is_over: whether its last day is certainly past.
    :param waits_until: until when the step that would end it waits for a second person; None where
        none does.
    """

    case_id: str
    clock_id: str
    title: str
    unit: str | None
    started: date
    due: date | None
    due_to: date | None
    used: int
    left: int | None
    is_paused: bool
    is_over: bool
    waits_until: datetime | None = None

    @property
    def is_range(self) -> bool:
        """Answer whether the last day is not known."""
        return self.due is not None and self.due != self.due_to


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsView:
    """The terms of an authority that are over first.

    :param agency: whose.
    :param agencies: those that may be chosen.
    :param terms: in order of their last day.
    :param is_cut: whether there are more.
    :param overdue: follow-ups on answers that are past their day, the longest past first.
    :param is_overdue_cut: whether there are more of them.
    """

    agency: AgencyView
    agencies: tuple[AgencyView, ...]
    terms: tuple[TermView, ...]
    is_cut: bool
    overdue: tuple[OverdueView, ...]
    is_overdue_cut: bool


def terms(desk: Desk, reader: Reader, agency: str = "") -> TermsView | None:
    """Answer the terms that are over first, as they were when each was last looked at.

    :param desk: the desk.
    :param reader: who looks; a lead sees the terms of their own unit.
    :param agency: ledger; empty for the platform's own.
    :return: the page; None where there is no such ledger, or the reader may not look into it.
    """
    log_id = agency or reader.own
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = open_ledger(desk, connection, reader, log_id)
        if ledger is None:
            return None
        teller = Teller(desk=desk, connection=connection, ledger=ledger, reader=reader)
        rows = running_terms.nearest(connection, log_id, unit=reader.reach.unit, most=SIZE + 1)
        agencies = agencies_of(connection, reader)
        past, is_past_cut = overdue(teller)
        now = desk.host.now()
        return TermsView(
            agency=agency_view(agencies, log_id),
            agencies=agencies,
            terms=_with_waits(teller, rows[:SIZE], now),
            is_cut=len(rows) > SIZE,
            overdue=past,
            is_overdue_cut=is_past_cut,
        )


def _with_waits(teller: Teller, rows: list[dict[str, Any]], now: datetime) -> tuple[TermView, ...]:
    """Answer the terms, each with until when the step waits that would end it."""
    ledger, connection = teller.ledger, teller.connection
    subjects = frozenset(row["subject"] for row in rows)
    waiting = running_terms.waiting_in(connection, ledger.log_id, subjects)
    found = []
    for row in rows:
        where = (row["clock_id"], row["version"])
        clock = teller.desk.shelf.clock(connection, ledger, *where)
        stops = clock.stops if clock else frozenset[str]()
        untils = [
            instant(each["hold_until_at"]).astimezone(ledger.zone)
            for each in waiting
            if each["subject"] == row["subject"] and each["kind"] in stops
        ]
        view = term_view(ledger, row, teller.title(*where), now)
        found.append(replace(view, waits_until=min(untils, default=None)))
    return tuple(found)


def term_view(ledger: Ledger, row: Mapping[str, Any], title: str, now: datetime) -> TermView:
    """Answer what is shown of one run of a clock.

    :param ledger: the ledger.
    :param row: the run, as it is stored.
    :param title: what the clock is called.
    :param now: the present time, aware.
    """
    due, due_to = (_last_day(row[name], ledger) for name in ("due_at", "due_to"))
    today = civil_day(now, ledger.zone)
    return TermView(
        case_id=row["subject"],
        clock_id=row["clock_id"],
        title=title,
        unit=row["unit"],
        started=civil_day(instant(row["started_at"]), ledger.zone),
        due=due,
        due_to=due_to,
        used=row["used"],
        left=_left(ledger, today, due) if due == due_to else None,
        is_paused=row["state"] == State.PAUSED,
        is_over=row["due_to"] is not None and now >= instant(row["due_to"]),
    )


def _last_day(moment: str | None, ledger: Ledger) -> date | None:
    """Answer the last day of a term: the one before it is over."""
    return None if moment is None else civil_day(instant(moment) - _TICK, ledger.zone)


def _left(ledger: Ledger, today: date, due: date | None) -> int | None:
    calendar = ledger.calendar
    if calendar is None or due is None or calendar.is_provisional(today, due):
        return None
    return calendar.working_days_between(today, due)
