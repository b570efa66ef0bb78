"""From differences between live and replayed to findings: each is opened once, and owned.

A difference says nothing of an officer: either the plugin is wrong, or somebody changed a row. So
nobody's name stands in it, and it stays open until a person closes it, though it may come out
right again: that what was said changes to and fro must not go by unseen.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.desk import retention_of
from cleangov_plugin.desk.leads import term_end
from cleangov_plugin.desk.settings import Settings
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import FindingState, Result, Severity, Visibility
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store.findings import FindingDraft, open_findings, parts_of

from .differing_words import DIFFERING
from .rechecking import Difference

#: Findings that one run opens: a mistake in a rule of every step is one mistake. The next run opens
#: those of the next entries.
MOST: Final = 1_000
_VERSION: Final = 1


@dataclass(slots=True)
class Differences:
    """The differences of one run that have no finding yet.

    :param known: numbers of the rows that have one.
    :param new: those that get one, with what was recorded.
    """

    known: frozenset[str]
    new: list[tuple[Difference, Record]] = field(default_factory=list)

    @classmethod
    def of_ledger(cls, connection: Connection, log_id: str) -> "Differences":
        """Begin a run.

        :param connection: a reading connection.
        :param log_id: the ledger.
        """
        return cls(parts_of(connection, log_id, DIFFERING))

    def met(self, difference: Difference, record: Record) -> None:
        """Take note of a difference, as `recheck` meets it.

        :param difference: what differs.
        :param record: the event it is about.
        """
        if str(difference.row) not in self.known and len(self.new) < MOST:
            self.new.append((difference, record))


def open_differences(
    connection: Connection, ledger: Ledger, found: Differences, settings: Settings, now: datetime
) -> int:
    """Open a finding for each difference that has none.

    :param connection: a writing connection of our own.
    :param ledger: the ledger.
    :param found: what the run met.
    :param settings: name the owner and the term.
    :param now: the present time, aware.
    :return: how many were opened. One that another run opens just now is that run's.
    """
    due = term_end(ledger, civil_day(now, ledger.zone), settings.due_days).isoformat()
    drafts = [_draft(ledger, *each, settings, now, due) for each in found.new]
    return len(open_findings(connection, drafts).opened)


def _draft(
    ledger: Ledger,
    difference: Difference,
    record: Record,
    settings: Settings,
    now: datetime,
    due: str,
) -> FindingDraft:
    retention = retention_of(settings, now, "case")
    named = dict(_differing(difference))
    return FindingDraft(
        log_id=ledger.log_id,
        rule_id=DIFFERING,
        rule_version=_VERSION,
        binding_id=DIFFERING,
        subject=difference.case,
        part=str(difference.row),
        is_signal=False,
        severity=Severity.SIGNAL.value,
        visibility=_visibility(ledger, named).value,
        state=FindingState.OPEN.value,
        owner=settings.owner,
        due_on=due,
        stream=record.stream.value,
        step=record.step,
        unit=record.unit,
        actor=None,
        event_key=difference.event,
        event_id=record.event_id,
        shown_values=json.dumps(_values(difference, named), ensure_ascii=False, sort_keys=True),
        occurred_at=stamp(record.occurred_at),
        found_at=stamp(now),
        retention_class=retention[0],
        retain_until=retention[1],
    )


def _visibility(ledger: Ledger, named: Mapping[str, Any]) -> Visibility:
    """Answer who may see it: those who may see all the rules it names."""
    seen = {
        f"{rule.id}@{rule.version}/{binding.id}"
        for rule, binding in ledger.rules.bound
        if binding.visibility is not Visibility.OVERSIGHT
    }
    return Visibility.LEAD if named.keys() <= seen else Visibility.OVERSIGHT


def _differing(difference: Difference) -> Iterator[tuple[str, tuple[str, str]]]:
    """Answer the bindings of which something differs, with their results then and now."""
    then, now = _results(difference.then), _results(difference.now)
    values_then = json.loads(difference.values_then)
    values_now = json.loads(difference.values_now)
    clear = (Result.CLEAR.value, ())
    for name in sorted({*then, *now, *values_then, *values_now}):
        is_same = then.get(name) == now.get(name)
        if not is_same or values_then.get(name) != values_now.get(name):
            yield name, (then.get(name, clear)[0], now.get(name, clear)[0])


def _results(told: tuple[tuple[str, ...], ...]) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {f"{o[0]}@{o[1]}/{o[3]}": (o[2], o[4:]) for o in told}


def _values(difference: Difference, named: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """Write what the words need: bindings, their results, and the values that differ."""
    sides = json.loads(difference.values_then), json.loads(difference.values_now)
    found: dict[str, Any] = {
        "row": difference.row,
        "rules": list(named),
        "then": [results[0] for results in named.values()],
        "now": [results[1] for results in named.values()],
    }
    for place, name in enumerate(named):
        then, now = (side.get(name, {}) for side in sides)
        for value in sorted({*then, *now}):
            if then.get(value) != now.get(value):
                found[f"then.{place}.{value}"] = then.get(value)
                found[f"now.{place}.{value}"] = now.get(value)
    return found
