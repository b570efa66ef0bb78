"""An answer is kept, and it is an entry of the ledger at once: a step may never follow on it."""

from dataclasses import replace

from cleangov_hooks import Clock, Origin, Person
from cleangov_plugin.domain.terms import PROMPT_ANSWERED
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.store import prompts
from cleangov_plugin.store.prompts import AnswerRow

from .desk import Desk
from .own_kinds import own_event
from .recording import record
from .shelf import Connection
from .waiting import Row


def keep(
    desk: Desk,
    connection: Connection,
    prompt: Row,
    row: AnswerRow,
    person: Person,
    *,
    ahead: int | None = None,
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
    :param ahead: seconds by which a clock was ahead that told when; None where none was.
    """
    if not prompts.save_answer(connection, row, desk.retention("case")):
        return
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
            "clock_ahead": ahead,
        },
    )
    if given_at is not None:  # without a connection: told later, and by the device's clock
        at = min(given_at, event.occurred_at)
        event = replace(event, origin=Origin.SYNCED, clock=Clock.DEVICE, occurred_at=at)
    record(desk, [event], connection)
