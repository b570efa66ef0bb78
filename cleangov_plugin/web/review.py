"""The pages for those who look through the records: today, checkpoints, cases, findings, logs."""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.letters.listing import letters as list_letters
from cleangov_plugin.desk.review.cases import case as tell_case
from cleangov_plugin.desk.review.checkpoints import checkpoints as list_checkpoints
from cleangov_plugin.desk.review.findings import finding as tell_finding
from cleangov_plugin.desk.review.findings import findings as list_findings
from cleangov_plugin.desk.review.overview import overview as sum_up
from cleangov_plugin.desk.review.readers import Reader, is_operator, reader_of
from cleangov_plugin.desk.review.real import real as tell_real
from cleangov_plugin.desk.review.terms import terms as list_terms
from cleangov_plugin.desk.review.viewing import viewed
from cleangov_plugin.domain.errors import AnswerRefused
from cleangov_plugin.domain.terms import FindingState

from .asked import (
    Asked,
    entry_wish,
    finding_place_text,
    finding_wish,
    letter_place_text,
    letters_wish,
    place_text,
)
from .bars import drawn
from .closing import add_closing, closing
from .doctor import doctor
from .filters import entry_fields, finding_fields, letter_fields
from .frame import frame
from .guarding import page_of
from .links import Links
from .name_page import asking, name
from .pages import page
from .refusals import refused
from .slots import steward_name
from .timeline import timeline
from .tongue import language_of
from .words import word

DeskOf: TypeAlias = Callable[[], Desk | None]
#: Makes a page for a reader; None where there is nothing they may see.
Act: TypeAlias = Callable[[Desk, Reader], str | None]

_STATES: Final = (FindingState.OPEN, FindingState.ANSWERED, FindingState.CLOSED)
_SIGNALS: Final = (FindingState.SIGNAL,)
_LARGEST: Final = 2**63 - 1


def add_pages(bp: Blueprint, desk_of: DeskOf) -> None:
    """Add the pages to our blueprint.

    :param bp: the blueprint.
    :param desk_of: answers the desk, or None while the plugin is inert.
    """

    def add(rule: str, endpoint: str, act: Callable[..., str | None]) -> None:
        def view(**values: Any) -> Wire:
            def made(desk: Desk, reader: Reader) -> str | None:
                return act(desk, reader, **values)

            return page_of(desk_of(), lambda desk, who: _opened(desk, who, made))

        bp.add_url_rule(rule, endpoint, view)

    add("/", "overview", _overview)
    add("/checkpoints", "checkpoints", _checkpoints)
    add("/cases/<log_id>/<path:case_id>", "case", _case)
    add("/findings", "findings", _findings)
    add("/findings/<int:id_>", "finding", _finding)
    add("/signals", "signals", _signals)
    add("/terms", "terms", _terms)
    add("/letters", "letters", _letters)
    add("/real", "real", _real)
    add_closing(bp, desk_of)
    bp.add_url_rule("/doctor", "doctor", lambda: doctor(desk_of()))
    bp.add_url_rule("/names", "name", lambda: name(desk_of()), methods=["POST"])


def _opened(desk: Desk, person: Person, act: Act) -> Wire:
    """Open a page to somebody who may see it."""
    reader = reader_of(desk, person, language_of(desk.host))
    if reader is None:
        return _turned_away(desk, person)
    try:
        html = act(desk, reader)
    except AnswerRefused as problem:
        return refused(problem.what, 503, desk)
    return refused("error.not_found", 404, desk) if html is None else make_response(html)


def _turned_away(desk: Desk, person: Person) -> Wire:
    """Lead whoever comes to the first page to their own; no role opens any other by itself."""
    if request.endpoint == "cleangov.overview":
        own = "doctor" if is_operator(desk.settings, person) else "mine"
        return redirect(Links(desk.host).to(own), 303)
    return refused("error.no_right", 403, desk)


def _overview(desk: Desk, reader: Reader) -> str | None:
    view = sum_up(desk, reader)
    if view is None:
        return None
    return page("overview.html", **frame(desk, reader, "overview"), view=view)


def _checkpoints(desk: Desk, reader: Reader) -> str | None:
    asked = Asked(request.args)
    wish = entry_wish(asked)
    view = list_checkpoints(desk, reader, wish)
    if view is None:
        return None
    links, fields = Links(desk.host), entry_fields(reader, wish, view)
    kept = {field.name: field.value for field in fields}
    paging = {
        "newest": links.to("checkpoints", **kept) if wish.before or wish.after else "",
        "newer": _to(links, "checkpoints", kept, after=place_text(view.newer)),
        "older": _to(links, "checkpoints", kept, before=place_text(view.older)),
    }
    return page(
        "checkpoints.html",
        **frame(desk, reader, "checkpoints", view.agency),
        view=view,
        paging=paging,
        **_filter(links, "checkpoints", asked, fields, reader.language),
    )


