"""A second person is asked, then the next one, until there is a way out: no step waits for ever."""

from datetime import datetime
from typing import Final

from cleangov_hooks import AnswerKind
from cleangov_plugin.desk.checkpoint.recording import record
from cleangov_plugin.desk.clocks.deadline import Deadline, deadline_of
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.leads import end_of_term
from cleangov_plugin.desk.own_kinds import own_event
from cleangov_plugin.desk.prompting.choices import UNANSWERED
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.our_kinds import REQUEST_PASSED_ON
from cleangov_plugin.domain.terms import AttemptState, Tier
from cleangov_plugin.ledger.instants import instant, stamp
from cleangov_plugin.prompts.panel import Offer, Panel
from cleangov_plugin.store import attempts, prompts, second_requests
from cleangov_plugin.store.second_requests import EXPIRED, NOBODY, OPEN, RequestRow

from . import asked_entries
from .deciders import holders, is_somebody_there
from .keeping import id_of
from .waiting import Row, end_requests

_LONGEST: Final = 200
_WAITING: Final = frozenset({AttemptState.WAITING})
#: The answer that goes on where nobody could be asked, or nobody answered.
WAY_OUT: Final = Offer(code=UNANSWERED, kind=AnswerKind.JUSTIFIED, then="pass", needs_text=True)


def ask(
    desk: Desk,
    connection: Connection,
    ledger: Ledger,
    prompt: Row,
    role: str,
    named: str | None = None,
) -> list[str]:
    """Ask a second person; the attempt waits until the end of the last working day.

    It never waits into the end of the term that the step would end: see `clocks.deadline`. Where
    the host knows its people and nobody has the role, the next in line is asked at once.
    Where nobody is left, that is kept: the officer reads it, and has a way out.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param ledger: the agency's ledger.
    :param prompt: row of the prompt.
    :param role: the role that the rule names.
    :param named: the person asked by name, as the host knows them; None asks the role at large.
    :return: what was opened, as the entry of the answer names it.
    :raises AnswerRefused: where the one who is named does not have the role, or is the officer.
    """
    ended = end_requests(desk, connection, prompt["log_id"], prompt["attempt_id"])
    record(desk, ended, connection)
    if named:
        asked = _named(desk, prompt, role, named)
        return [_put(desk, connection, ledger, prompt, (role, role), asked)]
    found = _next(desk, connection, prompt, [role, *_heads(desk, role)])
    return [_put(desk, connection, ledger, prompt, (found, role))]


def run_out(desk: Desk, connection: Connection, ledger: Ledger, request: Row) -> bool:
    """End a request that nobody answered in time, and ask the next in line; else the step is held.

    After a person the role at large is asked, then the heads in their order. On the last working
    day of the term that the step would end nobody else is asked: the officer has the way out.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param ledger: the agency's ledger.
    :param request: row of the request, open and past its time.
    :return: False where it was decided meanwhile.
    """
    now, id_ = desk.host.now(), request["request_id"]
    if not second_requests.decide(connection, id_, EXPIRED, decided_by=None, now=now):
        return False
    prompt = prompts.prompt(connection, request["prompt_id"])
    deadline = _deadline(desk, connection, ledger, request)
    wanted = request["instead_of"] or request["role"]
    line = [wanted, *_heads(desk, wanted)]
    if request["asked"] is None:
        line = line[line.index(request["role"]) + 1 :] if request["role"] in line else []
    line = [] if deadline is not None and deadline.is_near(now) else line
    found = _next(desk, connection, prompt, line) if prompt is not None else None
    if prompt is None or found is None:
        where = (request["log_id"], request["attempt_id"])
        attempts.decide_attempt(
            connection, *where, AttemptState.HELD, now=now, reason="expired", only=_WAITING
        )
        record(desk, [asked_entries.request_ended(desk, connection, request, EXPIRED)], connection)
    else:
        opened = _put(desk, connection, ledger, prompt, (found, wanted))
        _enter(desk, connection, prompt, request, (found, opened))
    return True


def bound(desk: Desk, connection: Connection, ledger: Ledger, request: Row) -> None:
    """End a request sooner, where the term that its step would end has come to be over sooner.

    :param desk: the desk.
    :param connection: a writing connection of our own.
    :param ledger: the agency's ledger.
    :param request: row of the request, open.
    """
    deadline, until = _deadline(desk, connection, ledger, request), instant(request["expires_at"])
    sooner = until if deadline is None else deadline.bound(desk.host.now(), until)
    if sooner < until:
        second_requests.end_sooner(connection, request["request_id"], sooner)


