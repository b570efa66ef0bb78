"""The path of every evaluation, live or replayed: plan, one statement for the facts, rules."""

from collections.abc import Callable
from typing import NamedTuple

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.errors import InvalidEvent
from cleangov_plugin.domain.evaluation import Evaluation, RuleOutcome
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.rules import Knowledge, Plan, evaluate, group_keys, statistic_keys
from cleangov_plugin.store.knowledge import KnowledgeRequest, KnowledgeRows, event_key, read

from .checked import Checked
from .grouping import hashed
from .passing_over import pass_over
from .planned import planned


class Judged(NamedTuple):
    """An event and what the rules said of it.

    :param ledger: the agency's ledger.
    :param plan: the rules that were asked.
    :param known: what was read for them.
    :param evaluation: what they said; empty where the event is known already or in other hands.
    :param said: the outcomes that say something; what is written of the event follows from these.
    """

    ledger: Ledger
    plan: Plan
    known: KnowledgeRows
    evaluation: Evaluation
    said: tuple[RuleOutcome, ...] = ()


def ledger_of(desk: Desk, connection: Connection, record: Record) -> Ledger:
    """Answer the ledger an event belongs to.

    :param desk: the desk.
    :param connection: any connection.
    :param record: the event.
    :raises InvalidEvent: where no such agency is kept.
    """
    found = desk.shelf.ledger(connection, record.log_id)
    if found is None:
        raise InvalidEvent(
            "no authority of this code is kept, or its time zone is unknown.",
            where="agency_id",
            remedy="A host names its agency when it is ready; see docs/hooks.md.",
        )
    return found


def judge(
    desk: Desk,
    connection: Connection,
    checked: Checked,
    phase: Phase,
    *,
    out_of_time: Callable[[], bool],
    is_late: bool = False,
) -> Judged:
    """Ask the rules about an event.

    :param desk: the desk.
    :param connection: the host's connection for an event that was written, else one of our own.
    :param checked: the event.
    :param phase: open, edit, gate or event; for an event its place in a lane is taken, too.
    :param out_of_time: asked before each rule.
    :param is_late: whether the event waited: what was recorded after it was not known then.
    :return: what they said.
    :raises InvalidEvent: where no such agency is kept.
    """
    record = checked.record
    is_warm = desk.shelf.knows(record.log_id)
    ledger = ledger_of(desk, connection, record)
    chosen = planned(ledger.rules, record, ledger.zone, phase)
    known = read(connection, _request(desk, ledger, chosen, checked, is_late=is_late))
    if desk.shelf.refresh(connection, ledger, known.ruleset, known.calendar):
        is_warm = False
        chosen = planned(ledger.rules, record, ledger.zone, phase)
        known = read(connection, _request(desk, ledger, chosen, checked, is_late=is_late))
    is_free = known.digest is None and not known.is_busy
    evaluation = (
        evaluate(
            chosen,
            record,
            _knowledge(ledger, known),
            # Reading new rules takes longer than asking them; the one event that meets them pays.
            out_of_time=out_of_time if is_warm else _never,
            is_brief=True,
        )
        if is_free
        else Evaluation(phase=phase, ruleset=chosen.revision, calendar=known.calendar)
    )
    if known.passings_until:
        evaluation = pass_over(connection, ledger, record, evaluation, known.passings_until)
    return Judged(ledger, chosen, known, evaluation, evaluation.notable)


def _knowledge(ledger: Ledger, known: KnowledgeRows) -> Knowledge:
    return Knowledge(
        zone=ledger.zone,
        history=known.history,
        groups=known.groups,
        statistics=known.statistics,
        calendar=ledger.calendar,
    )


def _never() -> bool:
    return False


def _kinds(ledger: Ledger, chosen: Plan, record: Record) -> frozenset[str]:
    """Answer the kinds of earlier events to read.

    While a page is opened, also those that its step will ask for: what is decoded then is at hand
    at the gate and in the host's transaction, which wait for less.
    """
    if chosen.phase is not Phase.OPEN:
        return chosen.history_kinds
    later = (
        planned(ledger.rules, record, ledger.zone, phase) for phase in (Phase.GATE, Phase.EVENT)
    )
    return chosen.history_kinds.union(*(plan.history_kinds for plan in later))


def _request(
    desk: Desk, ledger: Ledger, chosen: Plan, checked: Checked, *, is_late: bool
) -> KnowledgeRequest:
    record = checked.record
    is_event = chosen.phase is Phase.EVENT
    groups = group_keys(chosen, record, ledger.zone)
    return KnowledgeRequest(
        log_id=record.log_id,
        subject=record.case_id,
        kinds=_kinds(ledger, chosen, record),
        statistics=statistic_keys(chosen, record),
        groups=tuple([(key, hashed(desk, key.group_id, key.key)) for key in groups]),
        day=civil_day(record.occurred_at, ledger.zone).isoformat(),
        event_key=event_key(record.source, record.event_id) if is_event else None,
        supersedes=event_key(record.source, record.supersedes) if record.supersedes else None,
        pseudonyms=tuple(dict.fromkeys([n for n, _, _ in checked.people])) if is_event else (),
        until=stamp(record.recorded_at) if is_late else None,
    )
