"""What the pages share on which two people declare something for a time."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as Wire

from cleangov_plugin.desk.choice.declaring import DeclarationRefused
from cleangov_plugin.desk.desk import Desk

from .links import Links
from .refusals import refused
from .tokens import token_is_good
from .words import WORDS, word

#: How a refusal calls a field: as the option of the command line.
_OPTION: Final = re.compile(r"--([a-z]+)")


def add_acts(
    bp: Blueprint, called: str, acts: Mapping[str, Callable[[str], Wire]], *, page: str
) -> None:
    """Add the forms of a page that act on something by its id, each named after both.

    :param bp: our blueprint.
    :param called: what is acted on, ``"mode"``.
    :param acts: what the forms do with an id, by the last part of their paths.
    :param page: the first part of their paths.
    """
    for name, act in acts.items():
        bp.add_url_rule(
            f"/{page}/<{called}_id>/{name}",
            f"{called}_{name}",
            lambda act=act, **named: act(named[f"{called}_id"]),
            methods=["POST"],
        )


def done(
    desk: Desk,
    bound: tuple[str, str, str],
    act: Callable[[], None] | None,
    shown: Callable[[str], Wire],
    *,
    page: str,
) -> Wire:
    """Do it, or show the page again with what stands in the way; what was typed is kept.

    :param desk: the desk.
    :param bound: what the form's token is bound to: person, what is acted on, its id.
    :param act: does it; None where the person may not.
    :param shown: shows the page with a refusal.
    :param page: endpoint of the page.
    """
    if not token_is_good(desk.keys.key("form"), bound, given("token")):
        return refused("error.expired", 403, desk)
    if act is None:
        return refused("error.no_right", 403, desk)
    try:
        act()
    except DeclarationRefused as problem:
        return shown(problem.what)
    return redirect(Links(desk.host).to(page), 303)


def given(name: str) -> str:
    """Read a field of a form.

    :param name: its name, without our prefix.
    """
    return request.form.get(f"cleangov_{name}", "")


def moment(desk: Desk, text: str) -> datetime:
    """Read a time of the agency's clock; what is none is long past, which the desk refuses.

    :param desk: the desk.
    :param text: ``"2026-12-02T18:00"``; hostile.
    """
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = desk.shelf.ledger(connection, desk.host.agency().id)
    try:
        found = datetime.fromisoformat(text)
        there = found if found.tzinfo or ledger is None else found.replace(tzinfo=ledger.zone)
        return there.astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime(1970, 1, 1, tzinfo=UTC)


def as_on_page(text: str, language: str) -> str:
    """Write a refusal with the names that the fields have on the page.

    :param text: the refusal, in the reader's language.
    :param language: BCP 47 tag.
    """

    def called(found: re.Match[str]) -> str:
        key = f"exceptions.field.{found[1]}"
        return word(key, language) if key in WORDS else found[0]

    return _OPTION.sub(called, text)
