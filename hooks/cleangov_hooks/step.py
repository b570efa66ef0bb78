"""Where an officer stands: `Step`, and one try to take it: `Attempt`."""

from dataclasses import dataclass
from datetime import datetime

from .event import Actor, Event, Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One field of the host's form, as it is filled in now.

    With the inputs of a step the plugin can repeat the officer's form with one value put right,
    so that an answer takes one click and needs no JavaScript.

    :param name: the field's name in the form.
    :param value: its present text.
    :param field: the event field it feeds, ``"amount"`` or an attribute code; None if none.
    :param scale: digits after the point that a money field shows (2 for yuan with fen).
    """

    name: str
    value: str
    field: str | None = None
    scale: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The place in a workflow at which an officer stands.

    :param agency_id: the authority.
    :param stream: the business stream.
    :param case_id: the case, permit or project.
    :param name: the host's own name of the step.
    :param kind: the kind of event that taking the step leads to.
    :param actor: the officer; None if nobody is signed in.
    :param language: BCP 47 tag of the page, for example ``"zh-CN"``.
    :param proposed: the event as the page's form stands now; None where nothing is known yet.
    :param attempt_id: the attempt under way on this page, if there is one.
    :param page_url: path of the page the step stands on, to come back to.
    :param action_url: path the step's form posts to; None where answers should return to the page.
    :param inputs: the form's fields as filled in now, without the CSRF field.
    """

    agency_id: str
    stream: Stream
    case_id: str
    name: str
    kind: str
    actor: Actor | None
    language: str = "zh-CN"
    proposed: Event | None = None
    attempt_id: str | None = None
    page_url: str | None = None
    action_url: str | None = None
    inputs: tuple[Input, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try of an officer to take a step, before anything of it is written.

    :param id: unique; the same id is sent again when the same try is repeated.
    :param step: where the officer stands.
    :param event: the event that will be recorded if the step goes on.
    :param at: when the officer pressed the button, aware.
    :param pass_token: the pass earned by an earlier answer, if there is one.
    """

    id: str
    step: Step
    event: Event
    at: datetime
    pass_token: str | None = None
