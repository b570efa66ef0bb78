"""What the city knows of one case, permit or project, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cleangov_hooks import AttributeValue, Money, Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """The same text in both languages.

    :param zh: in Chinese.
    :param en: in English.
    """

    zh: str
    en: str

    def said(self, language: str) -> str:
        """Answer the text in a language.

        :param language: BCP 47 tag.
        """
        return self.zh if language.lower().startswith("zh") else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyRow:
    """The firm or person a matter concerns.

    :param id: stable id.
    :param name: name in both languages.
    :param is_organisation: whether it is a firm or body.
    """

    id: str
    name: Texts
    is_organisation: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One step that was taken.

    :param id: id of the row and of its event.
    :param stream: the stream of its event; a complaint stands in a case but is a petition.
    :param matter_no: the matter.
    :param ordinal: 1, 2, 3, ... within the matter.
    :param kind: kind of event.
    :param step: name of the step.
    :param actor_id: who took it.
    :param amount: the sum it is about.
    :param occurred_at: when, aware.
    :param recorded_at: when it was written down, aware.
    :param details: what was filled in, by attribute code; ``<code>@en`` holds a translation.
    """

    id: str
    stream: Stream
    matter_no: str
    ordinal: int
    kind: str
    step: str
    actor_id: str
    amount: Money | None
    occurred_at: datetime
    recorded_at: datetime
    details: Mapping[str, AttributeValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """A change to a contract.

    :param no: ``"V1"``, ``"V2"``, ...
    :param amount: fen; negative for a deduction.
    :param reason: the manager's words.
    :param state: requested, approved or executed.
    :param requested_by: who asked.
    :param requested_at: when, aware.
    :param approved_by: who approved it, if anybody.
    :param approved_at: when, aware.
    """

    no: str
    amount: int
    reason: str
    state: str
    requested_by: str
    requested_at: datetime
    approved_by: str | None
    approved_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note in the file.

    :param author_id: who wrote it.
    :param at: when, aware.
    :param text: what it says.
    """

    author_id: str
    at: datetime
    text: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A case, permit or project with everything that was done in it.

    :param stream: its stream.
    :param no: its number.
    :param title: what it is about.
    :param place: where.
    :param party: whom it concerns.
    :param officer_id: who handles it.
    :param state: where it stands.
    :param opened_at: since when, aware.
    :param ordinal: number of acts so far.
    :param own: the columns only this stream has.
    :param acts: the acts, in order; empty in lists.
    :param variations: changes to the contract, in order.
    :param notes: notes in the file, in order.
    """

    stream: Stream
    no: str
    title: Texts
    place: Texts
    party: PartyRow
    officer_id: str
    state: str
    opened_at: datetime
    ordinal: int
    own: Mapping[str, Any]
    acts: tuple[Act, ...] = ()
    variations: tuple[Variation, ...] = ()
    notes: tuple[Note, ...] = ()

    def latest(self, kind: str) -> Act | None:
        """Answer the latest act of a kind.

        :param kind: kind of event.
        """
        return next((act for act in reversed(self.acts) if act.kind == kind), None)

    def approved_minor(self) -> int:
        """Answer the sum of the approved changes, in fen."""
        return sum(v.amount for v in self.variations if v.state != "requested")
