"""What an officer tells oversight alone: sealed to its key, and told of nowhere else.

The entry holds a box that nobody of the agency can open, under no pseudonym and in no case: the
prompt, the case and the officer stand within it. That something was sealed, and when, can be seen.
"""

import base64
import json
from dataclasses import replace
from typing import Final

from cleangov_hooks import Answer, Person
from cleangov_plugin.desk.checkpoint.recording import record
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import SOURCE, own_event
from cleangov_plugin.desk.own_words import whole
from cleangov_plugin.desk.settings import Settings
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import AnswerRefused, SettingsError
from cleangov_plugin.domain.our_kinds import NOTE_SEALED
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.ledger.sealed_box import BoxKey, read_box_key, seal_box
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.store.stored_entries import body_of

from .waiting import Row

#: A box opens for this purpose alone.
PURPOSE: Final = "note to oversight"
#: In place of a case and of a person: which ones stands in the box.
NO_CASE: Final = "sealed"
_NOBODY: Final = Person(id="sealed", name="")
_VERSION: Final = 1


def key_of(settings: Settings) -> BoxKey | None:
    """Read the key of oversight's that the settings name; None where they name none.

    :param settings: the settings.
    :raises SettingsError: where it is none.
    """
    if not settings.oversight_key.strip():
        return None
    try:
        return read_box_key(settings.oversight_key.strip())
    except Refused as problem:
        raise SettingsError(
            f"this is no public key of oversight's ({problem.rule}).",
            where="CLEANGOV_OVERSIGHT_KEY",
            remedy="Give the line that 'cleangov oversight new-key' wrote to oversight.pub.",
        ) from problem


def seal_note(
    desk: Desk, connection: Connection, prompt: Row, given: Answer, once: str = ""
) -> str:
    """Seal what an officer tells, and write the entry that holds it.

    With a key the id is made of it, by our own secret: the same note sent again is known by that,
    and nobody who reads the ledger can tell whose it is.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param prompt: row of the prompt that it was told at.
    :param given: the officer's words; hostile.
    :param once: the sender's Idempotency-Key, hostile; empty where there is none.
    :return: id of the entry's event: whoever has it gets the receipt.
    :raises AnswerRefused: with the key of a phrase for the person.
    """
    key, words = key_of(desk.settings), whole(given.text)
    if key is None:
        raise AnswerRefused("error.gone")
    if words is None:
        raise AnswerRefused("error.words")
    id_ = _note_id(desk, prompt, given, once) if once else ""
    if id_ and body_of(connection, prompt["log_id"], f"{SOURCE}\t{id_}") is not None:
        return id_
    now = desk.host.now()
    told = {
        "v": _VERSION,
        "log_id": prompt["log_id"],
        "case": prompt["subject"],
        "step": prompt["step"],
        "attempt": prompt["attempt_id"],
        "prompt": prompt["prompt_id"],
        "rules": json.loads(prompt["rules"]),
        "person": given.actor_id,
        "at": stamp(now),
        "words": words,
    }
    box = seal_box(json.dumps(told, ensure_ascii=False).encode(), key, PURPOSE)
    event = own_event(
        NOTE_SEALED,
        _NOBODY,
        now,
        (prompt["log_id"], NO_CASE),
        step="note",
        attributes={"box": base64.b64encode(box).decode("ascii")},
    )
    event = replace(event, id=id_) if id_ else event
    record(desk, [event], connection)
    return event.id


def _note_id(desk: Desk, prompt: Row, given: Answer, once: str) -> str:
    """Answer the id of a note that comes with a key: nobody without our secret can make it."""
    named = json.dumps(["note", prompt["prompt_id"], given.actor_id, given.text, once])
    return desk.keys.tag("form", named.encode()).hex()[:32]
