"""Whose turn it is to write: one after another in a process, where a database has one writer.

SQLite has no queue for its write lock. Who finds it taken sleeps and looks again, longer each
time, while others who come later take it: of eight officers at one gate more than half gave up
within the 40 ms that a statement of ours waits. So those of one process stand in line before they
ask for it.

A turn is a courtesy and no lock: whoever has waited in vain goes on, and finds SQLite's own.
"""

import os
import threading
import weakref
from typing import Final


class Turn:
    """The line of those in this process who want to write to one database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._whose: int | None = None
        _TURNS.add(self)

    def take(self, seconds: float) -> bool:
        """Wait for the turn, and answer whether it is had now.

        :param seconds: how long to wait.
        :return: False, too, where this thread has it already: whoever took it gives it back.
        """
        if self._whose == threading.get_ident() or not self._lock.acquire(timeout=seconds):
            return False
        self._whose = threading.get_ident()
        return True

    def leave(self) -> None:
        """Give the turn to the next in line; nothing where this thread does not have it."""
        if self._whose == threading.get_ident():
            self._whose = None
            self._lock.release()

    def forget(self) -> None:
        """Begin anew: in a forked process nobody is left who would give it back."""
        self._lock = threading.Lock()
        self._whose = None


#: Turns that a forked process must forget. Registered once: what is done after a fork only grows.
_TURNS: Final[weakref.WeakSet[Turn]] = weakref.WeakSet()


def _forget_all() -> None:
    for turn in tuple(_TURNS):
        turn.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
