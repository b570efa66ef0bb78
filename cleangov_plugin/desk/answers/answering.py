"""An officer's answer to a prompt, and what follows from it."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Final

from cleangov_hooks import Answer, Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_words import whole
from cleangov_plugin.desk.prompting import kept_panels
from cleangov_plugin.desk.prompting.choices import RECORD_IS_WRONG, SOMEBODY_ASKED, TAKE_BACK
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.terms import LAST_FATES, Fate
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.prompts.panel import Offer
from cleangov_plugin.store import attempts, follow_ups, prompts, second_requests
from cleangov_plugin.store.attempts import PassRow
from cleangov_plugin.store.prompts import AnswerRow

from . import refusing, whose_clock
from .asked_entries import OPENS
from .asking import WAY_OUT, ask, has_way_out
from .basis import Basis, checked, is_same_basis
from .doubting import pass_on
from .following import GOES_ON, follow, is_open
from .keeping import answers_so_far, id_of, keep, numbered, tell
from .noting import seal_note
from .refusing import refusals_noted
from .taking_back import take_back
from .waiting import Row, requests_of

#: Answers after which the officer's own form goes on to the host in the same click.
_GOES_ON: Final = frozenset({"pass", "regate"}) | GOES_ON
#: Answers that earn a pass at once.
_EARNS: Final = frozenset({"pass"}) | GOES_ON
#: Answers that leave the prompt as it stands, so that a form sent twice would be two of them.
_MAY_BE_REPEATED: Final = frozenset({"note", "page"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What became of an answer.

    :param attempt_id: the attempt.
    :param goes_on: whether the step is tried again at once.
    :param note: what the receipt of a note to oversight is got by; None where it was none.
    """

    attempt_id: str
    goes_on: bool
    note: str | None = None


def answer(desk: Desk, given: Answer, once: str = "") -> Answered:
    """Take an answer: refuse what does not fit, keep the rest, and do what follows.

    The same answer sent twice is taken once.

    :param desk: the desk.
    :param given: who answered what; hostile.
    :param once: the sender's Idempotency-Key, hostile; what came with it before is answered as it
        was then. Empty where there is none.
    :return: what became of it.
    :raises AnswerRefused: with the key of a phrase for the person.
    """
    with refusals_noted(desk, Person(id=given.actor_id, name=""), given.prompt_id):
        return _answered(desk, given, once)


def _answered(desk: Desk, given: Answer, once: str) -> Answered:
    with desk.database.own_transaction() as connection:
        if given.choice == TAKE_BACK:
            back = take_back(desk, connection, given)
            return Answered(attempt_id=back, goes_on=False)
        before = _before(desk, connection, given, once) if once else None
        if before is not None:
            return before
        prompt = _prompt(desk, connection, given)
        ends = prompt["expires_at"]
        if ends is None or ends >= stamp(desk.host.now()):
            return _taken(desk, connection, prompt, given, once)
        prompts.set_fate(connection, prompt["prompt_id"], Fate.EXPIRED, desk.host.now())
    # After the commit, which keeps the fate.
    raise AnswerRefused("error.lapsed", where=refusing.EXPIRED)


def _before(desk: Desk, connection: Connection, given: Answer, once: str) -> Answered | None:
    """Answer what became of the answer that came with this key; None where none did."""
    prompt = prompts.prompt(connection, given.prompt_id, is_held=True)
    if prompt is None:
        return None
    kept = prompts.answers_of(connection, [given.prompt_id])
    found = next((row for row in kept if row["answer_id"].endswith(_mark(prompt, once))), None)
    if found is None or found["answered_by"] != _own(desk, prompt, given):
        return None
    is_same = (found["choice"], found["words"]) == (given.choice, whole(given.text))
    if not (is_same and is_same_basis(connection, found["answer_id"], given)):
        raise AnswerRefused("error.key")
    ledger = desk.shelf.ledger(connection, prompt["log_id"])
    merged = (
        kept_panels.restore(desk.shelf, connection, ledger, prompt["outcomes"]) if ledger else None
    )
    offers = merged.offers if merged else ()
    goes_on = any(o.code == given.choice and o.then in _GOES_ON for o in offers)
    return Answered(attempt_id=prompt["attempt_id"], goes_on=goes_on)


def _taken(desk: Desk, connection: Connection, prompt: Row, given: Answer, once: str) -> Answered:
    if given.choice == SOMEBODY_ASKED:  # whichever rules the panel is of; and no answer to them
        note = seal_note(desk, connection, prompt, given, once)
        return Answered(attempt_id=prompt["attempt_id"], goes_on=False, note=note)
    ledger = desk.shelf.ledger(connection, prompt["log_id"])
    if ledger is None:
        raise AnswerRefused("error.gone")
    offer = _offer(desk, connection, ledger, prompt, given)
    basis = checked(desk, ledger, prompt, offer, given)

    def opened(answer_id: str) -> list[str]:
        found = pass_on(desk, connection, ledger, prompt, offer)
        if offer.then == "request":
            role = offer.role or "reviewer"
            found += ask(desk, connection, ledger, prompt, role, given.second_id or None)
        return found + follow(desk, connection, ledger, prompt, offer, (answer_id, basis))

    answer_id = _kept(desk, connection, prompt, offer, (given, basis), once, opened)
    if offer.then in _EARNS:
        grant(desk, connection, prompt, answer_id, minutes=desk.settings.pass_minutes)
    if offer.then in _GOES_ON:
        prompts.set_fate(connection, prompt["prompt_id"], Fate.ANSWERED, desk.host.now())
    return Answered(attempt_id=prompt["attempt_id"], goes_on=offer.then in _GOES_ON)


