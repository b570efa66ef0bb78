"""Talks: a time and a place that one proposes, the other accepts or moves; then held or not."""

from datetime import datetime, timedelta
from typing import Any, Final

from cleangov_plugin.desk.leads import term_end
from cleangov_plugin.desk.own_words import cleaned
from cleangov_plugin.desk.review.rule_words import Teller
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.domain.errors import AnswerRefused

LONGEST_PLACE: Final = 200
#: A talk is proposed for so many working days ahead, at this hour, until somebody says otherwise.
_AHEAD: Final = 2
_HOUR: Final = "T10:00"
_FURTHEST: Final = timedelta(days=90)


def talk_told(teller: Teller, meets: str, place: str) -> dict[str, Any]:
    """Answer when and where a talk is to be, as its letter keeps it.

    :param teller: of the ledger on whose clock it is.
    :param meets: a minute there; hostile. What is none is shown as the usual proposal.
    :param place: where; hostile.
    """
    ledger, now = teller.ledger, teller.desk.host.now()
    found = meeting(ledger, meets, now)
    usual = term_end(ledger, teller.desk.today(ledger), _AHEAD).isoformat() + _HOUR
    text = minute(found) if found else usual
    day = datetime.fromisoformat(text).date()
    return {
        "days": 0,
        "due_on": day,
        "meets": text,
        "place": (cleaned(place) or "")[:LONGEST_PLACE],
    }


def meeting(ledger: Ledger, text: str, now: datetime) -> datetime | None:
    """Read when somebody wants to meet: a minute ahead, and not too far; None where it is none.

    :param ledger: the agency's ledger, on whose clock it is.
    :param text: ``"2026-03-12T10:00"``; hostile.
    :param now: the present time, aware.
    """
    try:
        there = datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=ledger.zone)
        return there if now < there <= now + _FURTHEST else None
    except (ValueError, OverflowError):
        return None


def minute(at: datetime) -> str:
    """Write a minute of the agency's clock, as letters and acts keep it.

    :param at: the moment, in the agency's zone.
    """
    return at.strftime("%Y-%m-%dT%H:%M")


def asked_for(ledger: Ledger, text: str, now: datetime) -> datetime:
    """Answer when somebody wants to meet.

    :param ledger: the agency's ledger.
    :param text: a minute there; hostile.
    :param now: the present time, aware.
    :raises AnswerRefused: where it is none, past, or too far ahead.
    """
    found = meeting(ledger, text, now)
    if found is None:
        raise AnswerRefused("error.talk.at")
    return found


def check_talk(ledger: Ledger, meets: str, place: str, now: datetime) -> None:
    """Refuse an invitation without a time or a place.

    :param ledger: the agency's ledger.
    :param meets: a minute there; hostile.
    :param place: where; hostile.
    :param now: the present time, aware.
    :raises AnswerRefused: with the key of a phrase.
    """
    asked_for(ledger, meets, now)
    if not 0 < len(cleaned(place) or "") <= LONGEST_PLACE:
        raise AnswerRefused("error.talk.place")
