"""The routes under /cleangov/: an officer's answer, a second person's decision, our style sheet."""

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Answer, Person
from cleangov_plugin.desk.answering import answer as take_answer
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.second_person import decide as take_decision
from cleangov_plugin.domain.errors import AnswerRefused, CleanGovError

from .pages import page
from .tokens import is_path, is_same_origin, token_is_good
from .words import word


def blueprint(desk_of: Callable[[], Desk | None]) -> Blueprint:
    """Make the blueprint.

    :param desk_of: answers the desk, or None while the plugin is inert.
    :return: a blueprint that guards itself and touches no page of the host.
    """
    bp = Blueprint("cleangov", __name__, url_prefix="/cleangov", static_folder="static")

    def answer(prompt_id: str) -> Wire:
        return _guarded(desk_of(), lambda desk, who: _answer(desk, who, prompt_id))

    def decide(request_id: str) -> Wire:
        return _guarded(desk_of(), lambda desk, who: _decide(desk, who, request_id))

    bp.add_url_rule("/prompts/<prompt_id>/answers", "answer", answer, methods=["POST"])
    bp.add_url_rule("/requests/<request_id>", "decide", decide, methods=["POST"])
    bp.after_request(_headers)
    return bp


def _guarded(desk: Desk | None, act: Callable[[Desk, Person], Wire]) -> Wire:
    """Let a form in: plugin ready, same origin, somebody signed in; refuse in plain words."""
    if desk is None or desk.host.switched_off():
        return _refused("error.busy", 503, None)
    if not is_same_origin(dict(request.headers), request.host):
        return _refused("error.foreign", 403, desk)
    person = desk.host.person()
    if person is None:
        return _refused("error.nobody", 401, desk)
    try:
        return act(desk, person)
    except AnswerRefused as problem:
        return _refused(problem.what, 409, desk)
    except CleanGovError:
        return _refused("error.busy", 503, desk)


def _answer(desk: Desk, person: Person, prompt_id: str) -> Wire:
    back, onward = request.form.get("cleangov_back", ""), request.form.get("cleangov_onward", "")
    bound = (person.id, prompt_id, back, onward)
    token = request.form.get("cleangov_token", "")
    if not token_is_good(desk.keys.key("form"), bound, token):
        return _refused("error.expired", 403, desk)
    given = Answer(
        prompt_id=prompt_id,
        choice=request.form.get("cleangov_choice", ""),
        actor_id=person.id,
        at=desk.host.now(),
        text=request.form.get("cleangov_text", "").strip(),
    )
    outcome = take_answer(desk, given)
    if outcome.goes_on and is_path(onward):
        # 307 keeps the method and the fields: the officer's own form, put right, goes on to the
        # host in the same click.
        return redirect(onward, 307)
    joint = "&" if "?" in back else "?"
    target = (
        f"{back}{joint}attempt_id={outcome.attempt_id}#cleangov-panel" if is_path(back) else "/"
    )
    return redirect(target, 303)


def _decide(desk: Desk, person: Person, request_id: str) -> Wire:
    token = request.form.get("cleangov_token", "")
    if not token_is_good(desk.keys.key("form"), (person.id, request_id), token):
        return _refused("error.expired", 403, desk)
    choice = request.form.get("cleangov_choice", "")
    reason = request.form.get("cleangov_text", "").strip()
    take_decision(desk, request_id, person, agrees=choice == "approve", reason=reason)
    return redirect(_referrer(), 303)


def _referrer() -> str:
    """Answer the page the form was sent from, if it is one of this host."""
    prefix = request.host_url.rstrip("/")
    source = request.referrer or ""
    path = source[len(prefix) :] if source.startswith(prefix + "/") else "/"
    return path if is_path(path) else "/"


def _refused(key: str, status: int, desk: Desk | None) -> Wire:
    language = desk.host.language() if desk else "zh-CN"
    css = desk.host.url_for("cleangov.static", filename="cleangov.css") if desk else ""
    html = page("error.html", language, text=word(key, language), css=css, back=_referrer())
    return make_response(html, status)


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
