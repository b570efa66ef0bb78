"""What each evaluation of a ledger knew, worked out again from the entries themselves."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from cleangov_plugin.calendar import civil_day
from cleangov_plugin.desk.shelf import Connection, Ledger
from cleangov_plugin.domain.record import Record
from cleangov_plugin.rules import (
    Knowledge,
    Plan,
    Statistic,
    StatisticKey,
    group_keys,
    statistic_keys,
)
from cleangov_plugin.store.judged_entries import Horizon, JudgedEntry
from cleangov_plugin.store.statistics import made, on_days

from .groups_then import GroupsThen
from .sight import Past, Sight, known_then, sight

_FIGURES: Final = 100_000


class KnownThen:
    """What the rules in force could know of every entry when it was judged.

    :param connection: a reading connection.
    :param ledger: the ledger, with its rules in force.
    :param within: up to where it is read.
    """

    def __init__(self, connection: Connection, ledger: Ledger, within: Horizon) -> None:
        self._ledger = ledger
        self._groups = GroupsThen.of_ledger(connection, ledger, within)

        @lru_cache(maxsize=_FIGURES)
        def figures(key: StatisticKey) -> Sequence[tuple[str, Statistic]]:
            return on_days(connection, ledger.log_id, key)

        self._figures = figures
        facts = [fact.id for fact in ledger.rules.facts()]
        self._made = made(connection, ledger.log_id, facts) if facts else {}

    def of(
        self, entry: JudgedEntry, record: Record, past: Sequence[Past], asked: Plan
    ) -> Knowledge:
        """Answer what the evaluation of an entry knew.

        :param entry: the entry.
        :param record: its event.
        :param past: the case's earlier entries, in row order.
        :param asked: the rules that are asked.
        """
        zone = self._ledger.zone
        has_waited, seen = entry.has_waited, sight(entry.snapshot)
        day = civil_day(record.occurred_at, zone).isoformat()
        return Knowledge(
            zone=zone,
            history=known_then(past, record, seen, entry.xid, has_waited=has_waited),
            groups=self._groups.known(group_keys(asked, record, zone), entry, record, seen),
            statistics=self._known_figures(statistic_keys(asked, record), day, record, seen),
            calendar=self._ledger.calendar,
        )

    def _known_figures(
        self, keys: Iterable[StatisticKey], day: str, record: Record, seen: Sight
    ) -> dict[StatisticKey, Statistic]:
        """Answer the newest figures that stood when an event was judged; today's may come late."""
        found = {}
        for key in keys:
            figures = self._figures(key)
            place = bisect_right(figures, day, key=lambda figure: figure[0])
            for on, figure in reversed(figures[:place]):
                made_at = self._made.get((key.fact_id, on))
                if made_at is None or seen.sees(Past(record, made_at.row, made_at.xid), None):
                    found[key] = figure
                    break
        return found
