"""One request to a second person: where it stands, its clock, and what whoever is asked decides."""

from collections.abc import Callable

from flask import Blueprint, make_response
from markupsafe import Markup
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.prompting.inbox import request_page as tell

from .guarding import page_of
from .pages import page
from .refusals import refused
from .slots import steward_name
from .tokens import form_token
from .tongue import language_of
from .words import word


def add_request(bp: Blueprint, desk_of: Callable[[], Desk | None]) -> None:
    """Add the page of a request to our blueprint: to whoever asked or is asked; else it is none.

    :param bp: the blueprint.
    :param desk_of: answers the desk, or None while the plugin is inert.
    """

    def shown(request_id: str) -> Wire:
        return page_of(desk_of(), lambda desk, person: _shown(desk, person, request_id))

    bp.add_url_rule("/requests/<request_id>", "request", shown)


def _shown(desk: Desk, person: Person, request_id: str) -> Wire:
    language, host = language_of(desk.host), desk.host
    view = tell(desk, person, request_id, language)
    if view is None:
        return refused("error.gone", 404, desk)
    role = steward_name(view.role, language)
    until = view.until.strftime("%Y-%m-%d %H:%M")
    reason = view.words or "–"
    status = word(f"request.{view.state}", language, role=role, until=until, reason=reason)
    html = page(
        "request.html",
        language,
        css=host.url_for("cleangov.static", filename="cleangov.css"),
        view=view,
        mine=host.url_for("cleangov.mine"),
        status=status,
        wanted=steward_name(view.instead_of, language) if view.instead_of else "",
        since=view.since.strftime("%Y-%m-%d %H:%M"),
        action=host.url_for("cleangov.decide", request_id=view.id),
        token=form_token(desk.keys.key("form"), (person.id, view.id)),
        csrf=Markup(host.csrf_field() or ""),  # noqa: S704 - the host's own hidden input
    )
    return make_response(html)
