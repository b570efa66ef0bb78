"""Hits that two people declared to be passed over: still judged, recorded, and in nobody's way."""

from dataclasses import replace
from typing import Final

from cleangov_plugin.desk.own_kinds import SOURCE
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.evaluation import Evaluation
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Result, Tier
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.prompts.panel import RED
from cleangov_plugin.prompts.passing import KINDS, declared, passed_over
from cleangov_plugin.store import declared_entries

#: The case, of nobody's, under which these entries stand.
SUBJECT: Final = "cleangov.passings"


def red_rules(ledger: Ledger) -> frozenset[str]:
    """Name the rules that are never suppressed: red by law, or with a second person anywhere.

    :param ledger: the agency's ledger.
    """
    return frozenset(
        rule.id
        for rule, binding in ledger.rules.bound
        if binding.tier >= Tier.SECOND_PERSON or rule.severity in RED
    )


def pass_over(
    connection: Connection, ledger: Ledger, record: Record, evaluation: Evaluation, until: str
) -> Evaluation:
    """Mark the hits that are passed over. Nothing is read where nothing was ever declared.

    What counts is the moment at which the host recorded the event: however late it is judged, and
    however often, the same is said of it.

    :param connection: any connection.
    :param ledger: the agency's ledger.
    :param record: the event.
    :param evaluation: what the rules said of it.
    :param until: up to when anything declared may hold, fixed-width UTC text; empty for nothing.
    """
    if not until or until <= stamp(record.recorded_at):
        return evaluation
    if all(outcome.result is not Result.HIT for outcome in evaluation.outcomes):
        return evaluation
    found = declared_entries.records(connection, ledger.log_id, SUBJECT, KINDS[:3], SOURCE)
    said = passed_over(
        evaluation.outcomes, declared(found), record, red_rules(ledger), record.recorded_at
    )
    return replace(evaluation, outcomes=said)
