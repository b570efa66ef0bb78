"""A second process that looks at leaves, for a verifier that has its own process to itself.

Only a command starts one: in a host's process nothing is started. Where it cannot be had, is killed
or does not answer, everything is done by the first alone.
"""

import queue
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

from cleangov_plugin.desk.own_process import started
from cleangov_plugin.ledger.entry_code import CodeKey
from cleangov_plugin.store.database import Database

from . import frames
from .stretches import Slice

#: Leaves from which on it is worth starting.
WORTH: Final = 50_000
#: Seconds after which a process that does not answer is given up.
_PATIENCE: Final = 120.0


class SecondGone(Exception):
    """The second process does not answer any more."""


class Second:
    """The near end of a second process.

    :param database: the database that it opens, too.
    :raises OSError: where no process can be started.
    """

    def __init__(self, database: Database) -> None:
        self._process, self._to, self._from = started("cleangov_plugin.desk.verified.serving")
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._is_gone = False
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()
        url = database.url.render_as_string(hide_password=False)
        self._send((url, database.patience_ms))

    def version(self) -> str:
        """Answer as `store.same_state.Follower` does; nothing where it is gone."""
        found = self._asked("version")
        return "" if found is SecondGone else str(found)

    def begin(self, snapshot: str) -> str:
        """Answer as `store.same_state.Follower` does; what is no state where it is gone.

        :param snapshot: as there.
        """
        found = self._asked("begin", snapshot)
        return "gone" if found is SecondGone else str(found)

    def end(self) -> None:
        """End reading, and forget what was asked."""
        if self._asked("end") is not None:
            self.close()

    def take(self, log_id: str, key: CodeKey | None) -> bool:
        """Have it take a ledger; answer whether it does.

        :param log_id: the ledger.
        :param key: the first key of its codes; None checks none.
        """
        return self._asked("take", log_id, key) is None and not self._is_gone

    def ask(self, first: int, until: int) -> None:
        """Ask for a stretch of leaves; it is answered in its turn.

        :param first: the first place.
        :param until: the place behind the last one.
        """
        self._send(("look", first, until))

    def answer(self, *, is_awaited: bool) -> list[Slice] | None:
        """Answer the next stretch that was asked for.

        :param is_awaited: whether to wait for it.
        :return: None where it is not there yet.
        :raises SecondGone: where it never will be.
        """
        try:
            found = self._answers.get(is_awaited, _PATIENCE)
        except queue.Empty:
            if not is_awaited:
                return None
            found = EOFError()
        if isinstance(found, Exception):
            self.close()
            raise SecondGone from found
        return list(found)

    def close(self) -> None:
        """End the process."""
        self._is_gone = True
        self._process.kill()
        self._process.wait()
        with suppress(OSError):  # what was not sent yet
            self._to.close()
        self._listening.join()
        self._from.close()

    def _asked(self, name: str, *words: Any) -> Any:
        """Ask and wait for the answer; it is `SecondGone` where there is none."""
        if self._is_gone:
            return SecondGone
        self._send((name, *words))
        try:
            found = self._answers.get(timeout=_PATIENCE)
        except queue.Empty:
            found = EOFError()
        if isinstance(found, Exception):
            self.close()
            return SecondGone
        return found

    def _send(self, message: Any) -> None:
        with suppress(OSError, ValueError):  # whoever waits for the answer is told
            frames.write(self._to, message)

    def _listen(self) -> None:
        while True:
            try:
                found = frames.read(self._from)
            except Exception as problem:  # whatever ends it, there will be no more answers
                self._answers.put(problem)
                return
            self._answers.put(found)


@contextmanager
def second_process(database: Database, leaves: int) -> Iterator[Second | None]:
    """Hold a second process, where one is worth it and can be had.

    :param database: the database that it opens, too.
    :param leaves: leaves that are to be looked at.
    """
    second: Second | None = None
    if leaves >= WORTH and not getattr(sys, "frozen", False) and sys.executable:
        with suppress(OSError):
            second = Second(database)
    try:
        yield second
    finally:
        if second is not None:
            second.close()
