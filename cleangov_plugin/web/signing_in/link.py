"""``/cleangov/sign-in``: the way in with a ticket of the platform, and the way out."""

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
from cleangov_plugin.desk.served.tickets import Key, TicketRefused, read_ticket
from cleangov_plugin.web.crossing import may_post
from cleangov_plugin.web.pages import page
from cleangov_plugin.web.refusals import refused
from cleangov_plugin.web.tokens import is_path
from cleangov_plugin.web.tongue import language_of

from . import session

logger = logging.getLogger("cleangov")
HOME: Final = "/cleangov/"


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
    try:
        audience = desk.host.agency().id
        ticket = read_ticket(text, gate.keys, audience, int(time.time()), gate.once)
    except TicketRefused as problem:
        return gate.refuse(problem.key_id, problem.code)
    except OSError as problem:
        logger.warning("a ticket could not be used up: %s", type(problem).__name__)
        return refused("error.page.busy", 503, desk)
    session.sign_in(ticket.holder(), text.partition(".")[0])
    desk.counters.add("sign_in.done")
    return redirect(onward(), 303)


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
    """Let the ticket in the address go nowhere: to no cache, and in no referrer."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    return response
