"""Suppressions, exemptions, deputies: rule stewards and auditors declare, agree to and end them."""

from collections.abc import Callable
from datetime import UTC
from functools import partial
from typing import Final, TypeAlias

from flask import Blueprint, make_response
from markupsafe import Markup
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person
from cleangov_plugin.desk.choice import deputies, passings
from cleangov_plugin.desk.choice.exception_views import (
    ExceptionsView,
    Section,
    book_of,
    check_named,
    exceptions_for,
    may_see,
)
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.host_labels import units_called
from cleangov_plugin.prompts.deputies import LONGEST as LONGEST_DEPUTY
from cleangov_plugin.prompts.passing import LONGEST, SCOPES, Scope, Sort

from .declaring import add_acts, as_on_page, done, given, moment
from .frame import own_frame
from .guarding import form, page_of
from .pages import page
from .refusals import refused
from .slots import steward_name
from .tokens import form_token
from .tongue import language_of

DeskOf: TypeAlias = Callable[[], Desk | None]
#: Fields of the forms; what was typed is kept where it is refused.
_TYPED: Final = (
    *("rule", "scope", "place", "basis", "until", "why"),
    *("deputy", "role", "person", "begins", "named"),
)
_DAYS: Final = {**{sort.value: days for sort, days in LONGEST.items()}, "deputy": LONGEST_DEPUTY}


def add_exceptions(bp: Blueprint, desk_of: DeskOf) -> None:
    """Add the page and its forms to our blueprint.

    :param bp: the blueprint.
    :param desk_of: answers the desk, or None while the plugin is inert.
    """

    def acted(bound: str, act: Callable[[Desk, Person, str], None]) -> Wire:
        return form(desk_of(), lambda desk, who: _acted(desk, who, bound, act))

    bp.add_url_rule("/exceptions", "exceptions", lambda: page_of(desk_of(), _shown))
    for section, declare in (
        (Section.SUPPRESSION, _declare_passing),
        (Section.EXEMPTION, _declare_passing),
        (Section.DEPUTY, _declare_deputy),
    ):
        bp.add_url_rule(
            f"/exceptions/{section.value}",
            f"exception_{section.value}",
            lambda section=section, declare=declare: acted(section.value, declare),
            methods=["POST"],
        )
    acts = {"confirm": _confirm, "end": _end}
    on_one = {name: partial(acted, act=act) for name, act in acts.items()}
    add_acts(bp, "exception", on_one, page="exceptions")


def _shown(desk: Desk, person: Person, problem: str = "", at: str = "") -> Wire:
    """Show the page; after a refusal with what stands in the way, and its form open."""
    language = language_of(desk.host)
    if not may_see(desk.settings, person):
        return refused("error.no_right", 403, desk)
    view = exceptions_for(desk, person, language)
    if view is None:
        return refused("error.not_found", 404, desk)
    html = page(
        "exceptions.html",
        **own_frame(desk, person, "exceptions"),
        view=view,
        problem=problem,
        at=at,
        typed={name: given(name) if at else "" for name in _TYPED},
        blank=dict.fromkeys(_TYPED, ""),
        days=_DAYS,
        units=units_called(desk.host.agency(), language),
        roles={code: steward_name(code, language) for code in view.roles},
        scopes={sort.value: [scope.value for scope in of] for sort, of in SCOPES.items()},
        tokens=_tokens(desk, person, view),
        csrf=Markup(desk.host.csrf_field() or ""),  # noqa: S704 - the host's own hidden input
    )
    return make_response(html, 409 if problem else 200)


def _tokens(desk: Desk, person: Person, view: ExceptionsView) -> dict[str, str]:
    key = desk.keys.key("form")
    named = [section.value for section in Section]
    named += [each.id for section in view.sections for each in section.standing]
    return {name: form_token(key, (person.id, "exception", name)) for name in named}


def _acted(
    desk: Desk, person: Person, bound: str, act: Callable[[Desk, Person, str], None]
) -> Wire:
    def shown(problem: str) -> Wire:
        return _shown(desk, person, as_on_page(problem, language_of(desk.host)), bound)

    may = may_see(desk.settings, person)
    return done(
        desk,
        (person.id, "exception", bound),
        partial(act, desk, person, bound) if may else None,
        shown,
        page="exceptions",
    )


def _declare_passing(desk: Desk, person: Person, section: str) -> None:
    log_id, language, sort = desk.host.agency().id, language_of(desk.host), Sort(section)
    view, rule = exceptions_for(desk, person, language), given("rule")
    if view is None or rule not in dict(view.rules):  # nor is one named that they may not know of
        raise passings.PASSINGS.refusal("rule", language, rule=rule[:40])
    wish = passings.Wish(
        sort=sort,
        rule=rule,
        places={scope: given("place") for scope in Scope if scope.value == given("scope")},
        why=given("why"),
        until=moment(desk, given("until")),
        basis=given("basis"),
    )
    passings.declare(desk, log_id, wish, person, language)


def _declare_deputy(desk: Desk, person: Person, _: str) -> None:
    begins = given("begins")
    wish = deputies.Wish(
        deputy=given("deputy"),
        why=given("why"),
        begins=moment(desk, begins) if begins else desk.host.now().astimezone(UTC),
        until=moment(desk, given("until")),
        role=given("role"),
        person=given("person"),
    )
    deputies.declare(desk, desk.host.agency().id, wish, person, language_of(desk.host))


def _confirm(desk: Desk, person: Person, id_: str) -> None:
    log_id, language = desk.host.agency().id, language_of(desk.host)
    view = exceptions_for(desk, person, language)
    one = view.find(id_) if view else None
    if one is None:
        raise passings.PASSINGS.refusal("gone", language)
    check_named(desk, log_id, one, given("named"), language)
    book_of(one.section).confirm(desk, log_id, id_, person, language)


def _end(desk: Desk, person: Person, id_: str) -> None:
    log_id, language = desk.host.agency().id, language_of(desk.host)
    view = exceptions_for(desk, person, language)
    one = view.find(id_) if view else None
    if one is None:
        raise passings.PASSINGS.refusal("gone", language)
    book_of(one.section).end(desk, log_id, id_, person, given("why"), language)
