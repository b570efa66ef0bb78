"""What a second process does for a verifier: it looks at the leaves that it is asked for.

It hears from the first process alone, which started it, and ends with it.
"""

import os
import signal
import sys

from cleangov_plugin.desk.collecting import rarely_collected
from cleangov_plugin.ledger.entry_code import CodeKey
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.leaf_reader import LeafReader
from cleangov_plugin.store.same_state import Following

from . import frames
from .code_days import Coders
from .sorting import Sorter
from .stretches import Looking, Slice


class Server:
    """Answers one process after the other question.

    :param url: the database.
    :param patience_ms: milliseconds to wait for a lock.
    """

    def __init__(self, url: str, patience_ms: int) -> None:
        self._database = Database(url, patience_ms=patience_ms)
        self._following = Following(self._database)
        self._looking: Looking | None = None

    def version(self) -> str:
        """Answer as `Following.version`."""
        return self._following.version()

    def begin(self, snapshot: str) -> str:
        """Begin to read.

        :param snapshot: as `Following.begin` takes it.
        """
        return self._following.begin(snapshot)

    def end(self) -> None:
        """End reading."""
        self._looking = None
        self._following.end()

    def take(self, log_id: str, key: CodeKey | None) -> None:
        """Take a ledger.

        :param log_id: the ledger.
        :param key: the first key of its codes; None checks none.
        """
        reader = LeafReader(self._following.connection, log_id)
        self._looking = Looking(reader, Sorter(Coders(key) if key else None))

    def look(self, first: int, until: int) -> list[Slice]:
        """Look at leaves of that ledger.

        :param first: the first place.
        :param until: the place behind the last one.
        """
        return self._looking.stretch(first, until) if self._looking else []

    def close(self) -> None:
        """Close the database."""
        self._following.close()
        self._database.dispose()


def serve() -> None:
    """Answer what the first process asks, until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first one is told, and ends this one
    asked, told = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # whatever anybody prints is no answer
    try:
        server = Server(*frames.read(asked))
        with rarely_collected():
            while True:
                name, *words = frames.read(asked)
                frames.write(told, getattr(server, name)(*words))
    except (EOFError, BrokenPipeError):
        return
