"""What an evaluation could see of a ledger: its own snapshot tells, not the time of events."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cleangov_plugin.domain.record import Record
from cleangov_plugin.store.knowledge import WAITED, event_key


class Past(NamedTuple):
    """An earlier entry of a case.

    :param record: its event.
    :param row: number of its row.
    :param xid: on PostgreSQL, the transaction that wrote it.
    """

    record: Record
    row: int
    xid: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A snapshot, read.

    :param last_row: on SQLite, the last row there was.
    :param xmin: on PostgreSQL, every transaction before it had ended.
    :param xmax: none from this one on had begun.
    :param open: transactions in between that had not ended.
    """

    last_row: int | None = None
    xmin: int = 0
    xmax: int = 0
    open: frozenset[int] = frozenset()

    def sees(self, past: Past, own_xid: int | None) -> bool:
        """Answer whether an earlier entry was there to be seen.

        :param past: the earlier entry.
        :param own_xid: the transaction that judged: it sees what it wrote itself.
        """
        if self.last_row is not None:
            return past.row <= self.last_row
        if past.xid is None or past.xid == own_xid or past.xid < self.xmin:
            return True
        return past.xid < self.xmax and past.xid not in self.open


@lru_cache(maxsize=256)
def sight(snapshot: str) -> Sight:
    """Read the snapshot of an entry.

    :param snapshot: ``"id:N"``; or ``"xmin:xmax:xid,xid"`` as PostgreSQL writes it, and the
        first number alone where nothing was open; behind it, what says that the event waited.
    :return: what it says; one that cannot be read lets everything be seen that was written before.
    """
    snapshot = snapshot.removesuffix(WAITED)
    parts = snapshot.split(":")
    try:
        if parts[0] == "id":
            return Sight(last_row=int(parts[1]))
        if len(parts) == 1:
            return Sight(xmin=int(snapshot), xmax=int(snapshot))
        xmin, xmax, open_ = parts
        numbers = frozenset(int(number) for number in open_.split(",") if number)
        return Sight(xmin=int(xmin), xmax=int(xmax), open=numbers)
    except (ValueError, IndexError):
        return Sight(xmin=2**63)


def known_then(
    past: Sequence[Past], record: Record, seen: Sight, own_xid: int | None, *, has_waited: bool
) -> tuple[Record, ...]:
    """Answer what was known of a case when an event was judged.

    :param past: the case's earlier entries, in row order.
    :param record: the event.
    :param seen: what its evaluation could see.
    :param own_xid: the transaction that judged.
    :param has_waited: whether it waited: then what was recorded after it was not known.
    :return: the events, corrected ones left out.
    """
    last = seen.last_row
    if last is not None:
        there = [each.record for each in past if each.row <= last]
    else:
        there = [each.record for each in past if seen.sees(each, own_xid)]
    if has_waited:
        there = [each for each in there if each.recorded_at <= record.recorded_at]
    gone = {event_key(r.source, r.supersedes) for r in (*there, record) if r.supersedes is not None}
    if not gone:
        return tuple(there)
    return tuple(each for each in there if event_key(each.source, each.event_id) not in gone)
