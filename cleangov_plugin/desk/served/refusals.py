"""Refused calls of machines as entries: counted, and written at most once an hour for a kind."""

import secrets
import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from cleangov_hooks import Event, Stream
from cleangov_plugin.desk.checkpoint.recording import record_one
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.own_kinds import SOURCE
from cleangov_plugin.domain.our_kinds import CALLS_REFUSED

from .once import Once

#: The case under which they stand: refused calls belong to none of the host's.
CASE: Final = "cleangov-serve"
#: Refused because of us and not of the caller, or no refusal at all.
NOT_THEIRS: Final = frozenset({"held", "busy", "off", "inert"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """What was refused since it was last written down.

    A hostile caller must not fill the ledger: keys that we know, and kinds of refusal, are few,
    and there is one entry an hour for each pair of them, whichever worker writes it.

    :param once: remembers the hours in which an entry was written.
    :param counts: refusals by key and kind.
    """

    once: Once
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, desk: Desk, key_id: str, code: str) -> None:
        """Count a refusal, and write down what was counted if nobody did so in this hour.

        :param desk: the desk.
        :param key_id: id of the key that the call names; empty where it is none of ours. It may
            be named by somebody who has it not.
        :param code: what was wrong.
        """
        if code in NOT_THEIRS:
            return
        now = int(desk.host.now().timestamp())
        with self._lock:
            self.counts[key_id, code] += 1
            if not self.once.is_first(f"{key_id} {code}", now):
                return
            number = self.counts.pop((key_id, code))
        try:
            with desk.database.own_transaction() as connection:
                record_one(desk, _event(desk, key_id, code, number), connection)
        except Exception:
            with self._lock:  # nothing was written: the next hour's entry counts them, too
                self.counts[key_id, code] += number
            raise


def _event(desk: Desk, key_id: str, code: str, number: int) -> Event:
    now = desk.host.now()
    attributes = {"key": key_id or None, "problem": code, "number": number}
    return Event(
        id=secrets.token_hex(16),
        source=SOURCE,
        agency_id=desk.host.agency().id,
        stream=Stream.PERSONNEL,
        case_id=CASE,
        kind=CALLS_REFUSED,
        step="serve",
        actor=None,
        occurred_at=now,
        recorded_at=now,
        attributes={name: value for name, value in attributes.items() if value is not None},
    )
