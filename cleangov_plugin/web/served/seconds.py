"""A second person on a host's own pages: what waits for them, what they decide, who may not."""

from typing import Any

from flask import Response

from cleangov_hooks import Actor, Person
from cleangov_plugin.desk.answers.follow_views import follow_ups_of
from cleangov_plugin.desk.answers.following import is_follow_up, settle_follow_up
from cleangov_plugin.desk.answers.second_person import decide
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.prompting.inbox import requests
from cleangov_plugin.desk.prompting.views import FollowView, RequestView
from cleangov_plugin.desk.served.ties import ToldTie, tell_ties
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
    following = follow_ups_of(desk, person, language())
    return said(
        {
            "requests": [_shown(request) for request in found],
            "follow_ups": [_shown_follow_up(each) for each in following],
        }
    )


def decision(desk: Desk, caller: Caller) -> Response:
    """Take a second person's decision.

    :param desk: the desk.
    :param caller: who calls.
    :raises AnswerRefused: where it is not theirs to decide, or not any more.
    """
    asked = read(caller, documents.DECISION)
    person = _person(caller, asked["actor"])
    id_, agrees, reason = asked["request_id"], asked["agrees"], asked.get("reason", "")
    if is_follow_up(desk, id_):
        settle_follow_up(desk, id_, person, agrees=agrees, words=reason)
    else:
        decide(desk, id_, person, agrees=agrees, reason=reason, told=asked.get("tie"))
    return said({"request_id": asked["request_id"], "agrees": asked["agrees"]})


def ties(desk: Desk, caller: Caller) -> Response:
    """Keep what the platform knows of ties between the officer and those who might decide.

    :param desk: the desk.
    :param caller: who calls, on behalf of the officer whose step it is.
    """
    if not caller.officer:
        raise Problem("officer")
    asked = read(caller, documents.TIES)
    told = [ToldTie(**each) for each in asked["ties"]]
    kept = tell_ties(desk, asked["attempt_id"], caller.officer, told)
    if kept is None:
        raise Problem("unknown")
    return said({"attempt_id": asked["attempt_id"], "kept": kept})


def _person(caller: Caller, actor: Actor) -> Person:
    if actor.id != caller.officer:
        raise Problem("officer", where="body.actor.id")
    return Person(id=actor.id, name="", roles=frozenset(actor.roles), unit=actor.unit)


def _shown_follow_up(each: FollowView) -> dict[str, Any]:
    """Say what follows on an answer; their own is shown to them, and not theirs to decide."""
    return {
        "id": each.id,
        "kind": each.kind.value,
        "case_id": each.case_id,
        "headline": each.headline,
        "body": list(each.body),
        "reason": each.reason,
        "document": each.document,
        "words": each.words,
        "until": each.until.isoformat(),
        "is_own": each.is_own,
    }


def _shown(request: RequestView) -> dict[str, Any]:
    """Say what is asked; somebody's own step is shown to them, and not theirs to decide."""
    return {
        "id": request.id,
        "case_id": request.case_id,
        "headline": request.headline,
        "body": list(request.body),
        "until": request.until.isoformat(),
        "is_own": request.is_own,
        "as_deputy": request.as_deputy,
    }
