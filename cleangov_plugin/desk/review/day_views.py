"""What waits today, and what the rules saw of imported logs."""

from dataclasses import dataclass

from cleangov_plugin.desk.letters.views import LetterView

from .entry_views import AgencyView, FieldName
from .finding_views import FindingView


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingView:
    """One thing to look at: a case with what was found in it.

    :param log_id: its ledger.
    :param case_id: the case.
    :param unit: unit of the officer.
    :param findings: what waits of it, gravest and soonest first.
    """

    log_id: str
    case_id: str
    unit: str | None
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverviewView:
    """What waits today, sized to a day.

    :param agency: whose.
    :param items: cases to look at first, gravest and soonest first.
    :param corrected: steps put right in the last days: one thing to know, and of nobody.
    :param days: how many days those are.
    :param each: minutes that one thing is taken to need; an assumption that can be set.
    :param most: how many things a day has room for.
    :param hidden_red: red findings that are not among the items.
    :param waiting: findings and new signals that are not among the items.
    :param open: findings that are open.
    :param due_soon: those due within the next days.
    :param soon: how many days those are.
    :param signals: signals found in the last days.
    :param is_more: names of the numbers above that are "and more".
    :param owed: events whose check is owed.
    :param letters: letters that wait for an answer, and what was answered lately.
    """

    agency: AgencyView
    items: tuple[WaitingView, ...]
    corrected: int
    days: int
    each: int
    most: int
    hidden_red: int
    waiting: int
    open: int
    due_soon: int
    soon: int
    signals: int
    is_more: frozenset[str]
    owed: int
    letters: tuple[LetterView, ...] = ()

    @property
    def minutes(self) -> int:
        """Answer about how long all of this takes."""
        return self.each * self.today

    @property
    def today(self) -> int:
        """Answer how many things there are to look at."""
        return len(self.items) + (self.corrected > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSeen:
    """What one rule saw of a log.

    :param rule_id: the rule.
    :param title: its title.
    :param cases: cases with something to look at.
    :param hits: cases in which it hit.
    :param unknown: cases in which it could not be checked.
    :param missing: what was missing, with the number of cases.
    """

    rule_id: str
    title: str
    cases: int
    hits: int
    unknown: int
    missing: tuple[tuple[FieldName, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogView:
    """One imported log.

    :param agency: the authority of its own it was fed into.
    :param title: what it is, in the reader's language.
    :param doi: DOI of a published log; empty where there is none.
    :param citation: how its publishers want it cited; empty where unknown.
    :param file: name of the file.
    :param cases: cases of the file.
    :param events: events of the file.
    :param rules: what each rule saw that had something to look at; None where nobody has counted.
    :param idle: rules that had nothing to look at.
    :param unread: parts of the file that could not be read: place and reason of the first ones.
    :param unread_number: how many there are.
    :param odd: values that could not be read and count as unknown: name, number, and place and
        reason of the first.
    """

    agency: AgencyView
    title: str
    doi: str
    citation: str
    file: str
    cases: int
    events: int
    rules: tuple[RuleSeen, ...] | None
    idle: tuple[str, ...]
    unread: tuple[tuple[str, str], ...] = ()
    unread_number: int = 0
    odd: tuple[tuple[str, int, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RealView:
    """All imported logs.

    :param logs: in order of ledger.
    :param pairs: permits of which a plain rule of two different people could compare two steps,
        and in how many one person had done both; None where there are none.
    """

    logs: tuple[LogView, ...]
    pairs: tuple[int, int] | None
