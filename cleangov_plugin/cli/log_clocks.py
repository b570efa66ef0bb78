"""Clocks of a log: ticks come with the clock of the log, after every batch of its events."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cleangov_plugin.desk.clocks.ticking import clocks_can_start, follow_clocks

from .host import OURS, HistoryHost


class LogClocks:
    """The clocks of a log that is fed; where none can start in it, nothing is done.

    :param host: the host of the log, its plugin attached.
    :param log_id: the ledger of the log.
    :param kinds: kinds of event that the log has.
    """

    def __init__(self, host: HistoryHost, log_id: str, kinds: Sequence[str]) -> None:
        self._desk: Any = getattr(host.plugins.get_plugin(OURS), "desk", None)
        self._ledger: Any = None
        if self._desk is not None:
            with self._desk.database.own_transaction(is_reading=True) as connection:
                ledger = self._desk.shelf.ledger(connection, log_id)
            if ledger is not None and clocks_can_start(self._desk, ledger, list(kinds)):
                self._ledger = ledger

    @property
    def are_followed(self) -> bool:
        """Answer whether a clock can start in the log at all."""
        return self._ledger is not None

    def follow(self, until: datetime) -> None:
        """Find what the clocks say up to a moment, each thing at the moment it could be said.

        :param until: where the clock of the log stands, aware.
        """
        if self._ledger is not None:
            follow_clocks(self._desk, self._ledger, until)
