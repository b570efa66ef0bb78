"""An answer is kept, and it is an entry of the ledger at once: a step may never follow on it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

from cleangov_hooks import AttributeValue, Clock, Origin, Person
from cleangov_plugin.desk.checkpoint.recording import record
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import own_event
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.our_kinds import PROMPT_ANSWERED
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.store import prompts
from cleangov_plugin.store.prompts import AnswerRow

from .asked_entries import OPENS
from .basis import Basis, keep_basis
from .waiting import Row

_NOTHING: Final[Mapping[str, AttributeValue]] = {}


def keep(
    desk: Desk,
    connection: Connection,
    prompt: Row,
    row: AnswerRow,
    person: Person,
    *,
    basis: Basis | None = None,
    told: Mapping[str, AttributeValue] = _NOTHING,
    opened: Callable[[str], list[str]] | None = None,
) -> None:
    """Keep an answer, and write the entry that tells of it, in one transaction.

    The entry names the answer and the digest of its words. Where it cannot be written now it is
    owed as every event is, and the answer stands. One that a device kept for want of a connection
    says so: it is `synced`, and happened when the device says it was given.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param prompt: row of the prompt.
    :param row: the answer.
    :param person: who gave it.
    :param basis: what it rests on besides the words; None where on nothing.
    :param told: what else its entry tells; what is None is left out.
    :param opened: opens what follows on the answer, and names it as the entry does.
    """
    if not prompts.save_answer(connection, row, desk.retention("case")):
        return
    if basis is not None:
        keep_basis(desk, connection, prompt, row.answer_id, basis)
    opens = opened(row.answer_id) if opened else []
    tell(desk, connection, prompt, row, person, basis, {**told, OPENS: tuple(opens) or None})


def tell(
    desk: Desk,
    connection: Connection,
    prompt: Row,
    row: AnswerRow,
    person: Person,
    basis: Basis | None,
    told: Mapping[str, AttributeValue],
) -> None:
    """Write the entry that tells of an answer.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param prompt: row of the prompt.
    :param row: the answer.
    :param person: who gave it.
    :param basis: what it rests on besides the words; None where on nothing.
    :param told: what else the entry tells; what is None is left out.
    """
    given_at = instant(row.client_at) if row.client_at else None
    event = own_event(
        PROMPT_ANSWERED,
        person,
        desk.host.now(),
        (prompt["log_id"], prompt["subject"]),
        step=prompt["step"],
        attributes={
            "prompt": row.prompt_id,
            "answer": row.answer_id,
            "choice": row.choice,
            "answer_kind": row.kind,
            "words": row.words,
            "reason_code": basis.reason if basis else None,
            "evidence": basis.document if basis else None,
            "approver": basis.approver_name if basis else None,
            "until": basis.until if basis else None,
            **told,
        },
    )
    if given_at is not None:  # without a connection: told later, and by the device's clock
        at = min(given_at, event.occurred_at)
        event = replace(event, origin=Origin.SYNCED, clock=Clock.DEVICE, occurred_at=at)
    record(desk, [event], connection)


def answers_so_far(connection: Connection, prompt: Row) -> list[dict[str, Any]]:
    """List all answers of a prompt's attempt, oldest first, as rows of their table.

    :param connection: any connection.
    :param prompt: row of the prompt.
    """
    found = prompts.prompts_of(connection, prompt["log_id"], prompt["attempt_id"])
    return prompts.answers_of(connection, [row["prompt_id"] for row in found])


def numbered(number: int, *parts: str) -> str:
    """Answer an id that is the same for the same act, and sorts in the order of the acts.

    Two answers may have one instant: clocks are coarse, and a host's may be fixed.

    :param number: how many acts came before it.
    :param parts: what names the act.
    """
    return f"{number:04x}{id_of(*parts, str(number))[:28]}"


def id_of(*parts: str) -> str:
    """Answer an id that is the same for the same act, so that sending twice changes nothing.

    :param parts: what names the act.
    """
    return sha256(json.dumps(parts).encode()).hexdigest()[:32]
