"""All letters that were sent, as a list: open, due, overdue and answered, the newest first."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.review.checkpoints import agencies_of, agency_view, starts
from cleangov_plugin.desk.review.entry_views import AgencyView
from cleangov_plugin.desk.review.readers import Reader, open_ledger
from cleangov_plugin.desk.review.rule_words import Teller
from cleangov_plugin.domain.terms import LetterState
from cleangov_plugin.store import review_letters
from cleangov_plugin.store.review_letters import LetterPlace, LetterSearch

from .letter_words import tell_all
from .templates import INQUIRY
from .views import LetterView

#: Letters of a page.
SIZE: Final = 50
#: Days within which an answer is soon due.
SOON_DAYS: Final = 3


class Standing(StrEnum):
    """Where a letter stands on a day, for who looks through them."""

    OPEN = "open"
    DUE = "due"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    HELD = "held"
    NOT_HELD = "not_held"


#: What becomes of a talk alone.
OF_TALKS: Final = frozenset({Standing.HELD, Standing.NOT_HELD})
#: Where nothing is waited for any more: as the letter's own row says.
_OVER: Final = frozenset({Standing.ANSWERED, Standing.WITHDRAWN, *OF_TALKS})


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersWish:
    """What a reader asks of the list; what is left empty stands for all.

    :param kind: kind of instrument.
    :param standing: where they stand today.
    :param case: the case.
    :param unit: unit of the person a letter went to.
    :param since: first civil day on which they were sent.
    :param until: last such day.
    :param after: only those that come after this place.
    """

    kind: str = INQUIRY
    standing: Standing | None = None
    case: str = ""
    unit: str = ""
    since: date | None = None
    until: date | None = None
    after: LetterPlace | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LettersView:
    """One page of letters.

    :param agency: whose.
    :param units: units to choose from.
    :param letters: the newest first.
    :param onward: where the next page begins; None at the end.
    :param is_broken_off: whether the page is short because the search was broken off.
    """

    agency: AgencyView
    units: tuple[str, ...]
    letters: tuple[LetterView, ...]
    onward: LetterPlace | None
    is_broken_off: bool


def letters(desk: Desk, reader: Reader, wish: LettersWish) -> LettersView | None:
    """Answer one page of the letters of the platform's own authority: no other is written to.

    :param desk: the desk.
    :param reader: who looks.
    :param wish: which.
    :return: the page; None where the authority is not kept yet.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = open_ledger(desk, connection, reader, reader.own)
        if ledger is None:
            return None
        teller = Teller(desk=desk, connection=connection, ledger=ledger, reader=reader)
        search = _search(teller, wish)
        page = review_letters.page(connection, search, size=SIZE, after=wish.after)
        return LettersView(
            agency=agency_view(agencies_of(connection, reader), reader.own),
            units=review_letters.units(connection, search),
            letters=tell_all(teller, page.rows),
            onward=page.onward,
            is_broken_off=page.is_broken_off,
        )


def _search(teller: Teller, wish: LettersWish) -> LetterSearch:
    ledger, reader = teller.ledger, teller.reader
    return LetterSearch(
        log_id=ledger.log_id,
        reach=reader.reach,
        kind=wish.kind,
        unit=wish.unit,
        subject=wish.case,
        since=starts(ledger, wish.since) if wish.since else "",
        until=starts(ledger, wish.until + timedelta(days=1)) if wish.until else "",
        **_standing(wish.standing, teller.desk.today(ledger)),
    )


def _standing(standing: Standing | None, today: date) -> dict[str, Any]:
    """Write where a letter stands today as what its row says: that a day has passed is no state."""
    if standing is None:
        return {}
    if standing in _OVER:
        return {"state": LetterState(standing.value)}
    found: dict[str, Any] = {"state": LetterState.WAITING}
    if standing is Standing.OVERDUE:
        found["due_until"] = (today - timedelta(days=1)).isoformat()
    if standing is Standing.DUE:
        found["due_from"] = today.isoformat()
        found["due_until"] = (today + timedelta(days=SOON_DAYS)).isoformat()
    return found
