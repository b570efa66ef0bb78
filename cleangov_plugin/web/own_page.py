"""The officer's own page: open to whoever is signed in, with nothing on it but their own."""

from flask import make_response
from markupsafe import Markup
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_page import own_page as tell
from cleangov_plugin.desk.review.readers import reader_of

from .frame import bare_frame, frame
from .guarding import page_of
from .pages import page
from .slots import note_text, steward_name
from .tokens import form_token
from .tongue import language_of


def own_page(desk: Desk | None) -> Wire:
    """Show what waits for the person who is signed in.

    :param desk: the desk; None while the plugin is inert.
    """
    return page_of(desk, _shown)


def _shown(desk: Desk, person: Person) -> Wire:
    language = language_of(desk.host)
    view = tell(desk, person, language)
    reader = reader_of(desk, person, language)
    key = desk.keys.key("form")
    asked = [each.id for each in view.requests] + [each.id for each in view.to_judge]
    top = (
        frame(desk, reader, "")
        if reader
        else bare_frame(desk, person, (("mine", "nav.mine"),), "mine")
    )
    html = page(
        "mine.html",
        **top,
        view=view,
        notes=[[note_text(note, language) for note in each.notes] for each in view.prompts],
        tokens={id_: form_token(key, (person.id, id_)) for id_ in asked},
        stewards={d.role: steward_name(d.role, language) for d in (*view.doubts, *view.to_judge)},
        csrf=Markup(desk.host.csrf_field() or ""),  # noqa: S704 - the host's own hidden input
    )
    return make_response(html)
