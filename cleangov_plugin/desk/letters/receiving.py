"""The person a letter goes to: what waits for them, what it stands on, and their answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_words import whole
from cleangov_plugin.desk.review.finding_views import FindingStory
from cleangov_plugin.desk.review.findings import story
from cleangov_plugin.desk.review.readers import Reader, open_ledger
from cleangov_plugin.desk.review.rule_words import Teller
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import LETTER_ANSWERED, LETTER_TIME_ASKED, TALK_ACCEPTED
from cleangov_plugin.domain.terms import LetterAct, LetterState
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.store import instruments, review_findings
from cleangov_plugin.store.instruments import ActDraft
from cleangov_plugin.store.review import Reach

from .acting import record, recorded
from .letter_words import meets_at, tell_all
from .sending import about_letter
from .talks import asked_for
from .templates import TALK
from .views import LetterView

Row: TypeAlias = Mapping[str, Any]

_SHORTEST_REASON: Final = 4
#: Kinds of the entries of what the person does.
_EVENTS: Final = {
    LetterAct.ANSWER: LETTER_ANSWERED,
    LetterAct.TIME_ASKED: LETTER_TIME_ASKED,
    LetterAct.ACCEPTED: TALK_ACCEPTED,
}
#: Letters that stand in somebody's inbox, and the days for which one that is over stays there.
_MOST: Final = 10
_STAYS: Final = timedelta(days=30)
#: What somebody may see of the one finding they are asked about: all it stands on.
_ALL_OF_IT: Final = Reach(sees_hidden=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterStory:
    """A letter with everything it stands on.

    :param letter: the letter.
    :param story: the finding it is about.
    :param is_mine: whether it went to the person who looks.
    :param may_act: whether the person who looks may give more time or withdraw it.
    """

    letter: LetterView
    story: FindingStory
    is_mine: bool
    may_act: bool


def inbox(desk: Desk, person: Person, language: str) -> tuple[LetterView, ...]:
    """Answer the letters that stand in somebody's inbox, the newest first.

    :param desk: the desk.
    :param person: who looks.
    :param language: BCP 47 tag.
    """
    log_id = desk.host.agency().id
    own = desk.people.pseudonym(log_id, "officer", person.id)
    since = stamp(desk.host.now() - _STAYS)
    with desk.database.own_transaction(is_reading=True) as connection:
        found = [
            row
            for row in instruments.to_person(connection, log_id, own, _MOST)
            if row["state"] == LetterState.WAITING.value or row["changed_at"] >= since
        ]
        teller = _teller(desk, connection, person, log_id, language) if found else None
        return tell_all(teller, found) if teller else ()


def letter(
    desk: Desk, person: Person, reader: Reader | None, language: str, id_: int
) -> LetterStory | None:
    """Tell a letter with everything it stands on.

    :param desk: the desk.
    :param person: who looks.
    :param reader: the same person as somebody who supervises; None where they do not.
    :param language: BCP 47 tag.
    :param id_: number of the letter; hostile.
    :return: the story; None where there is none, or it is not for them to see.
    """
    log_id = desk.host.agency().id
    own = desk.people.pseudonym(log_id, "officer", person.id)
    with desk.database.own_transaction(is_reading=True) as connection:
        row = instruments.one_to(connection, log_id, id_, own)
        is_mine = row is not None
        if row is None and reader is not None:
            row = instruments.one_for(connection, id_, reader.reach, {reader.own})
        if row is None:
            return None
        seen = _ALL_OF_IT if is_mine or reader is None else reader.reach
        teller = _teller(desk, connection, person, log_id, language, seen)
        found = review_findings.one_for(connection, row["finding_id"], seen, {log_id})
        if teller is None or found is None:
            return None
        (view,) = tell_all(teller, [row])
        view = replace(view, reason="") if is_mine else view
        may_act = not is_mine and reader is not None and reader.is_reviewer and view.is_waiting
        told = story(teller, found)
        return LetterStory(letter=view, story=told, is_mine=is_mine, may_act=may_act)


def answer(
    desk: Desk, person: Person, id_: int, words: str, *, wants_time: bool, meets: str = ""
) -> None:
    """Take the answer to a letter, or the wish for more time; of a talk, for another time.

    An answer that comes late is an answer. The same words sent twice are one.

    :param desk: the desk.
    :param person: who answers.
    :param id_: number of the letter; hostile.
    :param words: what they say; hostile.
    :param wants_time: whether they ask for more time instead.
    :param meets: of a talk, when they could come: ``"2026-03-12T10:00"``; hostile.
    :raises AnswerRefused: with the key of a phrase.
    """
    said = whole(words)
    if said is None or (wants_time and len(said) < _SHORTEST_REASON):
        raise AnswerRefused("error.letter.time" if wants_time else "error.letter.words")
    log_id = desk.host.agency().id
    own = desk.people.pseudonym(log_id, "officer", person.id)

    def work(connection: Connection) -> None:
        row = instruments.one_to(connection, log_id, id_, own)
        if row is None:
            raise AnswerRefused("error.letter.not_yours")
        kind = LetterAct.TIME_ASKED if wants_time else LetterAct.ANSWER
        at = None
        if wants_time and row["kind"] == TALK:
            at = asked_for(_ledger(desk, connection, log_id), meets, desk.host.now())
        before = instruments.acts_of(connection, [id_])
        same = (kind.value, said, stamp(at) if at else None)
        if before and tuple(before[-1][name] for name in ("kind", "words", "due_on")) == same:
            return
        _keep(desk, connection, person, row, (kind, said, at))

    recorded(desk, work)


def accept(desk: Desk, person: Person, id_: int) -> None:
    """Accept the time of a talk, as it is now; accepted twice, it counts once.

    :param desk: the desk.
    :param person: who accepts.
    :param id_: number of the letter; hostile.
    :raises AnswerRefused: with the key of a phrase.
    """
    log_id = desk.host.agency().id
    own = desk.people.pseudonym(log_id, "officer", person.id)

    def work(connection: Connection) -> None:
        row = instruments.one_to(connection, log_id, id_, own)
        if row is None or row["kind"] != TALK:
            raise AnswerRefused("error.letter.not_yours")
        before = instruments.acts_of(connection, [id_])
        if before and before[-1]["kind"] == LetterAct.ACCEPTED.value:
            return
        at = meets_at(_ledger(desk, connection, log_id), row, before)
        if at is None or at <= desk.host.now():
            raise AnswerRefused("error.talk.past")
        _keep(desk, connection, person, row, (LetterAct.ACCEPTED, None, at))

    recorded(desk, work)


def _ledger(desk: Desk, connection: Connection, log_id: str) -> Ledger:
    ledger = desk.shelf.ledger(connection, log_id)
    if ledger is None:
        raise AnswerRefused("error.letter.not_here")
    return ledger


def _keep(
    desk: Desk,
    connection: Connection,
    person: Person,
    row: Row,
    what: tuple[LetterAct, str | None, datetime | None],
) -> None:
    kind, said, at = what
    is_answer = kind is LetterAct.ANSWER
    draft = ActDraft(
        instrument_id=row["id"],
        kind=kind,
        done_by=row["addressee"],
        done_at=stamp(desk.host.now()),
        words=said,
        meets_at=stamp(at) if at else None,
    )
    open_ = (LetterState.WAITING, LetterState.ANSWERED) if is_answer else (LetterState.WAITING,)
    state = LetterState.ANSWERED if is_answer else None
    if not instruments.act(connection, draft, desk.retention("case"), only=open_, state=state):
        raise AnswerRefused("error.letter.over")
    about = {**about_letter(row), "words" if is_answer else "reason": said, "at": at}
    event = _EVENTS[kind]
    record(desk, connection, person, (row["log_id"], row["subject"]), event, about)


def _teller(
    desk: Desk,
    connection: Connection,
    person: Person,
    log_id: str,
    language: str,
    reach: Reach = _ALL_OF_IT,
) -> Teller | None:
    reader = Reader(person=person, own=log_id, reach=reach, language=language)
    ledger = open_ledger(desk, connection, reader, log_id)
    if ledger is None:
        return None
    return Teller(desk=desk, connection=connection, ledger=ledger, reader=reader)
