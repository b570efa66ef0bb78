"""Which rules look at an event: by its kind, its civil day, its unit, its step and its source."""

from datetime import date
from zoneinfo import ZoneInfo

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase
from cleangov_plugin.rules import Plan, RuleSet, plan


def planned(
    rules: RuleSet,
    record: Record,
    zone: ZoneInfo,
    phase: Phase = Phase.EVENT,
    *,
    on: date | None = None,
) -> Plan:
    """Choose the rules for an event.

    :param rules: the rules there are.
    :param record: the event.
    :param zone: the agency's zone, in which its day is counted.
    :param phase: open, edit, gate or event.
    :param on: its civil day, where it is known already.
    """
    return plan(
        rules,
        record.kind,
        phase,
        on=on or civil_day(record.occurred_at, zone),
        unit=record.unit,
        step=record.step,
        source=record.source,
    )
