"""Requests to a second person, for whoever is asked and for whoever asked."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, TypeAlias

from cleangov_hooks import Person
from cleangov_plugin.desk.answers.deciders import standing
from cleangov_plugin.desk.answers.waiting import as_of
from cleangov_plugin.desk.choice.deputies import stood_for
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.host_labels import step_called
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.store import follow_ups, prompts, second_requests

from .reading import panel_of
from .views import PanelView, RequestPage, RequestView

Row: TypeAlias = Mapping[str, Any]
#: What a person decides, and what it is about besides a request.
_SAID: Final = {
    second_requests.APPROVED: "",
    second_requests.REFUSED: "",
    second_requests.UPHELD: "doubt",
    second_requests.DECLINED: "doubt",
    follow_ups.AGREED: "",
}


class Decided(NamedTuple):
    """What somebody decided about a request.

    :param what: ``"approved"`` or ``"refused"`` of a request; of a doubt or of what follows on an
        answer with what it was about before it: ``"doubt.upheld"``, ``"recusal.agreed"``.
    :param case_id: the case.
    """

    what: str
    case_id: str


def requests(desk: Desk, person: Person, language: str) -> tuple[RequestView, ...]:
    """Answer the requests that wait for a person: in their roles, by name, or as a deputy.

    :param desk: the desk.
    :param person: who looks.
    :param language: BCP 47 tag.
    :return: oldest first; a request for the person's own step is shown, but not theirs to decide.
    """
    log_id = desk.host.agency().id
    own = desk.people.pseudonym(log_id, "officer", person.id)
    now = stamp(desk.host.now())
    views = []
    # Every page of the host asks this, and nearly always nothing waits: one question, nothing more.
    with desk.database.own_look() as connection:
        if not second_requests.is_any_waiting(connection, log_id, person.roles, own, now):
            return ()
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = desk.shelf.ledger(connection, log_id)
        if ledger is None:
            return ()
        for row, as_deputy in _waiting(desk, connection, log_id, person.roles, own):
            prompt = prompts.prompt(connection, row["prompt_id"])
            if prompt is None or row["expires_at"] < now:
                continue
            view = panel_of(desk, connection, ledger, prompt, language)
            if view is not None:
                views.append(_view(ledger, row, prompt, view, own=own, as_deputy=as_deputy))
    return tuple(views)


def is_anything_there(desk: Desk, person: Person) -> bool:
    """Answer whether a request may wait for a person, or a letter; most people have neither.

    :param desk: the desk.
    :param person: who looks.
    """
    log_id = desk.host.agency().id
    own = desk.people.pseudonym(log_id, "officer", person.id)
    place = (log_id, person.roles, own, stamp(desk.host.now()))
    with desk.database.own_look() as connection:
        return second_requests.is_any_waiting_or_written(connection, *place)


def request_page(desk: Desk, person: Person, request_id: str, language: str) -> RequestPage | None:
    """Answer one request to whoever asked or is asked; None to everybody else.

    :param desk: the desk.
    :param person: who looks.
    :param request_id: the request; hostile.
    :param language: BCP 47 tag.
    """
    log_id = desk.host.agency().id
    own = desk.people.pseudonym(log_id, "officer", person.id)
    with desk.database.own_transaction(is_reading=True) as connection:
        row = second_requests.find(connection, request_id)
        ledger = desk.shelf.ledger(connection, log_id)
        if row is None or ledger is None or row["log_id"] != log_id:
            return None
        if row["state"] in second_requests.DOUBTS:
            return None
        is_own = row["requested_by"] == own
        is_asked = standing(desk, connection, row, person, own).is_asked
        prompt = prompts.prompt(connection, row["prompt_id"])
        if prompt is None or not (is_own or is_asked or row["decided_by"] == own):
            return None
        view = panel_of(desk, connection, ledger, prompt, language)
        called = step_called(desk, connection, prompt, language)
    if view is None:
        return None
    state = as_of(row, desk.host.now())["state"]
    is_open = state == second_requests.OPEN
    return RequestPage(
        id=row["request_id"],
        case_id=prompt["subject"],
        step=called,
        state=state,
        role=row["role"],
        is_named=row["asked"] is not None,
        instead_of=row["instead_of"] or "",
        since=instant(row["requested_at"]).astimezone(ledger.zone),
        until=instant(row["expires_at"]).astimezone(ledger.zone),
        headline=view.headline,
        body=view.body,
        basis=view.basis,
        words=row["words"] or "",
        is_own=is_own,
        may_decide=is_open and is_asked and not is_own,
    )


def decided_by(desk: Desk, person: Person, id_: str) -> Decided | None:
    """Answer what somebody decided: of a request, a doubt, or what follows on an answer.

    :param desk: the desk.
    :param person: who looks.
    :param id_: the request or follow-up; hostile.
    :return: what it was; None to everybody else.
    """
    log_id = desk.host.agency().id
    own = desk.people.pseudonym(log_id, "officer", person.id)
    with desk.database.own_transaction(is_reading=True) as connection:
        row = second_requests.find(connection, id_) or follow_ups.find(connection, id_)
        prompt = prompts.prompt(connection, row["prompt_id"]) if row is not None else None
    if row is None or prompt is None or (row["log_id"], row["decided_by"]) != (log_id, own):
        return None
    if row["state"] not in _SAID:
        return None
    about = row["kind"] if "follow_id" in row else _SAID[row["state"]]
    return Decided(f"{about}.{row['state']}" if about else row["state"], prompt["subject"])


def _waiting(
    desk: Desk, connection: Connection, log_id: str, roles: frozenset[str], own: str
) -> list[tuple[Row, bool]]:
    """List what waits for somebody, each with whether they stand in for whoever was asked."""
    theirs, until = second_requests.inbox(connection, log_id, roles, own)
    found: list[tuple[Row, bool]] = [
        (row, False) for row in theirs if row["asked"] is None or row["role"] in roles
    ]
    if until <= stamp(desk.host.now()):  # nobody stands in for anybody
        return found
    stands = stood_for(desk, connection, log_id, own)
    if not (stands.roles or stands.people):
        return found
    known = {row["request_id"] for row, _ in found}
    more = second_requests.asked_of(connection, log_id, stands.roles, stands.people)
    found += [(row, True) for row in more if row["request_id"] not in known]
    return sorted(found, key=lambda each: str(each[0]["requested_at"]))


def _view(
    ledger: Ledger, row: Row, prompt: Row, view: PanelView, *, own: str, as_deputy: bool
) -> RequestView:
    return RequestView(
        id=row["request_id"],
        case_id=prompt["subject"],
        headline=view.headline,
        body=view.body,
        until=instant(row["expires_at"]).astimezone(ledger.zone),
        is_own=row["requested_by"] == own,
        as_deputy=as_deputy,
    )
