"""What a platform far away tells of ties: asked in process, it would have been asked at a decision.

A tie is told of one step that waits and one person who might decide about it: their tie to the
officer, or to a party of the case. It is an entry of the case: no graph of relations is kept.
Whoever is tied is refused, whether they decide on the platform's pages or on the service's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple, TypeAlias

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
    """What the platform's registers say of somebody who might decide.

    :param second_id: the platform's id of the second person.
    :param party_id: the platform's id of the party they are tied to; empty for the officer.
    :param tie: whether a tie keeps them from deciding freely.
    :param degree: 1 for a direct tie, 2 for one person between; None if unknown.
    :param source: which register.
    :param as_of: how fresh the register is.
    """

    second_id: str
    tie: Tie
    party_id: str = ""
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
            of = each.party_id
            party = desk.people.pseudonym(log_id, "party", of) if of else None
            said = {
                "attempt": attempt_id,
                "second": second,
                "party": party,
                "tie": each.tie.value,
                "degree": each.degree,
                "source": each.source or None,
                "as_of": each.as_of,
            }
            if (second, party) in known and _same(known[second, party], said):
                continue
            place = (log_id, row["subject"])
            event = own_event(
                TIE_TOLD, None, desk.host.now(), place, step=row["step"], attributes=said
            )
            events.append(event)
        if events:
            record(desk, events, connection)
    return len(events)


class ToldTies(NamedTuple):
    """What a platform told last of the ties of one person.

    :param officer: to the officer whose step it is; None where it told nothing.
    :param parties: to parties, by pseudonym.
    """

    officer: Tie | None
    parties: Mapping[str, Tie]


def told_ties(
    connection: Connection, log_id: str, subject: str, attempt_id: str, second: str
) -> ToldTies:
    """Answer what a platform told last of the ties of a person.

    :param connection: any connection.
    :param log_id: the agency's ledger.
    :param subject: the case.
    :param attempt_id: the attempt.
    :param second: pseudonym of who is about to decide.
    """
    told = _told(connection, log_id, subject, attempt_id)
    found = {party: _tie(record) for (who, party), record in told.items() if who == second}
    return ToldTies(found.pop(None, None), {str(party): tie for party, tie in found.items()})


def _tie(record: Record) -> Tie:
    text = str(record.attributes.get("tie", ""))
    return next((tie for tie in Tie if tie.value == text), Tie.UNKNOWN)


_Place: TypeAlias = tuple[str, str | None]


def _told(
    connection: Connection, log_id: str, subject: str, attempt_id: str
) -> dict[_Place, Record]:
    """Answer the last entry about each person, and the officer or a party."""
    records = declared_entries.records(connection, log_id, subject, (TIE_TOLD,), SOURCE)
    return {_place(each): each for each in records if each.attributes.get("attempt") == attempt_id}


def _place(record: Record) -> _Place:
    party = record.attributes.get("party")
    return str(record.attributes.get("second", "")), None if party is None else str(party)


def _same(known: Record, said: Mapping[str, object]) -> bool:
    return all(known.attributes.get(code) == value for code, value in said.items())
