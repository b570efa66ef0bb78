"""What `<cleangov-prompts>` asks: a prompt as a page of its own, that it was seen, whose device."""

import logging
from typing import Any

from flask import make_response, request
from markupsafe import Markup
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.answers.device import place_of, seen
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.domain.terms import Fate

from .guarding import form, page_of
from .pages import page
from .refusals import refused
from .slots import render
from .tokens import device_tag, token_is_good
from .tongue import language_of
from .wanted import said

logger = logging.getLogger("cleangov")


def prompt_page(desk: Desk | None, prompt_id: str) -> Wire:
    """Show one prompt to its officer: what a front end without our slots loads, or links to.

    :param desk: the desk; None while the plugin is inert.
    :param prompt_id: the prompt; hostile.
    """
    return page_of(desk, lambda open_desk, person: _prompt(open_desk, person, prompt_id))


def _prompt(desk: Desk, person: Person, prompt_id: str) -> Wire:
    language, host = language_of(desk.host), desk.host
    own = host.url_for("cleangov.prompt", prompt_id=prompt_id)
    found = place_of(desk, person, prompt_id, language, own)
    if found is None:
        return refused("error.gone", 404, desk)
    step, fate = found
    shown, forms = (render(desk, name, step, "html") for name in ("step.panel", "page.end"))
    if shown is None and fate != Fate.ANSWERED.value:
        return refused("error.gone", 409, desk)
    values: dict[str, Any] = {
        "css": host.url_for("cleangov.static", filename="cleangov.css"),
        "panel": Markup(shown.content if shown else ""),  # noqa: S704 - our own slots, escaped
        "forms": Markup(forms.content if forms else ""),  # noqa: S704 - our own slots, escaped
    }
    return make_response(page("prompt.html", language, **values))


def take_seen(desk: Desk | None, prompt_id: str) -> Wire:
    """Take note that a prompt was seen; told twice it is noted once.

    :param desk: the desk; None while the plugin is inert.
    :param prompt_id: the prompt; hostile.
    """

    def note(open_desk: Desk, person: Person) -> Wire:
        bound = (person.id, prompt_id, "seen")
        token = request.form.get("cleangov_token", "")
        if not token_is_good(open_desk.keys.key("form"), bound, token):
            return refused("error.expired", 403, open_desk)
        return said({"is_new": seen(open_desk, person, prompt_id)})

    return form(desk, note)


def whose(desk: Desk | None) -> Wire:
    """Say, by a tag that is no name, for whom a device may keep words: nobody, once signed off.

    :param desk: the desk; None while the plugin is inert: then nothing is said.
    """
    try:
        if desk is None or desk.host.switched_off():
            return refused("error.inert", 503, desk)
        person = desk.host.person()
        return said({"who": device_tag(desk.keys, person.id) if person else ""})
    except Exception as problem:  # a host that cannot say who is there: nothing is taken away
        logger.warning("whose a device is could not be told: %s", type(problem).__name__)
        return refused("error.page.busy", 503, desk)
