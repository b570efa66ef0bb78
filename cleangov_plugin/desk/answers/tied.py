"""Ties that keep a second person from deciding: to the officer, or to a party of the case."""

from collections.abc import Sequence
from typing import Final

from cleangov_hooks import Person, Relation, Tie, guarded_call
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.served.ties import ToldTies, told_ties
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.store import case_parties, prompts, pseudonyms

from . import refusing
from .waiting import Row

#: What is known of a tie, as the entry of a decision says it.
NO_TIE: Final = "none"
UNCHECKED: Final = "cannot_be_checked"


def ties(
    desk: Desk, connection: Connection, request: Row, person: Person, told: Tie | None = None
) -> dict[str, str | None]:
    """Answer what is known of ties of a second person.

    Whoever has a direct interest in a case stands back from it (Administrative Penalty Law 2021,
    article 43): that holds for who agrees to a step as for who takes it.

    :param desk: the desk.
    :param connection: any connection.
    :param request: row of the request.
    :param person: who is about to decide.
    :param told: what a platform far away told of a tie to the officer; None asks the host.
    :return: ``tie`` to the officer, and ``party_tie`` to parties: none, or that it cannot be
        checked; of a case without parties None.
    :raises AnswerRefused: where there is one.
    """
    log_id, prompt = request["log_id"], prompts.prompt(connection, request["prompt_id"])
    before, parties = ToldTies(None, {}), case_parties.Parties((), is_whole=True)
    if prompt is not None:
        second = desk.people.pseudonym(log_id, "officer", person.id)
        place = (log_id, prompt["subject"])
        before = told_ties(connection, *place, request["attempt_id"], second)
        parties = case_parties.parties_of(connection, *place)
    known = [told] if told is not None else _to_officer(desk, connection, request, prompt, person)
    known += [] if before.officer is None else [before.officer]
    found = _to_parties(desk, connection, log_id, person, parties.names)
    found = {party: before.parties.get(party, tie) for party, tie in found.items()}
    if Tie.YES in (*known, *found.values(), *before.parties.values()):
        raise AnswerRefused("inbox.tied", where=refusing.TIED)
    is_free = parties.is_whole and all(tie is Tie.NO for tie in found.values())
    return {
        "tie": NO_TIE if Tie.NO in known else UNCHECKED,
        "party_tie": (NO_TIE if is_free else UNCHECKED) if found or not parties.is_whole else None,
    }


def _to_officer(
    desk: Desk, connection: Connection, request: Row, prompt: Row | None, person: Person
) -> list[Tie]:
    """Ask the host of a tie to the officer whose step it is."""
    row = pseudonyms.found(connection, request["log_id"], request["requested_by"])
    officer = row["identity"] if row else None
    if officer is None or prompt is None:  # erased, or not written yet
        return []
    report = guarded_call(
        desk.host.plugins,
        "cleangov_reporting_tie",
        officer_id=officer,
        second_id=person.id,
        role=request["role"],
        case_id=prompt["subject"],
    )
    return [answer.tie for answer in report.values if isinstance(answer, Relation)]


def _to_parties(
    desk: Desk, connection: Connection, log_id: str, person: Person, parties: Sequence[str]
) -> dict[str, Tie]:
    """Ask the host of ties to the parties of a case; of whom nothing is known it is unknown."""
    names = pseudonyms.identities(connection, log_id, parties) if parties else {}
    found = dict.fromkeys(parties, Tie.UNKNOWN)
    for party, name in names.items():
        report = guarded_call(
            desk.host.plugins, "cleangov_relation", officer_id=person.id, party_id=name
        )
        answers = [answer.tie for answer in report.values if isinstance(answer, Relation)]
        found[party] = answers[0] if answers else Tie.UNKNOWN
    return found
