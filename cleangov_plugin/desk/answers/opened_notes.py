"""Oversight opens what officers told it alone, in the agency's ledger or in a copy of it."""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.our_kinds import NOTE_SEALED
from cleangov_plugin.ledger.sealed_box import OpeningKey, open_box
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.store import case_entries

from .noting import NO_CASE, PURPOSE


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedNote:
    """A note.

    :param row: number of its entry.
    :param event: what its receipt is got by.
    :param at: when it was sealed, fixed-width UTC text.
    :param told: what stands in it; None where the key does not open it.
    :param why: the rule that was broken, where it does not.
    """

    row: int
    event: str
    at: str
    told: dict[str, Any] | None
    why: str = ""


def opened_notes(connection: Connection, key: OpeningKey, after: int = 0) -> Iterator[OpenedNote]:
    """Open all notes, the oldest first. One that does not open is named and stops nothing.

    :param connection: any connection.
    :param key: oversight's key.
    :param after: only notes of later rows.
    """
    for entry in case_entries.bodies(connection, NO_CASE, after):
        body = _body(entry.body)
        if body.get("kind") != NOTE_SEALED:
            continue
        told, why = _told(body, key)
        yield OpenedNote(
            row=entry.row, event=str(body.get("id")), at=str(body.get("at")), told=told, why=why
        )


def _told(body: dict[str, Any], key: OpeningKey) -> tuple[dict[str, Any] | None, str]:
    try:
        box = next(text for code, _, text in body["attrs"] if code == "a.box")
        told = json.loads(open_box(base64.b64decode(box, validate=True), key, PURPOSE))
    except Refused as problem:
        return None, problem.rule
    except (StopIteration, KeyError, TypeError, ValueError, binascii.Error, RecursionError):
        return None, "note.form"
    return (told, "") if isinstance(told, dict) else (None, "note.form")


def _body(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
