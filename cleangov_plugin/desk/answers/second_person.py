"""A second person's decision about a step that waits for it."""

from datetime import timedelta
from typing import Final

from cleangov_hooks import AnswerKind, Person, Tie
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_words import whole
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.terms import AttemptState, Fate
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.store import attempts, prompts, second_requests
from cleangov_plugin.store.prompts import AnswerRow

from . import refusing
from .answering import grant
from .deciders import standing
from .keeping import answers_so_far, keep, numbered
from .refusing import refusals_noted
from .tied import ties
from .waiting import Row

_MINUTE: Final = timedelta(minutes=1)
_WAITING: Final = frozenset({AttemptState.WAITING})


def decide(
    desk: Desk,
    request_id: str,
    person: Person,
    *,
    agrees: bool,
    reason: str,
    told: Tie | None = None,
) -> None:
    """Take a second person's decision; the same one sent twice, as from two tabs, is taken once.

    :param desk: the desk.
    :param request_id: the request; hostile.
    :param person: who decides.
    :param agrees: whether they agree.
    :param reason: their own words; needed for a no.
    :param told: whether they are tied to the officer, as a platform far away told with it; None
        asks the host.
    :raises AnswerRefused: with the key of a phrase for the person.
    """
    with refusals_noted(desk, person, request_id), desk.database.own_transaction() as connection:
        request = second_requests.find(connection, request_id)
        # A role in one authority is none in another, which the same host may serve.
        if request is None or request["log_id"] != desk.host.agency().id:
            raise AnswerRefused("error.gone", where=refusing.UNKNOWN)
        own = desk.people.pseudonym(request["log_id"], "officer", person.id)
        state = second_requests.APPROVED if agrees else second_requests.REFUSED
        if (request["state"], request["decided_by"]) == (state, own):
            return
        if request["state"] != second_requests.OPEN:
            is_asked = standing(desk, connection, request, person, own).is_asked
            why = refusing.OVER if is_asked else refusing.ROLE
            raise AnswerRefused("error.gone", where=why)
        stand = _checked(desk, connection, request, (person, own), told)
        words = whole(reason)
        if not agrees and words is None:
            raise AnswerRefused("error.words")
        _keep(desk, connection, request, (person, own), stand, agrees, words)


def _checked(
    desk: Desk, connection: Connection, request: Row, who: tuple[Person, str], told: Tie | None
) -> dict[str, str | None]:
    """Answer what the entry tells of how they stand to the request, where they may decide it."""
    person, own = who
    found = standing(desk, connection, request, person, own)
    if not found.is_asked:
        raise AnswerRefused("error.not_yours", where=refusing.ROLE)
    if request["requested_by"] == own:
        raise AnswerRefused("inbox.conflict", where=refusing.OWN_STEP)
    if request["expires_at"] < stamp(desk.host.now()):
        raise AnswerRefused("error.gone", where=refusing.EXPIRED)
    tied = ties(desk, connection, request, person, told)
    return {**tied, "as_deputy": found.deputy, "request": request["request_id"]}


def _keep(
    desk: Desk,
    connection: Connection,
    request: Row,
    who: tuple[Person, str],
    told: dict[str, str | None],
    agrees: bool,
    words: str | None,
) -> None:
    person, own = who
    now = desk.host.now()
    prompt = prompts.prompt(connection, request["prompt_id"])
    state = second_requests.APPROVED if agrees else second_requests.REFUSED
    is_first = second_requests.decide(
        connection, request["request_id"], state, decided_by=own, now=now, words=words
    )
    if prompt is None or not is_first:
        raise AnswerRefused("error.gone", where=refusing.OVER)
    kind = AnswerKind.SECOND_PERSON_APPROVED if agrees else AnswerKind.SECOND_PERSON_REFUSED
    number = len(answers_so_far(connection, prompt))
    answer_id = numbered(number, "decision", request["request_id"])
    row = AnswerRow(
        answer_id=answer_id,
        prompt_id=request["prompt_id"],
        choice="approve" if agrees else "refuse",
        kind=kind.value,
        answered_by=own,
        digest=request["digest"],
        answered_at=stamp(now),
        client_at=None,
        words=words,
    )
    keep(desk, connection, prompt, row, person, told=told)
    if agrees:
        _agreed(desk, connection, request, prompt, answer_id)
    else:
        place = (request["log_id"], request["attempt_id"])
        attempts.decide_attempt(connection, *place, AttemptState.HELD, now=now, reason="refused")


def _agreed(desk: Desk, connection: Connection, request: Row, prompt: Row, answer_id: str) -> None:
    """Let the step go on that waited."""
    now, place = desk.host.now(), (request["log_id"], request["attempt_id"])
    # A step that is over meanwhile is not opened again: what was asked for is gone.
    if not attempts.decide_attempt(
        connection, *place, AttemptState.PASSED, now=now, reason="agreed", only=_WAITING
    ):
        raise AnswerRefused("error.gone", where=refusing.OVER)
    # The officer may come back later than in ten minutes: it is good while the request was open.
    minutes = max(1, (instant(request["expires_at"]) - now) // _MINUTE)
    grant(desk, connection, prompt, answer_id, minutes=minutes)
    prompts.set_fate(connection, request["prompt_id"], Fate.ANSWERED, now)
