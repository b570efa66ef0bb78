"""Modes for a time: declared by one person, agreed to by another, and looked at when they end."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from cleangov_hooks import Person, Stream
from cleangov_plugin.desk.checkpoint.entering import Owed, enter
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.leads import reopen_leads
from cleangov_plugin.desk.own_kinds import SOURCE, own_event
from cleangov_plugin.desk.own_words import cleaned
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.domain.terms import MODE_CONFIRMED, MODE_DECLARED, MODE_ENDED, Eased
from cleangov_plugin.prompts.modes import DEFERRING, LONGEST, Declared
from cleangov_plugin.prompts.modes import declared as read
from cleangov_plugin.store import mode_entries
from cleangov_plugin.store.run import Busy

from .choosing import DEFERRED

LOOKED_AT: Final = "looked_at"
SHORTEST_WHY, LONGEST_WHY, MOST_PLACES = 4, 300, 20

#: zh, then en; refusals are read by whoever declares.
_REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "why": (
        "请写明理由，4 到 300 个字；理由是公开的，不要写人名。",
        "say why, in 4 to 300 characters; it is public, so name no person.",
    ),
    "until": (
        "{name}须有结束时间：晚于现在，且不超过 {days} 天。",
        "{name} has an end: later than now, and {days} days ahead at the most.",
    ),
    "places": (
        "业务流须为 {streams}；单位最多 20 个，每个不超过 64 字。",
        "streams are {streams}; at most 20 units, of 64 characters each.",
    ),
    "by": ("请写明由谁办理。", "say who does it."),
    "kind": ("可以宣布的是：{modes}。", "what can be declared is: {modes}."),
    "gone": ("没有这个编号的、尚未结束的状态。", "there is no mode of this id that has not ended."),
    "second": (
        "须由另一人确认；宣布的人不能自己确认。",
        "somebody else has to agree; whoever declared it cannot.",
    ),
    "again": ("已经确认过了。", "it was agreed to before."),
    "busy": ("账本正忙，请再试一次。", "the ledger is busy; try again."),
}


class ModeRefused(CleanGovError):
    """A mode that is not declared, not agreed to or not ended."""


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


def refusal(key: str, language: str, **values: Any) -> ModeRefused:
    """Make a refusal in the reader's language.

    :param key: which.
    :param language: BCP 47 tag.
    :param values: what it names.
    """
    text = _REFUSALS[key][0 if language.lower().startswith("zh") else 1].format(**values)
    return ModeRefused(text, where=f"mode.{key}")


def all_modes(desk: Desk, log_id: str) -> tuple[Declared, ...]:
    """Answer all modes of a ledger, the oldest first.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        return read(mode_entries.records(connection, log_id, SOURCE))


def declare(desk: Desk, log_id: str, wish: Wish, person: Person, language: str) -> str:
    """Declare a mode; it is in force once somebody else has agreed.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    :param wish: what is declared; hostile.
    :param person: who declares it.
    :param language: language of refusals.
    :return: its id.
    :raises ModeRefused: where it has no end, no reason or no place.
    """
    mode, why = _checked(desk, wish, language)
    id_ = secrets.token_hex(8)
    attributes = {
        "mode_id": id_,
        "mode": mode.value,
        "why": why,
        "until": wish.until,
        "units": tuple(dict.fromkeys(wish.units)) or None,
        "streams": tuple(dict.fromkeys(wish.streams)) or None,
    }
    with desk.database.own_transaction() as connection:
        _enter(desk, connection, log_id, MODE_DECLARED, person, attributes, language)
    return id_


def confirm(desk: Desk, log_id: str, mode_id: str, person: Person, language: str) -> Declared:
    """Agree to a mode as the second person: from now on it is in force, until its end.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    :param mode_id: the mode; hostile.
    :param person: who agrees.
    :param language: language of refusals.
    :raises ModeRefused: where it has ended, or whoever declared it would agree to it.
    """
    with desk.database.own_transaction() as connection:
        mode = _standing(desk, connection, log_id, mode_id, language)
        if mode.confirmed_at is not None:
            raise refusal("again", language)
        if desk.people.pseudonym(log_id, "officer", person.id) == mode.declared_by:
            raise refusal("second", language)
        told = {"mode_id": mode_id}
        _enter(desk, connection, log_id, MODE_CONFIRMED, person, told, language)
        return next(m for m in _read(connection, log_id) if m.id == mode_id)


def end(desk: Desk, log_id: str, mode_id: str, person: Person, why: str, language: str) -> Declared:
    """End a mode before its time; anybody who may run this may, since it asks for more again.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    :param mode_id: the mode; hostile.
    :param person: who ends it.
    :param why: the ground; open to everybody.
    :param language: language of refusals.
    :raises ModeRefused: where it has ended before, or no reason is given.
    """
    with desk.database.own_transaction() as connection:
        _standing(desk, connection, log_id, mode_id, language)
        told = {"mode_id": mode_id, "why": _why(why, language)}
        _enter(desk, connection, log_id, MODE_ENDED, person, told, language)
        return next(m for m in _read(connection, log_id) if m.id == mode_id)


def look_again(desk: Desk, ledger: Ledger) -> int:
    """Make findings of what was deferred in modes that have ended; what was corrected is none.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :return: how many steps were looked at.
    """
    now, number = desk.host.now(), 0
    with desk.database.own_transaction(is_reading=True) as connection:
        modes = _read(connection, ledger.log_id)
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


def _read(connection: Connection, log_id: str) -> tuple[Declared, ...]:
    return read(mode_entries.records(connection, log_id, SOURCE))


def _standing(
    desk: Desk, connection: Connection, log_id: str, mode_id: str, language: str
) -> Declared:
    found = (mode for mode in _read(connection, log_id) if mode.id == mode_id)
    mode = next(found, None)
    if mode is None or mode.is_over(desk.host.now()):
        raise refusal("gone", language)
    return mode


def _checked(desk: Desk, wish: Wish, language: str) -> tuple[Eased, str]:
    if wish.mode not in {mode.value for mode in LONGEST}:
        raise refusal("kind", language, modes=", ".join(mode.value for mode in LONGEST))
    mode, now = Eased(wish.mode), desk.host.now()
    if not now < wish.until <= now + timedelta(days=LONGEST[mode]):
        raise refusal("until", language, name=mode.value, days=LONGEST[mode])
    streams = {stream.value for stream in Stream}
    is_odd = any(not cleaned(unit) or len(unit) > 64 for unit in wish.units)
    if is_odd or len(wish.units) > MOST_PLACES or not streams.issuperset(wish.streams):
        raise refusal("places", language, streams=", ".join(sorted(streams)))
    return mode, _why(wish.why, language)


def _why(text: str, language: str) -> str:
    why = cleaned(text) or ""
    if not SHORTEST_WHY <= len(why) <= LONGEST_WHY:
        raise refusal("why", language)
    return why


def _enter(
    desk: Desk,
    connection: Connection,
    log_id: str,
    kind: str,
    person: Person,
    attributes: Mapping[str, Any],
    language: str,
) -> None:
    """Write the entry, or nothing at all: a mode that no entry tells of is none."""
    if not person.id.strip():
        raise refusal("by", language)
    place = (log_id, mode_entries.SUBJECT)
    event = own_event(kind, person, desk.host.now(), place, step="mode", attributes=attributes)
    try:
        enter(desk, connection, event)
    except (Owed, Busy):
        raise refusal("busy", language) from None
