"""The page on which anybody checks a receipt: no sign-in, nothing kept, no entry shown."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, make_response, request
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Wire

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.evidence.checking import Checked, HeadView, check, newest
from cleangov_plugin.desk.evidence.words import what_is_wrong
from cleangov_plugin.desk.start import heads_folder, keys_folder
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.ledger.instants import instant

from .links import Links
from .pages import page
from .refusals import refused
from .shown import Shown
from .tongue import language_of, other
from .words import word

#: Most bytes of a form: whoever is not signed in gets no more of the server than this.
LARGEST: Final = 64 * 1024
logger = logging.getLogger("cleangov")


def add_check(bp: Blueprint, desk_of: Callable[[], Desk | None]) -> None:
    """Add the page to our blueprint.

    :param bp: the blueprint.
    :param desk_of: answers the desk, or None while the plugin is inert.
    """
    bp.add_url_rule("/check", "check", lambda: _page(desk_of()), methods=["GET", "POST"])


def _page(desk: Desk | None) -> Wire:
    """Open the page to anybody. It changes nothing, so that no token guards its form."""
    if desk is None:
        return refused("error.inert", 503, None)
    if desk.host.switched_off():
        return refused("error.off", 503, desk)
    if request.method == "POST" and not 0 <= (request.content_length or -1) <= LARGEST:
        return refused("error.check.large", 413, desk)
    try:
        return make_response(_shown(desk, _asked(desk)))
    except HTTPException:
        raise  # the host has a page for it
    except Exception as problem:  # a busy database is told, and never becomes the host's 500
        logger.warning("checking a receipt failed: %s", type(problem).__name__)
        return refused("error.page.busy", 503, desk)


def _asked(desk: Desk) -> Checked | None:
    """Check what was sent; None where nothing was asked yet."""
    if request.method != "POST":
        return None
    receipt = _given("receipt").replace("\ufeff", "")
    return check(desk.database, *_folders(desk), receipt, _given("entry"))


def _given(name: str) -> str:
    """Answer a field, or the file that was chosen in its place."""
    text: str = request.form.get(f"cleangov_{name}", "")
    file = request.files.get(f"cleangov_{name}_file")
    if text.strip() or file is None:
        return text
    data: bytes = file.read(LARGEST)
    return data.decode("utf-8", "surrogateescape")


def _folders(desk: Desk) -> tuple[Path | None, Path | None]:
    heads = heads_folder(desk.settings, desk.database)
    try:
        return heads, keys_folder(desk.settings, desk.database)
    except SettingsError:
        return heads, None


def _shown(desk: Desk, found: Checked | None) -> str:
    language = language_of(desk.host)
    agency = desk.host.agency()
    zone = ZoneInfo(agency.zone)
    head, key = newest(desk.database, *_folders(desk), agency.id)
    links = Links(desk.host)
    return page(
        "check.html",
        language,
        css=desk.host.url_for("cleangov.static", filename="cleangov.css"),
        home=(request.script_root or "") + "/",
        nav=(),
        you=(),
        unit="",
        other=other(language),
        f=Shown(language),
        action=links.to("check"),
        csrf=Markup(desk.host.csrf_field() or ""),  # noqa: S704 - the host's own hidden input
        agency=agency.names.get("zh" if language.lower().startswith("zh") else "en", agency.id),
        newest=_head(head, zone),
        key=key,
        found=found and _found(found, language, zone),
    )


def _found(found: Checked, language: str, zone: ZoneInfo) -> dict[str, Any]:
    mark = "good" if found.is_good else "unchecked" if found.is_unchecked else "bad"
    why = what_is_wrong(found.rule, language) if found.rule else ""
    return {
        "mark": mark,
        "mark_said": word(f"check.mark.{mark}", language),
        "said": word(f"check.{found.code}", language, why=why),
        "rule": found.rule,
        "index": found.index,
        "hash": found.hash,
        "is_of_body": found.is_of_body,
        "receipt": _head(found.receipt, zone),
        "newest": _head(found.newest, zone),
        "key": found.key,
    }


def _head(view: HeadView | None, zone: ZoneInfo) -> dict[str, Any] | None:
    if view is None:
        return None
    at: datetime | None = instant(view.at).astimezone(zone) if view.at else None
    return {"size": view.head.size, "root": view.head.root.hex(), "at": at}
