"""Small chores between two requests, before the host writes anything; each at its own pace."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.store.run import alone

from .catching_up import catch_up_lightly, empty_spool_lightly, make_few_figures
from .clocks.ticking import tick_few_clocks
from .desk import Desk
from .reconciling import Reconciling
from .start import Sources, sync_rules

logger = logging.getLogger("cleangov")

#: Seconds between two looks at the rule files.
_LOOK: Final = 1.0
#: Seconds between two looks into the spool, and between two at the clocks.
_EMPTY: Final = 60.0


@dataclass(slots=True)
class Chores:
    """What is tended between requests: owed events, clocks, the day's figures, changed rule files.

    :param sources: where rules come from.
    :param have_changed: answers whether a rule file has changed since it was read.
    """

    sources: Sources
    have_changed: Callable[[], bool]
    _looked: float = 0.0
    _emptied: float = 0.0
    _day: date | None = None
    _is_owed: bool = False
    _reconciling: Reconciling = field(default_factory=Reconciling)

    def tend(self, desk: Desk) -> None:
        """Do what is due; what fails is tried again later and stops nobody.

        :param desk: the desk.
        """
        try:
            desk.codes.turn(desk.host.now())
            desk.receipts.tend()
            catch_up_lightly(desk)
            now = time.monotonic()
            if now - self._emptied >= _EMPTY:
                self._emptied = now
                empty_spool_lightly(desk)
                self._look_at_clocks(desk)
            self._reconciling.step(desk)
            if now - self._looked >= _LOOK:
                self._looked = now
                self._take_over_rules(desk)
                self._make_figures(desk)
        except CleanGovError as problem:
            logger.warning("%s", problem)
        except Exception as problem:
            logger.warning("a chore between requests failed: %s", type(problem).__name__)

    def _take_over_rules(self, desk: Desk) -> None:
        """Put changed rule files in force; a file with a mistake leaves the old rules standing."""
        if not self._is_owed and not self.have_changed():
            return
        log_id = desk.host.agency().id
        try:
            with desk.database.own_transaction() as connection:
                alone(connection, "cleangov start")
                sync_rules(connection, log_id, desk.host, desk.settings, self.sources)
            self._is_owed = False
        except CleanGovError:
            self._is_owed = False  # a mistake in a file: it is read again when it has changed
            raise
        except Exception:
            self._is_owed = True  # the database was busy, and the files were read already
            raise
        self._day = None  # a new rule may need figures that nobody has made yet

    def _look_at_clocks(self, desk: Desk) -> None:
        with desk.database.own_transaction(is_reading=True) as connection:
            ledger = desk.shelf.ledger(connection, desk.host.agency().id)
        if ledger is not None:
            tick_few_clocks(desk, ledger)

    def _make_figures(self, desk: Desk) -> None:
        with desk.database.own_transaction(is_reading=True) as connection:
            ledger = desk.shelf.ledger(connection, desk.host.agency().id)
        if ledger is None or self._day == desk.today(ledger):
            return
        self._day = desk.today(ledger)
        if not make_few_figures(desk, ledger):
            self._day = None  # older entries are still to be grouped: at the next look
