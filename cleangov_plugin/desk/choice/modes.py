"""Modes for a time: declared by one person, agreed to by another, and looked at when they end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cleangov_hooks import Person, Stream
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.leads import reopen_leads
from cleangov_plugin.desk.own_words import cleaned
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.domain.terms import Eased
from cleangov_plugin.prompts.modes import DEFERRING, KINDS, LONGEST
from cleangov_plugin.prompts.modes import declared as read
from cleangov_plugin.store import mode_entries

from .choosing import DEFERRED
from .declaring import Book

LOOKED_AT: Final = "looked_at"
MOST_PLACES: Final = 20

#: zh, then en; refusals are read by whoever declares.
_REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "places": (
        "业务流须为 {streams}；单位最多 20 个，每个不超过 64 字。",
        "streams are {streams}; at most 20 units, of 64 characters each.",
    ),
    "kind": ("可以宣布的是：{modes}。", "what can be declared is: {modes}."),
}
MODES: Final = Book(
    kinds=KINDS,
    subject=mode_entries.SUBJECT,
    step="mode",
    read=read,
    called=("状态", "mode"),
    refusals=_REFUSALS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A mode that somebody wants to declare.

    :param mode: what.
    :param why: the ground; open to everybody.
    :param until: when it ends by itself, aware.
    :param units: units it is for; empty is all.
    :param streams: streams it is for; empty is all.
    """

    mode: str
    why: str
    until: datetime
    units: tuple[str, ...] = ()
    streams: tuple[str, ...] = ()


def declare(desk: Desk, log_id: str, wish: Wish, person: Person, language: str) -> str:
    """Declare a mode; it is in force once somebody else has agreed.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    :param wish: what is declared; hostile.
    :param person: who declares it.
    :param language: language of refusals.
    :return: its id.
    :raises DeclarationRefused: where it has no end, no reason or no place.
    """
    mode, why = _checked(desk, wish, language)
    attributes = {
        "mode": mode.value,
        "why": why,
        "until": wish.until,
        "units": tuple(dict.fromkeys(wish.units)) or None,
        "streams": tuple(dict.fromkeys(wish.streams)) or None,
    }
    return MODES.declare(desk, log_id, person, attributes, language)


def look_again(desk: Desk, ledger: Ledger) -> int:
    """Make findings of what was deferred in modes that have ended; what was corrected is none.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :return: how many steps were looked at.
    """
    now, number = desk.host.now(), 0
    with desk.database.own_transaction(is_reading=True) as connection:
        modes = MODES.records(connection, ledger.log_id)
    for mode in modes:
        if mode.mode not in DEFERRING or mode.confirmed_at is None or not mode.is_over(now):
            continue
        with desk.database.own_transaction(is_reading=True) as connection:
            steps = list(mode_entries.deferred(connection, ledger.log_id, DEFERRED + mode.id))
        for attempt_id, row, is_corrected in steps:
            with desk.database.own_transaction() as connection:
                if is_corrected or reopen_leads(
                    desk, connection, ledger.log_id, row, with_retired=True
                ):
                    mode_entries.looked_at(connection, ledger.log_id, attempt_id, LOOKED_AT)
                    number += 1
    return number


def _checked(desk: Desk, wish: Wish, language: str) -> tuple[Eased, str]:
    if wish.mode not in {mode.value for mode in LONGEST}:
        names = ", ".join(mode.value for mode in LONGEST)
        raise MODES.refusal("kind", language, modes=names)
    mode = Eased(wish.mode)
    MODES.until(desk, wish.until, mode.value, LONGEST[mode], language)
    streams = {stream.value for stream in Stream}
    is_odd = any(not cleaned(unit) or len(unit) > 64 for unit in wish.units)
    if is_odd or len(wish.units) > MOST_PLACES or not streams.issuperset(wish.streams):
        raise MODES.refusal("places", language, streams=", ".join(sorted(streams)))
    return mode, MODES.why(wish.why, language)
