"""The story of one case: what happened, what stood before the officers, what was said and found."""

from dataclasses import dataclass
from datetime import datetime

from cleangov_plugin.domain.our_kinds import EVIDENCE_EXPORTED
from cleangov_plugin.domain.terms import Fate, Tier

from .entry_views import AgencyView, EntryView
from .finding_views import FindingView


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyView:
    """An answer to a prompt that is part of the file.

    :param kind: kind of answer.
    :param words: the officer's own words; empty where there are none or they were erased.
    :param at: when, in the agency's zone.
    :param is_offline: whether a device kept it for want of a connection; then its clock says when.
    :param reason: label of the coded reason; empty where there is none.
    :param document: the document named, with its digest; empty where none is.
    :param approver: pseudonym of who approved; empty where nobody had to.
    :param until: ISO day to which it was put off; empty where it was not.
    """

    kind: str
    words: str
    at: datetime
    is_offline: bool = False
    reason: str = ""
    document: str = ""
    approver: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondView:
    """What a second person said.

    :param role: role that was asked.
    :param state: open, approved, refused, expired or withdrawn; of a doubt: doubted, upheld or
        declined.
    :param words: their own words; empty where there are none.
    :param at: when they decided, in the agency's zone; None while it is open.
    """

    role: str
    state: str
    words: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptView:
    """A prompt that was not simply heeded: what stood there, and what was said.

    :param at: when, in the agency's zone.
    :param step: the host's own code of the step.
    :param label: how the step is called; the code where the host declares no name.
    :param titles: titles of the merged rules. Never the texts: they repeat what was typed.
    :param tier: what it asked for.
    :param fate: what became of it.
    :param replies: the answers, oldest first.
    :param seconds: what second persons said, oldest first.
    :param doubts: what became of doubts about the prompt itself, oldest first.
    """

    at: datetime
    step: str
    label: str
    titles: tuple[str, ...]
    tier: Tier
    fate: Fate
    replies: tuple[ReplyView, ...]
    seconds: tuple[SecondView, ...]
    doubts: tuple[SecondView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PointView:
    """One entry on the timeline.

    :param number: its place in the case's story, from 1.
    :param occurred_at: when it happened, in the agency's zone.
    :param recorded_at: when the host recorded it, in the agency's zone.
    :param is_hit: whether a rule hit.
    :param is_unknown: whether something could not be checked.
    """

    number: int
    occurred_at: datetime
    recorded_at: datetime
    is_hit: bool
    is_unknown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """Somebody who acts in a case, by pseudonym.

    :param pseudonym: the whole pseudonym.
    :param kind: ``"officer"`` who acted for a unit, ``"actor"`` who acted for none that is known
        (a citizen who answers, for example), or ``"party"``.
    :param number: in how many of the entries shown.
    """

    pseudonym: str
    kind: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LookView:
    """Somebody who asked for a name or a personal field in this case.

    :param kind: kind of the entry that says so.
    :param actor: pseudonym of who asked.
    :param viewed: pseudonym whose name was shown; empty where it was something else.
    :param field: code of the field that was shown; empty where it was a name.
    :param reason: their reason; empty where it was erased.
    :param erased_at: when the reason was erased, in the agency's zone; None where it was not.
    :param basis: on what legal basis.
    :param at: when, in the agency's zone.
    :param is_account: whether nobody was named, and it is the account of the machine.
    """

    kind: str
    actor: str | None
    viewed: str
    field: str
    reason: str
    erased_at: datetime | None
    basis: str
    at: datetime
    is_account: bool = False

    @property
    def is_bundle(self) -> bool:
        """Answer whether the evidence of the case was taken away."""
        return self.kind == EVIDENCE_EXPORTED


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureView:
    """Personal fields that were erased.

    :param at: when, in the agency's zone.
    :param codes: codes of the fields.
    :param number: of how many entries.
    :param basis: the legal basis.
    :param actor: pseudonym of who erased.
    """

    at: datetime
    codes: tuple[str, ...]
    number: int
    basis: str
    actor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseStory:
    """The story of one case.

    :param agency: whose.
    :param case_id: the case.
    :param stream: business stream.
    :param is_cut: whether the case has more than can be shown.
    :param is_partial: whether entries of other units are left out for this reader.
    :param points: all entries, in the order they happened.
    :param entries: those of this page, in the same order.
    :param first: number of the first entry of this page.
    :param findings: what was found in the case.
    :param prompts: prompts that were not simply heeded.
    :param corrected: steps at which something was put right: counted, and of nobody.
    :param waiting: steps that wait for a second person.
    :param given_up: steps that were held and then given up.
    :param people: who acts in it.
    :param looks: who asked for a name or a field.
    :param erasures: what was erased.
    """

    agency: AgencyView
    case_id: str
    stream: str
    is_cut: bool
    is_partial: bool
    points: tuple[PointView, ...]
    entries: tuple[EntryView, ...]
    first: int
    findings: tuple[FindingView, ...]
    prompts: tuple[PromptView, ...]
    corrected: int
    waiting: int
    given_up: int
    people: tuple[PersonView, ...]
    looks: tuple[LookView, ...]
    erasures: tuple[ErasureView, ...]

    @property
    def number(self) -> int:
        """Answer how many entries the reader may see."""
        return len(self.points)

    @property
    def hits(self) -> int:
        """Answer at how many entries a rule hit."""
        return sum(point.is_hit for point in self.points)

    @property
    def unknown(self) -> int:
        """Answer at how many entries something could not be checked."""
        return sum(point.is_unknown for point in self.points)

    @property
    def after(self) -> int:
        """Answer the number of the first entry of the next page; 0 at the end."""
        following = self.first + len(self.entries)
        return following if following <= self.number else 0
