"""The page on which a visitor is the database administrator; the demo alone has it."""

import sqlite3
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, session
from werkzeug.wrappers import Response

from sample_host import i18n, visit
from sample_host.administrator import (
    DEEDS,
    NO_KEYS,
    Aim,
    Busy,
    Item,
    Kept,
    Place,
    act,
    aim,
    place_of,
    undo,
    verify,
)
from sample_host.city import here
from sample_host.clock import read_stored
from sample_host.words import WORDS

pages = Blueprint("administrator", __name__, url_prefix="/demo/administrator")

#: Where the platform shows what a deed has changed.
_SHOWN: Final = {
    "amount": "/projects/YT-GC-2025-12",
    "held": "/cases/YT-CF-2026-0417",
    "notice": "/cases/YT-CF-2026-0417",
}
_PROBLEM: Final = "administrator_problem"


@pages.get("")
def show() -> str:
    """Show what can be done now: change something, verify, put it back."""
    place, city = _place(), here()
    kept, problem = Kept.read(place.file), session.pop(_PROBLEM, "")
    is_usable = city.is_supervised() and not city.is_switched_off()
    aims: dict[str, Aim] = {}
    if is_usable and not kept.deed:
        try:
            with place.opened() as connection:
                aims = {name: aim(connection, name) for name in DEEDS}
        except sqlite3.Error:
            problem = problem or "busy"
    return render_template(
        "administrator.html",
        kept=kept,
        aims=aims,
        is_usable=is_usable,
        no_keys=NO_KEYS,
        problem=problem,
        shown=_SHOWN.get(kept.deed),
        told=[_told(item) for item in kept.found.items] if kept.found else [],
    )


@pages.post("/change")
def change() -> Response:
    """Change something; a second press finds it done."""
    name = request.form.get("deed", "")
    if name not in DEEDS:
        abort(400)
    if _is_usable():
        _noting(lambda: act(_place(), name))
    return _back()


@pages.post("/verify")
def check() -> Response:
    """Verify, and keep what was found for the page."""
    if _is_usable():
        place = _place()
        found = verify(place, here().settings.supervision)
        if found.problem:
            session[_PROBLEM] = found.problem
        with suppress(OSError):
            verified = replace(Kept.read(place.file), found=None if found.problem else found)
            verified.write(place.file)
    return _back()


@pages.post("/undo")
def put_back() -> Response:
    """Put back what was changed; that works with the plugin switched off, too."""
    _noting(lambda: undo(_place()))
    return _back()


def _place() -> Place:
    place = place_of(here().settings)
    if place is None:
        abort(404)
    return place


def _is_usable() -> bool:
    city = here()
    return city.is_supervised() and not city.is_switched_off()


def _noting(press: Any) -> None:
    try:
        press()
    except (Busy, OSError):
        session[_PROBLEM] = "busy"


def _back() -> Response:
    return redirect(f"{pages.url_prefix}#result", 303)


def _told(item: Item) -> dict[str, Any]:
    """Say what was found of a record, in the page's language."""
    language = visit.language()
    subject = i18n.word("admin.subject", language, no=item.subject) if item.subject else ""
    if item.kind == "other":
        text = i18n.word("admin.other", language)
    elif item.number is None or not item.sealed_at:
        text = i18n.word(f"admin.{item.kind}.unsealed", language, subject=subject)
    else:
        at = i18n.second(read_stored(item.sealed_at), language)
        text = i18n.word(f"admin.{item.kind}", language, number=item.number, subject=subject, at=at)
    by = [f"admin.by.{code}" for code in item.found_by]
    keys = [key if key in WORDS else "admin.by.more" for key in by]
    said = [i18n.word(key, language) for key in keys]
    return {"text": text, "by": list(zip(item.found_by, said, strict=True))}
