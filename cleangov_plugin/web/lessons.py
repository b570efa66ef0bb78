"""Which lessons were read, as the reader's own device remembers it; nothing is kept of it here."""

import json
from typing import Final

from flask import redirect, request
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own.commitments import commit

from .links import Links
from .refusals import refused
from .tokens import token_is_good
from .tongue import language_of

_NAME: Final = "cleangov_read"
#: Seconds for which a device remembers; and lessons of how many rules.
_KEPT: Final = 365 * 86_400
_MOST: Final = 60


def is_read(desk: Desk, person: Person, rule_id: str) -> bool:
    """Answer whether the lesson of a rule was read by somebody on this device.

    :param desk: the desk.
    :param person: who.
    :param rule_id: the rule.
    """
    return _tag(desk, person, rule_id) in _tags()


def read(desk: Desk, person: Person) -> Wire:
    """Let the device remember that a lesson was read.

    :param desk: the desk.
    :param person: who.
    """
    rule_id, token = request.form.get("cleangov_rule", ""), request.form.get("cleangov_token", "")
    if not token_is_good(desk.keys.key("form"), (person.id, "lesson", rule_id), token):
        return refused("error.expired", 403, desk)
    response = redirect(Links(desk.host).to("mine"), 303)
    tags = dict.fromkeys([*_tags(), _tag(desk, person, rule_id)])
    response.set_cookie(
        _NAME,
        ".".join(list(tags)[-_MOST:]),
        max_age=_KEPT,
        path=f"{request.script_root}/cleangov",
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return response


def confirmed(desk: Desk, person: Person) -> Wire:
    """Take the commitment of a function.

    :param desk: the desk.
    :param person: who confirms.
    """
    stream, token = request.form.get("cleangov_stream", ""), request.form.get("cleangov_token", "")
    if not token_is_good(desk.keys.key("form"), (person.id, "commitment", stream), token):
        return refused("error.expired", 403, desk)
    commit(desk, person, stream, language_of(desk.host))
    return redirect(Links(desk.host).to("mine"), 303)


def _tags() -> list[str]:
    kept = request.cookies.get(_NAME, "")[: _MOST * 17].split(".")
    return [tag for tag in kept if len(tag) == 16 and tag.isascii() and tag.isalnum()]


def _tag(desk: Desk, person: Person, rule_id: str) -> str:
    """Answer by what a device knows a lesson: it tells nobody who read it, nor of which rule."""
    message = json.dumps(["lesson", person.id, rule_id]).encode("ascii")
    return desk.keys.tag("form", message).hex()[:16]
