"""Closing a finding: the form on its page."""

from collections.abc import Callable
from typing import Any, TypeAlias

from flask import Blueprint, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.findings.closing import ENDINGS, close
from cleangov_plugin.desk.review.finding_views import FindingStory
from cleangov_plugin.desk.review.readers import Reader, reader_of
from cleangov_plugin.domain.errors import AnswerRefused

from .guarding import form
from .links import Links
from .refusals import refused
from .tokens import form_token, token_is_good
from .tongue import language_of

DeskOf: TypeAlias = Callable[[], Desk | None]

_ENDPOINT = "finding_close"


def add_closing(bp: Blueprint, desk_of: DeskOf) -> None:
    """Add the form to our blueprint.

    :param bp: the blueprint.
    :param desk_of: answers the desk, or None while the plugin is inert.
    """

    def view(id_: int) -> Wire:
        # What no database can name is nobody's finding.
        number = min(id_, 2**63 - 1)
        return form(desk_of(), lambda desk, who: _close(desk, who, number))

    bp.add_url_rule("/findings/<int:id_>/end", _ENDPOINT, view, methods=["POST"])


def closing(desk: Desk, reader: Reader, story: FindingStory) -> dict[str, Any] | None:
    """Answer what the form of a finding needs; None where the reader may not close it.

    :param desk: the desk.
    :param reader: who looks.
    :param story: the finding.
    """
    if not story.may_close:
        return None
    id_ = story.finding.id
    return {
        "action": Links(desk.host).to(_ENDPOINT, id_=id_),
        "endings": ENDINGS,
        "token": form_token(desk.keys.key("form"), _bound(reader.person, id_)),
        "csrf": Markup(desk.host.csrf_field() or ""),  # noqa: S704 - the host's own hidden input
    }


def _close(desk: Desk, person: Person, id_: int) -> Wire:
    reader = reader_of(desk, person, language_of(desk.host))
    if reader is None:
        return refused("error.no_right", 403, desk)
    given = {
        name: request.form.get(f"cleangov_{name}", "").replace("\r\n", "\n").strip()
        for name in ("token", "ending", "reason")
    }
    if not token_is_good(desk.keys.key("form"), _bound(person, id_), given["token"]):
        raise AnswerRefused("error.expired")
    close(desk, reader, id_, given["ending"], given["reason"])
    return redirect(Links(desk.host).to("finding", id_=id_), 303)


def _bound(person: Person, id_: int) -> tuple[str, ...]:
    return (person.id, _ENDPOINT, str(id_))
