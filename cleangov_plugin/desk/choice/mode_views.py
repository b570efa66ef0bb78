"""Modes as everybody may read them: what was declared, by whom, until when, and what waits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.review.readers import Reader, open_ledger, reader_of
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.domain.terms import Eased
from cleangov_plugin.prompts.modes import DEFERRING, Declared
from cleangov_plugin.store import mode_entries, rulebook

from .choosing import DEFERRED
from .mode_words import named
from .modes import MODES

#: Modes shown at the most, the newest first; and cases of steps that were deferred in one.
MOST: Final = 50
MOST_CASES: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeView:
    """A mode that was declared.

    :param id: its id.
    :param mode: what was declared.
    :param name: how it is called.
    :param why: the ground; open to everybody.
    :param state: waiting for a second person, in force, or over.
    :param declared_at: when, in the agency's zone.
    :param declared_by: pseudonym of who declared it.
    :param confirmed_at: when a second person agreed; None where nobody has.
    :param confirmed_by: pseudonym of the second person.
    :param ends: when it ends or ended.
    :param is_cut_short: whether it was ended before its time.
    :param units: units it is for; empty is all.
    :param streams: streams it is for; empty is all.
    :param is_deferring: whether what it let through is looked at when it is over.
    :param may_agree: whether the reader may agree to it.
    :param may_end: whether the reader may end it.
    :param is_own: whether the reader declared it, and so may not agree to it.
    """

    id: str
    mode: Eased
    name: str
    why: str
    state: str
    declared_at: datetime
    declared_by: str | None
    confirmed_at: datetime | None
    confirmed_by: str | None
    ends: datetime
    is_cut_short: bool
    units: tuple[str, ...]
    streams: tuple[str, ...]
    is_deferring: bool
    may_agree: bool
    may_end: bool
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModesView:
    """All modes, and what the reader may do about them.

    :param modes: the newest first.
    :param is_cut: whether there are older ones that are not shown.
    :param may_declare: whether the reader may declare one.
    :param unit: the one unit the reader may declare it for; empty for any.
    :param now: the present time, in the agency's zone.
    """

    modes: tuple[ModeView, ...]
    is_cut: bool
    may_declare: bool
    unit: str
    now: datetime


def modes_for(desk: Desk, person: Person, language: str) -> ModesView | None:
    """Answer all modes to whoever is signed in; None where the agency has no ledger yet.

    :param desk: the desk.
    :param person: who looks.
    :param language: BCP 47 tag.
    """
    log_id, reader = desk.host.agency().id, reader_of(desk, person, language)
    own = desk.people.pseudonym(log_id, "officer", person.id)
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = desk.shelf.ledger(connection, log_id)
        if ledger is None:
            return None
        desk.shelf.refresh(connection, ledger, *rulebook.revisions(connection, log_id))
        found = MODES.records(connection, log_id)[::-1]
    now = desk.host.now()
    return ModesView(
        modes=tuple(_view(ledger, mode, reader, own, now, language) for mode in found[:MOST]),
        is_cut=len(found) > MOST,
        may_declare=reader is not None,
        unit=reader.reach.unit or "" if reader else "",
        now=now.astimezone(ledger.zone),
    )


def may_act(reader: Reader | None, units: frozenset[str]) -> bool:
    """Answer whether somebody may declare a mode, agree to it or end it.

    Whoever may look through all records may; whoever leads a unit may for that unit alone.

    :param reader: who; None for somebody who may look through nothing.
    :param units: the units the mode is for; empty is all.
    """
    if reader is None:
        return False
    return reader.reach.unit is None or units == {reader.reach.unit}


def put_off(desk: Desk, reader: Reader, mode_id: str) -> tuple[tuple[str, ...], bool]:
    """Name the cases with steps that went on in a mode and are still to be looked at.

    :param desk: the desk.
    :param reader: who looks.
    :param mode_id: the mode; hostile.
    :return: the cases, and whether there are more.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        if open_ledger(desk, connection, reader, reader.own) is None:
            return (), False
        found = mode_entries.deferred_cases(
            connection, reader.own, DEFERRED + mode_id, reader.reach.unit, MOST_CASES + 1
        )
    return tuple(found[:MOST_CASES]), len(found) > MOST_CASES


def _view(
    ledger: Ledger,
    mode: Declared,
    reader: Reader | None,
    own: str,
    now: datetime,
    language: str,
) -> ModeView:
    zone, is_over = ledger.zone, mode.is_over(now)
    may, is_own = may_act(reader, mode.units), mode.declared_by == own
    is_agreed = mode.confirmed_at is not None
    return ModeView(
        id=mode.id,
        mode=mode.mode,
        name=named(mode.mode, language),
        why=mode.why,
        state="over" if is_over else "in_force" if is_agreed else "waiting",
        declared_at=mode.declared_at.astimezone(zone),
        declared_by=mode.declared_by,
        confirmed_at=mode.confirmed_at.astimezone(zone) if mode.confirmed_at else None,
        confirmed_by=mode.confirmed_by,
        ends=mode.ends.astimezone(zone),
        is_cut_short=mode.ended_at is not None,
        units=tuple(sorted(mode.units)),
        streams=tuple(sorted(mode.streams)),
        is_deferring=mode.mode in DEFERRING and is_agreed,
        may_agree=may and not is_over and not is_agreed and not is_own,
        may_end=may and not is_over,
        is_own=is_own and not is_agreed and not is_over,
    )
