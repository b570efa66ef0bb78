"""What is told of the term that a held step would end: in the verdict, and under the panel."""

from collections.abc import Iterable
from typing import Final

from cleangov_hooks import Term
from cleangov_plugin.desk.clocks.deadline import Deadline
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.leads import end_of_term
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.domain.terms import Tier

from .views import ChoiceView, Note

#: What follows on an answer by which the step goes on, and nobody else is waited for.
_GOES_ON: Final = frozenset({"pass", "regate", "glass", "later"})


def term_of(
    desk: Desk, ledger: Ledger, deadline: Deadline, choices: Iterable[ChoiceView], language: str
) -> Term:
    """Tell a host of the term.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :param deadline: when it is over.
    :param choices: what the officer may answer.
    :param language: BCP 47 tag.
    """
    latest = end_of_term(desk, ledger, desk.settings.request_days)
    return Term(
        clock=deadline.clock.id,
        title=_title(deadline, language),
        last_day=deadline.last_day,
        ends_at=deadline.over,
        waits_until=deadline.bound(desk.host.now(), latest).astimezone(ledger.zone),
        way_out=tuple(choice.code for choice in choices if choice.then in _GOES_ON),
    )


def note_of(
    desk: Desk, deadline: Deadline, tier: int, choices: Iterable[ChoiceView], language: str
) -> Note:
    """Say on the panel when the term is over, and what that means for the step.

    :param desk: the desk.
    :param deadline: when it is over.
    :param tier: tier of the panel.
    :param choices: what the officer may answer.
    :param language: BCP 47 tag.
    """
    now, key = desk.host.now(), "panel.term"
    if deadline.is_over(now):
        key = "panel.term.over"
    elif tier == Tier.REFUSE:
        has_glass = any(choice.then == "glass" for choice in choices)
        key = "panel.term.glass" if has_glass else "panel.term.law"
    elif tier == Tier.SECOND_PERSON:
        key = "panel.term.last" if deadline.is_near(now) else "panel.term.second"
    return Note(key=key, text=_title(deadline, language), until=deadline.last_moment)


def _title(deadline: Deadline, language: str) -> str:
    return deadline.clock.title["zh" if language.lower().startswith("zh") else "en"]
