"""``/cleangov/sign-in``: the way in with a ticket of the platform, and the way out.

A link alone signs nobody in: whoever sends somebody their own ticket would have them work, and
answer, in a name that is not theirs (login CSRF). So the page names the person, and the press on it
counts, from this very page and in the browser that was shown it.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.wrappers import Response as Wire

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.served.once import Once
from cleangov_plugin.desk.served.refusals import Refusals
from cleangov_plugin.desk.served.tickets import Key, Ticket, TicketRefused, read_ticket, use_up
from cleangov_plugin.web.crossing import may_post
from cleangov_plugin.web.pages import page
from cleangov_plugin.web.refusals import refused
from cleangov_plugin.web.tokens import is_path
from cleangov_plugin.web.tongue import language_of

from . import session

logger = logging.getLogger("cleangov")
HOME: Final = "/cleangov/"
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What signing in needs.

    :param desk_of: answers the desk, or None while the plugin is inert.
    :param keys: of platforms, by id.
    :param once: what was used already.
    :param refusals: what was refused.
    """

    desk_of: Callable[[], Desk | None]
    keys: dict[str, Key]
    once: Once
    refusals: Refusals

    def refuse(self, key_id: str, code: str) -> Wire:
        """Answer that nobody was let in; it is counted and written down, and says no more.

        :param key_id: id of the key, where it is one of ours.
        :param code: why.
        """
        desk = self.desk_of()
        logger.info("a sign-in was refused: %s", code)
        if desk is not None:
            desk.counters.add(f"sign_in.refused.{code}")
            try:
                self.refusals.note(desk, key_id, f"sign_in.{code}")
            except Exception as problem:  # the page says no all the same
                logger.warning("a refused sign-in was not written: %s", type(problem).__name__)
        return refused("error.sign_in", 403, desk)


def signing_in(gate: Gate) -> Blueprint:
    """Make the pages of signing in with a ticket.

    :param gate: what it needs.
    """
    bp = Blueprint("cleangov_sign_in", __name__, url_prefix="/cleangov")
    bp.add_url_rule("/sign-in", "ticket", lambda: _ticket(gate), methods=["GET", "POST"])
    bp.add_url_rule("/sign-out", "out", lambda: _out(gate), methods=["GET", "POST"])
    bp.after_request(_headers)
    return bp


def onward() -> str:
    """Answer where somebody wanted to go: one of our own pages, nothing else."""
    asked = request.values.get("next", HOME)
    return asked if is_path(asked) and asked.startswith(HOME) else HOME


def _ticket(gate: Gate) -> Wire:
    desk = gate.desk_of()
    if desk is None:
        return refused("error.inert", 503, None)
    text = request.values.get("ticket", "")
    if not text:
        return refused("error.nobody", 401, desk)
    key_id = text.partition(".")[0]
    try:
        ticket = read_ticket(text, gate.keys, desk.host.agency().id, int(time.time()))
        if not _is_pressed(desk, text):
            return _asked(gate, desk, ticket, text)
        use_up(ticket, key_id, gate.once)
    except TicketRefused as problem:
        return gate.refuse(problem.key_id, problem.code)
    except OSError as problem:
        logger.warning("a ticket could not be used up: %s", type(problem).__name__)
        return refused("error.page.busy", 503, desk)
    session.sign_in(ticket.holder(), key_id)
    desk.counters.add("sign_in.done")
    return redirect(onward(), 303)


def _is_pressed(desk: Desk, text: str) -> bool:
    """Answer whether the button of our own page was pressed, where this browser was shown it."""
    is_form = request.method == "POST" and "pressed" in request.form
    return is_form and may_post(desk) and session.was_shown(text)


def _asked(gate: Gate, desk: Desk, ticket: Ticket, text: str) -> Wire:
    """Name the person whom a ticket lets in, and ask whether that is who looks."""
    there = session.signed_in(frozenset(gate.keys))
    session.show(text)
    html = page(
        "sign_in.html",
        language_of(desk.host),
        css=desk.host.url_for("cleangov.static", filename="cleangov.css"),
        person=ticket.holder(),
        instead_of=there.name if there is not None and there.id != ticket.person else "",
        ticket=text,
        onward=onward(),
    )
    return make_response(html)


def _out(gate: Gate) -> Wire:
    desk = gate.desk_of()
    if desk is None:
        return refused("error.inert", 503, None)
    tongue = language_of(desk.host)
    css = desk.host.url_for("cleangov.static", filename="cleangov.css")
    if request.method == "GET":
        return make_response(page("sign_out.html", tongue, css=css))
    if not may_post(desk):
        return refused("error.foreign", 403, desk)
    session.sign_out()
    return refused("error.signed_out", 200, desk)


def _headers(response: Response) -> Response:
    """Let the ticket in the address go nowhere, and the button stand in nobody else's page.

    With no referrer at all browsers send forms with ``Origin: null``, even to ourselves.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response
