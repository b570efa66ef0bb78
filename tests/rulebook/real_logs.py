"""The real logs as events that rules can judge, read from their flat files by the csv module alone.

What each log must be mapped to for the shipped rules stands here in one place: kinds, attributes,
clocks, and the order in which things were known.
"""

import csv
import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from cleangov_hooks import ActorKind, Clock, Money, Origin, Precision, Stream
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import Phase, Result
from cleangov_plugin.intake.rule_files import load_rulebook, rulebook_folder
from cleangov_plugin.rules import (
    Knowledge,
    RuleSet,
    compile_bindings,
    compile_rule,
    evaluate,
    plan,
)
from tests.support.shared_data import shared_log

Row = dict[str, str]

_FINES = {
    "Create Fine": "enf.decision.made",
    "Send Fine": "enf.notice.sent",
    "Insert Fine Notification": "enf.notice.served",
    "Add penalty": "enf.penalty.added",
    "Payment": "enf.fine.collected",
    "Send for Credit Collection": "enf.collection.started",
    "Insert Date Appeal to Prefecture": "enf.reconsideration.requested",
    "Appeal to Judge": "enf.litigation.filed",
}
_RECEIPT = {
    "Confirmation of receipt": "prm.receipt.drafted",
    "T02 Check confirmation of receipt": "prm.checked",
    "T04 Determine confirmation of receipt": "prm.determined",
    "T05 Print and send confirmation of receipt": "prm.receipt.sent",
    "T06 Determine necessity of stop advice": "prm.stop_advice.weighed",
    "T10 Determine necessity to stop indication": "prm.stop_notice.weighed",
}
_BPIC2015 = {
    "01_HOOFD_010": "prm.submitted",
    "01_HOOFD_030_1": "prm.receipt.sent",
    "01_HOOFD_370": "prm.reviewed",
    "01_HOOFD_490_1": "prm.decision.drafted",
}
_NYC311 = {"created": "int.complaint.received", "closed": "int.complaint.closed"}


@dataclass(frozen=True)
class Log:
    """What is told of one log.

    :param zone: the zone of its place.
    :param stream: its business stream.
    :param kinds: kind by step; other steps are kept under kinds of their own.
    """

    zone: ZoneInfo
    stream: Stream
    kinds: Mapping[str, str]


LOGS = {
    "fines": Log(ZoneInfo("Europe/Rome"), Stream.ENFORCEMENT, _FINES),
    "receipt": Log(ZoneInfo("Europe/Amsterdam"), Stream.PERMIT, _RECEIPT),
    "bpic2015": Log(ZoneInfo("Europe/Amsterdam"), Stream.PERMIT, _BPIC2015),
    "nyc311": Log(ZoneInfo("America/New_York"), Stream.PETITION, _NYC311),
}


