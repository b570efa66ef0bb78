"""From hits to findings: who owns them, until when; nothing is opened that was settled."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from cleangov_hooks import Origin
from cleangov_plugin.domain.evaluation import RuleOutcome
from cleangov_plugin.domain.our_marks import OUR_MARKS
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import FindingState, Mark, Result, Severity, Tier, Visibility
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store.findings import FindingDraft, Opened, open_findings
from cleangov_plugin.store.knowledge import event_key
from cleangov_plugin.store.stored_entries import entry_at

from .desk import Desk
from .shelf import Connection, Ledger
from .typed import from_json, to_json

#: What is kept of an outcome besides its name: of a clear one nothing, the rules imply it.
_KEPT = frozenset(
    {Result.HIT, Result.SUPPRESSED, Result.EXEMPT, Result.CANNOT_BE_CHECKED, Result.ERROR}
)
_HIT = frozenset({Result.HIT, Result.SUPPRESSED})
_UNKNOWN = frozenset({Result.CANNOT_BE_CHECKED, Result.ERROR, Result.TIMEOUT})
#: Adding flags takes longer than looking at the outcomes of an ordinary event.
_NONE: Final = Mark(0)
_NOTHING: Final = Opened()


def settled(outcomes: Sequence[RuleOutcome], answered: Iterable[str]) -> tuple[RuleOutcome, ...]:
    """Mark the hits that a good answer settled at the gate: they stay in the record, and no more.

    :param outcomes: what the rules said of the event.
    :param answered: ids of the rules whose hit was settled for this very payload.
    :return: the same, settled hits as suppressed.
    """
    named = frozenset(answered)
    if not named or not outcomes:
        return tuple(outcomes)
    return tuple(
        replace(outcome, result=Result.SUPPRESSED)
        if outcome.result is Result.HIT and outcome.rule_id in named
        else outcome
        for outcome in outcomes
    )


def kept_values(outcomes: Sequence[RuleOutcome]) -> str | None:
    """Write the values that hits and unknowns were made from, for screens and for replay.

    :param outcomes: what the rules said.
    :return: JSON by ``"E07@1/E07-event"``; None where there is nothing to keep.
    """
    if not outcomes:
        return None
    found = {_name(o): to_json(o.values) for o in outcomes if o.result in _KEPT and o.values}
    return json.dumps(found, ensure_ascii=False, sort_keys=True) if found else None


def marks_of(kind: str, outcomes: Iterable[RuleOutcome]) -> int:
    """Answer what the rules said as one number, by which lists are filtered.

    :param kind: kind of the event.
    :param outcomes: what the rules said.
    :return: a sum of `Mark`; 0 where there was nothing but clear and not applicable.
    """
    marks = OUR_MARKS.get(kind, _NONE)
    for outcome in outcomes:
        is_hidden = outcome.visibility is Visibility.OVERSIGHT
        if outcome.result in _HIT:
            marks |= Mark.HIDDEN_HIT if is_hidden else Mark.HIT
        elif outcome.result in _UNKNOWN:
            marks |= Mark.HIDDEN_UNKNOWN if is_hidden else Mark.UNKNOWN
    return marks.value


def hits_from(
    ledger: Ledger, named: Iterable[Sequence[Any]], values: Mapping[str, Mapping[str, Any]]
) -> list[RuleOutcome]:
    """Read the hits of a stored entry back, for findings that are still to be opened.

    :param ledger: the agency's ledger.
    :param named: the body's outcomes: rule, version, result, fields.
    :param values: what `kept_values` wrote, read.
    :return: the hits of rules and bindings that are in force.
    """
    hits = {(rule, version) for rule, version, result, *_ in named if result == Result.HIT.value}
    return [
        RuleOutcome(
            rule_id=rule.id,
            version=rule.version,
            binding_id=binding.id,
            result=Result.HIT,
            severity=rule.severity,
            tier=binding.tier,
            visibility=binding.visibility,
            values=from_json(values[f"{rule.id}@{rule.version}/{binding.id}"]),
        )
        for rule, binding in ledger.rules.bound
        if (rule.id, rule.version) in hits and f"{rule.id}@{rule.version}/{binding.id}" in values
    ]


def open_leads(
    desk: Desk,
    connection: Connection,
    ledger: Ledger,
    record: Record,
    outcomes: Iterable[RuleOutcome],
    *,
    review_days: int | None = None,
) -> Opened:
    """Open a finding for each hit; a finding that is there already is left as it is.

    :param desk: the desk.
    :param connection: the host's connection, or one of our own.
    :param ledger: the agency's ledger.
    :param record: the event that hit.
    :param outcomes: what the rules said.
    :param review_days: working days until a step that could not wait is reviewed; None where it is
        none of those.
    :return: what became of them.
    """
    hits = [outcome for outcome in outcomes if outcome.result is Result.HIT]
    if not hits:
        return _NOTHING
    return open_findings(
        connection, [_draft(desk, ledger, record, hit, review_days) for hit in hits]
    )


def reopen_leads(
    desk: Desk, connection: Connection, log_id: str, row: int, *, with_retired: bool = False
) -> bool:
    """Open the findings of an entry that is there already: they follow from the entry alone.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param log_id: the agency's ledger.
    :param row: number of the entry's row.
    :param with_retired: whether hits of rules that are no longer in force are opened, too.
    :return: False where another transaction is opening one of them just now.
    """
    ledger = desk.shelf.ledger(connection, log_id)
    stored = entry_at(connection, log_id, row)
    if ledger is None or stored is None or stored[1] is None:
        return True
    body, values = stored[0], json.loads(stored[1])
    named = json.loads(body)["outcomes"]
    hits = hits_from(ledger, named, values)
    if with_retired:
        hits += _retired(desk, connection, ledger, named, values)
    return not open_leads(desk, connection, ledger, decode_record(body, row), hits).busy


def _retired(
    desk: Desk,
    connection: Connection,
    ledger: Ledger,
    named: Iterable[Sequence[Any]],
    values: Mapping[str, Mapping[str, Any]],
) -> list[RuleOutcome]:
    """Read back the hits of rules that were in force when they hit, and are not any more."""
    found = []
    bound = {(rule.id, rule.version) for rule, _ in ledger.rules.bound}
    hits = {(id_, version) for id_, version, result, *_ in named if result == Result.HIT.value}
    for id_, version in sorted(hits - bound):
        rule = desk.shelf.rule(connection, ledger, id_, version)
        names = (name for name in sorted(values) if name.startswith(f"{id_}@{version}/"))
        name = next(names, None)
        if rule is not None and name is not None:
            found.append(
                RuleOutcome(
                    rule_id=id_,
                    version=version,
                    binding_id=name.partition("/")[2],
                    result=Result.HIT,
                    severity=rule.severity,
                    tier=Tier.RECORD,
                    visibility=Visibility.OFFICER,
                    values=from_json(values[name]),
                )
            )
    return found


def due_on(desk: Desk, ledger: Ledger, working_days: int) -> date:
    """Answer the last day of a term that begins today.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :param working_days: length of the term.
    :return: a working day; without a calendar, Monday to Friday are counted.
    """
    return term_end(ledger, desk.today(ledger), working_days)


def end_of_term(desk: Desk, ledger: Ledger, working_days: int) -> datetime:
    """Answer the last second of a term that begins today.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :param working_days: length of the term.
    :return: in the agency's zone.
    """
    last = due_on(desk, ledger, working_days)
    return (
        desk.host.now()
        .astimezone(ledger.zone)
        .replace(
            year=last.year,
            month=last.month,
            day=last.day,
            hour=23,
            minute=59,
            second=59,
            microsecond=0,
        )
    )


def term_end(ledger: Ledger, start: date, working_days: int) -> date:
    """Answer the last day of a term.

    :param ledger: the agency's ledger.
    :param start: the day it begins; not counted.
    :param working_days: length of the term.
    :return: a working day; without a calendar, Monday to Friday are counted.
    """
    found = ledger.calendar.add_working_days(start, working_days) if ledger.calendar else None
    day = found or start
    while found is None and working_days:
        day += timedelta(days=1)
        working_days -= day.weekday() < 5
    return day


def _draft(
    desk: Desk, ledger: Ledger, record: Record, hit: RuleOutcome, review_days: int | None
) -> FindingDraft:
    """Make one draft. What was imported is for study: nobody owns it, nobody is pressed."""
    is_old = record.origin in (Origin.IMPORT, Origin.HISTORIC)
    is_signal = is_old or (hit.severity is Severity.SIGNAL and review_days is None)
    days = review_days or desk.settings.due_days
    retention = desk.retention("case")
    return FindingDraft(
        log_id=record.log_id,
        rule_id=hit.rule_id,
        rule_version=hit.version,
        binding_id=hit.binding_id,
        subject=record.case_id,
        part=hit.part,
        is_signal=is_signal,
        severity=hit.severity.value,
        visibility=hit.visibility.value,
        state=(FindingState.SIGNAL if is_signal else FindingState.OPEN).value,
        owner=None if is_signal else desk.settings.owner,
        due_on=None if is_signal else due_on(desk, ledger, days).isoformat(),
        stream=record.stream.value,
        step=record.step,
        unit=record.unit,
        actor=record.actor,
        event_key=event_key(record.source, record.event_id),
        event_id=record.event_id,
        shown_values=json.dumps(to_json(hit.values), ensure_ascii=False, sort_keys=True),
        occurred_at=stamp(record.occurred_at),
        found_at=stamp(desk.host.now()),
        retention_class=retention[0],
        retain_until=retention[1],
    )


def _name(outcome: RuleOutcome) -> str:
    return f"{outcome.rule_id}@{outcome.version}/{outcome.binding_id}"
