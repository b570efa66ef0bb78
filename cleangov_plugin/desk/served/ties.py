"""What a platform far away tells of ties: asked in process, it would have been asked at a decision.

A tie is told of one step that waits and one person who might decide about it, and is an entry of
the case: no graph of relations is kept. Whoever is tied to the officer is refused, whether they
decide on the platform's pages or on the service's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from cleangov_hooks import Tie
from cleangov_plugin.desk.checkpoint.recording import record
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import SOURCE, own_event
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.our_kinds import TIE_TOLD
from cleangov_plugin.domain.record import Record
from cleangov_plugin.domain.terms import AttemptState
from cleangov_plugin.store import attempts, declared_entries

_OVER: Final = frozenset({AttemptState.DONE.value, AttemptState.ABORTED.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldTie:
    """What the platform's registers say of an officer and somebody who might decide.

    :param second_id: the platform's id of the second person.
    :param tie: whether a tie keeps them from deciding freely.
    :param degree: 1 for a direct tie, 2 for one person between; None if unknown.
    :param source: which register.
    :param as_of: how fresh the register is.
    """

    second_id: str
    tie: Tie
    degree: int | None = None
    source: str = ""
    as_of: date | None = None


def tell_ties(desk: Desk, attempt_id: str, officer_id: str, told: Sequence[ToldTie]) -> int | None:
    """Keep what is told of the ties of an officer at a step; what is known already is not new.

    :param desk: the desk.
    :param attempt_id: the attempt.
    :param officer_id: the officer whose step it is.
    :param told: the ties; hostile. The last word about somebody counts.
    :return: how many were new; None where the officer has no such attempt that is not over.
    """
    log_id = desk.host.agency().id
    own = desk.people.pseudonym(log_id, "officer", officer_id)
    with desk.database.own_transaction() as connection:
        row = attempts.attempt(connection, log_id, attempt_id)
        if row is None or row["actor"] != own or row["state"] in _OVER:
            return None
        known = _told(connection, log_id, row["subject"], attempt_id)
        events = []
        for each in told:
            second = desk.people.pseudonym(log_id, "officer", each.second_id)
            said = {
                "attempt": attempt_id,
                "second": second,
                "tie": each.tie.value,
                "degree": each.degree,
                "source": each.source or None,
                "as_of": each.as_of,
            }
            if second in known and _same(known[second], said):
                continue
            place = (log_id, row["subject"])
            event = own_event(
                TIE_TOLD, None, desk.host.now(), place, step=row["step"], attributes=said
            )
            events.append(event)
        if events:
            record(desk, events, connection)
    return len(events)


def told_tie(
    connection: Connection, log_id: str, subject: str, attempt_id: str, second: str
) -> Tie | None:
    """Answer what a platform told last of a tie; None where it told nothing.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    :param attempt_id: the attempt.
    :param second: pseudonym of who is about to decide.
    """
    found = _told(connection, log_id, subject, attempt_id).get(second)
    text = str(found.attributes.get("tie", "")) if found is not None else ""
    return next((tie for tie in Tie if tie.value == text), None)


def _told(connection: Connection, log_id: str, subject: str, attempt_id: str) -> dict[str, Record]:
    """Answer the last entry about each person."""
    records = declared_entries.records(connection, log_id, subject, (TIE_TOLD,), SOURCE)
    return {
        str(record.attributes.get("second", "")): record
        for record in records
        if record.attributes.get("attempt") == attempt_id
    }


def _same(known: Record, said: Mapping[str, object]) -> bool:
    return all(known.attributes.get(code) == value for code, value in said.items())
