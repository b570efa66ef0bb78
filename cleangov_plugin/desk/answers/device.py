"""What an officer's device tells by script: that a prompt was seen, and of what it is still asked.

A device is a witness, not a proof: a script can be changed by whoever sits before it.
"""

from datetime import datetime, timedelta
from typing import Final

from cleangov_hooks import Actor, Person, Step, Stream
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.terms import Fate
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.store import attempts, prompts

from .waiting import Row

#: For how long a device may keep an answer: after it, what is asked is asked anew.
MOST_AGE: Final = timedelta(days=7)
_UNSEEN: Final = frozenset({Fate.CREATED.value, Fate.RENDERED.value})


def seen(desk: Desk, person: Person, prompt_id: str) -> bool:
    """Take note that a prompt was on its officer's screen for a second; once.

    :param desk: the desk.
    :param person: who is signed in.
    :param prompt_id: the prompt; hostile.
    :return: False where there is nothing to note: seen before, over, or not theirs.
    """
    with desk.database.own_transaction() as connection:
        row = _own(desk, connection, person, prompt_id, is_held=True)
        if row is None or row["fate"] not in _UNSEEN:
            return False
        return prompts.set_fate(connection, prompt_id, Fate.SEEN, desk.host.now(), has_script=True)


def place_of(
    desk: Desk, person: Person, prompt_id: str, language: str, page_url: str
) -> tuple[Step, str] | None:
    """Answer where the officer of a prompt stands, for a page that is not the host's.

    :param desk: the desk.
    :param person: who is signed in.
    :param prompt_id: the prompt; hostile.
    :param language: BCP 47 tag.
    :param page_url: path of that page.
    :return: the place, without the host's form, and what became of the prompt; None where there is
        no such prompt of theirs.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        row = _own(desk, connection, person, prompt_id)
        tried = row and attempts.attempt(connection, row["log_id"], row["attempt_id"])
    if not row or not tried:
        return None
    step = Step(
        agency_id=row["log_id"],
        stream=Stream(tried["stream"]),
        case_id=row["subject"],
        name=row["step"],
        kind=tried["kind"],
        actor=Actor(id=person.id, unit=person.unit),
        language=language,
        attempt_id=row["attempt_id"],
        page_url=page_url,
    )
    return step, str(row["fate"])


def given_at(desk: Desk, prompt_id: str, age: timedelta) -> datetime:
    """Answer when an answer was given that a device kept until it had a connection.

    The device says how long ago, not when: its clock may be wrong, its seconds hardly.

    :param desk: the desk.
    :param prompt_id: the prompt; hostile.
    :param age: how long ago by the device; from zero to `MOST_AGE`.
    :return: aware; never before the prompt was made.
    """
    now = desk.host.now()
    at = now - max(timedelta(0), min(age, MOST_AGE))
    with desk.database.own_transaction(is_reading=True) as connection:
        row = prompts.prompt(connection, prompt_id)
    return min(now, max(at, instant(row["created_at"]))) if row else at


def _own(
    desk: Desk, connection: Connection, person: Person, prompt_id: str, *, is_held: bool = False
) -> Row | None:
    row = prompts.prompt(connection, prompt_id, is_held=is_held)
    if row is None or row["log_id"] != desk.host.agency().id:
        return None
    own = desk.people.pseudonym(row["log_id"], "officer", person.id)
    return row if row["actor"] == own else None
