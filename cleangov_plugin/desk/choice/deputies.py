"""Deputies: who looks a second time in somebody's place, from when and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.prompts.deputies import KINDS, LONGEST, Deputy
from cleangov_plugin.prompts.deputies import declared as read

from .declaring import Book

#: The case, of nobody's, under which their entries stand.
SUBJECT: Final = "cleangov.deputies"
_REFUSALS: Final[Mapping[str, tuple[str, str]]] = {
    "for": ("--role 和 --person 须写其中一项。", "name one of --role and --person."),
    "self": ("不能代理自己。", "nobody stands in for themselves."),
    "begins": ("代理须先开始，后结束。", "it begins before it ends."),
    "barred": ("代理人不能自己确认。", "whoever stands in cannot agree to it."),
}


DEPUTIES: Final = Book(
    kinds=KINDS,
    subject=SUBJECT,
    step="deputy",
    read=read,
    called=("代理", "deputy"),
    refusals=_REFUSALS,
    looked_for="deputies",
    barred=lambda found: found.deputy,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A deputy that somebody wants to declare.

    :param deputy: who stands in, as the platform knows them.
    :param why: the ground; open to everybody.
    :param begins: from when, aware.
    :param until: when it ends by itself, aware.
    :param role: for a role.
    :param person: for a person, as the platform knows them.
    """

    deputy: str
    why: str
    begins: datetime
    until: datetime
    role: str = ""
    person: str = ""


class StoodFor(NamedTuple):
    """For whom somebody stands in now.

    :param roles: codes of roles.
    :param people: pseudonyms.
    """

    roles: frozenset[str]
    people: frozenset[str]


def declare(desk: Desk, log_id: str, wish: Wish, person: Person, language: str) -> str:
    """Declare a deputy; it counts once somebody else has agreed.

    :param desk: the desk.
    :param log_id: the agency's ledger.
    :param wish: what is declared; hostile.
    :param person: who declares it.
    :param language: language of refusals.
    :return: its id.
    :raises DeclarationRefused: where it has no end, no ground, or is for nobody.
    """
    if bool(wish.role) == bool(wish.person):
        raise DEPUTIES.refusal("for", language)
    if wish.deputy.strip() == wish.person.strip():
        raise DEPUTIES.refusal("self", language)
    if not wish.begins < wish.until:
        raise DEPUTIES.refusal("begins", language)
    attributes = {
        "deputy": _pseudonym(desk, log_id, wish.deputy, language),
        "role": DEPUTIES.name(wish.role, "--role", language) if wish.role else None,
        "person": _pseudonym(desk, log_id, wish.person, language) if wish.person else None,
        "begins": wish.begins,
        "why": DEPUTIES.why(wish.why, language),
        "until": DEPUTIES.until(desk, wish.until, "--until", LONGEST, language),
    }
    return DEPUTIES.declare(desk, log_id, person, attributes, language)


def standing_in(desk: Desk, connection: Connection, log_id: str) -> tuple[Deputy, ...]:
    """Answer the deputies who stand in now.

    :param desk: the desk.
    :param connection: any connection.
    :param log_id: the agency's ledger.
    """
    now = desk.host.now()
    return tuple(d for d in DEPUTIES.records(connection, log_id) if d.stands_in(now))


def stood_for(desk: Desk, connection: Connection, log_id: str, own: str) -> StoodFor:
    """Answer for whom somebody stands in now.

    :param desk: the desk.
    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param own: their pseudonym.
    """
    theirs = [d for d in standing_in(desk, connection, log_id) if d.deputy == own]
    return StoodFor(
        roles=frozenset(d.role for d in theirs if d.role),
        people=frozenset(d.person for d in theirs if d.person),
    )


def _pseudonym(desk: Desk, log_id: str, name: str, language: str) -> str:
    who = DEPUTIES.name(name, "--deputy", language)
    return desk.people.pseudonym(log_id, "officer", who)
