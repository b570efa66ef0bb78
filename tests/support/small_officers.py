"""What officers of the small host do: ask the gate, write, answer, give up, look at a page.

Each calls the hooks as a good host does: the gate before the first write, the event inside the
transaction that writes the business row.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pluggy import PluginManager

from cleangov_hooks import (
    BUDGET_MS,
    Actor,
    Agency,
    Answer,
    Attempt,
    Decision,
    Event,
    Evidence,
    Input,
    Money,
    Party,
    Person,
    Report,
    Step,
    Verdict,
    guarded_call,
    strictest,
)
from tests.support.small_city import PEOPLE, ZONE, yuan
from tests.support.small_kinds import hook_of, stream_of

#: What an officer names with an answer that has to rest on a document.
RESTS_ON: dict[str, dict[str, Any]] = {
    "deviation": {"reason": "head", "evidence": Evidence(reference="QZ 2026-7")}
}


class Officers:
    """The part of the small host in which people work; the other parts give it what is named."""

    name: str
    engine: sa.Engine
    plugins: PluginManager
    clock: datetime
    who: Person | None
    tongue: str
    authority: Agency
    reports: list[Report]
    case: str
    budget_ms: int | None
    _numbers: Iterator[int]

    def open_case(self) -> str:
        """Begin a new case, which the next events are about; answer its number."""
        self.case = f"C-{next(self._numbers)}"
        return self.case

    def event(self, kind: str, amount: int | None = None, **changes: Any) -> Event:
        """Make an event as the host would send it now.

        :param kind: canonical kind.
        :param amount: in yuan.
        :param changes: other fields; names that are no field become attributes.
        """
        number = next(self._numbers)
        at = changes.pop("at", self.clock)
        values: dict[str, Any] = {
            "id": f"e{number:04d}",
            "source": self.name,
            "agency_id": self.authority.id,
            "stream": stream_of(kind),
            "case_id": self.case,
            "kind": kind,
            "step": kind.rpartition(".")[2],
            "actor": Actor(id=self.who.id if self.who else "nobody", unit="u-1"),
            "occurred_at": at,
            "recorded_at": at,
            "parties": (Party(id="p-1", role="owner"),),
            "amount": None if amount is None else yuan(amount),
            "attributes": dict(changes.pop("attributes", {})),
        }
        for name, value in changes.items():
            if name in Event.__dataclass_fields__:
                values[name] = value
            else:
                values["attributes"][name] = value
        return Event(**values)

    def step(self, event: Event, attempt_id: str | None = None) -> Step:
        """Answer the page on which an event is proposed.

        :param event: the event as the form stands.
        :param attempt_id: the attempt under way.
        """
        fields = {"amount": event.amount} if isinstance(event.amount, Money) else {}
        return Step(
            agency_id=event.agency_id,
            stream=event.stream,
            case_id=event.case_id,
            name=event.step,
            kind=event.kind,
            actor=event.actor,
            language=self.tongue,
            proposed=event,
            attempt_id=attempt_id,
            page_url=f"/cases/{event.case_id}",
            action_url=f"/cases/{event.case_id}/{event.step}",
            inputs=tuple(
                Input(name=name, value=str(money.minor // 100), field=name)
                for name, money in fields.items()
            ),
        )

    def attempt(self, event: Event, attempt_id: str | None = None) -> Attempt:
        """Answer one try to take a step.

        :param event: the event that would be recorded.
        :param attempt_id: its id; None is the one of the case.
        """
        attempt_id = attempt_id or f"a-{event.case_id}"
        step = self.step(event, attempt_id)
        return Attempt(id=attempt_id, step=step, event=event, at=self.clock)

    def call(self, hook: str, **arguments: Any) -> Report:
        """Call a hook as every host should, and keep the report.

        :param hook: its name.
        :param arguments: its arguments.
        """
        if self.budget_ms is not None and hook in BUDGET_MS:
            arguments.setdefault("budget_ms", self.budget_ms)
        self.reports.append(guarded_call(self.plugins, hook, **arguments))
        return self.reports[-1]

    def gate(self, event: Event, attempt_id: str | None = None) -> Verdict:
        """Ask whether a step may be taken.

        :param event: the event that would be recorded.
        :param attempt_id: the attempt.
        """
        attempt = self.attempt(event, attempt_id)
        return strictest(self.call("cleangov_step_gate", attempt=attempt).values, attempt.id)

    def write(self, *events: Event) -> None:
        """Write business rows and send their events, in one transaction.

        :param events: of one stream.
        """
        with self.engine.begin() as connection:
            self.write_on(connection, *events)

    def write_on(self, connection: sa.Connection, *events: Event) -> Report:
        """Write business rows and send their events, in a transaction that is open.

        :param connection: the host's own.
        :param events: of one stream.
        """
        self.insert(connection, *events)
        return self.call(hook_of(events[0].stream), events=list(events), connection=connection)

    def insert(self, connection: sa.Connection, *events: Event) -> None:
        """Write business rows alone; a row that is there already stays as it is.

        :param connection: the host's own.
        :param events: what the rows tell.
        """
        for event in events:
            connection.execute(
                sa.text(
                    "INSERT INTO host_case VALUES (:id, :case_id, :kind, :amount, :at)"
                    " ON CONFLICT (id) DO NOTHING"
                ),
                {
                    "id": event.id,
                    "case_id": event.case_id,
                    "kind": event.kind,
                    "amount": event.amount.minor if event.amount else None,
                    "at": event.occurred_at.astimezone(ZONE).isoformat(),
                },
            )

    def take(self, event: Event, attempt_id: str | None = None) -> Verdict:
        """Take a step: ask the gate, then write where it lets the step pass.

        :param event: the event.
        :param attempt_id: the attempt.
        """
        verdict = self.gate(event, attempt_id)
        if verdict.decision in (Decision.PASS, Decision.PASS_RECORDED):
            self.write(replace(event, attempt_id=verdict.attempt_id))
        return verdict

    def answer(
        self, prompt_id: str, choice: str, text: str = "", by: str | None = None, **more: Any
    ) -> Report:
        """Hand on an answer that a screen of the host collected.

        :param prompt_id: the prompt.
        :param choice: code of the choice.
        :param text: words.
        :param by: who answers; None is who is signed in.
        :param more: what it rests on, where that is something else than `RESTS_ON`.
        """
        given = Answer(
            prompt_id=prompt_id,
            choice=choice,
            actor_id=by or (self.who.id if self.who else "nobody"),
            at=self.clock,
            text=text,
            **(RESTS_ON.get(choice, {}) | more),
        )
        return self.call("cleangov_prompt_answered", answer=given)

    def abort(
        self, event: Event, attempt_id: str | None = None, reason: str = "cancelled"
    ) -> Report:
        """Tell that an attempt ended without its event.

        :param event: the event that was proposed.
        :param attempt_id: the attempt.
        :param reason: code of the reason.
        """
        attempt = self.attempt(event, attempt_id)
        return self.call("cleangov_step_aborted", attempt=attempt, reason=reason)

    def show(self, slot: str, event: Event | None = None, attempt_id: str | None = None) -> str:
        """Answer what the plugins show in a slot.

        :param slot: name of the slot.
        :param event: the event as the page's form stands.
        :param attempt_id: the attempt under way.
        """
        step = self.step(event, attempt_id or f"a-{event.case_id}") if event else None
        report = self.call("cleangov_slot", name=slot, step=step, medium="html")
        return "".join(fragment.content for fragment in report.values)

    def move(self, **passed: float) -> None:
        """Let time pass.

        :param passed: as `datetime.timedelta` takes it: ``days=1``.
        """
        self.clock += timedelta(**passed)

    def sign_in(self, person_id: str) -> None:
        """Let somebody else sit down at the screen.

        :param person_id: one of `PEOPLE`.
        """
        self.who = PEOPLE[person_id]
