"""Who may decide a request to a second person: asked, or standing in, and free to decide."""

from collections.abc import Callable
from typing import NamedTuple

from cleangov_hooks import Person, guarded_call
from cleangov_plugin.desk.choice.deputies import standing_in
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.prompts.deputies import Deputy

from .waiting import Row


class Standing(NamedTuple):
    """How somebody stands to a request.

    :param is_asked: whether they may decide it: asked by name or role, or as a deputy.
    :param deputy: id of what was declared where they stand in for whoever was asked; else None.
    """

    is_asked: bool
    deputy: str | None = None


def standing(
    desk: Desk, connection: Connection, request: Row, person: Person, own: str
) -> Standing:
    """Answer how somebody stands to a request; deputies are looked for where they are needed.

    :param desk: the desk.
    :param connection: any connection.
    :param request: row of the request.
    :param person: who.
    :param own: their pseudonym.
    """
    if request["role"] in person.roles and request["asked"] in (None, own):
        return Standing(is_asked=True)
    found = standing_in(desk, connection, request["log_id"])
    theirs = next((d.id for d in found if d.deputy == own and stands_for(d, request)), None)
    return Standing(is_asked=theirs is not None, deputy=theirs)


def stands_for(deputy: Deputy, request: Row) -> bool:
    """Answer whether a deputy stands in for whoever a request asks.

    :param deputy: the deputy.
    :param request: row of the request.
    """
    if request["asked"] is not None:
        return bool(deputy.person) and deputy.person == request["asked"]
    return bool(deputy.role) and deputy.role == request["role"]


def holders(desk: Desk, role: str) -> tuple[Person, ...] | None:
    """Answer who has a role, as the host knows it; None where it does not.

    :param desk: the desk.
    :param role: code of the role.
    """
    answers = guarded_call(desk.host.plugins, "cleangov_people", role=role).values
    if not answers:
        return None
    return tuple(person for person in answers[0] if role in person.roles)


def is_somebody_there(
    desk: Desk, connection: Connection, log_id: str, role: str, but: Callable[[str], bool]
) -> bool | None:
    """Answer whether anybody can be asked in a role; None where the host does not know its people.

    :param desk: the desk.
    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param role: code of the role.
    :param but: whether a pseudonym does not count: the officer's own.
    """
    found = holders(desk, role)
    if found is None:
        return None
    names = [desk.people.pseudonym(log_id, "officer", person.id) for person in found]
    names += [d.deputy for d in standing_in(desk, connection, log_id) if d.role == role]
    return any(not but(name) for name in names)
