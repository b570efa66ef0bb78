"""A small ledger to test rules against, and the rule that is tested."""

from typing import Any

from cleangov_hooks import Money
from cleangov_plugin.desk.backtested import running
from cleangov_plugin.desk.backtested.parts import Wanted
from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import Versions, encode_body
from cleangov_plugin.store import entries, knowledge
from cleangov_plugin.store.database import Database
from tests.rules.rule_building import BOTH, document
from tests.store.samples import LOG, NOON, RETENTION, digest, record, request

NOTICE, DECISION = "enf.intent.notified", "enf.decision.made"


def rule(condition: str = "amount > facts.noticed", **more: Any) -> dict[str, Any]:
    return document(
        condition,
        fields={"amount": {"type": "money", "range": ["0元", "10亿元"], "label": BOTH}},
        facts={"noticed": {"latest": "amount", "of": NOTICE}},
        bindings=[
            {"id": "T01-gate", "tier": 3, "phases": ["gate"], "effective_from": "2030-01-01"},
            {"id": "T01-event", "tier": 0, "phases": ["event"]},
        ],
        **more,
    )


def at(number: int, kind: str, case: str, yuan: int | None, **more: Any) -> Record:
    amount = None if yuan is None else Money(minor=yuan * 100)
    return record(number, kind=kind, case_id=case, amount=amount, **more)


def write(connection: Any, event: Record, snapshot: str | None = None) -> None:
    found = knowledge.read(connection, request(event))
    assert found.place is not None
    body = encode_body(event, found.place, Versions(ruleset=1, calendar=0, contract=1))
    seen = entries.Seen(snapshot=snapshot or found.snapshot)
    draft = entries.draft(
        event, found.place, body, digest=digest(event), now=NOON, seen=seen, retention=RETENTION
    )
    entries.append(connection, draft)


def written(ours: Database, *events: Record) -> None:
    for event in events:
        with ours.own_transaction() as connection:
            write(connection, event)


def run(ours: Database, draft: dict[str, Any], against: Any = None, **more: Any) -> dict[str, Any]:
    with ours.own_transaction(is_reading=True) as connection:
        wanted = Wanted(log_id=LOG, draft=draft, against=against, **more)
        return running.backtest(connection, wanted)


def cases_of(found: dict[str, Any]) -> dict[str, int]:
    return {name: number for name, number in found["cases"].items() if number}


def small_log(ours: Database) -> None:
    written(
        ours,
        at(1, NOTICE, "heavier", 500),
        at(2, DECISION, "heavier", 800),
        at(3, NOTICE, "as noticed", 500),
        at(4, DECISION, "as noticed", 500),
        at(5, DECISION, "never noticed", 500),
        at(6, NOTICE, "much heavier", 500, unit="U3"),
        at(7, DECISION, "much heavier", 5_000, unit="U3"),
        at(8, NOTICE, "only noticed", 500),
    )
