"""Reconciling: what the platform's own records show was told to us, or somebody is told of it.

An event that was never sent is the commonest way round supervision. A page of records at a time is
compared between two requests; what nobody told is kept as a gap that people must look at.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cleangov_hooks import HostRecord, Status, guarded_call
from cleangov_plugin.domain.terms import GapReason
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.store import case_entries, gaps

from .desk import Desk
from .shelf import Connection

#: Seconds between two rounds through all kinds.
_ROUND_S: Final = 3_600.0
#: Seconds after its start at which a process begins its first round.
_FIRST_S: Final = 60.0
#: How far back a round looks: a platform that was away for a night or two is still seen.
_BACK: Final = timedelta(days=2)
#: A transaction may still be open, or an event wait in the spool.
_GRACE: Final = timedelta(minutes=10)
#: Open ones that are looked at again each round: the event may have come since.
_MOST: Final = 100
_FAILED: Final = frozenset({Status.RAISED, Status.WRONG_TYPE, Status.SKIPPED})


@dataclass(slots=True)
class Reconciling:
    """How far a round is, in this process."""

    _next_at: float = field(default_factory=lambda: time.monotonic() + _FIRST_S)
    _kinds: list[str] = field(default_factory=list)
    _cursor: str | None = None
    _since: datetime | None = None

    def step(self, desk: Desk) -> int:
        """Compare one page of records; answer how many nobody told of.

        :param desk: the desk.
        """
        if not self._kinds and not self._begins(desk):
            return 0
        kind, since = self._kinds[-1], self._since
        if since is None:
            return 0
        report = guarded_call(
            desk.host.plugins,
            "cleangov_host_records",
            kind=kind,
            since=since,
            cursor=self._cursor,
        )
        is_broken = any(outcome.status in _FAILED for outcome in report.outcomes)
        pages = [] if is_broken else report.values
        self._cursor = next((page.cursor for page in pages if page.cursor), None)
        if self._cursor is None:
            self._kinds.pop()
        found = [record for page in pages for record in page.records if record.kind == kind]
        return _keep_missing(desk, found) if found else 0

    def _begins(self, desk: Desk) -> bool:
        """Begin a round where one is due and there is something to compare with."""
        if time.monotonic() < self._next_at:
            return False
        self._next_at = time.monotonic() + _ROUND_S
        log_id = desk.host.agency().id
        with desk.database.own_transaction(is_reading=True) as connection:
            first = case_entries.first_ingested(connection, log_id)
        if first is None:  # before the plugin was attached, nobody could tell it anything
            return False
        self._since = max(desk.host.now() - _BACK, instant(first))
        self._kinds = sorted(kind for kind in desk.types() if not kind.startswith("int."))
        self._cursor = None
        _settle_told(desk, log_id)
        return bool(self._kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How records of a host stand to what it told.

    :param told: how many were told, or came about before anybody could tell anything.
    :param young: how many may still be on their way.
    :param untold: ids of those that nobody told; each is a gap that people must look at.
    """

    told: int
    young: int
    untold: list[str]


def compare(desk: Desk, records: Sequence[HostRecord]) -> Compared:
    """Compare records that a host sent of itself, where it cannot be asked.

    :param desk: the desk.
    :param records: a page; of declared kinds.
    :return: how they stand.
    """
    log_id, until = desk.host.agency().id, desk.host.now() - _GRACE
    with desk.database.own_transaction(is_reading=True) as connection:
        first = case_entries.first_ingested(connection, log_id)
        known = {each.case_id: _told(connection, log_id, each.case_id) for each in records}
    since = instant(first) if first else desk.host.now()
    unknown = [each for each in records if each.id not in known[each.case_id]]
    owed = [each for each in unknown if each.occurred_at >= since]
    untold = [each for each in owed if each.occurred_at < until]
    if untold:
        _keep_missing(desk, untold)
    _settle_told(desk, log_id)
    return Compared(
        told=len(records) - len(owed),
        young=len(owed) - len(untold),
        untold=[each.id for each in untold],
    )


def _keep_missing(desk: Desk, records: list[HostRecord]) -> int:
    """Keep a gap for each record that no entry, and no gap yet, tells of."""
    log_id, until = desk.host.agency().id, desk.host.now() - _GRACE
    with desk.database.own_transaction(is_reading=True) as connection:
        known = {record.case_id: _told(connection, log_id, record.case_id) for record in records}
        open_ones = {gap.event_key for gap in gaps.unsettled(connection)}
    missing = [
        record
        for record in records
        if record.occurred_at < until
        and record.id not in known[record.case_id]
        and not any(key and key.endswith(f"\t{record.id}") for key in open_ones)
    ]
    spooled = "".join(text for _, text in desk.spool.events()) if missing else ""
    missing = [record for record in missing if f'"{record.id}"' not in spooled]
    if not missing:
        return 0
    with desk.database.own_transaction() as connection:
        for record in missing:
            gaps.add_missing(
                connection,
                log_id,
                event_key=f"{desk.host.name}\t{record.id}",
                case_id=record.case_id,
                kind=record.kind,
                now=desk.host.now(),
                retention=desk.retention("gap"),
            )
    desk.counters.add("untold", len(missing))
    return len(missing)


def _told(connection: Connection, log_id: str, case_id: str) -> set[str]:
    """Answer the ids of the events that a case's entries tell of."""
    keys = case_entries.event_keys(connection, log_id, case_id)
    return {key.partition("\t")[2] for key in keys}


def _settle_told(desk: Desk, log_id: str) -> None:
    """Close what was missing and was told since."""
    with desk.database.own_transaction() as connection:
        for gap in gaps.unsettled(connection, reason=GapReason.MISSING, limit=_MOST):
            id_ = (gap.event_key or "").partition("\t")[2]
            if gap.log_id == log_id and id_ in _told(connection, log_id, gap.event):
                gaps.settle_missing(connection, gap.id, desk.host.now())
