"""Figures about one officer: off by default, decided on by two people, seen by nobody unrecorded.

They say in which manner somebody answered prompts, never what they decided, and make no order of
people. The officer reads the same figures first, on their own page, with who else has seen them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cleangov_hooks import Person
from cleangov_plugin.desk.checkpoint.entering import Owed, enter
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import SOURCE, own_event
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.our_kinds import PERSONS_VIEWED
from cleangov_plugin.prompts.manner import Manner, manners
from cleangov_plugin.prompts.person_statistics import ENOUGH, KINDS, LONGEST, Decision
from cleangov_plugin.prompts.person_statistics import declared as read
from cleangov_plugin.store import answer_manner, declared_entries
from cleangov_plugin.store.run import Busy

from .declaring import Book
from .prompted import given_in

#: The case, of nobody's, under which their entries stand.
SUBJECT: Final = "cleangov.person_statistics"
#: Days that the figures look back.
DAYS: Final = 90
_LONGEST_TEXT: Final = 300
_REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "off": (
        "人员统计没有启用：须设置 CLEANGOV_PERSON_STATISTICS=on，并有两个人的决定在有效期内。",
        (
            "there are no person statistics: they need CLEANGOV_PERSON_STATISTICS=on, and a "
            "decision of two people that is in force."
        ),
    ),
}

DECISIONS: Final = Book(
    kinds=KINDS,
    subject=SUBJECT,
    step="person_statistics",
    read=read,
    called=("人员统计", "decision"),
    refusals=_REFUSALS,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A decision that somebody wants.

    :param basis: the law that allows it.
    :param consulted: who was consulted before, and when.
    :param why: the ground; open to everybody.
    :param until: when it ends by itself, aware.
    """

    basis: str
    consulted: str
    why: str
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFigures:
    """The figures about one officer.

    :param decision: the decision by which there are any.
    :param by_rule: in which manner they answered, by rule; only where there are enough answers.
    :param too_few: rules with too few answers to say anything.
    """

    decision: Decision
    by_rule: Mapping[str, Manner]
    too_few: tuple[str, ...]


def declare(desk: Desk, log_id: str, wish: Wish, person: Person, language: str) -> str:
    """Decide that there are figures about single officers; it counts once somebody else agrees.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    :param wish: what is decided; hostile.
    :param person: who decides.
    :param language: language of refusals.
    :return: its id.
    :raises DeclarationRefused: where it has no law, no end or no ground, or nobody was consulted.
    """
    attributes = {
        "basis": DECISIONS.name(wish.basis, "--basis", language, _LONGEST_TEXT),
        "consulted": DECISIONS.name(wish.consulted, "--consulted", language, _LONGEST_TEXT),
        "why": DECISIONS.why(wish.why, language),
        "until": DECISIONS.until(desk, wish.until, "--until", LONGEST, language),
    }
    return DECISIONS.declare(desk, log_id, person, attributes, language)


def in_force(desk: Desk, connection: Connection, log_id: str) -> Decision | None:
    """Answer the decision by which there are such figures now; None where there are none.

    :param desk: the desk.
    :param connection: any connection.
    :param log_id: the agency's ledger.
    """
    if desk.settings.person_statistics != "on":
        return None
    now = desk.host.now()
    standing = (d for d in DECISIONS.records(connection, log_id) if d.is_in_force(now))
    return next(standing, None)


def figures_for(
    desk: Desk, connection: Connection, log_id: str, own: str, decision: Decision
) -> PersonFigures:
    """Work out the figures about one officer, of the last `DAYS` days.

    :param desk: the desk.
    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param own: pseudonym of the officer.
    :param decision: the decision by which there are any.
    """
    since = desk.host.now() - timedelta(days=DAYS)
    found = manners(given_in(answer_manner.timed(connection, log_id, since, own)))
    return PersonFigures(
        decision=decision,
        by_rule={rule: each for rule, each in found.items() if each.answers >= ENOUGH},
        too_few=tuple(rule for rule, each in found.items() if each.answers < ENOUGH),
    )


def look_at(
    desk: Desk, log_id: str, name: str, person: Person, why: str, language: str
) -> PersonFigures:
    """Answer the figures about somebody else, once the look stands in the ledger.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    :param name: whose, as the platform knows them; hostile.
    :param person: who looks.
    :param why: the ground, which is recorded; hostile.
    :param language: language of refusals.
    :raises DeclarationRefused: where there are no such figures, or the look cannot be recorded.
    """
    reason = DECISIONS.why(why, language)
    own = desk.people.pseudonym(log_id, "officer", DECISIONS.name(name, "NAME", language))
    with desk.database.own_transaction(is_reading=True) as connection:
        decision = in_force(desk, connection, log_id)
    if decision is None:
        raise DECISIONS.refusal("off", language)
    if not person.id.strip():
        raise DECISIONS.refusal("by", language)
    told = {"viewed": own, "reason": reason}
    place, step = (log_id, SUBJECT), DECISIONS.step
    event = own_event(PERSONS_VIEWED, person, desk.host.now(), place, step=step, attributes=told)
    try:
        with desk.database.own_transaction() as connection:
            enter(desk, connection, event)
    except (Owed, Busy):
        raise DECISIONS.refusal("busy", language) from None
    # Read after the commit: no entry, no figures.
    with desk.database.own_transaction(is_reading=True) as connection:
        return figures_for(desk, connection, log_id, own, decision)


def looks_at_figures(
    desk: Desk, connection: Connection, log_id: str, own: str
) -> tuple[datetime, ...]:
    """Tell an officer when somebody else looked at the figures about them, the newest first.

    Like every other look it is told after `CLEANGOV_LOOK_DAYS`.

    :param desk: the desk.
    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param own: pseudonym of the officer.
    """
    until = desk.host.now() - timedelta(days=desk.settings.look_days)
    rows = declared_entries.records(connection, log_id, SUBJECT, (PERSONS_VIEWED,), SOURCE)
    theirs = (row for row in rows if row.attributes.get("viewed") == own and row.actor != own)
    return tuple(sorted((r.recorded_at for r in theirs if r.recorded_at <= until), reverse=True))
