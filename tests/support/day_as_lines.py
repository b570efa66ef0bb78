"""The sample host's day as lines that a foreign process can play over HTTP.

A guest of the city that supervises nothing: it writes down each call of the contract as a host in
another language would send it. Events go into an outbox table in the transaction that tells them,
so that what was rolled back is not sent.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from cleangov_hooks import Actor, Answer, Attempt, Event, Money, Party, Step, hookimpl

outbox = sa.Table(
    "day_outbox",
    sa.MetaData(),
    sa.Column("no", sa.Integer, primary_key=True),
    sa.Column("line", sa.Text, nullable=False),
)


def cloud_event(event: Event) -> dict[str, Any]:
    """Write an event as docs/serve.md says."""
    data = {
        "agency_id": event.agency_id,
        "stream": event.stream.value,
        "step": event.step,
        "recorded_at": event.recorded_at.isoformat(),
        "actor": _actor(event.actor),
        "schema": event.schema,
        "attempt_id": event.attempt_id,
        "supersedes": event.supersedes,
        "parties": [_party(party) for party in event.parties],
        "amount": _money(event.amount),
        "precision": event.precision.value,
        "clock": event.clock.value,
        "origin": event.origin.value,
        "mode": event.mode.value if event.mode else None,
        "attributes": {code: _value(value) for code, value in event.attributes.items()},
    }
    return {
        "specversion": "1.0",
        "id": event.id,
        "source": event.source,
        "type": event.kind,
        "subject": event.case_id,
        "time": event.occurred_at.isoformat(),
        "data": data,
    }


def _actor(actor: Actor | None) -> dict[str, Any] | None:
    if actor is None:
        return None
    return {
        "id": actor.id,
        "kind": actor.kind.value,
        "roles": list(actor.roles),
        "unit": actor.unit,
        "certificate": actor.certificate,
    }


def _party(party: Party) -> dict[str, Any]:
    return {"id": party.id, "role": party.role, "is_organisation": party.is_organisation}


def _money(money: Money | None) -> dict[str, Any] | None:
    return {"minor": money.minor, "currency": money.currency} if money else None


def _value(value: Any) -> Any:
    if isinstance(value, Money):
        return {"money": _money(value)}
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return [_value(each) for each in value] if isinstance(value, tuple) else value


@dataclass(eq=False)
class Notebook:
    """A guest that writes down what a host would send."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    _no: int = 0
    _gated: set[str] = field(default_factory=set)

    def _events(self, events: Sequence[Event], connection: Any) -> None:
        outbox.create(connection, checkfirst=True)
        for event in events:
            self._no += 1
            line = json.dumps(cloud_event(event), ensure_ascii=False)
            connection.execute(sa.insert(outbox).values(no=self._no, line=line))
            self.lines.append({"no": self._no})

    @hookimpl
    def cleangov_enforcement_events(self, events: Any, connection: Any) -> None:
        self._events(events, connection)

    @hookimpl
    def cleangov_permit_events(self, events: Any, connection: Any) -> None:
        self._events(events, connection)

    @hookimpl
    def cleangov_project_events(self, events: Any, connection: Any) -> None:
        self._events(events, connection)

    @hookimpl
    def cleangov_context_events(self, events: Any, connection: Any) -> None:
        self._events(events, connection)

    @hookimpl
    def cleangov_step_opened(self, step: Step) -> None:
        self._step("opened", step, step.proposed)

    @hookimpl
    def cleangov_step_edited(self, step: Step, draft: Event) -> None:
        self._step("edited", step, draft)

    def _step(self, phase: str, step: Step, event: Event | None) -> None:
        if event is not None and step.actor is not None:
            self._ask("/steps", step.actor.id, {"phase": phase, "event": cloud_event(event)})

    @hookimpl
    def cleangov_step_gate(self, attempt: Attempt) -> None:
        self._attempt("/gate", attempt)
        if attempt.id in self._gated:
            self.lines[-1]["is_again"] = True
        self._gated.add(attempt.id)

    @hookimpl
    def cleangov_step_aborted(self, attempt: Attempt, reason: str) -> None:
        self._attempt("/aborts", attempt, reason=reason)

    def _attempt(self, call: str, attempt: Attempt, **more: Any) -> None:
        assert attempt.event.actor is not None
        body = {"attempt_id": attempt.id, "event": cloud_event(attempt.event), **more}
        self._ask(call, attempt.event.actor.id, body)

    @hookimpl
    def cleangov_prompt_answered(self, answer: Answer) -> None:
        """Write the answer beside the gate that it follows."""
        assert self.lines[-1]["call"] == "/gate"
        self.lines[-1]["answer"] = {"choice": answer.choice, "text": answer.text}

    def decided(self, actor: Actor, *, agrees: bool, reason: str, tie: str) -> None:
        """Write down what a second person decided, and what the registers know of a tie."""
        body = {"actor": _actor(actor), "agrees": agrees, "reason": reason, "tie": tie}
        self._ask("/decisions", actor.id, body)

    def _ask(self, call: str, officer: str, body: dict[str, Any]) -> None:
        once = f"line-{len(self.lines):06d}"
        self.lines.append({"call": call, "officer": officer, "once": once, "body": body})

    def day(self, engine: sa.Engine) -> Iterator[str]:
        """Write the lines down: the events that were committed, in batches between the calls."""
        with engine.connect() as connection:
            rows = connection.execute(sa.select(outbox)).all()
        kept = {no: json.loads(line) for no, line in rows}
        batch: list[Any] = []
        for line in [*self.lines, {}]:
            if line.get("no") in kept:
                batch.append(kept[line["no"]])
            if batch and ("no" not in line or len(batch) == 100):
                yield json.dumps({"call": "/events", "body": batch})
                batch = []
            if "call" in line:
                yield json.dumps(line, ensure_ascii=False)
