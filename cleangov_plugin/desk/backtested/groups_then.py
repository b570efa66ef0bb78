"""Events of all cases as they were known: found again in the entries, not in the index."""

from collections.abc import Iterable

from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.record import Record
from cleangov_plugin.ledger.body import decode_record
from cleangov_plugin.rules import GroupKey, Knowledge
from cleangov_plugin.rules.frame import Frame
from cleangov_plugin.store import groups
from cleangov_plugin.store import judged_entries as store
from cleangov_plugin.store.judged_entries import Horizon, JudgedEntry
from cleangov_plugin.store.knowledge import event_key

from .sight import Past, Sight


class GroupsThen:
    """The events that facts over all cases look at, with what is needed to say who saw them.

    :param connection: a reading connection.
    :param ledger: the ledger, with its rules in force.
    :param within: up to where to read.
    """

    def __init__(self, connection: Connection, ledger: Ledger, within: Horizon) -> None:
        self._events: dict[tuple[str, str], list[tuple[int, tuple[str, str], Past]]] = {}
        self._fixes: dict[tuple[str, str], list[Past]] = {}
        self._filled: dict[str, groups.Filled] = {}
        if ledger.rules.groups():
            self._filled = groups.filled(connection, ledger.log_id, ledger.rules.revision)
            self._read(connection, ledger, within)

    def _read(self, connection: Connection, ledger: Ledger, within: Horizon) -> None:
        wanted, known = ledger.rules.groups(), Knowledge(zone=ledger.zone)
        kinds = {kind for group in wanted for kind in group.kinds}
        for entry in store.judged_entries(connection, ledger.log_id, kinds, within):
            record = decode_record(entry.body, entry.row)
            frame, past = Frame(record, known), Past(record, entry.row, entry.xid)
            if record.supersedes is not None:
                corrected = (entry.subject, event_key(record.source, record.supersedes))
                self._fixes.setdefault(corrected, []).append(past)
            for group in wanted:
                key = group.key(frame)
                if key is not None:
                    found = self._events.setdefault((group.id, key), [])
                    found.append((frame.day.toordinal(), (entry.subject, entry.key), past))

    def known(
        self,
        asked: Iterable[GroupKey],
        entry: JudgedEntry,
        record: Record,
        seen: Sight,
        *,
        has_waited: bool,
    ) -> dict[GroupKey, tuple[Record, ...]]:
        """Answer the events of each group as the evaluation of an entry knew them.

        :param asked: groups.
        :param entry: the entry.
        :param record: its event.
        :param seen: what its evaluation could see.
        :param has_waited: whether it waited: then what was recorded after it was not known.
        """
        found = {}
        for group in asked:
            filled = self._filled.get(group.group_id)
            if filled is None or not seen.sees(Past(record, filled.row, filled.xid), None):
                continue
            there = [
                past
                for day, key, past in self._events.get((group.group_id, group.key), ())
                if group.since <= day <= group.until
                and _is_seen(past, entry, seen)
                and not any(_is_seen(fix, entry, seen) for fix in self._fixes.get(key, ()))
                and key[1] != _corrected(record)
                and not (has_waited and past.record.recorded_at > record.recorded_at)
            ]
            there.sort(key=lambda past: past.row)
            found[group] = tuple(past.record for past in there)
        return found


def _corrected(record: Record) -> str | None:
    return None if record.supersedes is None else event_key(record.source, record.supersedes)


def _is_seen(past: Past, entry: JudgedEntry, seen: Sight) -> bool:
    """Answer whether an entry was there; of its own transaction those written before."""
    if past.xid is not None and past.xid == entry.xid:
        return past.row < entry.row
    return seen.sees(past, entry.xid)
