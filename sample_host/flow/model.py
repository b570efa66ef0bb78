"""What a step of a stream is: data that the forms, the pages and the events are made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cleangov_hooks import AttributeValue, Money, Privacy, Stream
from sample_host.matter import Matter
from sample_host.people import Official

#: Roles that stand for "the party itself", where a step may be taken by the citizen.
CITIZEN: Final = "citizen"


class FieldType(StrEnum):
    """The kinds of form field."""

    MONEY = "money"
    TEXT = "text"
    LONG = "long"
    CHOICE = "choice"
    INTEGER = "integer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a step's form.

    :param name: its name, also the attribute code (``amount`` is the event's own sum).
    :param type: its type.
    :param is_required: whether it must be filled in.
    :param choices: codes to choose from.
    :param choices_of: answers the codes where they depend on the matter.
    :param least: smallest number, or smallest sum in fen.
    :param privacy: how the attribute is kept by plugins.
    :param is_sent: whether it is sent with the event; the rest stays in the host.
    """

    name: str
    type: FieldType = FieldType.TEXT
    is_required: bool = True
    choices: tuple[str, ...] = ()
    choices_of: Callable[[Matter], tuple[str, ...]] | None = None
    least: int | None = None
    privacy: Privacy = Privacy.PUBLIC
    is_sent: bool = True

    def options(self, matter: Matter | None) -> tuple[str, ...]:
        """Answer the codes to choose from.

        :param matter: the matter the step belongs to; None for one still to be opened.
        """
        if self.choices_of is None or matter is None:
            return self.choices
        return self.choices_of(matter)

    @property
    def feeds(self) -> str | None:
        """Answer the event field or attribute this field feeds, or None."""
        return self.name if self.is_sent else None


def _nothing(_matter: Matter, _values: Mapping[str, AttributeValue]) -> dict[str, AttributeValue]:
    return {}


Facts = Callable[[Matter, Mapping[str, AttributeValue]], Mapping[str, AttributeValue]]
Sum = Callable[[Matter, Mapping[str, AttributeValue]], Money | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepType:
    """One step of a stream.

    :param name: the host's name of it.
    :param kind: kind of event it leads to.
    :param roles: who may take it; ``citizen`` means the party itself.
    :param after: states in which it may be taken; empty for steps that open a matter.
    :param leads_to: the state it leads to; None leaves the state as it is.
    :param leads_by: field and state by its value, where the outcome decides.
    :param fields: what its form asks.
    :param facts: further attributes, taken from the matter and not from the form.
    :param sum_of: answers the event's sum where it stands in the matter and not in the form.
    :param signer: role that signs the document besides the one who takes the step.
    :param tells: roles whose holders find it in their inbox.
    :param is_aside: whether it stands beside the main line, as a small form of its own.
    :param when: whether the matter allows it, besides its state; None for always.
    :param stream: stream of the event where it is not the flow's own.
    :param paper: field whose lines the document lists that is printed and handed over; None
        where none is.
    """

    name: str
    kind: str
    roles: frozenset[str]
    after: frozenset[str] = frozenset()
    leads_to: str | None = None
    leads_by: tuple[str, Mapping[str, str]] | None = None
    fields: tuple[Field, ...] = ()
    facts: Facts = field(default=_nothing)
    sum_of: Sum | None = None
    signer: str | None = None
    tells: tuple[str, ...] = ()
    is_aside: bool = False
    when: Callable[[Matter], bool] | None = None
    stream: Stream | None = None
    paper: str | None = None

    @property
    def html_id(self) -> str:
        """Answer the id of its form in the page: ``"new-facts"``."""
        return self.name.replace("_", "-")

    def may_be_taken_by(self, who: Official | None, matter: Matter) -> bool:
        """Answer whether somebody may take it in a matter as it stands.

        :param who: the person signed in.
        :param matter: the matter.
        """
        if who is None or (self.after and matter.state not in self.after):
            return False
        if self.when is not None and not self.when(matter):
            return False
        if CITIZEN in self.roles and who.party == matter.party.id:
            return True
        return bool((self.roles - {CITIZEN}) & who.roles) and self._has_choices(matter)

    def state_after(self, matter: Matter, values: Mapping[str, AttributeValue]) -> str:
        """Answer the state it leads to.

        :param matter: the matter before the step.
        :param values: what was filled in.
        """
        if self.leads_by is not None:
            name, states = self.leads_by
            return states.get(str(values.get(name)), self.leads_to or matter.state)
        return self.leads_to or matter.state

    def _has_choices(self, matter: Matter) -> bool:
        return all(entry.options(matter) for entry in self.fields if entry.choices_of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A stream: its steps and the words of the address bar.

    :param stream: the stream.
    :param path: first part of its URLs, ``"cases"``.
    :param prefix: first part of its numbers, ``"YT-CF"``.
    :param digits: digits of the last part of its numbers.
    :param hook: the hook its events go to.
    :param party_role: what the party is in it.
    :param states: its states, in order.
    :param milestones: the states every matter passes, for the line of progress.
    :param line: the steps a matter waits for, by its state; the first that can be taken counts.
    :param opening: the step that opens a matter.
    :param steps: all other steps, in order.
    """

    stream: Stream
    path: str
    prefix: str
    digits: int
    hook: str
    party_role: str
    states: tuple[str, ...]
    milestones: tuple[str, ...]
    line: Mapping[str, tuple[str, ...]]
    opening: StepType
    steps: tuple[StepType, ...]

    def step(self, name: str) -> StepType | None:
        """Find a step.

        :param name: its name.
        """
        return next((step for step in (self.opening, *self.steps) if step.name == name), None)

    def open_to(self, who: Official | None, matter: Matter) -> tuple[StepType, ...]:
        """Answer the steps somebody may take now, the main one first.

        :param who: the person signed in.
        :param matter: the matter.
        """
        found = [step for step in self.steps if step.may_be_taken_by(who, matter)]
        return tuple(sorted(found, key=lambda step: step.is_aside))

    def awaited(self, who: Official | None, matter: Matter) -> StepType | None:
        """Answer the step that a matter waits for, if somebody may take it.

        :param who: the person signed in.
        :param matter: the matter, with its variations.
        """
        names = self.line.get(matter.state, ())
        steps = (step for step in self.steps if step.name in names)
        return next((step for step in steps if step.may_be_taken_by(who, matter)), None)

    def first_open_to(self, who: Official | None, matter: Matter) -> StepType | None:
        """Answer the step a page opens unasked; one that ends a matter early is never offered so.

        :param who: the person signed in.
        :param matter: the matter, with its variations.
        """
        calm = (
            step
            for step in self.open_to(who, matter)
            if not step.is_aside and step.leads_to != self.states[-1]
        )
        return self.awaited(who, matter) or next(calm, None)


def roles(*names: str) -> frozenset[str]:
    """Write a set of role or state codes.

    :param names: the codes.
    """
    return frozenset(names)


COMPLAINT: Final = StepType(
    name="complaint",
    kind="int.complaint.received",
    roles=frozenset({CITIZEN}),
    fields=(Field(name="complaint", type=FieldType.LONG, privacy=Privacy.PERSONAL),),
    tells=("supervision",),
    is_aside=True,
    stream=Stream.PETITION,
)
