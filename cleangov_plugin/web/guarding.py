"""The door of every page and form: plugin ready, somebody signed in; a no in plain words."""

import logging
from collections.abc import Callable
from typing import TypeAlias

from flask import request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.domain.errors import AnswerRefused

from .crossing import may_post
from .refusals import refused

#: Makes the answer for somebody who is signed in.
Act: TypeAlias = Callable[[Desk, Person], Wire]
logger = logging.getLogger("cleangov")


def form(desk: Desk | None, act: Act) -> Wire:
    """Let a form in: plugin ready, from a page of ours or of an allowed origin, signed in.

    :param desk: the desk; None while the plugin is inert.
    :param act: takes the form.
    :return: its answer, or a page that says what was not done, and why.
    """
    if desk is None:
        return refused("error.inert.form", 503, None)
    if desk.host.switched_off():
        return refused("error.off.form", 503, desk)
    if not may_post(desk):
        return refused("error.foreign", 403, desk)
    return _signed_in(desk, act, "error.busy")


def page_of(desk: Desk | None, act: Act, *, is_shown_switched_off: bool = False) -> Wire:
    """Open a page: plugin ready, somebody signed in.

    :param desk: the desk; None while the plugin is inert.
    :param act: makes the page.
    :param is_shown_switched_off: whether the kill switch leaves it open.
    :return: the page, or one that says what stands in the way.
    """
    if desk is None:
        return refused("error.inert", 503, None)
    if desk.host.switched_off() and not is_shown_switched_off:
        return refused("error.off", 503, desk)
    return _signed_in(desk, act, "error.page.busy")


def _signed_in(desk: Desk, act: Act, busy: str) -> Wire:
    try:
        person = desk.host.person()
        if person is None:
            return refused("error.nobody", 401, desk)
        if _is_garbled():
            return refused("error.gone", 400 if request.method == "POST" else 404, desk)
        return act(desk, person)
    except AnswerRefused as problem:
        return refused(problem.what, 409, desk)
    except HTTPException:
        raise  # a form too large, for example: the host has a page for it
    except Exception as problem:  # a busy database is told, and never becomes the host's 500
        logger.warning("a page or form of supervision failed: %s", type(problem).__name__)
        return refused(busy, 503, desk)


def _is_garbled() -> bool:
    """Answer whether U+0000 stands in address or form: nobody types it, no column holds it."""
    values = [str(value) for value in (request.view_args or {}).values()]
    if request.method == "POST":
        values += [text for name in request.form for text in request.form.getlist(name)]
    return any("\0" in text for text in values)