def _case(desk: Desk, reader: Reader, log_id: str, case_id: str) -> str | None:
    asked = Asked(request.args)
    story = tell_case(desk, reader, log_id, case_id, asked.number("from") or 1)
    if story is None:
        return None
    viewed(desk, reader, log_id, case_id)
    links = Links(desk.host)
    onward = links.to("case", log_id=log_id, case_id=case_id, **{"from": story.after})
    return page(
        "case.html",
        **frame(desk, reader, "", story.agency),
        view=story,
        drawing=timeline(story.points) if story.points else None,
        onward=onward if story.after else "",
        asking=asking(desk, reader, story),
        stewards={
            doubt.role: steward_name(doubt.role, reader.language)
            for prompt in story.prompts
            for doubt in prompt.doubts
        },
    )


def _findings(desk: Desk, reader: Reader) -> str | None:
    return _found(desk, reader, "findings", _STATES)


def _signals(desk: Desk, reader: Reader) -> str | None:
    return _found(desk, reader, "signals", _SIGNALS)


def _found(desk: Desk, reader: Reader, name: str, states: tuple[FindingState, ...]) -> str | None:
    asked = Asked(request.args)
    wish = finding_wish(asked, states)
    view = list_findings(desk, reader, wish)
    if view is None:
        return None
    links, fields = Links(desk.host), finding_fields(reader, wish, view, states)
    kept = {field.name: field.value for field in fields}
    return page(
        "findings.html",
        **frame(desk, reader, name, view.agency),
        view=view,
        wish=wish,
        paging=_onward(links, name, kept, wish.after, finding_place_text(view.onward)),
        **_filter(links, name, asked, fields, reader.language),
    )


def _finding(desk: Desk, reader: Reader, id_: int) -> str | None:
    story = tell_finding(desk, reader, id_) if id_ <= _LARGEST else None
    if story is None:
        return None
    viewed(desk, reader, story.finding.log_id, story.finding.case_id, id_)
    name = "signals" if story.finding.is_signal else "findings"
    drawing = drawn(story.bars) if story.bars else None
    top = frame(desk, reader, name, story.agency)
    form = closing(desk, reader, story)
    return page("finding.html", **top, view=story, drawing=drawing, closing=form)


def _terms(desk: Desk, reader: Reader) -> str | None:
    view = list_terms(desk, reader, Asked(request.args).text("agency"))
    if view is None:
        return None
    roles = {each.role: steward_name(each.role, reader.language) for each in view.overdue}
    return page("terms.html", **frame(desk, reader, "terms", view.agency), view=view, roles=roles)


def _letters(desk: Desk, reader: Reader) -> str | None:
    asked = Asked(request.args)
    wish = letters_wish(asked)
    view = list_letters(desk, reader, wish)
    if view is None:
        return None
    links, fields = Links(desk.host), letter_fields(reader, wish, view)
    kept = {field.name: field.value for field in fields}
    filter_ = _filter(links, "letters", asked, fields, reader.language)
    return page(
        "letters.html",
        **frame(desk, reader, "letters", view.agency),
        view=view,
        paging=_onward(links, "letters", kept, wish.after, letter_place_text(view.onward)),
        # No state is chosen until somebody chooses one: unlike that of findings it narrows.
        **{**filter_, "is_narrowed": any(kept.values())},
    )


def _real(desk: Desk, reader: Reader) -> str | None:
    return page("real.html", **frame(desk, reader, "real"), view=tell_real(desk, reader))


def _onward(
    links: Links, name: str, kept: dict[str, str], after: object, onward: str
) -> dict[str, str]:
    """Answer the ways of a list that goes one way only."""
    first = links.to(name, **kept) if after else ""
    return {"first": first, "next": _to(links, name, kept, after=onward)}


def _to(links: Links, name: str, kept: dict[str, str], **place: str) -> str:
    """Answer the address of another part of a list; empty where there is none."""
    return links.to(name, **kept, **place) if any(place.values()) else ""


def _filter(
    links: Links, name: str, asked: Asked, fields: tuple[Any, ...], language: str
) -> dict[str, Any]:
    """Answer what the filter of a list needs."""
    joint = "、" if language.lower().startswith("zh") else ", "
    called = {field.name: field.label for field in fields}
    ignored = joint.join(called.get(name_, name_) for name_ in asked.ignored)
    narrowed = [f for f in fields if f.value and f.name not in ("agency", "state")]
    return {
        "fields": fields,
        "action": links.to(name),
        "is_narrowed": bool(narrowed),
        "ignored": word("filter.ignored", language, names=ignored) if ignored else "",
    }
