"""From what a clock says to findings: opened, told anew, closed and opened again without a person.

A finding of a term follows from the entries of its case alone. So it is closed by what follows from
them, too; what a person has closed stays as it is.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cleangov_hooks import Origin
from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.findings.changing import record_change
from cleangov_plugin.desk.leads import term_end
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.desk.typed import to_json
from cleangov_plugin.domain.evaluation import Value
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import CLEARED, FindingState, Severity, Visibility
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.rules.clocks import Clock, Run, Stage, State, part_of, stage_of
from cleangov_plugin.store import clock_findings
from cleangov_plugin.store.clock_findings import FindingKey, Standing
from cleangov_plugin.store.finding_changes import FindingNow
from cleangov_plugin.store.findings import FindingDraft, open_findings
from cleangov_plugin.store.knowledge import event_key
from cleangov_plugin.store.run import Busy

from .knowing import Clockwork

_OLD: Final = (Origin.IMPORT, Origin.HISTORIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one clock says of one run at a moment.

    :param clock: the clock.
    :param run: the run.
    :param start: the event it started with.
    :param unit: unit that was last at work in the case.
    """

    clock: Clock
    run: Run
    start: Record
    unit: str | None

    def key(self, stage: Stage) -> FindingKey:
        """Name what is said of it.

        :param stage: what is said.
        """
        is_signal = self.start.origin in _OLD
        return FindingKey(self.clock.id, part_of(self.run, stage), is_signal)


@dataclass(slots=True, kw_only=True)
class CaseFindings:
    """The findings of terms of one case, kept as what clocks say of it changes.

    :param work: the clocks.
    :param connection: a writing connection of our own.
    :param subject: the case.
    :param standing: the findings that are there.
    :param changed: how many were opened, told anew or closed.
    """

    work: Clockwork
    connection: Connection
    subject: str
    standing: dict[FindingKey, Standing]
    changed: int = 0

    def keep(self, told: list[Told], at: datetime) -> None:
        """Bring the findings in line with what is said.

        :param told: what the clocks say of every run of the case.
        :param at: the moment at which they say it, aware.
        """
        known: set[FindingKey] = set()
        for each in told:
            stage = stage_of(each.run)
            for said in Stage:
                key = each.key(said)
                known.add(key)
                if said is stage:
                    self._say(each, key, said, at)
                else:
                    self._take_back(key, _ending(said, stage, each.run), at)
        for key in self.standing.keys() - known:
            self._take_back(key, self._ending_of_none(key), at)

    def _say(self, told: Told, key: FindingKey, stage: Stage, at: datetime) -> None:
        there = self.standing.get(key)
        values = json.dumps(to_json(dict(_values(told, stage))), ensure_ascii=False, sort_keys=True)
        due = self._due_on(told, stage, at, there)
        now = Standing(True, None, due, values)
        place = (self.work.ledger.log_id, self.subject)
        if there is None:
            self._open(told, key, stage, at, now)
        elif there.was_closed_by_nobody:
            self._record(clock_findings.reopen(self.connection, place, key, due, values), key)
        elif there.is_waiting and there != now:
            told_now = clock_findings.tell(self.connection, place, key, due, values)
            if there.due_on != due:
                self._record(told_now, key)
        else:
            return
        self.standing[key] = now
        self.changed += 1

    def _take_back(self, key: FindingKey, disposition: str, at: datetime) -> None:
        there = self.standing.get(key)
        if there is None or not there.is_waiting or not disposition:
            return
        place = (self.work.ledger.log_id, self.subject)
        closed = clock_findings.close(self.connection, place, key, disposition, stamp(at))
        self._record(closed, key)
        self.standing[key] = there._replace(is_waiting=False, disposition=disposition)
        self.changed += 1

    def _record(self, now: FindingNow, key: FindingKey) -> None:
        """Write the entry of a change; what is for study only is nobody's, and has none."""
        if not key.is_signal:
            record_change(self.work.desk, self.connection, now, None)

    def _ending_of_none(self, key: FindingKey) -> str:
        """Say what becomes of a finding whose run is no more: its start was put right.

        That a clock is out of force takes back what reminds somebody, and nothing else.
        """
        if key.part.endswith(Stage.DUE_SOON):
            return clock_findings.NO_LONGER
        is_in_force = any(clock.id == key.rule_id for clock in self.work.clocks)
        return CLEARED if is_in_force else ""

    def _due_on(self, told: Told, stage: Stage, at: datetime, there: Standing | None) -> str | None:
        """Answer until when a finding is to be looked at; of a reminder: the last day itself."""
        if told.key(stage).is_signal:
            return None
        if stage is Stage.DUE_SOON and told.run.due is not None:
            return told.run.due.first_day.isoformat()
        if there is not None and there.due_on is not None and there.is_waiting:
            return there.due_on
        ledger = self.work.ledger
        days = self.work.desk.settings.due_days
        return term_end(ledger, civil_day(at, ledger.zone), days).isoformat()

    def _open(self, told: Told, key: FindingKey, stage: Stage, at: datetime, now: Standing) -> None:
        desk, start = self.work.desk, told.start
        retention = desk.retention("case")
        is_over = stage is Stage.OVERDUE
        draft = FindingDraft(
            log_id=self.work.ledger.log_id,
            rule_id=key.rule_id,
            rule_version=told.clock.version,
            binding_id=key.rule_id,
            subject=self.subject,
            part=key.part,
            is_signal=key.is_signal,
            severity=(Severity.MINOR if is_over else Severity.SIGNAL).value,
            visibility=(Visibility.LEAD if is_over else Visibility.OFFICER).value,
            state=(FindingState.SIGNAL if key.is_signal else FindingState.OPEN).value,
            owner=None if key.is_signal else desk.settings.owner,
            due_on=now.due_on,
            stream=start.stream.value,
            step=start.step,
            unit=told.unit,
            actor=None,
            event_key=event_key(start.source, start.event_id),
            event_id=start.event_id,
            shown_values=now.shown_values,
            occurred_at=stamp(start.occurred_at),
            found_at=stamp(at),
            retention_class=retention[0],
            retain_until=retention[1],
        )
        if open_findings(self.connection, [draft]).busy:
            what = "another process opens the same finding just now."
            raise Busy(what, where=key.rule_id, remedy="Nothing need be done: the next tick does.")


def _ending(said: Stage, stage: Stage | None, run: Run) -> str:
    """Say what becomes of a finding that is no longer said."""
    is_kept = run.is_overdue is False
    if said is Stage.OVERDUE:
        return CLEARED if is_kept else clock_findings.NO_LONGER
    if stage is Stage.OVERDUE:
        return clock_findings.SUPERSEDED
    is_done = run.state is State.ENDED and is_kept
    return clock_findings.IN_TIME if is_done else clock_findings.NO_LONGER


def _values(told: Told, stage: Stage) -> Iterator[tuple[str, Value]]:
    """Answer what the texts of a finding need; shares but for 70 and 90 would change every day."""
    run, clock = told.run, told.clock
    due = run.due
    days = () if due is None else (("due", due.first_day), ("due_to", due.last_day))
    yield "stage", stage.value
    yield "length", run.length
    yield "unit", clock.unit.value
    yield "started", told.start.occurred_at
    yield "warning", run.warning
    yield from ((name, day) for name, day in days if day is not None)
    if run.ended_at is not None:
        yield "ended", run.ended_at
    if run.missing:
        yield "missing", run.missing
