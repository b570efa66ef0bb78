"""Who has looked at me: views of an officer's name, fields and cases, told to the officer.

Every view is told, and every one equally late: were those of some matters told at once and of
others not, the silence would tell the officer that something is under way.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.review.erased import looks as tell
from cleangov_plugin.desk.review.rule_words import Teller
from cleangov_plugin.domain.our_kinds import (
    CASE_VIEWED,
    EVIDENCE_EXPORTED,
    FIELD_VIEWED,
    NAME_VIEWED,
)
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.store import own_entries

_KINDS: Final = frozenset({NAME_VIEWED, FIELD_VIEWED, EVIDENCE_EXPORTED})
#: Of whoever acted in the case, whomever was looked for.
_OF_ALL: Final = frozenset({EVIDENCE_EXPORTED, CASE_VIEWED})
_WHAT: Final = {
    NAME_VIEWED: "name",
    FIELD_VIEWED: "field",
    EVIDENCE_EXPORTED: "bundle",
    CASE_VIEWED: "case",
}
_MOST: Final = 200
_MOST_OPENED: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLook:
    """Somebody who saw the officer's name, a personal field of what they did, or their case.

    :param case_id: in which case.
    :param at: when, in the agency's zone.
    :param unit: unit of who looked; empty where none is known.
    :param what: ``"name"``, ``"field"``, ``"bundle"`` (the evidence of the case was taken away) or
        ``"case"`` (it was opened).
    :param field: code of the field; empty where it was none.
    :param reason: the reason they gave; empty where it was erased, or none was asked for.
    :param is_account: whether nobody was named, and it is the account of the machine.
    """

    case_id: str
    at: datetime
    unit: str
    what: str
    field: str
    reason: str
    is_account: bool = False


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
    # Apart: a case that many open must not leave no place for who saw a name.
    opened = {CASE_VIEWED}
    rows += own_entries.of_kinds(on, log_id, cases, opened, until=until, size=_MOST_OPENED)
    if not rows:
        return ()
    theirs = own_entries.numbered(on, log_id, cases, own)
    found = []
    for row, look in zip(rows, tell(teller, rows), strict=True):
        told = decode_record(row["body"], row["id"]).attributes
        is_theirs = look.viewed == own or (told.get("lane"), told.get("no")) in theirs
        if (is_theirs or look.kind in _OF_ALL) and row["actor"] != own:
            found.append(
                OwnLook(
                    case_id=row["subject"],
                    at=look.at,
                    unit=row["unit"] or "",
                    what=_WHAT[look.kind],
                    field=look.field,
                    reason=look.reason,
                    is_account=look.is_account,
                )
            )
    return tuple(sorted(found, key=lambda look: look.at, reverse=True))
