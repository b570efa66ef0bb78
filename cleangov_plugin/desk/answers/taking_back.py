"""An answer is taken back as long as its step is not taken: what it opened is closed again."""

from datetime import timedelta
from typing import Final

from cleangov_hooks import Answer, AnswerKind, Person
from cleangov_plugin.desk.checkpoint.recording import record
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_words import whole
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.terms import AttemptState
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import attempts, follow_ups, prompts, revoking, second_requests
from cleangov_plugin.store.prompts import AnswerRow

from . import refusing
from .following import is_open, withdraw
from .keeping import answers_so_far, keep, numbered
from .waiting import Row, end_requests, requests_of

#: Where an attempt stands whose step is not over: held until the gate sees what was earned.
_NOT_OVER: Final = frozenset({AttemptState.HELD, AttemptState.WAITING, AttemptState.PASSED})
#: Answers that opened nothing.
_NOTHING: Final = frozenset({AnswerKind.PROMPT_IS_WRONG.value, AnswerKind.TAKEN_BACK.value})


def take_back(desk: Desk, connection: Connection, given: Answer) -> str:
    """Take an officer's answer back: passes are revoked, a request is withdrawn, the step is held.

    The answer stays where it is kept, with another one beside it that takes it back; both are
    entries. A step that is being written at this moment with a pass that was good stays taken.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param given: names the prompt that was answered; hostile.
    :return: the attempt.
    :raises AnswerRefused: where nothing of theirs is open any more.
    """
    prompt = prompts.prompt(connection, given.prompt_id, is_held=True)
    if prompt is None:
        raise AnswerRefused("error.gone", where=refusing.UNKNOWN)
    own = desk.people.pseudonym(prompt["log_id"], "officer", given.actor_id)
    if prompt["actor"] != own:
        raise AnswerRefused("error.not_yours", where=refusing.SOMEBODY_ELSE)
    place = prompt["log_id"], str(prompt["attempt_id"])
    attempt = attempts.attempt(connection, *place) or {}
    taken = _answer(connection, prompt, own)
    is_open = attempt.get("state") in _NOT_OVER and _opened(desk, connection, prompt)
    if taken is None or not is_open:
        raise AnswerRefused("error.gone", where=refusing.OVER)
    now = desk.host.now()
    ended = end_requests(desk, connection, *place)
    record(desk, [*ended, *withdraw(desk, connection, prompt["prompt_id"])], connection)
    # A pass counts up to and with its last instant: so it ends before this one.
    revoking.revoke_passes(connection, *place, before=now - timedelta(microseconds=1))
    if not attempts.decide_attempt(
        connection, *place, AttemptState.HELD, now=now, reason="taken_back", only=_NOT_OVER
    ):
        raise AnswerRefused("error.gone", where=refusing.OVER)
    row = AnswerRow(
        answer_id=numbered(len(answers_so_far(connection, prompt)), "back", taken["answer_id"]),
        prompt_id=prompt["prompt_id"],
        choice=taken["answer_id"],
        kind=AnswerKind.TAKEN_BACK.value,
        answered_by=own,
        digest=prompt["digest"],
        answered_at=stamp(now),
        client_at=None,
        words=whole(given.text),
    )
    person = Person(id=given.actor_id, name="", unit=attempt.get("unit"))
    keep(desk, connection, prompt, row, person)
    return place[1]


def _answer(connection: Connection, prompt: Row, own: str) -> Row | None:
    """Find the officer's answer to a prompt that opened something: the latest one."""
    given = prompts.answers_of(connection, [prompt["prompt_id"]])
    back = {row["choice"] for row in given if row["kind"] == AnswerKind.TAKEN_BACK.value}
    theirs = (
        row
        for row in reversed(given)
        if row["answered_by"] == own
        and row["kind"] not in _NOTHING
        and row["answer_id"] not in back
    )
    return next(theirs, None)


def _opened(desk: Desk, connection: Connection, prompt: Row) -> bool:
    """Answer whether somebody is asked about a prompt, or a pass that it earned is still good."""
    place = prompt["log_id"], prompt["attempt_id"]
    asked = requests_of(desk, connection, *place)
    if any(
        row["state"] == second_requests.OPEN and row["prompt_id"] == prompt["prompt_id"]
        for row in asked
    ):
        return True
    if any(map(is_open, follow_ups.of_prompt(connection, prompt["prompt_id"]))):
        return True
    good = attempts.valid_pass(connection, *place, prompt["digest"], desk.host.now())
    is_its_own = good is not None and good["prompt_id"] == prompt["prompt_id"]
    return is_its_own and good is not None and good["used_at"] is None
