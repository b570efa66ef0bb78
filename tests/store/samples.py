"""Events, entries and a host's table for tests of the store."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from cleangov_hooks import ActorKind, Money, Stream
from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import Versions, encode_body
from cleangov_plugin.store import entries, knowledge

LOG = "CN-330105"
NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
RETENTION = ("case", "2056-12-31")


def record(number: int = 1, **changes: Any) -> Record:
    values: dict[str, Any] = {
        "event_id": f"E{number}",
        "source": "yunting",
        "log_id": LOG,
        "stream": Stream.ENFORCEMENT,
        "case_id": "2026-0117",
        "kind": "enf.decision.made",
        "step": "decide",
        "actor": "mfrggzdfmztwq2lkmfrggzdfmz",
        "actor_kind": ActorKind.PERSON,
        "unit": "U2",
        "parties": ("ob2xezltmzqxg5dfoj2gkzlsmq",),
        "amount": Money(minor=80_000),
        "occurred_at": NOON + timedelta(minutes=number),
        "recorded_at": NOON + timedelta(minutes=number, seconds=3),
        "offset": 480,
    }
    return Record(**{**values, **changes})


def digest(event: Record) -> bytes:
    return sha256(repr(event).encode()).digest()


def request(event: Record, **changes: Any) -> knowledge.KnowledgeRequest:
    values: dict[str, Any] = {
        "log_id": event.log_id,
        "subject": event.case_id,
        "event_key": knowledge.event_key(event.source, event.event_id),
    }
    return knowledge.KnowledgeRequest(**{**values, **changes})


def write(
    connection: sa.Connection, event: Record
) -> entries.Appended | entries.Duplicate | entries.Conflict:
    """Do what the desk does: read what is known, then append."""
    found = knowledge.read(connection, request(event))
    if found.digest is not None and found.row is not None:
        return entries.resent(digest(event), found.digest, found.row)
    assert found.place is not None, "another transaction is writing this event"
    body = encode_body(event, found.place, Versions(ruleset=1, calendar=1, contract=1))
    return entries.append(
        connection,
        entries.draft(
            event,
            found.place,
            body,
            digest=digest(event),
            now=NOON,
            seen=entries.Seen(snapshot=found.snapshot),
            retention=RETENTION,
        ),
    )


def write_entry(connection: sa.Connection, number: int = 1, **changes: Any) -> Any:
    return write(connection, record(number, **changes))


def host_table(connection: sa.Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE host_case (id INTEGER PRIMARY KEY, name TEXT)")
    connection.exec_driver_sql("INSERT INTO host_case (id, name) VALUES (1, 'a')")
