"""Sealing in the platform's own process, a little after it has recorded something.

A thread of its own begins with the first event and ends when nothing is left to seal: an idle
platform has none, and a forked process begins its own. What fails there is tried again later,
counted, and stops nobody.
"""

import logging
import os
import threading
from pathlib import Path
from typing import Final

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.start import heads_folder, keys_folder
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.ledger.policy import Policy, read_policy
from cleangov_plugin.store.run import Busy

from .outside import Outside, signers_of
from .pruning import Pruner
from .sealing import Sealed, seal

logger = logging.getLogger("cleangov")

#: Entries of one transaction: on SQLite the host's writer waits for it.
_SLICE: Final = 200
#: After a turn that found nothing, or failed: how many times longer the next one waits.
_LONGER: Final = 4
#: Seconds after which a thread that found nothing to seal ends.
_LONGEST: Final = 60.0


class Steady:
    """Seals what a process records.

    :param desk: the desk.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._log_id = desk.host.agency().id  # asked here: the thread has no request around it
        self._said = ""
        self._looked: int | None = None
        self._pruner = Pruner(desk.settings.receipts_folder)
        self._clear()

    def _clear(self) -> None:
        """Begin anew, as after a fork: whoever held a lock in the parent is not here."""
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._woken = threading.Event()
        self._ends = threading.Event()

    def wake(self) -> None:
        """Take note that something was recorded; called in the host's request, and so quick."""
        if not self._desk.settings.seal_seconds:
            return
        if self._process != os.getpid():
            self._clear()
        self._woken.set()
        thread = self._thread
        if thread is None or not thread.is_alive():
            self._begin()

    def look(self) -> None:
        """Wake once in each process: one before it may have ended before it had sealed."""
        if self._looked != os.getpid():
            self._looked = os.getpid()
            self.wake()

    def end(self) -> None:
        """Have the thread end, and wait for it."""
        self._ends.set()
        thread = self._thread
        if thread is not None and thread.is_alive():
            thread.join(timeout=5)

    def _begin(self) -> None:
        with self._lock:
            if self._ends.is_set() or (self._thread is not None and self._thread.is_alive()):
                return
            self._thread = threading.Thread(target=self._run, name="cleangov-sealing", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        patience = usual = float(self._desk.settings.seal_seconds)
        while not self._ends.wait(min(patience, _LONGEST)):
            self._woken.clear()
            done = self.seal_once()
            if done is not None and (done.added or not done.is_done or self._woken.is_set()):
                patience = usual if done.is_done else 0.0
                continue
            if patience >= _LONGEST:
                return
            patience = max(patience, 1.0) * _LONGER  # a long transaction may still be committed

    def seal_once(self) -> Sealed | None:
        """Seal one slice; None where that failed, which is counted.

        :return: what was done.
        """
        desk = self._desk
        try:
            folder = heads_folder(desk.settings, desk.database)
            keys = keys_folder(desk.settings, desk.database)
            signers = signers_of(keys, self._log_id, is_made=True)
            if folder is None or not signers:
                self._failed("no folder for the heads: set CLEANGOV_HEADS")
                return None
            outside = Outside(folder, self._log_id)
            *older, signer = signers
            policy = _policy(desk)
            done = seal(
                desk.database,
                outside,
                signer,
                desk.host.now,
                older=older,
                policy=policy,
                slice_=_SLICE,
                slices=1,
            )
            if self._pruner.after(desk.database, outside, done.size, policy) is None:
                desk.counters.add("receipts.unpruned")
            return done
        except Busy:
            desk.counters.add("sealing.busy")
        except CleanGovError as problem:
            self._failed(str(problem))
        except Exception as problem:  # a locked database, a full disk: the next turn tries again
            self._failed(type(problem).__name__)
        return None

    def _failed(self, why: str) -> None:
        self._desk.counters.add("sealing.failed")
        if why != self._said:  # once, not every few seconds
            self._said = why
            logger.warning("sealing: %s", why)


def _policy(desk: Desk) -> Policy | None:
    """Read whom to ask for cosignatures, anew at each sealing: the file may change."""
    name = desk.settings.policy
    return read_policy(Path(name).read_bytes()) if name else None
