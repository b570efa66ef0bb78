"""Who has looked at me: views of an officer's name or personal fields, told to the officer.

Every view is told, and every one equally late: were those of some matters told at once and of
others not, the silence would tell the officer that something is under way.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.review.erased import looks as tell
from cleangov_plugin.desk.review.told import Teller
from cleangov_plugin.domain.terms import FIELD_VIEWED, NAME_VIEWED
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.store import own_entries

_KINDS: Final = frozenset({NAME_VIEWED, FIELD_VIEWED})
_MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLook:
    """Somebody who saw the officer's name, or a personal field of what they did.

    :param case_id: in which case.
    :param at: when, in the agency's zone.
    :param unit: unit of who looked; empty where none is known.
    :param field: code of the field; empty where it was the name.
    :param reason: the reason they gave; empty where it was erased.
    """

    case_id: str
    at: datetime
    unit: str
    field: str
    reason: str


def looks_at(desk: Desk, teller: Teller, own: str, cases: Collection[str]) -> tuple[OwnLook, ...]:
    """Tell an officer who has looked at them in some cases, the newest first.

    :param desk: the desk.
    :param teller: tells it, in the officer's language.
    :param own: pseudonym of the officer.
    :param cases: the cases.
    """
    until = desk.host.now() - timedelta(days=desk.settings.look_days)
    on, log_id = teller.connection, teller.ledger.log_id
    rows = own_entries.of_kinds(on, log_id, cases, _KINDS, until=until, size=_MOST)
    if not rows:
        return ()
    theirs = own_entries.numbered(on, log_id, cases, own)
    found = []
    for row, look in zip(rows, tell(teller, rows), strict=True):
        told = decode_record(row["body"], row["id"]).attributes
        is_theirs = look.viewed == own or (told.get("lane"), told.get("no")) in theirs
        if is_theirs and row["actor"] != own:
            found.append(
                OwnLook(
                    case_id=row["subject"],
                    at=look.at,
                    unit=row["unit"] or "",
                    field=look.field,
                    reason=look.reason,
                )
            )
    return tuple(found)
