"""Events of all cases as they were known: found again in the entries, not in the index."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.rules import GroupKey, Knowledge
from cleangov_plugin.rules.across import MOST_EVENTS, Group
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.store import groups
from cleangov_plugin.store import judged_entries as store
from cleangov_plugin.store.groups import Filled
from cleangov_plugin.store.judged_entries import Horizon, JudgedEntry
from cleangov_plugin.store.knowledge import event_key

from .sight import Past, Sight


class GroupsThen:
    """The events that facts over all cases look at, with what is needed to say who saw them.

    :param wanted: the groups.
    :param zone: the agency's zone.
    :param filled: groups that could be asked, and since when; None where all could be from the
        first event on.
    """

    def __init__(
        self, wanted: Sequence[Group], zone: ZoneInfo, filled: Mapping[str, Filled] | None = None
    ) -> None:
        self._wanted, self._zone, self._filled = wanted, zone, filled
        #: By group: civil day, row, case and key of the event, the event; in this order.
        self._events: dict[tuple[str, str], list[tuple[int, int, tuple[str, str], Past]]] = {}
        self._fixes: dict[tuple[str, str], list[Past]] = {}

    @classmethod
    def of_ledger(cls, connection: Connection, ledger: Ledger, within: Horizon) -> "GroupsThen":
        """Answer the groups of the rules in force, as events could ask them.

        :param connection: a reading connection.
        :param ledger: the ledger.
        :param within: up to where to read.
        """
        wanted = ledger.rules.groups()
        filled = groups.filled(connection, ledger.log_id, ledger.rules.revision) if wanted else None
        return cls(wanted, ledger.zone, filled).read(connection, ledger.log_id, within)

    def read(self, connection: Connection, log_id: str, within: Horizon) -> "GroupsThen":
        """Read the events of a ledger; nothing where there are no groups.

        :param connection: a reading connection.
        :param log_id: the agency's ledger.
        :param within: up to where to read.
        :return: itself.
        """
        if not self._wanted:
            return self
        known = Knowledge(zone=self._zone)
        kinds = {kind for group in self._wanted for kind in group.kinds}
        for entry in store.judged_entries(connection, log_id, kinds, within):
            record = decode_record(entry.body, entry.row)
            frame, past = Frame(record, known), Past(record, entry.row, entry.xid)
            if record.supersedes is not None:
                corrected = (entry.subject, event_key(record.source, record.supersedes))
                self._fixes.setdefault(corrected, []).append(past)
            for group in self._wanted:
                key = group.key(frame)
                if key is not None:
                    event = (frame.day.toordinal(), entry.row, (entry.subject, entry.key), past)
                    self._events.setdefault((group.id, key), []).append(event)
        for events in self._events.values():
            events.sort(key=lambda event: event[:2])
        return self

    def known(
        self,
        asked: Iterable[GroupKey],
        entry: JudgedEntry,
        record: Record,
        seen: Sight,
    ) -> dict[GroupKey, tuple[Record, ...]]:
        """Answer the events of each group as the evaluation of an entry knew them.

        :param asked: groups.
        :param entry: the entry.
        :param record: its event.
        :param seen: what its evaluation could see.
        :return: events in row order; one more than are looked at where there were too many.
        """
        found = {}
        for group in asked:
            if not self._could_be_asked(group, record, seen):
                continue
            there: list[Past] = []
            for key, past in self._in_window(group):
                if key[1] == _corrected(record):
                    continue
                if self._is_there(key, past, partial(_is_seen, entry, record, seen)):
                    there.append(past)
                    if len(there) > MOST_EVENTS:
                        break
            there.sort(key=lambda past: past.row)
            found[group] = tuple(past.record for past in there)
        return found

    def _could_be_asked(self, group: GroupKey, record: Record, seen: Sight) -> bool:
        if self._filled is None:
            return True
        filled = self._filled.get(group.group_id)
        return filled is not None and seen.sees(Past(record, filled.row, filled.xid), None)

    def _in_window(self, group: GroupKey) -> Iterator[tuple[tuple[str, str], Past]]:
        events = self._events.get((group.group_id, group.key), [])
        first = bisect_left(events, (group.since, 0), key=lambda event: event[:2])
        for day, _, key, past in events[first:]:
            if day > group.until:
                return
            yield key, past

    def _is_there(self, key: tuple[str, str], past: Past, is_seen: Callable[[Past], bool]) -> bool:
        """Answer whether an event was seen, and no correction of it was."""
        fixes = self._fixes.get(key, ())
        return is_seen(past) and not any(map(is_seen, fixes))


def _corrected(record: Record) -> str | None:
    return None if record.supersedes is None else event_key(record.source, record.supersedes)


def _is_seen(entry: JudgedEntry, record: Record, seen: Sight, past: Past) -> bool:
    """Answer whether an entry was there; of its own transaction those written before.

    An event that waited knows nothing that was recorded after it.
    """
    if entry.has_waited and past.record.recorded_at > record.recorded_at:
        return False
    if past.xid is not None and past.xid == entry.xid:
        return past.row < entry.row
    return seen.sees(past, entry.xid)
