"""What is shown of findings: leads in the words of their rule, and how good the rule has been."""

from dataclasses import dataclass
from datetime import date, datetime

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
    """

    id: int
    log_id: str
    case_id: str
    rule_id: str
    title: str
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
    :param cleared: how many of them turned out to be in order.
    :param is_enough: whether there are enough to say anything.
    :param needed: how many would be enough.
    """

    closed: int
    cleared: int
    is_enough: bool
    needed: int


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
