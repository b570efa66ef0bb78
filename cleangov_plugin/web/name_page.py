"""Asking for a name: the form in a case, and the page that shows the name once."""

from dataclasses import dataclass

from flask import make_response, request
from markupsafe import Markup
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.review.case_views import CaseStory
from cleangov_plugin.desk.review.names import may_ask, view_name
from cleangov_plugin.desk.review.readers import Reader, reader_of

from .frame import frame
from .guarding import form
from .pages import page
from .refusals import refused
from .tokens import form_token, token_is_good
from .tongue import language_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What the forms of a case need.

    :param action: where they post.
    :param csrf: the host's own hidden input.
    :param tokens: our own, by pseudonym.
    """

    action: str
    csrf: Markup
    tokens: dict[str, str]


def asking(desk: Desk, reader: Reader, story: CaseStory) -> Asking | None:
    """Answer what the forms of a case need; None where no name can be asked for.

    :param desk: the desk.
    :param reader: who looks.
    :param story: the case.
    """
    log_id = story.agency.log_id
    with desk.database.own_transaction(is_reading=True) as connection:
        if not may_ask(desk, connection, reader, log_id):
            return None
    key = desk.keys.key("form")
    return Asking(
        action=desk.host.url_for("cleangov.name"),
        csrf=Markup(desk.host.csrf_field() or ""),  # noqa: S704 - the host's own hidden input
        tokens={
            person.pseudonym: form_token(
                key, _bound(reader, log_id, story.case_id, person.pseudonym)
            )
            for person in story.people
        },
    )


def name(desk: Desk | None) -> Wire:
    """Show the name behind a pseudonym, once the question is recorded.

    :param desk: the desk; None while the plugin is inert.
    """
    return form(desk, _asked)


def _asked(desk: Desk, person: Person) -> Wire:
    reader = reader_of(desk, person, language_of(desk.host))
    if reader is None or not reader.is_reviewer:
        return refused("error.no_right", 403, desk)
    return _answered(desk, reader)


def _answered(desk: Desk, reader: Reader) -> Wire:
    given = {key: request.form.get(f"cleangov_{key}", "") for key in _FIELDS}
    bound = _bound(reader, given["agency"], given["case"], given["person"])
    if not token_is_good(desk.keys.key("form"), bound, given["token"]):
        return refused("error.expired", 403, desk)
    view = view_name(desk, reader, given["agency"], given["case"], given["person"], given["reason"])
    return make_response(page("name.html", **frame(desk, reader, ""), view=view))


_FIELDS = ("agency", "case", "person", "reason", "token")


def _bound(reader: Reader, log_id: str, case_id: str, pseudonym: str) -> tuple[str, ...]:
    return (reader.person.id, "name", log_id, case_id, pseudonym)
