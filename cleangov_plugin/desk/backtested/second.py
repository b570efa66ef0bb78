"""A second process that asks about the second half of the cases.

Only a command starts one; in a host's process nothing is started. It runs the same code on the same
entries, up to the same horizon. Where it cannot be had, is killed or answers nothing, the first
process does its half, too.
"""

import pickle
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from cleangov_plugin.desk.collecting import rarely_collected
from cleangov_plugin.desk.own_process import OwnProcess, started
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.judged_entries import Horizon

from .parts import Part, Wanted, part_of

#: Entries from which on it is worth starting.
WORTH: Final = 20_000
#: What an answer begins with: anything else on the pipe is none.
_MARK: Final = b"cleangov.backtest.part/1\n"


class Beside:
    """Starts a second process on the same database.

    :param database: the database.
    """

    def __init__(self, database: Database) -> None:
        self._url = database.url.render_as_string(hide_password=False)
        self._patience_ms = database.patience_ms

    @contextmanager
    def begun(
        self, wanted: Wanted, within: Horizon, since: str
    ) -> "Iterator[Callable[[], Part | None]]":
        """Let it begin.

        :param wanted: what is to be tested.
        :param within: up to where to read.
        :param since: the first of its cases.
        :return: a function that waits for what it found; None where it did not end well.
        """
        process = self._started(wanted, within, since)
        try:
            yield lambda: None if process is None else _answer(process)
        finally:
            if process is not None:
                process.process.kill()
                process.process.wait()
                process.said.close()

    def _started(self, wanted: Wanted, within: Horizon, since: str) -> OwnProcess | None:
        try:
            process = started("cleangov_plugin.desk.backtested.second")
        except OSError:
            return None
        with suppress(OSError):  # it is gone already, and will answer nothing
            process.to.write(pickle.dumps((self._url, self._patience_ms, wanted, within, since)))
        with suppress(OSError):  # what was not sent is flushed once more
            process.to.close()
        return process


def _answer(process: OwnProcess) -> Part | None:
    """Wait for the answer of our own process, over its own pipe."""
    said = process.said.read()
    if process.process.wait() != 0 or not said.startswith(_MARK):
        return None
    found = pickle.loads(said.removeprefix(_MARK))  # noqa: S301 - written by `serve` below
    return found if isinstance(found, Part) else None


def serve() -> None:
    """Answer the one question that comes over standard input."""
    url, patience_ms, wanted, within, since = pickle.load(sys.stdin.buffer)  # noqa: S301
    database = Database(url, patience_ms=patience_ms)
    try:
        with rarely_collected(), database.own_transaction(is_reading=True) as connection:
            found = part_of(connection, wanted, within, since=since)
    finally:
        database.dispose()
    sys.stdout.buffer.write(_MARK + pickle.dumps(found))
