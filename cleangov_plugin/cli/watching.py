"""Commands that go on until they are told to end: what has begun is ended first."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def with_pause(
    default_s: float, what: str, longest_s: float = 3600, when: str = "With --watch"
) -> Callable[[_Command], _Command]:
    """Make the option ``--every``: the pause of a command that goes on.

    :param default_s: seconds, where it is not given.
    :param what: what is done when the pause begins, for the help.
    :param longest_s: seconds at the most.
    :param when: with which other option it says anything.
    """
    return click.option(
        "--every",
        type=click.FloatRange(0.1, longest_s),
        default=default_s,
        show_default=True,
        metavar="SECONDS",
        help=f"{when}: the pause after everything {what}.",
    )


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
