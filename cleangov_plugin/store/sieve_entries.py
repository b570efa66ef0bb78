"""Which cases are plain, and their events: cut out of the canonical text of their bodies.

In that text what stands inside a text never looks like what stands around it, since every quotation
mark in it is escaped; so a field is found by what stands before it, and no JSON is read. An event
whose value is escaped, or written in another way than ours, is odd, see `sieve_fields`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.ledger.later_record import BEGINS, ENDS, KIND, MOMENT

from .judged_entries import JudgedEntry
from .knowledge import WAITED

#: A case with more entries is the closures': pairs grow with the square of their number.
MOST_ENTRIES: Final = 200
#: Moments as `ledger.instants.stamp` writes them.
_is_moment: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}(:[0-9]{2}){2}\.[0-9]{6}Z"
).fullmatch
#: How a body with erasable fields begins, see `ledger.body`.
_HIDES: Final = '{"_sd":['
_THEN_BEGINS: Final = '],"at":"'
_BY_DAY: Final = '["e.precision","choice","day"'
_CORRECTS: Final = '["e.supersedes","text","'


#: An event of a plain case: its civil day as a number; its moment as it is written, nothing in a
#: case whose events are known to the day; its place in the order of rows; its kind; its body.
Event: TypeAlias = tuple[int, str, int, str, str]


@dataclass(slots=True)
class Days:
    """Civil days of moments; each stretch of ten minutes is worked out once.

    :param zone: the agency's zone.
    """

    zone: ZoneInfo
    #: The day of a stretch, by the first 15 characters of its moments.
    known: dict[str, int] = field(default_factory=dict)

    def of(self, moment: str) -> int:
        """Answer the civil day of a moment, as a number.

        :param moment: as it is written in a body.
        :raises ValueError: or OverflowError, where it is none.
        """
        day, stretch = self._day(moment), moment[:15]
        first, last = (self._day(stretch + end) for end in ("0:00.000000Z", "9:59.999999Z"))
        if first == last:
            self.known[stretch] = day
        return day

    def _day(self, moment: str) -> int:
        if not _is_moment(moment):
            raise ValueError(moment)
        return civil_day(datetime.fromisoformat(moment), self.zone).toordinal()


def plain_events(entries: Sequence[JudgedEntry], days: Days) -> list[Event] | None:
    """Answer the events of a case in the order of time; None where it is not plain.

    :param entries: its entries, in row order.
    :param days: the civil days.
    """
    if len(entries) > MOST_ENTRIES:
        return None
    try:
        events = _events(entries, days) if _all_was_seen(entries) else []
    except (ValueError, OverflowError):
        return None
    events.sort()  # no two have one place
    return events or None


def _events(entries: Sequence[JudgedEntry], days: Days) -> list[Event]:
    """Read the events of a case; none where one is not plain."""
    found, by_day, known = [], 0, days.known
    for place, entry in enumerate(entries):
        body = entry[3]
        begin = body.find(KIND) + len(KIND)
        kind = body[begin : body.find('"', begin)] if begin >= len(KIND) else ""
        if not kind or "\\" in kind or not body.endswith(ENDS) or _CORRECTS in body:
            return []
        moment = body[MOMENT] if body.startswith(BEGINS) else _late_moment(body)
        day = known.get(moment[:15])
        if day is None or not _is_moment(moment):
            day = days.of(moment)
        if _BY_DAY in body:
            by_day, moment = by_day + 1, ""
        found.append((day, moment, place, kind, body))
    return found if by_day in (0, len(found)) else []


def _late_moment(body: str) -> str:
    """Answer the moment that stands behind the digests of erasable fields."""
    _, _, after = body.partition(_THEN_BEGINS) if body.startswith(_HIDES) else ("", "", "")
    return after.partition('"')[0]


def _all_was_seen(entries: Sequence[JudgedEntry]) -> bool:
    """Answer whether each evaluation saw all that stands before it, see `backtested.sight`.

    One of an event that waited left out what was recorded later.
    """
    last, writers = 0, set[int]()
    for _, row, _, _, snapshot, xid, _ in entries:
        if snapshot.endswith(WAITED):
            return False
        if snapshot.startswith("id:"):
            if last > int(snapshot[3:]):
                return False
        elif snapshot and writers and not _is_seen(snapshot, writers, xid):
            return False
        last = row
        if xid is not None:
            writers.add(xid)
    return True


def _is_seen(snapshot: str, writers: set[int], own: int | None) -> bool:
    """Answer whether all writers had ended before a snapshot, or are the transaction itself."""
    return max(writers) < int(snapshot.partition(":")[0]) or writers == {own}


def texts_after(heads: Sequence[str], bodies: Sequence[str]) -> list[str | None]:
    """Cut a text out of each body; None where there is none.

    :param heads: what may stand before it, an opening quotation mark last; the first found counts.
    :param bodies: the bodies.
    """
    first, *others = heads
    length = len(first)
    found = [
        body[at + length : body.find('"', at + length)] if (at := body.find(first)) >= 0 else None
        for body in bodies
    ]
    if others and None in found:
        later = texts_after(others, bodies)
        return [
            mine if mine is not None else other for mine, other in zip(found, later, strict=True)
        ]
    return found
