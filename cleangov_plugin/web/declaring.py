"""What the pages share on which two people declare something for a time."""

import re
from datetime import UTC, datetime
from typing import Final

from flask import request

from cleangov_plugin.desk.desk import Desk

from .words import WORDS, word

#: How a refusal calls a field: as the option of the command line.
_OPTION: Final = re.compile(r"--([a-z]+)")


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
