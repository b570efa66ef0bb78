"""Whoever opens a case, or a finding of it, to look through it: an entry before the page is sent.

One entry for each reader, case and day: a page that is opened again tells nothing new. Imported
logs are for study, and nobody living is looked at in them.
"""

from datetime import datetime, time

from cleangov_plugin.desk.checkpoint.recording import record_one
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import own_event
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import CASE_VIEWED
from cleangov_plugin.store import own_entries, run_counts

from .readers import Reader


def viewed(
    desk: Desk, reader: Reader, log_id: str, case_id: str, finding: int | None = None
) -> None:
    """Write down that a case is looked at; where it cannot be, the page is not sent.

    What cannot be written just now is owed like every event.

    :param desk: the desk.
    :param reader: who looks.
    :param log_id: the ledger.
    :param case_id: the case; it is there.
    :param finding: the finding that they opened; None where it was the case.
    :raises AnswerRefused: with the key of a phrase.
    """
    if log_id != reader.own:
        return
    own = desk.people.pseudonym(log_id, "officer", reader.person.id)
    with desk.database.own_transaction(is_reading=True) as connection:
        if not _is_new(desk, connection, log_id, case_id, own):
            return
    attributes = {"finding": finding}
    place = (log_id, case_id)
    now = desk.host.now()
    event = own_event(CASE_VIEWED, reader.person, now, place, step="review", attributes=attributes)
    try:
        with desk.database.own_transaction() as connection:
            kept = record_one(desk, event, connection)
    except Exception as problem:  # whatever it was: no entry, no page
        raise AnswerRefused("error.unviewed") from problem
    if kept.is_lost:
        raise AnswerRefused("error.unviewed")


def _is_new(desk: Desk, connection: Connection, log_id: str, case_id: str, own: str) -> bool:
    """Answer whether nobody wrote down yet that this reader looked at this case today."""
    ledger = desk.shelf.ledger(connection, log_id)
    if ledger is None or log_id in run_counts.replayed(connection):
        return False
    begin = datetime.combine(desk.today(ledger), time(), ledger.zone)
    return not own_entries.is_there(connection, (log_id, case_id), CASE_VIEWED, own, since=begin)