def grant(desk: Desk, connection: Connection, prompt: Row, answer_id: str, *, minutes: int) -> None:
    """Write the pass that an answer earns, bound to the payload the prompt was about.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param prompt: row of the prompt.
    :param answer_id: the answer.
    :param minutes: for how long it is good.
    """
    now = desk.host.now()
    row = PassRow(
        pass_id=id_of("pass", answer_id),
        log_id=prompt["log_id"],
        attempt_id=prompt["attempt_id"],
        prompt_id=prompt["prompt_id"],
        answer_id=answer_id,
        digest=prompt["digest"],
        issued_at=stamp(now),
        expires_at=stamp(now + timedelta(minutes=minutes)),
    )
    attempts.issue_pass(connection, row, desk.retention("case"))


def _prompt(desk: Desk, connection: Connection, given: Answer) -> Row:
    """Find the prompt, and refuse an answer by anybody but the officer it stands before."""
    prompt = prompts.prompt(connection, given.prompt_id, is_held=True)
    if prompt is None:
        raise AnswerRefused("error.gone", where=refusing.UNKNOWN)
    if prompt["actor"] != _own(desk, prompt, given):
        raise AnswerRefused("error.not_yours", where=refusing.SOMEBODY_ELSE)
    if Fate(prompt["fate"]) in LAST_FATES:
        raise AnswerRefused("error.gone", where=refusing.OVER)
    return prompt


def _own(desk: Desk, prompt: Row, given: Answer) -> str:
    return desk.people.pseudonym(prompt["log_id"], "officer", given.actor_id)


def _mark(prompt: Row, once: str) -> str:
    """Answer the end of the id of an answer that came with a key."""
    return id_of("once", prompt["prompt_id"], once)[:28]


def _offer(desk: Desk, connection: Connection, ledger: Ledger, prompt: Row, given: Answer) -> Offer:
    merged = kept_panels.restore(desk.shelf, connection, ledger, prompt["outcomes"])
    offers = (*merged.offers, RECORD_IS_WRONG, WAY_OUT) if merged else ()
    offer = next((offer for offer in offers if offer.code == given.choice), None)
    if offer is None:
        raise AnswerRefused("error.not_offered", where=refusing.NOT_OFFERED)
    asked = requests_of(desk, connection, prompt["log_id"], prompt["attempt_id"])
    latest = next((r for r in asked if r["prompt_id"] == prompt["prompt_id"]), None)
    if offer is WAY_OUT and not (merged and has_way_out(merged, latest)):
        raise AnswerRefused("error.not_offered", where=refusing.NOT_OFFERED)
    if any(row["state"] == second_requests.OPEN for row in asked):
        raise AnswerRefused("error.waiting")
    if any(map(is_open, follow_ups.of_prompt(connection, prompt["prompt_id"]))):
        raise AnswerRefused("error.waiting")
    return offer


def _kept(
    desk: Desk,
    connection: Connection,
    prompt: Row,
    offer: Offer,
    told: tuple[Answer, Basis],
    once: str,
    opened: Callable[[str], list[str]],
) -> str:
    """Keep the answer, with the officer's own words and what else it rests on."""
    given, basis = told
    words, earlier = whole(given.text), answers_so_far(connection, prompt)
    last = earlier[-1] if earlier else {}
    before = (last.get("prompt_id"), last.get("choice"), last.get("words"))
    is_again = before == (prompt["prompt_id"], offer.code, words)
    attempt = attempts.attempt(connection, prompt["log_id"], prompt["attempt_id"]) or {}
    person = Person(id=given.actor_id, name="", unit=attempt.get("unit"))
    if is_again and offer.then in _MAY_BE_REPEATED:
        return _again(desk, connection, prompt, last, person, opened)
    number = len(earlier)
    if once:  # the key's mark is in the id, so that what came with it is found again
        answer_id = f"{number:04x}{_mark(prompt, once)}"
    else:
        answer_id = numbered(number, "answer", prompt["prompt_id"], offer.code)
    since = instant(prompt["created_at"])
    clock = whose_clock.read(desk.host.now(), since, given.at, given.client_at)
    row = AnswerRow(
        answer_id=answer_id,
        prompt_id=prompt["prompt_id"],
        choice=offer.code,
        kind=offer.kind.value,
        answered_by=prompt["actor"],
        digest=prompt["digest"],
        answered_at=stamp(clock.at),
        client_at=stamp(clock.device) if clock.device else None,
        words=words,
    )
    told_too = {"clock_ahead": clock.ahead}
    keep(desk, connection, prompt, row, person, basis=basis, told=told_too, opened=opened)
    return answer_id


def _again(
    desk: Desk,
    connection: Connection,
    prompt: Row,
    last: Row,
    person: Person,
    opened: Callable[[str], list[str]],
) -> str:
    """Take an answer that is sent again for the one there is; what was settled is asked again."""
    kept = AnswerRow(**{field.name: last[field.name] for field in fields(AnswerRow)})
    opens = opened(kept.answer_id)
    if opens:
        tell(desk, connection, prompt, kept, person, None, {OPENS: tuple(opens)})
    return kept.answer_id
