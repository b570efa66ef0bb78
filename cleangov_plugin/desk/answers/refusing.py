"""An answer or a decision that is refused leaves an entry: once for each person, matter and reason.

Whoever tries again and again is counted, and writes nothing more: the ledger cannot be flooded.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import Final

from cleangov_hooks import Event, Person
from cleangov_plugin.desk.checkpoint.checked import is_plain
from cleangov_plugin.desk.checkpoint.entering import enter
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import SOURCE, own_event
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import ANSWER_LATE, ANSWER_REFUSED
from cleangov_plugin.store import follow_ups, prompts, pseudonyms, second_requests
from cleangov_plugin.store.knowledge import event_key
from cleangov_plugin.store.run import alone
from cleangov_plugin.store.stored_entries import body_of

from .waiting import Row

logger = logging.getLogger("cleangov")

#: Too late, or not among the choices: of the person's own matter, and told to nobody else.
OVER: Final = "over"
EXPIRED: Final = "expired"
NOT_OFFERED: Final = "not_offered"
#: Of a matter that is not the person's, or of none: what an auditor is to see.
UNKNOWN: Final = "unknown"
SOMEBODY_ELSE: Final = "somebody_else"
ROLE: Final = "role"
OWN_STEP: Final = "own_step"
TIED: Final = "tied"
FORM: Final = "form"
_OWN: Final = frozenset({OVER, EXPIRED, NOT_OFFERED})
_REASONS: Final = _OWN | {UNKNOWN, SOMEBODY_ELSE, ROLE, OWN_STEP, TIED, FORM}
#: In place of a case: what was answered is no prompt and no request of ours.
_NO_CASE: Final = "unknown"
_SOMEBODY: Final = Person(id="unknown", name="")
_LONGEST: Final = 200


@contextmanager
def refusals_noted(desk: Desk, person: Person, id_: str) -> Iterator[None]:
    """Take note of what is refused within, after its own transaction is undone.

    What a person puts right at once, as missing words, is no such refusal: it names no reason.

    :param desk: the desk.
    :param person: who answers or decides; their id is hostile.
    :param id_: the prompt or request; hostile.
    """
    try:
        yield
    except AnswerRefused as problem:
        if problem.where in _REASONS:
            note(desk, person, id_, problem.where)
        raise


def note(desk: Desk, person: Person, id_: str, reason: str) -> None:
    """Write the entry of a refusal, or count it where there is one already. It never raises.

    :param desk: the desk.
    :param person: whose answer or decision was refused; their id is hostile.
    :param id_: the prompt or request; hostile.
    :param reason: code of the reason.
    """
    desk.counters.add(f"refused.{reason}")
    if not _is_known(person.id):
        return
    try:
        with desk.database.own_transaction() as connection:
            _note(desk, connection, person, id_, reason)
    except Exception as problem:  # the answer is refused all the same, and the next one is noted
        logger.warning("a refusal was not recorded: %s", type(problem).__name__)
        desk.counters.add("refused.unrecorded")


def _note(desk: Desk, connection: Connection, person: Person, id_: str, reason: str) -> None:
    log_id, request = desk.host.agency().id, None
    prompt = prompts.prompt(connection, id_) if _is_known(id_) else None
    if prompt is None and _is_known(id_):
        request = second_requests.find(connection, id_)
        matter = request or follow_ups.find(connection, id_)
        prompt = prompts.prompt(connection, matter["prompt_id"]) if matter else None
    if prompt is not None and prompt["log_id"] != log_id:
        prompt = request = None
    # What is no matter of ours is noted once a day: ids can be made up without end.
    about = id_ if prompt is not None else desk.host.now().date().isoformat()
    own = desk.people.pseudonym(log_id, "officer", person.id)
    if prompt is None and pseudonyms.found(connection, log_id, own) is None:
        # Neither the matter nor the person is known here: no made-up name is kept.
        person, own = _SOMEBODY, _SOMEBODY.id
    named = sha256(json.dumps(["refused", log_id, own, about, reason]).encode()).hexdigest()[:32]
    alone(connection, f"refusal {named}")
    if body_of(connection, log_id, event_key(SOURCE, named)) is None:
        enter(desk, connection, _event(desk, person, (prompt, request), named, reason))


def _event(
    desk: Desk, person: Person, matter: tuple[Row | None, Row | None], named: str, reason: str
) -> Event:
    prompt, request = matter
    event = own_event(
        ANSWER_LATE if _is_own(desk, person, matter, reason) else ANSWER_REFUSED,
        person,
        desk.host.now(),
        (desk.host.agency().id, prompt["subject"] if prompt else _NO_CASE),
        step=prompt["step"] if prompt else "answer",
        attributes={
            "prompt": prompt["prompt_id"] if prompt else None,
            "request": request["request_id"] if request else None,
            "reason": reason,
        },
    )
    return replace(event, id=named)


def _is_own(desk: Desk, person: Person, matter: tuple[Row | None, Row | None], reason: str) -> bool:
    """Answer whether it was the person's to give, and only came too late or from an old page."""
    prompt, request = matter
    if reason != FORM or prompt is None:
        return reason in _OWN
    if request is not None:
        return request["role"] in person.roles
    return bool(prompt["actor"] == desk.people.pseudonym(prompt["log_id"], "officer", person.id))


def _is_known(text: object) -> bool:
    """Answer whether a text can be an id at all: nothing else is looked up or written."""
    return isinstance(text, str) and 0 < len(text) <= _LONGEST and is_plain(text)
