"""What stands in the host's pages: hints, panel, the line after a step, inbox, forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Final

from markupsafe import Markup

from cleangov_hooks import AnswerKind, Fragment, Host, Person, Step
from cleangov_plugin.desk.answers.deciders import holders
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.letters.receiving import inbox
from cleangov_plugin.desk.prompting.choices import RECORD_WRONG
from cleangov_plugin.desk.prompting.inbox import is_anything_there, requests
from cleangov_plugin.desk.prompting.reading import hints, panel
from cleangov_plugin.desk.prompting.views import ChoiceView, Note, PanelView, RequestView, shown

from .as_data import AS_DATA
from .basis_fields import basis_of
from .decided import said_of
from .done_line import done_line
from .pages import page
from .tokens import device_tag, form_token, is_path
from .words import word

#: Lines that stand below the choices: they are not about this step.
_QUIET: Final = frozenset({"panel.commit"})
#: People of a role who are listed by name; of more, the role at large is asked.
_MOST_NAMED: Final = 30


@dataclass(frozen=True, slots=True)
class Form:
    """A hidden form at the end of the page, to which controls in the page belong.

    :param id: what the controls carry in ``form="cleangov-<id>"``.
    :param action: where it posts.
    :param token: our own token.
    :param fields: hidden fields.
    """

    id: str
    action: str
    token: str
    fields: tuple[tuple[str, str], ...]


def render(desk: Desk, name: str, step: Step | None, medium: str) -> Fragment | None:
    """Render one slot of a host's page.

    :param desk: the desk.
    :param name: name of the slot; one we do not know shows nothing.
    :param step: where the officer stands.
    :param medium: ``"html"``, or ``"json"`` for what waits, as data; we have no other.
    :return: the fragment, or None where there is nothing to show.
    """
    renderer = _BY_MEDIUM.get(medium, {}).get(name)
    if renderer is None:
        return None
    language = step.language if step else desk.host.language()
    content = renderer(desk, step, language)
    return Fragment(medium=medium, content=content) if content else None


def _hints(desk: Desk, step: Step | None, language: str) -> str:
    found = hints(desk, step) if step else ()
    return page("hints.html", language, hints=found, css=_css(desk.host)) if found else ""


def _panel(desk: Desk, step: Step | None, language: str) -> str:
    found = panel(desk, step) if step else None
    if found is None:
        return ""
    # That a record is wrong is a second button of "this prompt is wrong": one line less to read.
    listed = [choice for choice in found.choices if choice.code != RECORD_WRONG]
    person = desk.host.person()
    choices = [
        {
            **_shown_choice(desk, found, choice, language),
            **second_of(desk, person, choice, language),
        }
        for choice in listed
    ]
    view = {
        "id": found.id,
        "attempt": found.attempt_id,
        "who": device_tag(desk.keys, person.id) if person else "",
        "page": desk.host.url_for("cleangov.prompt", prompt_id=found.id),
        "language": language,
        "headline": found.headline,
        "body": found.body,
        "basis": found.basis,
        "notes": [note_text(n, language) for n in found.notes if n.key not in _QUIET],
        "mine": desk.host.url_for("cleangov.mine"),
        "foot": [note_text(n, language) for n in found.notes if n.key in _QUIET],
        "choices": choices,
        "request": _request_url(desk.host, found),
    }
    return page("panel.html", language, panel=view, css=_css(desk.host))


def note_text(note: Note, language: str) -> str:
    """Write a line of a panel in the screens' own words.

    :param note: the line.
    :param language: BCP 47 tag.
    """
    until = note.until.strftime("%Y-%m-%d %H:%M") if note.until else ""
    role = steward_name(note.steward or note.role, language)
    who = steward_name(note.turn_to, language)
    return word(note.key, language, role=role, who=who, reason=note.text or "–", until=until)


def steward_name(code: str, language: str) -> str:
    """Write whoever a doubt was passed on to: a steward of rules, or a role of the platform.

    :param code: the rule's owner, or the role that owns findings.
    :param language: BCP 47 tag.
    :return: its name; the code where there is none.
    """
    for key in (f"steward.{code}", f"role.{code}"):
        found = word(key, language)
        if found != key:
            return found
    return code


def _request_url(host: Host, view: PanelView) -> str:
    known = view.request_id
    return host.url_for("cleangov.request", request_id=known) if known else ""


def second_of(
    desk: Desk, person: Person | None, choice: ChoiceView, language: str
) -> Mapping[str, object]:
    """Answer who can be asked by name: where the host knows them, and there is a choice.

    :param desk: the desk.
    :param person: who is signed in.
    :param choice: the choice.
    :param language: BCP 47 tag.
    """
    if choice.role is None:
        return {"people": []}
    own = person.id if person else ""
    found = [(p.id, p.name) for p in holders(desk, choice.role) or () if p.id != own]
    is_few = 1 < len(found) <= _MOST_NAMED
    role = steward_name(choice.role, language)
    return {"people": found if is_few else [], "role": role}


def _shown_choice(
    desk: Desk, view: PanelView, choice: ChoiceView, language: str
) -> Mapping[str, object]:
    return {
        "form": f"{view.id}-{choice.code}",
        "label": choice.label,
        "needs_text": choice.needs_text,
        "is_sealed": choice.then == "seal",
        "is_doubt": choice.kind is AnswerKind.PROMPT_IS_WRONG,
        "is_open": False,
        "is_recommended": choice.is_recommended,
        "basis": basis_of(desk, choice, language),
    }


def _inbox(desk: Desk, step: Step | None, language: str) -> str:  # noqa: ARG001 - as all slots
    person = desk.host.person()
    if person is None:
        return ""
    said = said_of(desk, person, language)
    if not said and not is_anything_there(desk, person):
        return ""
    found = [_shown_request(request) for request in requests(desk, person, language)]
    letters = inbox(desk, person, language)
    if not (found or letters or said):
        return ""  # most people are never asked: an empty box would only be one thing more
    return page(
        "inbox.html",
        language,
        said=said,
        requests=found,
        letters=letters,
        urls={each.id: desk.host.url_for("cleangov.letter", id_=each.id) for each in letters},
        css=_css(desk.host),
        who=device_tag(desk.keys, person.id),
    )


def _shown_request(request: RequestView) -> Mapping[str, object]:
    return {
        "id": request.id,
        "case_id": request.case_id,
        "headline": request.headline,
        "body": request.body,
        "until": request.until.strftime("%Y-%m-%d %H:%M"),
        "until_iso": request.until.isoformat(),
        "is_own": request.is_own,
        "as_deputy": request.as_deputy,
    }


def _page_end(desk: Desk, step: Step | None, language: str) -> str:
    """Write the forms of everything that stands in the page, directly before it ends."""
    person = desk.host.person()
    if person is None:
        return ""
    forms: list[Form] = []
    view = panel(desk, step, mark=False) if step else None
    if step is not None and view is not None:
        listed = [choice for choice in view.choices if choice.code != RECORD_WRONG]
        forms += [_choice_form(desk, person, step, view, choice) for choice in listed]
        forms.append(_seen_form(desk, person, view))
    forms += [_request_form(desk, person, r) for r in requests(desk, person, language)]
    if not forms:
        return ""
    csrf = Markup(desk.host.csrf_field() or "")  # noqa: S704 - the host's own hidden input
    return page("forms.html", language, forms=forms, csrf=csrf)


def _choice_form(
    desk: Desk, person: Person, step: Step, view: PanelView, choice: ChoiceView
) -> Form:
    onward = step.action_url if is_path(step.action_url) else None
    back = step.page_url if is_path(step.page_url) else "/"
    fields = [("cleangov_choice", choice.code), ("cleangov_back", back or "/")]
    fields += [("cleangov_onward", onward or ""), ("attempt_id", view.attempt_id)]
    fields += [
        (entry.name, _corrected(entry.field, entry.value, entry.scale, choice))
        for entry in step.inputs
        if entry.name != "attempt_id"
    ]
    if onward is None:  # a front end of its own puts right what it holds
        fields += [(f"cleangov_put.{n}", shown(value, 2)) for n, value in choice.patch.items()]
    fields.append(("cleangov_once", token_urlsafe(16)))
    bound = (person.id, view.id, back or "/", onward or "")
    return Form(
        id=f"{view.id}-{choice.code}",
        action=desk.host.url_for("cleangov.answer", prompt_id=view.id),
        token=form_token(desk.keys.key("form"), bound),
        fields=tuple(fields),
    )


def _seen_form(desk: Desk, person: Person, view: PanelView) -> Form:
    """Answer the form by which a script tells that the panel was seen; nothing else sends it."""
    return Form(
        id=f"{view.id}-seen",
        action=desk.host.url_for("cleangov.seen", prompt_id=view.id),
        token=form_token(desk.keys.key("form"), (person.id, view.id, "seen")),
        fields=(),
    )


def _corrected(field: str | None, value: str, scale: int, choice: ChoiceView) -> str:
    if field is None or field not in choice.patch:
        return value
    return shown(choice.patch[field], scale)


def _request_form(desk: Desk, person: Person, request: RequestView) -> Form:
    return Form(
        id=request.id,
        action=desk.host.url_for("cleangov.decide", request_id=request.id),
        token=form_token(desk.keys.key("form"), (person.id, request.id)),
        fields=(),
    )


def _css(host: Host) -> str:
    return host.url_for("cleangov.static", filename="cleangov.css")


_SLOTS: Final[Mapping[str, Callable[[Desk, Step | None, str], str]]] = {
    "step.hint": _hints,
    "step.panel": _panel,
    "step.done": done_line,
    "person.inbox": _inbox,
    "page.end": _page_end,
}
_BY_MEDIUM: Final = {"html": _SLOTS, "json": AS_DATA}
