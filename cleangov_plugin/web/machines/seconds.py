"""A second person on a host's own pages: what waits for them, and what they decide."""

from typing import Any

from flask import Response

from cleangov_hooks import Actor, Person
from cleangov_plugin.desk.answers.second_person import decide
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.prompting.reading import requests
from cleangov_plugin.desk.prompting.views import RequestView
from cleangov_plugin.intake.served import documents

from .door import Caller, read
from .problems import Problem, language, said


def inbox(desk: Desk, caller: Caller) -> Response:
    """Answer the requests that wait for a person in their roles.

    :param desk: the desk.
    :param caller: who calls.
    """
    person = _person(caller, read(caller, documents.INBOX)["actor"])
    found = requests(desk, person, language())
    return said({"requests": [_shown(request) for request in found]})


def decision(desk: Desk, caller: Caller) -> Response:
    """Take a second person's decision.

    :param desk: the desk.
    :param caller: who calls.
    :raises AnswerRefused: where it is not theirs to decide, or not any more.
    """
    asked = read(caller, documents.DECISION)
    person = _person(caller, asked["actor"])
    decide(
        desk,
        asked["request_id"],
        person,
        agrees=asked["agrees"],
        reason=asked.get("reason", ""),
    )
    return said({"request_id": asked["request_id"], "agrees": asked["agrees"]})


def _person(caller: Caller, actor: Actor) -> Person:
    if actor.id != caller.officer:
        raise Problem("officer", where="body.actor.id")
    return Person(id=actor.id, name="", roles=frozenset(actor.roles), unit=actor.unit)


def _shown(request: RequestView) -> dict[str, Any]:
    """Say what is asked; somebody's own step is shown to them, and not theirs to decide."""
    return {
        "id": request.id,
        "case_id": request.case_id,
        "headline": request.headline,
        "body": list(request.body),
        "until": request.until.isoformat(),
        "is_own": request.is_own,
    }
