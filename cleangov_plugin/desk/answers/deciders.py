"""Who may decide a request to a second person: asked, or standing in, and free to decide."""

from collections.abc import Callable
from typing import Final, NamedTuple

from cleangov_hooks import Person, Relation, Tie, guarded_call
from cleangov_plugin.desk.choice.deputies import standing_in
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.served.ties import told_tie
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.prompts.deputies import Deputy
from cleangov_plugin.store import attempts, prompts, pseudonyms

from . import refusing
from .waiting import Row

#: What is known of a tie between officer and second person, as the entry of a decision says it.
NO_TIE: Final = "none"
UNCHECKED: Final = "cannot_be_checked"


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


def tie(
    desk: Desk, connection: Connection, request: Row, person: Person, told: Tie | None = None
) -> str:
    """Answer what the host knows of a tie between the officer and the second person.

    :param desk: the desk.
    :param connection: any connection.
    :param request: row of the request.
    :param person: who is about to decide.
    :param told: what a platform far away told of it; None asks the host.
    :return: none, or that it cannot be checked.
    :raises AnswerRefused: where there is one.
    """
    known = [told] if told is not None else _known(desk, connection, request, person)
    known += _told(desk, connection, request, person)
    if Tie.YES in known:
        raise AnswerRefused("inbox.tied", where=refusing.TIED)
    return NO_TIE if Tie.NO in known else UNCHECKED


def _told(desk: Desk, connection: Connection, request: Row, person: Person) -> list[Tie]:
    """Answer what a platform far away has told before: a yes stands until it is told otherwise."""
    log_id, attempt_id = request["log_id"], request["attempt_id"]
    attempt = attempts.attempt(connection, log_id, attempt_id)
    if attempt is None:
        return []
    second = desk.people.pseudonym(log_id, "officer", person.id)
    found = told_tie(connection, log_id, attempt["subject"], attempt_id, second)
    return [] if found is None else [found]


def _known(desk: Desk, connection: Connection, request: Row, person: Person) -> list[Tie]:
    """Ask the host of a tie."""
    row = pseudonyms.found(connection, request["log_id"], request["requested_by"])
    officer = row["identity"] if row else None
    prompt = prompts.prompt(connection, request["prompt_id"])
    if officer is None or prompt is None:  # erased, or not written yet
        return []
    report = guarded_call(
        desk.host.plugins,
        "cleangov_reporting_tie",
        officer_id=officer,
        second_id=person.id,
        role=request["role"],
        case_id=prompt["subject"],
    )
    return [answer.tie for answer in report.values if isinstance(answer, Relation)]


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
