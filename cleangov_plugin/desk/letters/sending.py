"""What those who supervise do about a letter: send it, give more time, withdraw it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.leads import term_end
from cleangov_plugin.desk.own_words import whole
from cleangov_plugin.desk.review.names import may_ask
from cleangov_plugin.desk.review.readers import Reader, open_ledger
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import (
    LETTER_EXTENDED,
    LETTER_SENT,
    LETTER_WITHDRAWN,
    TALK_HELD,
)
from cleangov_plugin.domain.terms import LetterAct, LetterState
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import instruments
from cleangov_plugin.store.instruments import ActDraft

from .acting import record, recorded
from .letter_words import meets_at, there
from .talks import asked_for, check_talk
from .templates import TALK, newest, said
from .writing import Given, Sheet, check_reason, obstacle, sheet_of

Row: TypeAlias = Mapping[str, Any]

_SHORTEST_REASON: Final = 4
_LONGEST_EXTENSION: Final = 30
_OPEN: Final = (LetterState.WAITING,)
#: What ends a letter: kind of its entry, and where the letter stands then.
_ENDS: Final[Mapping[LetterAct, tuple[str, LetterState | None]]] = {
    LetterAct.WITHDRAWN: (LETTER_WITHDRAWN, LetterState.WITHDRAWN),
    LetterAct.HELD: (TALK_HELD, LetterState.HELD),
    LetterAct.NOT_HELD: (TALK_HELD, LetterState.NOT_HELD),
}


def send(desk: Desk, reader: Reader, finding_id: int, given: Given) -> int:
    """Send a letter.

    :param desk: the desk.
    :param reader: who sends it.
    :param finding_id: the finding it is about; hostile.
    :param given: what they filled in; hostile.
    :return: number of the letter.
    :raises AnswerRefused: with the key of a phrase.
    """
    given = replace(given, words=whole(given.words) or "", reason=whole(given.reason) or "")
    return recorded(desk, lambda c: _send(desk, c, reader, finding_id, given))


def _send(desk: Desk, connection: Connection, reader: Reader, finding_id: int, given: Given) -> int:
    sheet = sheet_of(desk, connection, reader, finding_id, given)
    if sheet is None:
        raise AnswerRefused("error.letter.not_here")
    draft = sheet.draft
    if given.addressee and given.addressee != draft.addressee:
        raise AnswerRefused("error.letter.not_here")
    ledger = sheet.teller.ledger
    if draft.kind == TALK:
        check_talk(ledger, given.meets, given.place, desk.host.now())
    no = instruments.number(connection, draft.log_id, draft.kind, draft.year)
    in_the_way = obstacle(connection, sheet)  # asked once others wait: a question is put once
    if in_the_way:
        raise AnswerRefused(in_the_way)
    check_reason(sheet)
    id_ = instruments.send(connection, draft, no, desk.retention("case"))
    about: dict[str, Any] = {
        "letter": said(newest(draft.kind).number, "zh", year=draft.year, no=no),
        "finding": draft.finding_id,
        "to": draft.addressee,
        "due": date.fromisoformat(draft.due_on),
        **_meeting(sheet, draft.kind),
        "words": draft.words,
        "reason": draft.reason,
    }
    place = (draft.log_id, draft.subject)
    record(desk, connection, reader.person, place, LETTER_SENT, about)
    return id_


def _meeting(sheet: Sheet, kind: str) -> dict[str, Any]:
    if kind != TALK:
        return {}
    kept = json.loads(sheet.draft.parameters)["told"]
    return {"at": there(sheet.teller.ledger, kept["meets"]), "place": kept["place"]}


def extend(desk: Desk, reader: Reader, id_: int, days: int, reason: str) -> None:
    """Give more time for an answer, counted from the day that was asked for, or from today.

    :param desk: the desk.
    :param reader: who gives it.
    :param id_: number of the letter; hostile.
    :param days: working days.
    :param reason: why.
    :raises AnswerRefused: with the key of a phrase.
    """
    if not 0 < days <= _LONGEST_EXTENSION:
        raise AnswerRefused("error.letter.days")

    def work(connection: Connection, row: Row, why: str) -> None:
        ledger = open_ledger(desk, connection, reader, row["log_id"])
        if ledger is None or row["kind"] == TALK:
            raise AnswerRefused("error.letter.not_here")
        start = max(date.fromisoformat(row["due_on"]), desk.today(ledger))
        due = term_end(ledger, start, days)
        _act(desk, connection, reader, row, LetterAct.EXTENDED, why, due_on=due)

    _reasoned(desk, reader, id_, reason, work)


def move(desk: Desk, reader: Reader, id_: int, meets: str, reason: str) -> None:
    """Give a talk another time.

    :param desk: the desk.
    :param reader: who gives it.
    :param id_: number of the letter; hostile.
    :param meets: a minute of the agency's clock, ``"2026-03-12T10:00"``; hostile.
    :param reason: why; the person reads it.
    :raises AnswerRefused: with the key of a phrase.
    """

    def work(connection: Connection, row: Row, why: str) -> None:
        at = asked_for(_ledger_of_talk(desk, connection, reader, row), meets, desk.host.now())
        _act(desk, connection, reader, row, LetterAct.EXTENDED, why, due_on=at.date(), at=at)

    _reasoned(desk, reader, id_, reason, work)


def record_held(desk: Desk, reader: Reader, id_: int, reason: str, *, is_held: bool) -> None:
    """Say, after its time, whether a talk was held; what was said in it is recorded nowhere.

    :param desk: the desk.
    :param reader: who says it.
    :param id_: number of the letter; hostile.
    :param reason: who was there, or why it was not held.
    :param is_held: whether it was.
    :raises AnswerRefused: with the key of a phrase.
    """

    def work(connection: Connection, row: Row, why: str) -> None:
        ledger = _ledger_of_talk(desk, connection, reader, row)
        at = meets_at(ledger, row, instruments.acts_of(connection, [id_]))
        if at is not None and desk.host.now() < at:
            raise AnswerRefused("error.talk.early")
        kind = LetterAct.HELD if is_held else LetterAct.NOT_HELD
        _act(desk, connection, reader, row, kind, why)

    _reasoned(desk, reader, id_, reason, work)


def _ledger_of_talk(desk: Desk, connection: Connection, reader: Reader, row: Row) -> Ledger:
    ledger = open_ledger(desk, connection, reader, row["log_id"])
    if ledger is None or row["kind"] != TALK:
        raise AnswerRefused("error.letter.not_here")
    return ledger


def withdraw(desk: Desk, reader: Reader, id_: int, reason: str) -> None:
    """Withdraw a letter that has not been answered.

    :param desk: the desk.
    :param reader: who withdraws it.
    :param id_: number of the letter; hostile.
    :param reason: why; the person it went to reads it.
    :raises AnswerRefused: with the key of a phrase.
    """

    def work(connection: Connection, row: Row, why: str) -> None:
        _act(desk, connection, reader, row, LetterAct.WITHDRAWN, why)

    _reasoned(desk, reader, id_, reason, work)


def _reasoned(
    desk: Desk,
    reader: Reader,
    id_: int,
    reason: str,
    work: Callable[[Connection, Row, str], None],
) -> None:
    why = whole(reason) or ""
    if len(why) < _SHORTEST_REASON:
        raise AnswerRefused("error.letter.reason")

    def found(connection: Connection) -> None:
        row = instruments.one_for(connection, id_, reader.reach, {reader.own})
        if row is None or not may_ask(desk, connection, reader, row["log_id"]):
            raise AnswerRefused("error.letter.not_here")
        work(connection, row, why)

    recorded(desk, found)


def _act(
    desk: Desk,
    connection: Connection,
    reader: Reader,
    row: Row,
    kind: LetterAct,
    why: str,
    *,
    due_on: date | None = None,
    at: datetime | None = None,
) -> None:
    """Write an act and its entry."""
    draft = ActDraft(
        instrument_id=row["id"],
        kind=kind,
        done_by=desk.people.pseudonym(row["log_id"], "officer", reader.person.id),
        done_at=stamp(desk.host.now()),
        words=why,
        due_on=due_on.isoformat() if due_on else None,
        meets_at=stamp(at) if at else None,
    )
    event, state = _ENDS.get(kind, (LETTER_EXTENDED, None))
    if not instruments.act(connection, draft, desk.retention("case"), only=_OPEN, state=state):
        raise AnswerRefused("error.letter.over")
    about = {**about_letter(row), "due": due_on, "at": at, "reason": why}
    if event == TALK_HELD:
        about["is_held"] = kind is LetterAct.HELD
    record(desk, connection, reader.person, (row["log_id"], row["subject"]), event, about)


def about_letter(row: Row) -> dict[str, Any]:
    """Answer what every entry says of its letter.

    :param row: row of the letter.
    """
    number = said(newest(row["kind"]).number, "zh", year=row["year"], no=row["no"])
    return {"letter": number, "finding": row["finding_id"]}
