"""The routes under /cleangov/: answers, decisions, the pages for auditors and IT, our style."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, redirect, request
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Answer, Person
from cleangov_plugin.desk.answers.answering import Answered
from cleangov_plugin.desk.answers.answering import answer as take_answer
from cleangov_plugin.desk.answers.device import given_at
from cleangov_plugin.desk.answers.doubting import settle as settle_doubt
from cleangov_plugin.desk.answers.following import settle_follow_up
from cleangov_plugin.desk.answers.refusing import FORM
from cleangov_plugin.desk.answers.refusing import note as note_refusal
from cleangov_plugin.desk.answers.second_person import decide as take_decision
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.prompting.choices import RECORD_WRONG
from cleangov_plugin.desk.served.signing import TOKEN

from .basis_fields import read_basis
from .check_page import add_check
from .crossing import let_cross
from .decided import remember
from .element import prompt_page, take_seen, whose
from .exceptions_page import add_exceptions
from .guarding import form
from .letters import add_letters
from .modes_page import add_modes
from .note_page import note, sealed
from .own_page import add_own
from .people_openapi import people_openapi
from .refusals import referrer, refused
from .request_page import add_request
from .review import add_pages
from .tokens import is_path, token_is_good
from .tongue import keep_choice
from .wanted import said, wants_data

#: Seconds in a form; a longer number is no age of an answer.
_SECONDS: Final = re.compile(r"[0-9]{1,7}", re.ASCII)


def blueprint(desk_of: Callable[[], Desk | None]) -> Blueprint:
    """Make the blueprint.

    :param desk_of: answers the desk, or None while the plugin is inert.
    :return: a blueprint that guards itself and touches no page of the host.
    """
    bp = Blueprint("cleangov", __name__, url_prefix="/cleangov", static_folder="static")

    _add_forms(bp, desk_of)
    bp.add_url_rule(
        "/prompts/<prompt_id>", "prompt", lambda prompt_id: prompt_page(desk_of(), prompt_id)
    )
    bp.add_url_rule("/whose", "whose", lambda: whose(desk_of()))
    bp.add_url_rule("/openapi.json", "openapi", _openapi)
    bp.add_url_rule("/notes/<id_>", "note", lambda id_: note(desk_of(), id_))
    for add in (add_own, add_modes, add_exceptions, add_request, add_pages, add_letters, add_check):
        add(bp, desk_of)

    def after(response: Response) -> Response:
        desk = desk_of()
        if desk is not None and request.endpoint != "cleangov.static":
            keep_choice(response, desk.host)
            let_cross(response, desk)
        return _headers(response)

    bp.after_request(after)
    return bp


def _openapi() -> Wire:
    """Describe the forms for scripts; it names nobody, and whoever asks may read it."""
    return said(people_openapi(request.script_root + request.path.removesuffix("/openapi.json")))


def _add_forms(bp: Blueprint, desk_of: Callable[[], Desk | None]) -> None:
    """Add what officers, second persons and stewards send."""

    def answer(prompt_id: str) -> Wire:
        return form(desk_of(), lambda desk, who: _answer(desk, who, prompt_id))

    def decide(request_id: str) -> Wire:
        return form(desk_of(), lambda desk, who: _decide(desk, who, request_id))

    def settle(request_id: str) -> Wire:
        return form(desk_of(), lambda desk, who: _settle(desk, who, request_id))

    def follow(follow_id: str) -> Wire:
        return form(desk_of(), lambda desk, who: _follow(desk, who, follow_id))

    bp.add_url_rule("/prompts/<prompt_id>/answers", "answer", answer, methods=["POST"])
    bp.add_url_rule("/requests/<request_id>", "decide", decide, methods=["POST"])
    bp.add_url_rule("/doubts/<request_id>", "settle", settle, methods=["POST"])
    bp.add_url_rule("/follow-ups/<follow_id>", "follow", follow, methods=["POST"])
    bp.add_url_rule(
        "/prompts/<prompt_id>/seen",
        "seen",
        lambda prompt_id: take_seen(desk_of(), prompt_id),
        methods=["POST"],
    )


def _answer(desk: Desk, person: Person, prompt_id: str) -> Wire:
    back, onward = request.form.get("cleangov_back", ""), request.form.get("cleangov_onward", "")
    bound = (person.id, prompt_id, back, onward)
    token = request.form.get("cleangov_token", "")
    if not token_is_good(desk.keys.key("form"), bound, token):
        note_refusal(desk, person, prompt_id, FORM)
        return refused("error.expired", 403, desk)
    is_about_record = request.form.get("cleangov_about") == "record"
    age = _age()
    given = Answer(
        prompt_id=prompt_id,
        choice=RECORD_WRONG if is_about_record else request.form.get("cleangov_choice", ""),
        actor_id=person.id,
        at=desk.host.now(),
        text=request.form.get("cleangov_text", "").strip(),
        client_at=None if age is None else given_at(desk, prompt_id, age),
        second_id=request.form.get("cleangov_second", "").strip(),
        **read_basis(request.form),
    )
    outcome = take_answer(desk, given, _once())
    if outcome.note is not None:
        return sealed(desk, outcome.note, outcome.attempt_id, back if is_path(back) else "")
    return _onward(outcome, back, onward)


def _onward(outcome: Answered, back: str, onward: str) -> Wire:
    """Answer where it goes on after an answer: to the host, or back to the page."""
    joint, attempt = "&" if "?" in back else "?", quote(outcome.attempt_id, safe="")
    target = f"{back}{joint}attempt_id={attempt}#cleangov-panel" if is_path(back) else "/"
    goes_on = outcome.goes_on and is_path(onward)
    if wants_data():
        way = ("POST", onward) if goes_on else ("GET", target)
        told = {"attempt_id": outcome.attempt_id, "goes_on": outcome.goes_on}
        return said({**told, "next": dict(zip(("method", "url"), way, strict=True))})
    # 307 keeps the method and the fields: the officer's own form, put right, goes on to the host
    # in the same click.
    return redirect(onward, 307) if goes_on else redirect(target, 303)


def _once() -> str:
    """Answer the Idempotency-Key of a script, or the one that stands in the form."""
    given = request.headers.get("Idempotency-Key") or request.form.get("cleangov_once", "")
    return given if TOKEN.fullmatch(given) else ""


def _age() -> timedelta | None:
    """Answer how long a device kept an answer for want of a connection; None where it did not."""
    text = request.form.get("cleangov_age", "")
    return timedelta(seconds=int(text)) if _SECONDS.fullmatch(text) else None


def _back() -> Wire:
    """Answer where it goes on after a decision: back to the page, and a script is told so."""
    if wants_data():
        return said({"goes_on": False, "next": {"method": "GET", "url": referrer()}})
    return redirect(referrer(), 303)


def _decide(desk: Desk, person: Person, request_id: str) -> Wire:
    token = request.form.get("cleangov_token", "")
    if not token_is_good(desk.keys.key("form"), (person.id, request_id), token):
        note_refusal(desk, person, request_id, FORM)
        return refused("error.expired", 403, desk)
    choice = request.form.get("cleangov_choice", "")
    if choice not in ("approve", "refuse"):  # a garbled form is no decision
        return refused("error.gone", 400, desk)
    reason = request.form.get("cleangov_text", "").strip()
    take_decision(desk, request_id, person, agrees=choice == "approve", reason=reason)
    return remember(_back(), request_id)


def _settle(desk: Desk, person: Person, request_id: str) -> Wire:
    token = request.form.get("cleangov_token", "")
    if not token_is_good(desk.keys.key("form"), (person.id, request_id), token):
        note_refusal(desk, person, request_id, FORM)
        return refused("error.expired", 403, desk)
    choice = request.form.get("cleangov_choice", "")
    if choice not in ("uphold", "decline"):  # a garbled form is no answer
        return refused("error.gone", 400, desk)
    words = request.form.get("cleangov_text", "").strip()
    settle_doubt(desk, request_id, person, upholds=choice == "uphold", words=words)
    return remember(_back(), request_id)


def _follow(desk: Desk, person: Person, follow_id: str) -> Wire:
    token = request.form.get("cleangov_token", "")
    if not token_is_good(desk.keys.key("form"), (person.id, follow_id), token):
        note_refusal(desk, person, follow_id, FORM)
        return refused("error.expired", 403, desk)
    choice = request.form.get("cleangov_choice", "")
    if choice not in ("agree", "decline"):  # a garbled form is no decision
        return refused("error.gone", 400, desk)
    words = request.form.get("cleangov_text", "").strip()
    settle_follow_up(desk, follow_id, person, agrees=choice == "agree", words=words)
    return remember(_back(), follow_id)


def _headers(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'self'",
    )
    return response
