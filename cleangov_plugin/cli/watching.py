"""Commands that go on until they are told to end: what has begun is ended first."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def watch(turn: Callable[[], object], every_s: float, is_over: threading.Event) -> None:
    """Take turns until told to end.

    :param turn: one turn.
    :param every_s: seconds of pause after it.
    :param is_over: set when the process is told to end.
    """
    while True:
        turn()
        if is_over.wait(every_s):
            return


@contextmanager
def until_told() -> Iterator[threading.Event]:
    """Answer what is set when the process is told to end; a turn that has begun is ended first."""
    is_over = threading.Event()
    before = {
        number: signal.signal(number, lambda *_: is_over.set())
        for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield is_over
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
