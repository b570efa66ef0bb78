"""What follows on an answer: somebody is asked to decide, or something has to come by a day."""

from datetime import date, datetime
from typing import Final

from cleangov_hooks import Event, Person
from cleangov_plugin.desk.checkpoint.recording import record
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.leads import due_on
from cleangov_plugin.desk.own_kinds import own_event
from cleangov_plugin.desk.own_words import whole
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import FOLLOW_UP_DECIDED
from cleangov_plugin.domain.terms import AttemptState, FollowUp
from cleangov_plugin.ledger.instants import stamp
from cleangov_plugin.prompts.panel import Offer
from cleangov_plugin.store import attempts, follow_ups, prompts
from cleangov_plugin.store.follow_ups import FollowRow

from . import refusing
from .asked_entries import follow_up_ended, named
from .basis import Basis
from .keeping import id_of
from .refusing import refusals_noted
from .tied import ties
from .waiting import Row

#: Kind of what follows, by what the choice says.
_KINDS: Final = {
    "recuse": FollowUp.RECUSAL,
    "glass": FollowUp.APPROVAL,
    "later": FollowUp.PUT_OFF,
}
#: Answers with a follow-up that let the step go on at once.
GOES_ON: Final = frozenset({"glass", "later"})


def follow(
    desk: Desk,
    connection: Connection,
    ledger: Ledger,
    prompt: Row,
    offer: Offer,
    told: tuple[str, Basis],
) -> list[str]:
    """Open what follows on an answer; on most of them nothing does.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param ledger: the agency's ledger.
    :param prompt: row of the prompt.
    :param offer: the choice.
    :param told: the answer, and what it rests on.
    :return: what was opened, as the entry of the answer names it.
    :raises AnswerRefused: where the officer has stepped back from the case before.
    """
    kind = _KINDS.get(offer.then)
    if kind is None:
        return []
    place = (prompt["log_id"], prompt["subject"], prompt["actor"])
    if kind is FollowUp.RECUSAL and follow_ups.stepped_back(connection, *place):
        raise AnswerRefused("error.waiting")
    row = _row(desk, ledger, prompt, offer, told)
    follow_ups.add(connection, row, desk.retention("case"))
    if kind is FollowUp.RECUSAL:
        attempt, held = (row.log_id, row.attempt_id), AttemptState.HELD
        attempts.decide_attempt(connection, *attempt, held, now=desk.host.now(), reason="recused")
    return [named(row, follow_ups.OPEN)]


def _row(
    desk: Desk, ledger: Ledger, prompt: Row, offer: Offer, told: tuple[str, Basis]
) -> FollowRow:
    answer_id, basis = told
    last = basis.until or due_on(desk, ledger, offer.days or desk.settings.request_days)
    return FollowRow(
        follow_id=id_of("follow", answer_id),
        log_id=prompt["log_id"],
        kind=_KINDS[offer.then].value,
        attempt_id=prompt["attempt_id"],
        prompt_id=prompt["prompt_id"],
        answer_id=answer_id,
        subject=prompt["subject"],
        actor=prompt["actor"],
        role=offer.role,
        asked=basis.approver_name,
        awaits=" ".join(offer.awaits) or None,
        asked_at=stamp(desk.host.now()),
        due_at=stamp(_end_of(ledger, last)),
    )


def withdraw(desk: Desk, connection: Connection, prompt_id: str) -> list[Event]:
    """Withdraw what follows on the answers to a prompt, and is not decided yet.

    :param desk: the desk.
    :param connection: a writing connection.
    :param prompt_id: the prompt.
    :return: what tells of it; the caller records it in the same transaction.
    :raises AnswerRefused: where it is decided at this very moment.
    """
    now, state = desk.host.now(), follow_ups.WITHDRAWN
    ended = []
    for row in filter(is_open, follow_ups.of_prompt(connection, prompt_id)):
        id_ = row["follow_id"]
        if not follow_ups.decide(connection, id_, state, decided_by=None, now=now):
            raise AnswerRefused("error.gone", where=refusing.OVER)
        ended.append(follow_up_ended(desk, connection, row, state))
    return ended


def is_open(row: Row) -> bool:
    """Answer whether a follow-up still waits.

    :param row: row of its table.
    """
    return bool(row["state"] == follow_ups.OPEN)


def is_follow_up(desk: Desk, id_: str) -> bool:
    """Answer whether an id names a follow-up, and no request to a second person.

    :param desk: the desk.
    :param id_: the id; hostile.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        return follow_ups.find(connection, id_) is not None


def settle_follow_up(
    desk: Desk, follow_id: str, person: Person, *, agrees: bool, words: str
) -> None:
    """Take a decision about a follow-up; the same one sent twice, as from two tabs, counts once.

    That an officer steps back: to agree is to give the case to somebody else, so that the step
    stays held for them; to decline, with a reason, is that they go on. That somebody approved a
    step that could not wait: to agree is to say that it was so.

    :param desk: the desk.
    :param follow_id: the follow-up; hostile.
    :param person: who decides.
    :param agrees: whether they agree.
    :param words: their own words; needed for a no.
    :raises AnswerRefused: with the key of a phrase for the person.
    """
    with refusals_noted(desk, person, follow_id), desk.database.own_transaction() as connection:
        row = follow_ups.find(connection, follow_id)
        if row is None or row["log_id"] != desk.host.agency().id or row["awaits"] is not None:
            raise AnswerRefused("error.gone", where=refusing.UNKNOWN)
        own = desk.people.pseudonym(row["log_id"], "officer", person.id)
        state = follow_ups.AGREED if agrees else follow_ups.DECLINED
        if (row["state"], row["decided_by"]) == (state, own):
            return
        _check(row, person, own)
        if row["kind"] == FollowUp.RECUSAL:  # whoever is tied themselves may not say of it
            ties(desk, connection, {**row, "requested_by": row["actor"]}, person)
        kept = whole(words)
        if not agrees and kept is None:
            raise AnswerRefused("error.words")
        _settle(desk, connection, row, (person, own), state, kept)


def _check(row: Row, person: Person, own: str) -> None:
    if row["asked"] is not None:
        if row["asked"] != own:
            raise AnswerRefused("error.not_yours", where=refusing.SOMEBODY_ELSE)
    elif row["role"] not in person.roles:
        raise AnswerRefused("error.not_yours", where=refusing.ROLE)
    if row["actor"] == own:
        raise AnswerRefused("follow.conflict", where=refusing.OWN_STEP)
    if not is_open(row):
        raise AnswerRefused("error.gone", where=refusing.OVER)


def _settle(
    desk: Desk,
    connection: Connection,
    row: Row,
    who: tuple[Person, str],
    state: str,
    words: str | None,
) -> None:
    (person, own), now = who, desk.host.now()
    prompt = prompts.prompt(connection, row["prompt_id"])
    is_first = follow_ups.decide(
        connection, row["follow_id"], state, decided_by=own, now=now, words=words
    )
    if prompt is None or not is_first:
        raise AnswerRefused("error.gone", where=refusing.OVER)
    event = own_event(
        FOLLOW_UP_DECIDED,
        person,
        now,
        (row["log_id"], row["subject"]),
        step=prompt["step"],
        attributes={
            "prompt": row["prompt_id"],
            "follow_up": row["follow_id"],
            "about": row["kind"],
            "choice": state,
            "words": words,
        },
    )
    record(desk, [event], connection)


def _end_of(ledger: Ledger, day: date) -> datetime:
    """Answer the last second of a civil day."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ledger.zone)
