"""That a bundle was made is an entry of its case: who, what it shows, and its hash."""

import getpass
from hashlib import sha256

from cleangov_hooks import AttributeValue, Person
from cleangov_plugin.desk.checkpoint.entering import enter
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import own_event
from cleangov_plugin.desk.own_words import cleaned
from cleangov_plugin.desk.viewed_kinds import ACCOUNT, NAMED
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.domain.our_kinds import EVIDENCE_EXPORTED

from .exporting import Exported, Wish

_LONGEST_REASON = 500


class NotRecorded(CleanGovError):
    """The entry of an export cannot be written, so nothing is handed out."""


def record_export(
    desk: Desk, made: Exported, wish: Wish, by: str | None, reason: str | None
) -> int:
    """Write the entry of a bundle, before anybody has it.

    :param desk: the desk of its ledger.
    :param made: the bundle.
    :param wish: of what it is.
    :param by: who asked, as the platform knows them; None for the account of this machine, which
        is said as such.
    :param reason: why, in their words; personal.
    :return: number of the entry.
    :raises NotRecorded: where it cannot be written.
    """
    attributes: dict[str, AttributeValue] = {
        "known_as": NAMED if by else ACCOUNT,
        "bundle": sha256(made.data).hexdigest(),
        "size": made.size,
        "entries": made.entries,
        "fields": tuple(sorted(set(wish.disclose))) or None,
        "reason": (cleaned(reason) or "")[:_LONGEST_REASON] or None if reason else None,
    }
    name = by or f"account:{_account()}"
    person = Person(id=name, name=name, roles=frozenset(), unit=None)
    place = (made.log_id, wish.case)
    now = desk.host.now()
    event = own_event(EVIDENCE_EXPORTED, person, now, place, step="evidence", attributes=attributes)
    try:
        with desk.database.own_transaction() as connection:
            return enter(desk, connection, event).row
    except Exception as problem:  # whatever it was: no entry, no bundle
        raise NotRecorded(
            f"that the evidence was exported could not be recorded ({type(problem).__name__}).",
            where=f"{place[0]} {place[1]}",
            remedy="Use an account that may write entries, or say --unrecorded.",
        ) from problem


def _account() -> str:
    """Answer the account that runs this; on some machines it has no name."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unnamed"
