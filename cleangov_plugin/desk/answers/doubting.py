"""This is wrong: an officer's doubt about a prompt goes to whoever answers for it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from cleangov_hooks import AnswerKind, Person
from cleangov_plugin.desk.checkpoint.recording import record
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.host_labels import step_called
from cleangov_plugin.desk.leads import end_of_term
from cleangov_plugin.desk.own_kinds import own_event
from cleangov_plugin.desk.own_words import whole
from cleangov_plugin.desk.prompting.choices import RECORD_WRONG
from cleangov_plugin.desk.prompting.reading import panel_of
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import DOUBT_SETTLED
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.prompts.panel import Offer
from cleangov_plugin.store import doubts, prompts, second_requests
from cleangov_plugin.store.second_requests import RequestRow

from . import asked_entries, refusing
from .refusing import refusals_noted
from .waiting import Row

#: For how long an answer stands on the officer's page.
_SHOWN: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtView:
    """A doubt about a prompt, for whoever raised it or may answer it.

    :param id: id of the request.
    :param case_id: the case.
    :param step: how the step is called; the host's own code where it declares no name.
    :param role: whom it was passed on to: the steward of the rule, or the owner of findings.
    :param is_about_record: whether what the prompt stands on is said to be wrong, not its rule.
    :param headline: one sentence of the prompt.
    :param body: paragraphs of the prompt.
    :param basis: citations of the prompt.
    :param words: the officer's own, oldest first.
    :param until: by when it is to be answered, in the agency's zone.
    :param is_late: whether it is past that and nobody has answered.
    :param is_own: whether the reader raised it, and so may not answer it.
    :param state: doubted, upheld or declined.
    :param reply: the words of the answer; empty while there is none.
    """

    id: str
    case_id: str
    step: str
    role: str
    is_about_record: bool
    headline: str
    body: tuple[str, ...]
    basis: tuple[str, ...]
    words: tuple[str, ...]
    until: datetime
    is_late: bool
    is_own: bool
    state: str
    reply: str

    @property
    def is_open(self) -> bool:
        """Answer whether nobody has answered yet."""
        return self.state == second_requests.DOUBTED


def pass_on(
    desk: Desk, connection: Connection, ledger: Ledger, prompt: Row, offer: Offer
) -> list[str]:
    """Pass a doubt on, with its day; one that waits already for the same answer is not doubled.

    A rule is its steward's; a record is the finding owner's. What is past its day waits for
    auditors as well, so that nothing waits for a role that nobody has.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param ledger: the agency's ledger.
    :param prompt: row of the prompt.
    :param offer: the answer that says it is wrong; any other passes nothing on.
    :return: what was opened, as the entry of the answer names it.
    """
    opened: list[str] = []
    if offer.kind is not AnswerKind.PROMPT_IS_WRONG:
        return opened
    about = RECORD_WRONG if offer.code == RECORD_WRONG else "rule"
    earlier = doubts.of_prompt(connection, prompt["prompt_id"])
    open_ones = {(r["role"], r["reason"]) for r in earlier if r["state"] == second_requests.DOUBTED}
    until = end_of_term(desk, ledger, desk.settings.doubt_days)
    named = {desk.settings.owner} if about == RECORD_WRONG else _stewards(desk, connection, prompt)
    for role in sorted(named):
        if (role, about) in open_ones:
            continue
        parts = json.dumps(["doubt", prompt["prompt_id"], about, role, len(earlier)])
        row = RequestRow(
            request_id=sha256(parts.encode()).hexdigest()[:32],
            log_id=prompt["log_id"],
            attempt_id=prompt["attempt_id"],
            prompt_id=prompt["prompt_id"],
            digest=prompt["digest"],
            role=role,
            requested_by=prompt["actor"],
            asked=None,
            requested_at=stamp(desk.host.now()),
            expires_at=stamp(until),
            reason=about,
        )
        second_requests.ask(connection, row, desk.retention("case"), second_requests.DOUBTED)
        opened.append(asked_entries.named(row, second_requests.DOUBTED))
    return opened


def settle(desk: Desk, request_id: str, person: Person, *, upholds: bool, words: str) -> None:
    """Answer a doubt; the same answer sent twice, as from two tabs, is taken once.

    The officer reads it on their own page and at the step. No step changes by it.

    :param desk: the desk.
    :param request_id: the doubt; hostile.
    :param person: who answers.
    :param upholds: whether the officer is right.
    :param words: what they are told; needed.
    :raises AnswerRefused: with the key of a phrase for the person.
    """
    with refusals_noted(desk, person, request_id), desk.database.own_transaction() as connection:
        request = second_requests.find(connection, request_id)
        if request is None or request["log_id"] != desk.host.agency().id:
            raise AnswerRefused("error.gone", where=refusing.UNKNOWN)
        own = desk.people.pseudonym(request["log_id"], "officer", person.id)
        state = second_requests.UPHELD if upholds else second_requests.DECLINED
        if (request["state"], request["decided_by"]) == (state, own):
            return
        if request["state"] != second_requests.DOUBTED:
            raise AnswerRefused("error.gone", where=refusing.OVER)
        if not _may_settle(desk, person, request["role"]):
            raise AnswerRefused("error.not_yours", where=refusing.ROLE)
        if request["requested_by"] == own:
            raise AnswerRefused("doubt.conflict", where=refusing.OWN_STEP)
        kept = whole(words)
        if kept is None:
            raise AnswerRefused("error.words")
        _settle(desk, connection, request, (person, own), state, kept)


def asked_of(desk: Desk, person: Person, language: str) -> tuple[DoubtView, ...]:
    """List the doubts that wait for a person, the first that is due first.

    What whoever it was passed on to has left past its day waits for auditors as well.

    :param desk: the desk.
    :param person: who looks.
    :param language: BCP 47 tag.
    """
    if not person.roles:
        return ()
    log_id = desk.host.agency().id
    late_on = desk.host.now() if _is_reviewer(desk, person) else None
    with desk.database.own_transaction(is_reading=True) as connection:
        found = doubts.waiting(connection, log_id, person.roles, late_on=late_on)
        return _views(desk, connection, found, person, language)


def raised_by(desk: Desk, person: Person, language: str) -> tuple[DoubtView, ...]:
    """List the doubts that a person raised, newest first, with their answers.

    :param desk: the desk.
    :param person: who looks.
    :param language: BCP 47 tag.
    """
    log_id, since = desk.host.agency().id, desk.host.now() - _SHOWN
    own = desk.people.pseudonym(log_id, "officer", person.id)
    with desk.database.own_transaction(is_reading=True) as connection:
        found = doubts.of_officer(connection, log_id, own, since)
        return _views(desk, connection, found, person, language)


def _settle(
    desk: Desk,
    connection: Connection,
    request: Row,
    who: tuple[Person, str],
    state: str,
    words: str,
) -> None:
    person, own = who
    now = desk.host.now()
    prompt = prompts.prompt(connection, request["prompt_id"])
    is_first = second_requests.decide(
        connection,
        request["request_id"],
        state,
        decided_by=own,
        now=now,
        reason=request["reason"],
        words=words,
        only=second_requests.DOUBTED,
    )
    if prompt is None or not is_first:
        raise AnswerRefused("error.gone")
    event = own_event(
        DOUBT_SETTLED,
        person,
        now,
        (prompt["log_id"], prompt["subject"]),
        step=prompt["step"],
        attributes={
            "prompt": prompt["prompt_id"],
            "request": request["request_id"],
            "choice": state,
            "words": words,
        },
    )
    record(desk, [event], connection)


def _stewards(desk: Desk, connection: Connection, prompt: Row) -> set[str]:
    """Name who answers for the rules of a prompt."""
    ledger = desk.shelf.ledger(connection, prompt["log_id"])
    named = (ref.partition("@")[::2] for ref in json.loads(prompt["rules"]))
    found = [
        desk.shelf.rule(connection, ledger, id_, int(version))
        for id_, version in named
        if ledger is not None
    ]
    return {rule.owner for rule in found if rule is not None} or {desk.settings.owner}


def _is_reviewer(desk: Desk, person: Person) -> bool:
    return bool(person.roles & frozenset(desk.settings.reviewers.split()))


def _may_settle(desk: Desk, person: Person, role: str) -> bool:
    return role in person.roles or _is_reviewer(desk, person)


def _views(
    desk: Desk,
    connection: Connection,
    found: Sequence[Row],
    person: Person,
    language: str,
) -> tuple[DoubtView, ...]:
    log_id, now = desk.host.agency().id, desk.host.now()
    ledger = desk.shelf.ledger(connection, log_id)
    own = desk.people.pseudonym(log_id, "officer", person.id)
    views = []
    for row in found:
        prompt = prompts.prompt(connection, str(row["prompt_id"]))
        panel = panel_of(desk, connection, ledger, prompt, language) if ledger and prompt else None
        if ledger is None or prompt is None or panel is None:
            continue
        until = instant(str(row["expires_at"]))
        views.append(
            DoubtView(
                id=str(row["request_id"]),
                case_id=prompt["subject"],
                step=step_called(desk, connection, prompt, language),
                role=str(row["role"]),
                is_about_record=row["reason"] == RECORD_WRONG,
                headline=panel.headline,
                body=panel.body,
                basis=panel.basis,
                words=_words(connection, row),
                until=until.astimezone(ledger.zone),
                is_late=row["state"] == second_requests.DOUBTED and until < now,
                is_own=row["requested_by"] == own,
                state=str(row["state"]),
                reply=str(row["words"] or ""),
            )
        )
    return tuple(views)


def _words(connection: Connection, request: Row) -> tuple[str, ...]:
    """Answer what the officer wrote about this very thing, in order."""
    given = prompts.answers_of(connection, [request["prompt_id"]])
    is_about_record = request["reason"] == RECORD_WRONG
    return tuple(
        row["words"]
        for row in given
        if row["kind"] == AnswerKind.PROMPT_IS_WRONG.value
        and (row["choice"] == RECORD_WRONG) == is_about_record
        and row["answered_by"] == request["requested_by"]
        and row["words"]
    )
