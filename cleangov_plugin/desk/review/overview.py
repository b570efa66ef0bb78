"""What waits today, sized to a day: a short list, and the truth about what is not on it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.letters.letter_words import tell_all, with_letters
from cleangov_plugin.desk.letters.views import LetterView
from cleangov_plugin.domain.terms import FindingState, LetterState
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import gaps, instruments, review_cases, review_findings
from cleangov_plugin.store.gaps import GapState
from cleangov_plugin.store.instruments import LetterQuery
from cleangov_plugin.store.review_findings import ENOUGH, RED, FindingQuery

from .answers import PUT_RIGHT
from .checkpoints import agencies_of, agency_view
from .day_views import OverviewView, WaitingView
from .finding_views import FindingView
from .findings import finding_view
from .readers import Reader, open_ledger
from .rule_words import Teller

#: Letters of each kind that are named; the rest stand at their findings.
_LETTERS: Final = 5
#: Days for which a signal or a correction is new, and within which a due date is soon.
_NEW_DAYS: Final = 7
_SOON_DAYS: Final = 3


def overview(desk: Desk, reader: Reader) -> OverviewView | None:
    """Answer what waits for a reader in the platform's own authority.

    :param desk: the desk.
    :param reader: who looks.
    :return: the overview; None where the authority is not kept yet.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = open_ledger(desk, connection, reader, reader.own)
        if ledger is None:
            return None
        teller = Teller(desk=desk, connection=connection, ledger=ledger, reader=reader)
        return _summed_up(teller)


def _summed_up(teller: Teller) -> OverviewView:
    desk, connection, reader = teller.desk, teller.connection, teller.reader
    since = stamp(desk.host.now() - timedelta(days=_NEW_DAYS))
    open_ = FindingQuery(log_id=reader.own, reach=reader.reach, state=FindingState.OPEN)
    new = replace(open_, state=FindingState.SIGNAL, since=since)
    each = desk.settings.item_minutes
    most = max(1, desk.settings.day_minutes // each)
    items = _items(teller, open_, new, most)
    shown = [found for item in items for found in item.findings]
    counts = _counts(teller, open_, new)
    red = sum(not found.is_signal and found.severity in RED for found in shown)
    return OverviewView(
        agency=agency_view(agencies_of(connection, reader), reader.own),
        items=items,
        corrected=review_cases.put_right_since(
            connection, reader.own, reader.reach, since, PUT_RIGHT
        ),
        days=_NEW_DAYS,
        each=each,
        most=most,
        hidden_red=counts["red"] - red,
        waiting=counts["open"] + counts["signals"] - len(shown),
        open=counts["open"],
        due_soon=counts["due_soon"],
        soon=_SOON_DAYS,
        signals=counts["signals"],
        is_more=frozenset(name for name, number in counts.items() if number >= ENOUGH),
        owed=gaps.counts(connection, reader.own)[GapState.OWED] if reader.is_reviewer else 0,
        letters=_letters(teller, since),
    )


def _counts(teller: Teller, open_: FindingQuery, new: FindingQuery) -> dict[str, int]:
    soon = (teller.desk.today(teller.ledger) + timedelta(days=_SOON_DAYS)).isoformat()
    asked = {
        "open": open_,
        "due_soon": replace(open_, due_until=soon),
        "signals": new,
        "red": replace(open_, severities=RED),
    }
    return {name: review_findings.count(teller.connection, query) for name, query in asked.items()}


def _items(
    teller: Teller, open_: FindingQuery, new: FindingQuery, most: int
) -> tuple[WaitingView, ...]:
    """Choose what comes first: what is red, then what is due, then what is new; case by case.

    A signal that somebody was asked about waits for the answer, not for the reader.
    """
    found: dict[int, dict[str, Any]] = {}
    for query in (replace(open_, severities=RED), open_, new):
        page = review_findings.page(teller.connection, query, size=most)
        found.update((row["id"], row) for row in page.rows if row["id"] not in found)
    cases: dict[str, list[FindingView]] = {}
    for view in with_letters(teller, [finding_view(teller, row) for row in found.values()]):
        if not (view.is_signal and any(letter.is_waiting for letter in view.letters)):
            cases.setdefault(view.case_id, []).append(view)
    return tuple(
        WaitingView(
            log_id=open_.log_id, case_id=case_id, unit=of_case[0].unit, findings=tuple(of_case)
        )
        for case_id, of_case in list(cases.items())[:most]
    )


def _letters(teller: Teller, since: str) -> tuple[LetterView, ...]:
    """Name the letters that wait, those due first at first, and what was answered lately."""
    reader = teller.reader
    query = LetterQuery(log_id=reader.own, reach=reader.reach, state=LetterState.WAITING)
    rows = instruments.page(teller.connection, query, size=_LETTERS)
    answered = replace(query, state=LetterState.ANSWERED, changed_since=since)
    return tell_all(teller, [*rows, *instruments.page(teller.connection, answered, size=_LETTERS)])
