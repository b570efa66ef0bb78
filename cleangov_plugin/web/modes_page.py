"""Modes: everybody reads them; those who supervise or lead declare, agree to and end them."""

from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias

from flask import Blueprint, make_response, request
from markupsafe import Markup
from werkzeug.wrappers import Response as Wire

from cleangov_hooks import Person, Stream
from cleangov_plugin.desk.choice import modes
from cleangov_plugin.desk.choice.mode_views import ModesView, may_act, modes_for, put_off
from cleangov_plugin.desk.choice.mode_words import named
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.host_labels import units_called
from cleangov_plugin.desk.review.readers import Reader, reader_of
from cleangov_plugin.prompts.modes import LONGEST

from .declaring import add_acts, done, given, moment
from .frame import own_frame
from .guarding import form, page_of
from .pages import page
from .refusals import refused
from .tokens import form_token
from .tongue import language_of
from .words import word

DeskOf: TypeAlias = Callable[[], Desk | None]
_STREAMS: Final = (Stream.ENFORCEMENT.value, Stream.PERMIT.value, Stream.PROJECT.value)
_TYPED: Final = ("mode", "until", "unit", "stream", "why")


def add_modes(bp: Blueprint, desk_of: DeskOf) -> None:
    """Add the page of modes and its forms to our blueprint.

    :param bp: the blueprint.
    :param desk_of: answers the desk, or None while the plugin is inert.
    """

    def acted(mode_id: str, act: Callable[[Desk, Reader, str], None]) -> Wire:
        return form(desk_of(), lambda desk, who: _acted(desk, who, mode_id, act))

    bp.add_url_rule("/modes", "modes", lambda: page_of(desk_of(), _shown))
    bp.add_url_rule(
        "/modes",
        "mode_declare",
        lambda: acted("", _declare),
        methods=["POST"],
    )
    acts = {"confirm": _confirm, "end": _end}
    add_acts(
        bp, "mode", {name: partial(acted, act=act) for name, act in acts.items()}, page="modes"
    )


def _shown(desk: Desk, person: Person, problem: str = "") -> Wire:
    language = language_of(desk.host)
    view, reader = modes_for(desk, person, language), reader_of(desk, person, language)
    if view is None:
        return refused("error.not_found", 404, desk)
    units = units_called(desk.host.agency(), language)
    looked = request.args.get("deferred", "")
    asked = next((m for m in view.modes if m.id == looked and m.is_deferring), None)
    html = page(
        "modes.html",
        **own_frame(desk, person, "modes"),
        view=view,
        streams_of=lambda mode: [word(f"stream.{s}", language) for s in mode.streams],
        problem=problem,
        typed={name: given(name) for name in _TYPED},
        kinds=[(kind.value, named(kind, language), days) for kind, days in LONGEST.items()],
        streams=_STREAMS,
        units=units,
        units_of=lambda mode: [units.get(unit, unit) for unit in mode.units],
        tokens=_tokens(desk, person, view),
        asked=asked,
        put_off=put_off(desk, reader, asked.id) if asked and reader else None,
        is_reader=reader is not None,
        log_id=desk.host.agency().id,
        csrf=Markup(desk.host.csrf_field() or ""),  # noqa: S704 - the host's own hidden input
    )
    return make_response(html, 409 if problem else 200)


def _tokens(desk: Desk, person: Person, view: ModesView) -> dict[str, str]:
    key = desk.keys.key("form")
    named_ = ["", *(mode.id for mode in view.modes)]
    return {id_: form_token(key, (person.id, "mode", id_)) for id_ in named_}


def _acted(
    desk: Desk, person: Person, mode_id: str, act: Callable[[Desk, Reader, str], None]
) -> Wire:
    reader = reader_of(desk, person, language_of(desk.host))
    may = reader and _may(desk, reader, mode_id)
    return done(
        desk,
        (person.id, "mode", mode_id),
        partial(act, desk, reader, mode_id) if reader and may else None,
        partial(_shown, desk, person),
        page="modes",
    )


def _may(desk: Desk, reader: Reader, mode_id: str) -> bool:
    """Answer whether a reader may act on a mode; what there is not is told by the desk."""
    if not mode_id:
        return True
    found = (mode for mode in modes.MODES.all_of(desk, reader.own) if mode.id == mode_id)
    mode = next(found, None)
    return mode is None or may_act(reader, mode.units)


def _declare(desk: Desk, reader: Reader, _: str) -> None:
    unit, stream = reader.reach.unit or given("unit").strip(), given("stream")
    wish = modes.Wish(
        mode=given("mode"),
        why=given("why"),
        until=moment(desk, given("until")),
        units=(unit,) if unit else (),
        streams=(stream,) if stream else (),
    )
    modes.declare(desk, reader.own, wish, reader.person, reader.language)


def _confirm(desk: Desk, reader: Reader, mode_id: str) -> None:
    modes.MODES.confirm(desk, reader.own, mode_id, reader.person, reader.language)


def _end(desk: Desk, reader: Reader, mode_id: str) -> None:
    modes.MODES.end(desk, reader.own, mode_id, reader.person, given("why"), reader.language)
