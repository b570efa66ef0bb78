"""What a list of checkpoints shows: no word of a screen, and moments in the agency's zone."""

from dataclasses import dataclass
from datetime import datetime

from cleangov_hooks import Money, Precision
from cleangov_plugin.domain.terms import Result, Severity
from cleangov_plugin.store.review import Place


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field that was missing.

    :param code: its path in the rule, ``"enf.intent.notified.amount"``.
    :param label: how it is called in the reader's language; the code where it has no name.
    """

    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """What one rule said of one event.

    :param rule_id: the rule.
    :param version: its version.
    :param title: its title.
    :param result: hit, suppressed (settled by a good answer), cannot_be_checked, ...
    :param text: the facts of this case in the rule's own words; empty for all but hits.
    :param missing: what was missing, where it could not be checked.
    :param severity: by law; None where the rule is kept nowhere any more.
    :param passed_by: id of the suppression or exemption it was passed over by; empty without one.
    """

    rule_id: str
    version: int
    title: str
    result: Result
    text: str = ""
    missing: tuple[FieldName, ...] = ()
    severity: Severity | None = None
    passed_by: str = ""

    @property
    def is_hit(self) -> bool:
        """Answer whether it hit, settled or not."""
        return self.result in (Result.HIT, Result.SUPPRESSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One checkpoint.

    :param id: number of its row.
    :param number: its place in the case's story, from 1; 0 in lists over cases.
    :param log_id: its ledger.
    :param case_id: its case.
    :param kind: kind of its event.
    :param label: how the kind is called; the host's name of the step where nobody says.
    :param step: the host's own name of the step.
    :param stream: business stream.
    :param actor: pseudonym of who acted; None where unknown.
    :param unit: unit of who acted.
    :param occurred_at: when it happened, in the agency's zone.
    :param recorded_at: when the host recorded it, in the agency's zone.
    :param precision: how finely `occurred_at` is known.
    :param amount: the one sum.
    :param origin: how it reached us.
    :param outcomes: what the rules said; what was clear is not listed.
    :param is_corrected: whether a later entry corrects it.
    """

    id: int
    number: int = 0
    log_id: str
    case_id: str
    kind: str
    label: str
    step: str
    stream: str
    actor: str | None
    unit: str | None
    occurred_at: datetime
    recorded_at: datetime
    precision: Precision
    amount: Money | None
    origin: str
    outcomes: tuple[OutcomeView, ...] = ()
    is_corrected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyView:
    """An authority to choose.

    :param log_id: its ledger.
    :param name: its name in the reader's language.
    :param is_imported: whether its records come from an imported log.
    """

    log_id: str
    name: str
    is_imported: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointsView:
    """One page of the ledger's entries.

    :param agency: whose entries.
    :param agencies: those that may be chosen.
    :param kinds: kinds to choose from, with their labels.
    :param units: units to choose from.
    :param rules: rules in force, with their titles.
    :param entries: newest first.
    :param older: where the next page begins; None at the end.
    :param newer: where the page before ends.
    :param searched_to: instant down to which was searched, where the page is short for that.
    """

    agency: AgencyView
    agencies: tuple[AgencyView, ...]
    kinds: tuple[tuple[str, str], ...]
    units: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]
    entries: tuple[EntryView, ...]
    older: Place | None
    newer: Place | None
    searched_to: datetime | None
