"""The officer's own page: open to whoever is signed in, with nothing on it but their own."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, make_response
from markupsafe import Markup
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own.page import own_page as tell

from .decided import said_of
from .frame import own_frame
from .guarding import form, page_of
from .lessons import confirmed, is_read, read
from .own_case import own_case
from .pages import page
from .slots import note_text, steward_name
from .tokens import form_token
from .tongue import language_of


def add_own(bp: Blueprint, desk_of: Callable[[], Desk | None]) -> None:
    """Add the pages of one's own to our blueprint.

    :param bp: the blueprint.
    :param desk_of: answers the desk, or None while the plugin is inert.
    """
    bp.add_url_rule("/mine", "mine", lambda: own_page(desk_of()))
    bp.add_url_rule("/mine/case", "own_case", lambda: own_case(desk_of()))
    for name, act in (("lesson", read), ("commitment", confirmed)):
        bp.add_url_rule(
            f"/mine/{name}", f"own_{name}", lambda act=act: form(desk_of(), act), methods=["POST"]
        )


def own_page(desk: Desk | None) -> Wire:
    """Show what waits for the person who is signed in.

    :param desk: the desk; None while the plugin is inert.
    """
    return page_of(desk, _shown)


def _shown(desk: Desk, person: Person) -> Wire:
    language = language_of(desk.host)
    view = tell(desk, person, language, partial(is_read, desk, person))
    key = desk.keys.key("form")
    asked = [each.id for each in view.requests] + [each.id for each in view.to_judge]
    asked += [each.id for each in view.to_follow]
    html = page(
        "mine.html",
        **own_frame(desk, person, "mine"),
        view=view,
        said=said_of(desk, person, language),
        notes=[[note_text(note, language) for note in each.notes] for each in view.prompts],
        tokens={id_: form_token(key, (person.id, id_)) for id_ in asked},
        own_tokens={
            code: form_token(key, (person.id, name, code))
            for name, codes in (
                ("commitment", [each.stream for each in view.commitments]),
                ("lesson", [view.lesson.rule_id] if view.lesson else []),
            )
            for code in codes
        },
        stewards={d.role: steward_name(d.role, language) for d in (*view.doubts, *view.to_judge)},
        look_days=desk.settings.look_days,
        csrf=Markup(desk.host.csrf_field() or ""),  # noqa: S704 - the host's own hidden input
    )
    return make_response(html)
