"""The receipt journal: which entries were committed, said in a file away from the database.

An entry is noted when it is written, and its line follows once the database says that its
transaction was committed (`store.outcomes`): a moment later, by a thread of our own or between two
requests. A process that is killed before loses those lines and nothing else. Nothing here raises,
nothing waits, and nothing is hung on the host's connection.
"""

import atexit
import logging
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, NamedTuple

from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.ledger.receipt_line import Receipt, write_receipt
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.outcomes import Outcome, Written, outcomes

logger = logging.getLogger("cleangov")

#: Files of a journal: one for each process and day, so that no two write to one.
FILES: Final = "receipts-*.jsonl"
#: Bytes from which on a file is not written to any more, and may be put away on its own day.
LARGEST_FILE: Final = 4 * 1024 * 1024
#: Seconds for which lines are gathered before the database is asked.
_GATHER: Final = 0.5
#: Seconds between two questions about a transaction that stays open, at the most.
_LONGEST: Final = 60.0
#: Seconds after which a request asks by itself: where a host's threads do not run.
_LATE: Final = 2.0
#: Seconds after which a transaction that is still open is none any more.
_GIVEN_UP: Final = 3_600.0
#: Entries that are held at the most; a long transaction of a replay has some thousands.
_MOST: Final = 100_000
#: Entries that are asked about together.
_SLICE: Final = 2_000


class _Noted(NamedTuple):
    """An entry whose transaction may be open yet.

    :param written: its row.
    :param receipt: its line.
    :param since: when it was noted, monotonic seconds.
    """

    written: Written
    receipt: Receipt
    since: float


class ReceiptJournal:
    """Keeps the receipts of what this process writes.

    :param folder: where the journal lies; None keeps none.
    :param database: the database that is asked.
    :param count: counts what failed, by name.
    """

    def __init__(
        self, folder: Path | None, database: Database, count: Callable[[str], None]
    ) -> None:
        self._folder, self._database, self._count = folder, database, count
        self._clear()

    def _clear(self) -> None:
        """Begin anew, as after a fork: what is open there is the parent's, and its lines, too."""
        self._process, self._name = os.getpid(), secrets.token_hex(4)
        self._noted: deque[_Noted] = deque()
        self._lock, self._turn = threading.Lock(), threading.Lock()
        self._thread: threading.Thread | None = None
        self._woken, self._ends = threading.Event(), threading.Event()

    @property
    def is_kept(self) -> bool:
        """Answer whether receipts are kept at all."""
        return self._folder is not None

    def note(self, written: Written, receipt: Receipt) -> None:
        """Note an entry that was written; called in the host's transaction, and so quick.

        :param written: its row.
        :param receipt: its line.
        """
        if self._folder is None:
            return
        if self._process != os.getpid():
            self._clear()
        if len(self._noted) >= _MOST:
            self._count("receipts.lost")
            return
        self._noted.append(_Noted(written, receipt, time.monotonic()))
        if not self._woken.is_set():
            self._wake()

    def tend(self) -> None:
        """Write what has waited for long, in a host whose threads do not run."""
        with suppress(IndexError):  # the thread may take the last one just now
            if self._noted and time.monotonic() - self._noted[0].since >= _LATE:
                self.flush()

    def close(self) -> None:
        """Write what can be written, and end the thread; a later entry begins anew."""
        if self._folder is None or self._process != os.getpid():
            return
        atexit.unregister(self.close)
        thread = self._thread
        self._ends.set()
        self._woken.set()
        if thread is not None and thread.is_alive():
            thread.join(timeout=_LATE)
        self.flush()
        self._thread = None
        self._woken, self._ends = threading.Event(), threading.Event()

    def flush(self, *, patience: float = 0) -> bool:
        """Write the lines of all transactions that are committed by now.

        :param patience: seconds to wait while somebody else writes just now.
        :return: whether anything was written.
        """
        if self._process != os.getpid() or not self._turn.acquire(timeout=patience):
            return False
        try:
            return self._flush()
        finally:
            self._turn.release()

    def _wake(self) -> None:
        self._woken.set()
        thread = self._thread
        if thread is not None and thread.is_alive():
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(
                    target=self._run, name="cleangov-receipts", daemon=True
                )
                atexit.register(self.close)
                try:
                    self._thread.start()
                except RuntimeError:  # the process may have no more threads: requests do it
                    self._count("receipts.failed")

    def _run(self) -> None:
        ends, woken, patience = self._ends, self._woken, _GATHER
        while not ends.is_set():
            woken.wait(patience if self._noted else None)
            if ends.wait(_GATHER):
                return
            woken.clear()
            patience = _GATHER if self.flush() else min(2 * patience, _LONGEST)

    def _flush(self) -> bool:
        left, is_written = len(self._noted), False
        while left > 0:
            asked = [self._noted.popleft() for _ in range(min(left, _SLICE))]
            left -= len(asked)
            try:
                found = self._outcomes(asked)
                is_written |= self._append(self._lines(asked, found))
            except Exception as problem:  # a locked database, a full disk: asked again later
                self._noted.extendleft(reversed(asked))
                self._count("receipts.failed")
                logger.debug("receipts: %s", type(problem).__name__)
                return is_written
            self._keep_open(asked, found)
        return is_written

    def _lines(self, asked: Sequence[_Noted], found: Sequence[Outcome]) -> bytes:
        lines = []
        for noted, outcome in zip(asked, found, strict=True):
            if outcome is Outcome.COMMITTED:
                try:
                    lines.append(write_receipt(noted.receipt))
                except CleanGovError:  # no line can say it
                    self._count("receipts.lost")
        return b"".join(lines)

    def _outcomes(self, asked: Sequence[_Noted]) -> list[Outcome]:
        with self._database.own_transaction(is_reading=True) as connection:
            return outcomes(connection, [noted.written for noted in asked])

    def _keep_open(self, asked: Sequence[_Noted], found: Sequence[Outcome]) -> None:
        oldest = time.monotonic() - _GIVEN_UP
        for noted, outcome in zip(asked, found, strict=True):
            if outcome is Outcome.OPEN and noted.since >= oldest:
                self._noted.append(noted)

    def _append(self, lines: bytes) -> bool:
        """Add lines to the file of this process and day; a line that was cut stays the last one."""
        if self._folder is None or not lines:
            return False
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        day = datetime.now(UTC).strftime("%Y%m%d")
        path = self._folder / f"receipts-{day}-{self._process}-{self._name}.jsonl"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        is_whole = is_full = False
        try:
            if os.fstat(descriptor).st_size < LARGEST_FILE:
                is_whole = os.write(descriptor, lines) == len(lines)
                there = os.fstat(descriptor)
                is_full = there.st_size >= LARGEST_FILE
                is_whole = is_whole and there.st_nlink > 0  # else it was put away meanwhile
        finally:
            os.close(descriptor)
            if is_full or not is_whole:
                self._name = secrets.token_hex(4)
        if not is_whole:
            raise OSError
        return True
