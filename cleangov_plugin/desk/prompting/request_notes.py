"""The lines under a panel: how far a second person is, to whom a doubt was passed on."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.shelf import Ledger
from cleangov_plugin.ledger.instants import instant
from cleangov_plugin.store import second_requests

from .views import Note

_SAID: Final = {
    second_requests.APPROVED: "panel.agreed",
    second_requests.REFUSED: "panel.refused",
    second_requests.EXPIRED: "panel.lapsed",
    second_requests.NOBODY: "panel.nobody",
}


def notes_of_requests(
    desk: Desk,
    ledger: Ledger,
    request: Mapping[str, Any] | None,
    doubted: Sequence[Mapping[str, Any]],
) -> tuple[Note, ...]:
    """Say how far a second person is, to whom a doubt was passed on, and what they answered.

    :param desk: the desk.
    :param ledger: the agency's ledger.
    :param request: row of the latest request; None where nobody was asked.
    :param doubted: rows of the doubts.
    """
    notes = []
    if request is not None:
        until = instant(request["expires_at"]).astimezone(ledger.zone)
        role, state = request["role"], request["state"]
        if state == second_requests.OPEN:
            if request["instead_of"]:
                notes.append(Note(key="panel.passed_on", role=request["instead_of"]))
            notes.append(Note(key="panel.waiting", role=role))
            notes.append(Note(key="panel.asked_until", until=until))
        elif state in _SAID:
            key, words, owner = _SAID[state], request["words"] or "", desk.settings.owner
            notes.append(Note(key=key, role=role, text=words, turn_to=owner))
    for row in doubted:
        until = instant(row["expires_at"]).astimezone(ledger.zone)
        if row["state"] == second_requests.DOUBTED:
            notes.append(Note(key="panel.wrong.noted", steward=row["role"], until=until))
        else:
            key = f"panel.wrong.{row['state']}"
            notes.append(Note(key=key, steward=row["role"], text=row["words"] or ""))
    return tuple(notes)