def flat_rows(name: str) -> list[Row]:
    """Answer the rows of a log's flat file."""
    with gzip.open(shared_log(f"{name}.csv"), "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cases(name: str, rows: Iterable[Row]) -> dict[str, list[Record]]:
    """Answer the events of each case in the order they were known: recorded, then as they stand."""
    log = LOGS[name]
    known: dict[str, list[tuple[datetime, int, Record]]] = {}
    for number, row in enumerate(rows):
        of_case = known.setdefault(row["case_id"], [])
        before = max((key for key, _, r in of_case if r.kind != "prm.decided"), default=None)
        for record in _records(name, log, row, number):
            key = record.recorded_at
            if record.kind != "prm.decided" and before is not None:
                key = max(before, key)
            of_case.append((key, number, record))
    return {
        case: [record for _, _, record in sorted(found, key=lambda each: each[:2])]
        for case, found in known.items()
    }


def _records(name: str, log: Log, row: Row, number: int) -> Iterator[Record]:
    told: dict[str, str] = json.loads(row["attributes"] or "{}")
    at = _moment(row["occurred_at"], log.zone)
    recorded, attributes = at, {}
    if "deadline" in told:
        attributes["deadline"] = _moment(told["deadline"], log.zone)
    if name == "nyc311" and "due" in told:
        attributes["deadline"] = _moment(told["due"], log.zone)
    if name == "bpic2015":
        if "dueDate" in told:
            attributes["due"] = _moment(told["dueDate"], log.zone)
        if "dateFinished" in told:
            recorded = attributes["recorded"] = _moment(told["dateFinished"], log.zone)
        if "parts" in told:
            attributes["permit_kind"] = told["parts"]
    yield _record(name, log, row, number, at, recorded, attributes)
    if "enddate" in told:
        end = _moment(told["enddate"], log.zone)
        of_case = {key: attributes[key] for key in ("deadline",) if key in attributes}
        nobody = {**row, "step": "enddate", "actor": "", "amount": ""}
        yield _record(name, log, nobody, number, end, end, of_case)


def _record(
    name: str,
    log: Log,
    row: Row,
    number: int,
    at: datetime,
    recorded: datetime,
    attributes: Mapping[str, Any],
) -> Record:
    step, actor = row["step"], row["actor"] or None
    slug = step.lower().replace(" ", "_")
    kind = "prm.decided" if step == "enddate" else log.kinds.get(step, f"{name}.{slug}")
    return Record(
        event_id=f"{row['case_id']}#{number}{step}",
        source=name,
        log_id=name,
        stream=log.stream,
        case_id=row["case_id"],
        kind=kind,
        step=step,
        actor=actor,
        actor_kind=ActorKind.PERSON if actor else None,
        amount=Money(minor=int(Decimal(row["amount"]) * 100), currency="EUR")
        if row["amount"]
        else None,
        occurred_at=at.astimezone(UTC),
        recorded_at=recorded.astimezone(UTC),
        precision=Precision.DAY if name == "fines" else Precision.SECOND,
        clock=Clock.IMPORT,
        origin=Origin.HISTORIC,
        attributes=attributes,
        row=number + 1,
    )


def _moment(text: str, zone: ZoneInfo) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=zone)


@dataclass
class Seen:
    """What one rule said of a log, by case."""

    cases: set[str] = field(default_factory=set)
    hits: set[str] = field(default_factory=set)
    unknown: dict[str, set[str]] = field(default_factory=dict)

    @property
    def figures(self) -> tuple[int, int, int]:
        """Answer the cases looked at, those that hit, and those that could not be checked."""
        return len(self.cases), len(self.hits), len(self.unknown.keys() - self.hits)


def _in_force() -> RuleSet:
    bound = []
    for document in load_rulebook(rulebook_folder()):
        rule = compile_rule(document)
        bound += [(rule, binding) for binding in compile_bindings(document, rule)]
    return RuleSet(1, tuple(bound))


RULES = _in_force()


def ask(name: str, rows: Iterable[Row]) -> dict[str, Seen]:
    """Ask all shipped rules through their shipped bindings, event by event."""
    zone, seen = LOGS[name].zone, {rule.id: Seen() for rule, _ in RULES.bound}
    for case, records in cases(name, rows).items():
        for number, record in enumerate(records):
            for outcome in _outcomes(record, records[:number], zone):
                if outcome.result is Result.NOT_APPLICABLE:
                    continue
                rule = seen[outcome.rule_id]
                rule.cases.add(case)
                assert outcome.result in (Result.HIT, Result.CLEAR, Result.CANNOT_BE_CHECKED)
                if outcome.result is Result.HIT:
                    rule.hits.add(case)
                elif outcome.result is Result.CANNOT_BE_CHECKED:
                    assert outcome.fields
                    rule.unknown.setdefault(case, set()).update(outcome.fields)
    return seen


def _outcomes(record: Record, past: list[Record], zone: ZoneInfo) -> tuple[Any, ...]:
    chosen = plan(
        RULES,
        record.kind,
        Phase.EVENT,
        on=record.occurred_at.astimezone(zone).date(),
        unit=record.unit,
        step=record.step,
        source=record.source,
    )
    history = tuple(each for each in past if each.kind in chosen.history_kinds)
    return evaluate(chosen, record, Knowledge(zone=zone, history=history)).outcomes
