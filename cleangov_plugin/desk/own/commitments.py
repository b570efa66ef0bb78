"""Commitments: one short text a function and year, due at the first risky step; it holds nothing.

That somebody confirmed it is an entry. Nobody is listed who has not, and no step waits for it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cleangov_hooks import Person, Stream
from cleangov_plugin.desk.checkpoint.recording import record
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import SOURCE, own_event
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import COMMITMENT_MADE
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.store import own_entries, own_steps

#: For how long a confirmation is good, and for how long after a risky step one is due.
GOOD_FOR: Final = timedelta(days=365)
DUE_AFTER: Final = timedelta(days=30)
#: Version of the texts: a new one is due anew.
VERSION: Final = 1
#: Of each function its text: zh, then en. It repeats duties of the law and asks for no vow.
TEXTS: Final[dict[Stream, tuple[str, str]]] = {
    Stream.ENFORCEMENT: (
        (
            "我办案时：亮明身份，听取申辩，不因申辩加重；罚款在裁量区间内，偏离的写明理由；"
            "有利害关系的回避；有人打招呼，如实记录。"
        ),
        (
            "In my cases I say who I am, hear the party and punish nobody more heavily for an "
            "answer; I keep to the band or write why not; I step back where I have a tie; and "
            "where somebody asks me for a favour, I record it."
        ),
    ),
    Stream.PERMIT: (
        (
            "我办件时：一次告知全部材料，按期办结，不多要一张纸；不给谁插队；"
            "有利害关系的回避；有人打招呼，如实记录。"
        ),
        (
            "In my files I ask for everything at once, decide in time and want no paper too many; "
            "nobody jumps the queue; I step back where I have a tie; and where somebody asks me "
            "for a favour, I record it."
        ),
    ),
    Stream.PROJECT: (
        (
            "我管项目时：先批准后变更，不拆分避批；按实际完成付款；"
            "有利害关系的回避；有人打招呼，如实记录。"
        ),
        (
            "In my projects a variation is approved before it is built and is not split; what is "
            "paid for was done; I step back where I have a tie; and where somebody asks me for a "
            "favour, I record it."
        ),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentView:
    """A commitment of one function.

    :param stream: the function.
    :param text: what is confirmed.
    :param made_at: when it was confirmed last, in the agency's zone; None where it is due.
    """

    stream: str
    text: str
    made_at: datetime | None


def subject_of(own: str) -> str:
    """Answer under which case, of nobody's, the commitments of an officer stand.

    :param own: pseudonym of the officer.
    """
    return f"cleangov.commitments.{own}"


def commitments(
    desk: Desk, connection: Connection, ledger: Ledger, person: Person, language: str
) -> tuple[CommitmentView, ...]:
    """Answer the commitments of an officer that are due, and those that they have confirmed.

    :param desk: the desk.
    :param connection: any connection.
    :param ledger: the agency's ledger.
    :param person: the officer.
    :param language: BCP 47 tag.
    """
    own, now = desk.people.pseudonym(ledger.log_id, "officer", person.id), desk.host.now()
    met = own_steps.prompted(
        connection, ledger.log_id, own, since=now - DUE_AFTER, size=20, is_done=False
    )
    made = _made(desk, connection, ledger, person)
    place = 0 if language.lower().startswith("zh") else 1
    streams = {str(row["stream"]) for row in met} | set(made)
    return tuple(
        CommitmentView(
            stream=stream.value,
            text=TEXTS[stream][place],
            made_at=made[stream.value].astimezone(ledger.zone) if stream.value in made else None,
        )
        for stream in TEXTS
        if stream.value in streams
    )


def is_due(
    desk: Desk, connection: Connection, ledger: Ledger, person: Person, stream: Stream
) -> bool:
    """Answer whether an officer at a risky step has not confirmed the text of their function.

    :param desk: the desk.
    :param connection: any connection.
    :param ledger: the agency's ledger.
    :param person: the officer.
    :param stream: the function.
    """
    return stream in TEXTS and stream.value not in _made(desk, connection, ledger, person)


def commit(desk: Desk, person: Person, stream: str, language: str) -> None:
    """Confirm a commitment; a second time within the year changes nothing.

    :param desk: the desk.
    :param person: who confirms.
    :param stream: the function; hostile.
    :param language: in which they read it.
    :raises AnswerRefused: where there is no such text.
    """
    if stream not in {each.value for each in TEXTS}:
        raise AnswerRefused("error.gone")
    log_id = desk.host.agency().id
    own, now = desk.people.pseudonym(log_id, "officer", person.id), desk.host.now()
    place = 0 if language.lower().startswith("zh") else 1
    event = own_event(
        COMMITMENT_MADE,
        person,
        now,
        (log_id, subject_of(own)),
        step="commitment",
        attributes={
            "function": stream,
            "version": VERSION,
            "words": TEXTS[Stream(stream)][place],
        },
    )
    with desk.database.own_transaction() as connection:
        ledger = desk.shelf.ledger(connection, log_id)
        if ledger is None:
            raise AnswerRefused("error.gone")
        if stream not in _made(desk, connection, ledger, person):
            record(desk, [event], connection)


def _made(
    desk: Desk, connection: Connection, ledger: Ledger, person: Person
) -> dict[str, datetime]:
    """Answer when somebody last confirmed the present text of each function."""
    own, now = desk.people.pseudonym(ledger.log_id, "officer", person.id), desk.host.now()
    rows = own_entries.of_kinds(
        connection, ledger.log_id, [subject_of(own)], [COMMITMENT_MADE], until=now, size=50
    )
    found: dict[str, datetime] = {}
    for row in rows:
        told = decode_record(row["body"], row["id"])
        is_ours = told.source == SOURCE and told.actor == own
        if (
            is_ours
            and now - told.occurred_at < GOOD_FOR
            and told.attributes.get("version") == VERSION
        ):
            found.setdefault(str(told.attributes.get("function", "")), told.occurred_at)
    return found
