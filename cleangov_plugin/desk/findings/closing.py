"""Closing a finding: somebody not concerned says what became of it, with a reason."""

from typing import Final

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.letters.acting import recorded
from cleangov_plugin.desk.own_words import whole
from cleangov_plugin.desk.review.names import may_ask
from cleangov_plugin.desk.review.readers import Reader
from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.terms import CONFIRMED, UNFOUNDED, LetterState
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import case_officers, finding_changes, instruments, review_findings

from .changing import record_change

#: What a person may say became of a finding.
ENDINGS: Final = (CONFIRMED, UNFOUNDED)
#: Officers of a case that are looked at, as where a letter is written.
_MOST: Final = 20
_SHORTEST_REASON: Final = 4


def close(desk: Desk, reader: Reader, id_: int, disposition: str, reason: str) -> None:
    """Close a finding that waits. The entry of it is written with it, or it stays open.

    :param desk: the desk.
    :param reader: who closes it.
    :param id_: number of the finding; hostile.
    :param disposition: what became of it; hostile.
    :param reason: why; hostile.
    :raises AnswerRefused: with the key of a phrase.
    """
    if disposition not in ENDINGS:
        raise AnswerRefused("error.finding.ending")
    why = whole(reason) or ""
    if len(why) < _SHORTEST_REASON:
        raise AnswerRefused("error.letter.reason")

    def work(connection: Connection) -> None:
        row = review_findings.one_for(connection, id_, reader.reach, {reader.own})
        if row is None or not may_ask(desk, connection, reader, row["log_id"]):
            raise AnswerRefused("error.finding.not_here")
        own = desk.people.pseudonym(row["log_id"], "officer", reader.person.id)
        place = (row["log_id"], row["subject"])
        officers = case_officers.officers_of(connection, *place, reader.reach, _MOST)
        if own in {row["actor"], *(who for who, _ in officers)}:
            raise AnswerRefused("error.letter.concerned")
        letters = instruments.of_findings(connection, [id_], reader.reach)
        if any(letter["state"] == LetterState.WAITING.value for letter in letters):
            raise AnswerRefused("error.finding.letter")
        now = finding_changes.close(connection, id_, disposition, stamp(desk.host.now()))
        if now is None:
            raise AnswerRefused("error.finding.over")
        record_change(desk, connection, now, reader.person, reason=why)

    recorded(desk, work)
