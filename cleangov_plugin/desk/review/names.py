"""Asking for the name behind a pseudonym: the question is an entry before there is an answer."""

import logging
from dataclasses import dataclass
from typing import Final

from cleangov_plugin.desk.checkpoint.entering import enter
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import own_event
from cleangov_plugin.desk.own_words import cleaned
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import NAME_VIEWED
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.store import pseudonyms, review_cases, run_counts

from .readers import Reader, open_ledger

logger = logging.getLogger("cleangov")

_SHORTEST_REASON: Final = 4
_LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NameView:
    """A name, shown once.

    :param case_id: the case in which it was asked for.
    :param log_id: its ledger.
    :param pseudonym: the pseudonym.
    :param identity: the host's id of the person; None where the mapping was erased.
    :param row: number of the entry that says who asked.
    """

    case_id: str
    log_id: str
    pseudonym: str
    identity: str | None
    row: int


def may_ask(desk: Desk, connection: Connection, reader: Reader, log_id: str) -> bool:
    """Answer whether a reader may ask for names in a ledger.

    Only in the records of the platform's own authority: an imported log is for study, and
    nobody living is pointed at by it.

    :param desk: the desk.
    :param connection: any connection.
    :param reader: who asks.
    :param log_id: the ledger.
    """
    is_own = log_id == reader.own == desk.host.agency().id
    return reader.is_reviewer and is_own and log_id not in run_counts.replayed(connection)


def view_name(
    desk: Desk, reader: Reader, log_id: str, case_id: str, pseudonym: str, reason: str
) -> NameView:
    """Answer the name behind a pseudonym, once the question stands in the ledger.

    :param desk: the desk.
    :param reader: who asks.
    :param log_id: the ledger.
    :param case_id: the case they look at; hostile.
    :param pseudonym: whose name; hostile.
    :param reason: why; hostile.
    :return: the name.
    :raises AnswerRefused: with the key of a phrase, where it is not given.
    """
    why = (cleaned(reason) or "")[:_LONGEST_REASON]
    if len(why) < _SHORTEST_REASON:
        raise AnswerRefused("error.reason")
    with desk.database.own_transaction(is_reading=True) as connection:
        is_allowed = may_ask(desk, connection, reader, log_id)
        if not is_allowed or not _acts_in(desk, connection, reader, case_id, pseudonym):
            raise AnswerRefused("error.not_here")
    event = own_event(
        NAME_VIEWED,
        reader.person,
        desk.host.now(),
        (reader.own, case_id),
        step="review",
        attributes={"viewed": pseudonym, "reason": why},
    )
    try:
        with desk.database.own_transaction() as connection:
            entered = enter(desk, connection, event)
    except Exception as problem:  # whatever it was: no entry, no name
        logger.warning("a question for a name was not recorded: %s", type(problem).__name__)
        raise AnswerRefused("error.unrecorded") from problem
    # Read after the commit: no entry, no name.
    with desk.database.own_transaction(is_reading=True) as connection:
        found = pseudonyms.identities(connection, log_id, [pseudonym])
    return NameView(
        case_id=case_id,
        log_id=log_id,
        pseudonym=pseudonym,
        identity=found.get(pseudonym),
        row=entered.row,
    )


def _acts_in(
    desk: Desk, connection: Connection, reader: Reader, case_id: str, pseudonym: str
) -> bool:
    """Answer whether somebody acts in a case: a name is asked for where it is needed."""
    if open_ledger(desk, connection, reader, reader.own) is None:
        return False
    traces, _ = review_cases.traces(connection, reader.own, case_id, reader.reach)
    rows = review_cases.whole(connection, [trace.id for trace in traces])
    return any(
        pseudonym == row["actor"] or pseudonym in decode_record(row["body"]).parties
        for row in rows.values()
    )
