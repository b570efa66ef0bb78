"""Taking a step: the gate before the first write, then rows and event in one transaction."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from cleangov_hooks import ActorKind, Attempt, Decision, Event, Step, Verdict, strictest

from .city import City
from .database import writing
from .events import event_of, hook_of, plan_act
from .flow import Flow, StepType
from .forms import Filled
from .matter import Act, Matter
from .people import Official
from .writing import Conflict, open_matter, write_act


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A step that was taken.

    :param act: what was written.
    :param notes: sentences of the plugins for the officer.
    """

    act: Act
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A step that has to wait, before anything of it was written.

    :param verdict: what the plugins decided together.
    """

    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """One try to take a step.

    :param flow: the stream's flow.
    :param step: the step.
    :param matter: the matter as it was read.
    :param who: who tries.
    :param filled: the form.
    :param attempt_id: the attempt.
    :param token: the pass token that the form carried.
    """

    flow: Flow
    step: StepType
    matter: Matter
    who: Official
    filled: Filled
    attempt_id: str
    token: str | None = None

    @property
    def opens(self) -> bool:
        """Answer whether the step opens a new matter."""
        return self.step is self.flow.opening


def take(city: City, this: Try, place: Step) -> Taken | Held:
    """Ask the gate, then write; no transaction is open while the gate is asked.

    :param city: the shared parts.
    :param this: the try.
    :param place: the same in the contract's words.
    :return: what was written, or the verdict that holds it.
    :raises Conflict: where the city itself refuses; the attempt is called off.
    """
    now = city.clock.now()
    planned = plan_act(this.flow, this.step, this.matter, this.who, this.filled, now)
    event = event_of(planned, this.matter, attempt_id=this.attempt_id)
    attempt = Attempt(
        id=this.attempt_id,
        step=replace(place, proposed=event, attempt_id=this.attempt_id),
        event=event,
        at=now,
        pass_token=this.token,
    )
    asked = city.call("cleangov_step_gate", attempt=attempt)
    verdict = strictest(asked.values, this.attempt_id)
    if verdict.decision in (Decision.HOLD, Decision.REFUSE):
        return Held(verdict=verdict)
    try:
        act = _write(city, this)
    except Conflict:
        city.call("cleangov_step_aborted", attempt=attempt, reason="conflict")
        raise
    except Exception:
        city.call("cleangov_step_aborted", attempt=attempt, reason="error")
        raise
    return Taken(act=act, notes=verdict.notes)


def record(
    city: City,
    connection: Connection,
    this: Try,
    *,
    actor_kind: ActorKind = ActorKind.PERSON,
    translations: dict[str, str] | None = None,
) -> tuple[Matter, Act]:
    """Write a step and tell the plugins, in the caller's transaction.

    :param city: the shared parts.
    :param connection: in a write transaction.
    :param this: the try.
    :param actor_kind: person, or batch where one person signed many at once.
    :param translations: ``<code>@en`` texts of the story, kept in the host alone.
    :return: the matter after it, and the act.
    :raises Conflict: where the city itself refuses.
    """
    if this.opens:
        open_matter(connection, this.matter)
    at = city.clock.stamp()
    act = plan_act(this.flow, this.step, this.matter, this.who, this.filled, at)
    act = replace(act, details={**act.details, **(translations or {})})
    after = write_act(connection, this.flow, this.step, this.matter, act)
    event = event_of(act, this.matter, attempt_id=this.attempt_id or None, actor_kind=actor_kind)
    send(city, connection, event)
    return after, act


def send(city: City, connection: Connection, event: Event) -> None:
    """Tell the plugins what was written, on the connection that wrote it.

    :param city: the shared parts.
    :param connection: in the same transaction.
    :param event: what has happened.
    """
    city.call(hook_of(event.stream), events=(event,), connection=connection)


def call_off(city: City, this: Try, place: Step, reason: str) -> None:
    """Tell the plugins that an attempt has ended without its event.

    :param city: the shared parts.
    :param this: the try, as far as it was filled in.
    :param place: the same in the contract's words.
    :param reason: code of the reason.
    """
    now = city.clock.now()
    planned = plan_act(this.flow, this.step, this.matter, this.who, this.filled, now)
    event = event_of(planned, this.matter, attempt_id=this.attempt_id)
    attempt = Attempt(id=this.attempt_id, step=place, event=event, at=now)
    city.call("cleangov_step_aborted", attempt=attempt, reason=reason)


def _write(city: City, this: Try) -> Act:
    with writing(city.engine) as connection:
        return record(city, connection, this)[1]
