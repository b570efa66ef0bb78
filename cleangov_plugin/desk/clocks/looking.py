"""Looking at the clocks of one case: what they say now, or said at each moment of a log."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cleangov_plugin.desk.desk import retention_of
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.rules.clocks import is_settled, runs_of
from cleangov_plugin.store import clock_findings, running_clocks
from cleangov_plugin.store.run import Retention
from cleangov_plugin.store.running_clocks import RunningRow, SeenEntry

from .findings import CaseFindings, Told
from .knowing import Clockwork

logger = logging.getLogger("cleangov")

#: State of the row of a case of which something lies ahead, and no clock runs.
AHEAD: Final = "ahead"
_LARGEST: Final = running_clocks.LARGEST_CASE


@dataclass(frozen=True, slots=True)
class _Known:
    """An entry of the case, and since when it is known."""

    record: Record
    since: datetime
    is_new: bool


def look_now(work: Clockwork, connection: Connection, subject: str, now: datetime) -> int:
    """Look at a case with all that is known, and keep what is found.

    :param work: the clocks.
    :param connection: a writing connection of our own, which holds the clocks of the ledger.
    :param subject: the case.
    :param now: the present time, aware.
    :return: how many findings were opened, told anew or closed.
    """
    known = _known(work, connection, subject, {})
    if known is None:
        return _left_out(work, connection, subject)
    records = [each.record for each in known]
    found, told = _found(work, connection, subject), _told(work, records, now)
    found.keep(told, now)
    ahead = _next((record.occurred_at for record in records), now)
    rows = _rows(work, subject, told, ahead, now)
    running_clocks.replace_case(connection, work.ledger.log_id, subject, rows)
    return found.changed


def look_back(
    work: Clockwork,
    connection: Connection,
    subject: str,
    until: datetime,
    places: dict[int, int],
) -> int:
    """Look at a case at each moment at which its clocks said something else, as it was known then.

    :param work: the clocks.
    :param connection: a writing connection of our own, which holds the clocks of the ledger.
    :param subject: the case.
    :param until: the last moment, aware: where the clock of the log stands.
    :param places: last number of each lane that was looked at before.
    :return: how many findings were opened, told anew or closed.
    """
    log_id = work.ledger.log_id
    known = _known(work, connection, subject, places)
    if known is None:
        return _left_out(work, connection, subject)
    waiting = running_clocks.look_at(connection, log_id, subject)
    moments = [each.since for each in known if each.is_new]
    if waiting is not None:
        moments.append(instant(waiting) if waiting else until)
    found, told, ahead = _found(work, connection, subject), list[Told](), None
    at = min(moments, default=None)
    while at is not None and at <= until:
        there = [each.record for each in known if each.since <= at]
        told = _told(work, there, at)
        found.keep(told, at)
        ahead = _next((record.occurred_at for record in there), at)
        at = _next((*(each.run.next_at for each in told), ahead, *moments), at)
    if moments:
        running_clocks.replace_case(
            connection, work.ledger.log_id, subject, _rows(work, subject, told, ahead, until)
        )
    return found.changed


def _left_out(work: Clockwork, connection: Connection, subject: str) -> int:
    """Leave out a case that no bounded look covers: nothing is said of it, and the log says so."""
    logger.warning("clocks: a case has more than %d entries, or cannot be read", _LARGEST)
    running_clocks.replace_case(connection, work.ledger.log_id, subject, [])
    return 0


def _known(
    work: Clockwork, connection: Connection, subject: str, places: dict[int, int]
) -> list[_Known] | None:
    """Read the entries of a case; None where they are too many, or one is none any more.

    Whoever can write into the tables may spoil one case; the clocks of all others go on.
    """
    entries = running_clocks.entries_of(connection, work.ledger.log_id, subject, work.kinds)
    try:
        return None if entries is None else [_read(each, places) for each in entries]
    except (CleanGovError, ValueError):
        return None


def _read(entry: SeenEntry, places: dict[int, int]) -> _Known:
    return _Known(
        decode_record(entry.body, entry.row),
        instant(entry.ingested_at),
        entry.no > places.get(entry.lane, 0),
    )


def _next(moments: Iterable[datetime | None], at: datetime) -> datetime | None:
    """Answer the first moment after one; None where there is none."""
    return min((each for each in moments if each is not None and each > at), default=None)


def _found(work: Clockwork, connection: Connection, subject: str) -> CaseFindings:
    standing = clock_findings.standing(connection, work.ledger.log_id, subject, work.ids)
    return CaseFindings(work=work, connection=connection, subject=subject, standing=standing)


def _told(work: Clockwork, records: list[Record], at: datetime) -> list[Told]:
    found = []
    unit = next((each.unit for each in reversed(records) if each.unit is not None), None)
    for clock in work.clocks:
        runs = runs_of(clock, records, calendar=work.days, zone=work.ledger.zone, now=at)
        for run in runs:
            start = next(
                each
                for each in records
                if each.event_id == run.started_by and each.kind in clock.starts
            )
            found.append(Told(clock=clock, run=run, start=start, unit=unit))
    return found


def _rows(
    work: Clockwork, subject: str, told: list[Told], ahead: datetime | None, now: datetime
) -> list[RunningRow]:
    """Make the rows of a case; they are kept from the civil day on which it is looked at."""
    kept = retention_of(work.desk.settings, now.astimezone(work.ledger.zone), "case")
    rows = [_row(work, subject, each, kept) for each in told if not is_settled(each.run)]
    if ahead is not None:
        rows.append(_row_ahead(work, subject, stamp(ahead), kept))
    return rows


def _row_ahead(work: Clockwork, subject: str, moment: str, retention: Retention) -> RunningRow:
    return RunningRow(
        log_id=work.ledger.log_id,
        subject=subject,
        clock_id="",
        part=0,
        version=0,
        state=AHEAD,
        unit=None,
        started_at=moment,
        used=0,
        due_at=None,
        due_to=None,
        look_at=moment,
        retention_class=retention[0],
        retain_until=retention[1],
    )


def _row(work: Clockwork, subject: str, told: Told, retention: Retention) -> RunningRow:
    run, due = told.run, told.run.due
    return RunningRow(
        log_id=work.ledger.log_id,
        subject=subject,
        clock_id=told.clock.id,
        part=run.part,
        version=told.clock.version,
        state=run.state.value,
        unit=told.unit,
        started_at=stamp(run.started_at),
        used=run.used,
        due_at=None if due is None else stamp(due.earliest),
        due_to=None if due is None or due.latest is None else stamp(due.latest),
        look_at=None if run.next_at is None else stamp(run.next_at),
        retention_class=retention[0],
        retain_until=retention[1],
    )