def _deadline(desk: Desk, connection: Connection, ledger: Ledger, request: Row) -> Deadline | None:
    """Answer the term that the step of a request or a prompt would end."""
    attempt = attempts.attempt(connection, request["log_id"], request["attempt_id"])
    if attempt is None:
        return None
    return deadline_of(desk, connection, ledger, attempt["subject"], attempt["kind"])


def has_way_out(merged: Panel, request: Row | None) -> bool:
    """Answer whether the officer may go on without a second person.

    Only where one was asked for and nobody is left to ask, and never where the law refuses the
    step: there it is break-glass that is left. What goes on so is a finding.

    :param merged: the panel.
    :param request: the latest request about it; None where nobody was asked.
    """
    is_open_ended = request is not None and request["state"] in (EXPIRED, NOBODY)
    return is_open_ended and merged.tier is Tier.SECOND_PERSON


def _heads(desk: Desk, role: str) -> list[str]:
    return [each for each in desk.settings.second_heads.split() if each != role]


def _next(desk: Desk, connection: Connection, prompt: Row, line: list[str]) -> str | None:
    """Answer the next role in line in which somebody can be asked; one the host cannot tell of."""
    log_id, own = prompt["log_id"], prompt["actor"]
    there = (
        role
        for role in line
        if is_somebody_there(desk, connection, log_id, role, lambda name: name == own) is not False
    )
    return next(there, None)


def _named(desk: Desk, prompt: Row, role: str, named: str) -> str:
    """Answer the pseudonym of who is asked by name. Whether they have the role counts at last
    when they decide; where the host knows its people, it is said at once."""
    found = holders(desk, role)
    name = desk.people.pseudonym(prompt["log_id"], "officer", named)
    is_holder = found is None or any(person.id == named for person in found)
    if not is_holder or name == prompt["actor"] or len(named) > _LONGEST:
        raise AnswerRefused("error.second")
    return name


def _put(
    desk: Desk,
    connection: Connection,
    ledger: Ledger,
    prompt: Row,
    roles: tuple[str | None, str],
    asked: str | None = None,
) -> str:
    """Write a request to the role that is asked, in place of the one that is wanted; name it."""
    role, wanted = roles
    now, place = desk.host.now(), (prompt["log_id"], prompt["attempt_id"])
    until = _until(desk, connection, ledger, prompt) if role else now
    number = len(second_requests.of_attempt(connection, *place))
    row = RequestRow(
        request_id=id_of("request", prompt["prompt_id"], str(number)),
        log_id=place[0],
        attempt_id=place[1],
        prompt_id=prompt["prompt_id"],
        digest=prompt["digest"],
        role=role or wanted,
        requested_by=prompt["actor"],
        asked=asked,
        requested_at=stamp(now),
        expires_at=stamp(until),
        instead_of=wanted if role not in (None, wanted) else None,
    )
    state = OPEN if role else NOBODY
    second_requests.ask(connection, row, desk.retention("case"), state)
    if role:
        attempts.decide_attempt(
            connection, *place, AttemptState.WAITING, now=now, reason="waiting", hold_until=until
        )
    return asked_entries.named(row, state)


def _until(desk: Desk, connection: Connection, ledger: Ledger, prompt: Row) -> datetime:
    """Answer until when a second person is waited for, who is asked now."""
    until = end_of_term(desk, ledger, desk.settings.request_days)
    deadline = _deadline(desk, connection, ledger, prompt)
    return until if deadline is None else deadline.bound(desk.host.now(), until)


def _enter(
    desk: Desk, connection: Connection, prompt: Row, request: Row, asked: tuple[str, str]
) -> None:
    """Write the entry: nobody answered, and somebody else is asked."""
    role, opened = asked
    event = own_event(
        REQUEST_PASSED_ON,
        None,
        desk.host.now(),
        (prompt["log_id"], prompt["subject"]),
        step=prompt["step"],
        attributes={
            "prompt": prompt["prompt_id"],
            "request": request["request_id"],
            "role": role,
            asked_entries.OPENS: (opened,),
        },
    )
    record(desk, [event], connection)
