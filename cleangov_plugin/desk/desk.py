"""The desk: everything the verbs share, opened once when the host is ready."""

import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from cleangov_hooks import EventType, Host, guarded_call
from cleangov_plugin.calendar import civil_day
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.run import Retention

from .budget import Breakers
from .codes import Codes
from .keys import Keys
from .own_kinds import OWN_KINDS
from .people import People
from .receipts import ReceiptJournal
from .settings import Settings
from .shelf import Ledger, Shelf
from .spool import Spool


@dataclass(slots=True)
class Counters:
    """What happened in this process since it started; for status and logs.

    :param numbers: number by name.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self, name: str, number: int = 1) -> None:
        """Count some more.

        :param name: what is counted.
        :param number: how many more.
        """
        with self._lock:
            self.numbers[name] = self.numbers.get(name, 0) + number

    def take(self, name: str) -> int:
        """Answer a number, and begin to count anew.

        :param name: what was counted.
        """
        with self._lock:
            return self.numbers.pop(name, 0)


def declared_kinds(host: Host) -> dict[str, EventType]:
    """Ask a host's modules which kinds of event they send.

    :param host: its services.
    :return: the kinds by name.
    """
    answers = guarded_call(host.plugins, "cleangov_event_types").values
    return {declared.kind: declared for answer in answers for declared in answer}


@dataclass(slots=True, kw_only=True)
class Desk:
    """What the verbs share.

    :param host: the host's services.
    :param settings: as read at the start.
    :param keys: the key ring.
    :param database: for transactions of our own.
    :param shelf: rules, calendars and zones of each ledger.
    :param spool: for events no table could take.
    :param codes: makes the codes of entries.
    :param receipts: keeps the receipts of entries that were committed.
    :param counters: what happened in this process.
    :param breakers: verbs that rest because they took too long.
    :param catch_up_at: monotonic seconds before which a request does not try to catch up.
    :param timings: verbs that ended, with their milliseconds, until somebody collects them; None
        where nobody does.
    """

    host: Host
    settings: Settings
    keys: Keys
    database: Database
    shelf: Shelf
    spool: Spool
    codes: Codes
    receipts: ReceiptJournal
    counters: Counters = field(default_factory=Counters)
    breakers: Breakers = field(default_factory=Breakers)
    catch_up_at: float = 0.0
    timings: deque[tuple[str, float]] | None = None
    _types: tuple[int, Mapping[str, EventType]] = (-1, {})

    def close(self) -> None:
        """Keep what waits, and close the connections that are not in use."""
        self.receipts.close()
        self.codes.close()
        self.database.dispose()

    @property
    def people(self) -> People:
        """Answer who makes pseudonyms."""
        return People(self.keys.key("pseudonym"))

    def types(self) -> Mapping[str, EventType]:
        """Answer the kinds that the host's modules declare, asked anew as they grow, and ours."""
        # Not as a set: a stranger's module may have no hash, and would put supervision out.
        number = len([1 for _, it in self.host.plugins.list_name_plugin() if it is not None])
        if self._types[0] != number:
            self._types = (number, {**declared_kinds(self.host), **OWN_KINDS})
        return self._types[1]

    def today(self, ledger: Ledger) -> date:
        """Answer the present civil day of an agency.

        :param ledger: the agency's ledger.
        """
        return civil_day(self.host.now(), ledger.zone)

    def retention(self, why: str) -> Retention:
        """Answer class and last day of what is written now.

        :param why: why it is kept, ``"case"`` or ``"gap"``.
        """
        return retention_of(self.settings, self.host.now(), why)


def retention_of(settings: Settings, now: datetime, why: str) -> Retention:
    """Answer class and last day of what is written at a moment.

    :param settings: the settings.
    :param now: the moment, aware.
    :param why: why it is kept, ``"case"`` or ``"gap"``.
    """
    return why, _last_day(now.date(), settings.retention_years)


@lru_cache(maxsize=64)
def _last_day(today: date, years: int) -> str:
    """Answer the ISO day until which something is kept; asked for every event of a day."""
    return (today + timedelta(days=365 * years + years // 4)).isoformat()
