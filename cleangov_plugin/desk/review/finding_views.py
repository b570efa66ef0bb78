"""What is shown of findings: leads in the words of their rule, and how good the rule has been."""

from dataclasses import dataclass
from datetime import date, datetime

from cleangov_hooks import Money, Precision
from cleangov_plugin.desk.letters.views import LetterView
from cleangov_plugin.domain.terms import FindingState, Severity
from cleangov_plugin.store.review_findings import FindingPlace

from .entry_views import AgencyView, EntryView


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """One finding or signal in a list.

    :param id: its number.
    :param log_id: its ledger.
    :param case_id: its case.
    :param rule_id: the rule.
    :param title: the rule's title.
    :param headline: what was seen, in one sentence of the rule; empty for all but signals.
    :param text: the facts of the case in the rule's own words.
    :param severity: by law.
    :param state: where it stands.
    :param unit: unit of the officer.
    :param stream: business stream.
    :param occurred_at: when the act happened, in the agency's zone.
    :param found_at: when it was found, in the agency's zone.
    :param owner: role that owns it; None for a signal.
    :param due_on: day by which it is due; None for a signal.
    :param is_overdue: whether that day is past.
    :param disposition: what became of it, once it is closed.
    :param letters: letters about it, with their answers, oldest first.
    """

    id: int
    log_id: str
    case_id: str
    rule_id: str
    title: str
    headline: str
    text: str
    severity: Severity
    state: FindingState
    unit: str | None
    stream: str
    occurred_at: datetime
    found_at: datetime
    owner: str | None
    due_on: date | None
    is_overdue: bool
    disposition: str | None
    letters: tuple[LetterView, ...] = ()

    @property
    def is_signal(self) -> bool:
        """Answer whether it is for study only."""
        return self.state is FindingState.SIGNAL


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingsView:
    """One page of findings or signals.

    :param agency: whose.
    :param agencies: those that may be chosen.
    :param rules: rules to choose from, with their titles.
    :param units: units to choose from.
    :param findings: in the order of the list.
    :param onward: where the next page begins; None at the end.
    :param is_broken_off: whether the page is short because the search was broken off.
    """

    agency: AgencyView
    agencies: tuple[AgencyView, ...]
    rules: tuple[tuple[str, str], ...]
    units: tuple[str, ...]
    findings: tuple[FindingView, ...]
    onward: FindingPlace | None
    is_broken_off: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BasisView:
    """What a rule stands on.

    :param citation: as people cite it.
    :param quote: the words; empty where none are kept.
    :param status: ``"law"``, ``"local"`` or ``"method"``.
    :param source: where it can be read.
    """

    citation: str
    quote: str
    status: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """How good a rule has been so far.

    :param closed: findings of it that were closed, `ENOUGH` at most.
    :param confirmed: how many of them were confirmed.
    :param cleared: how many of them turned out to be in order; of the rest nobody said.
    :param is_enough: whether there are enough to say anything.
    :param needed: how many would be enough.
    """

    closed: int
    confirmed: int
    cleared: int
    is_enough: bool
    needed: int


@dataclass(frozen=True, slots=True)
class BarView:
    """One bar of a drawing.

    :param at: when it happened, in the agency's zone.
    :param precision: how finely that is known.
    :param label: how its kind is called.
    :param value: what the bar measures.
    :param line: what it is measured by.
    :param share: thousandths of the line; None where either is missing.
    :param is_own: whether it is the step itself at which the rule hit.
    """

    at: datetime
    precision: Precision
    label: str
    value: Money | int | None
    line: Money | int | None
    share: int | None
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BarsView:
    """What a rule saw: values of a case, each as a share of what it is measured by.

    :param value: how the values are called.
    :param line: how what they are measured by is called.
    :param bars: in the order they happened, the step itself last.
    :param left_out: earlier ones that are not drawn.
    """

    value: str
    line: str
    bars: tuple[BarView, ...]
    left_out: int = 0

    @property
    def shares(self) -> tuple[int, ...]:
        """Answer the shares that are known, in thousandths."""
        return tuple(bar.share for bar in self.bars if bar.share is not None)

    @property
    def days(self) -> int:
        """Answer the days from the first to the last bar."""
        return (self.bars[-1].at.date() - self.bars[0].at.date()).days if self.bars else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingStory:
    """One finding with everything it stands on.

    :param finding: the finding.
    :param agency: whose.
    :param why: why there is such a rule.
    :param version: version of the rule.
    :param steward: who answers for the rule.
    :param basis: what the rule stands on for an act of that day.
    :param record: how good the rule has been so far.
    :param entry: the checkpoint it was found at; None where it may not be seen.
    :param actor: pseudonym of the officer; None for signals: they are tied to nobody.
    :param bars: what the rule saw, to be drawn; None where it asks for no drawing.
    :param decided: how the rule decided, part by part; empty where that is not shown.
    :param may_ask: whether the reader may write to somebody about it.
    :param may_close: whether they may say what became of it.
    """

    finding: FindingView
    agency: AgencyView
    why: str
    version: int
    steward: str
    basis: tuple[BasisView, ...]
    record: RecordView
    entry: EntryView | None
    actor: str | None
    bars: BarsView | None = None
    decided: tuple[str, ...] = ()
    may_ask: bool = False
    may_close: bool = False
