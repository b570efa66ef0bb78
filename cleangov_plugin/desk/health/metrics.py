"""Figures for OpenTelemetry, where its API is installed: read when they are collected, not before.

A step of an officer only counts in a dictionary and, where figures are collected, puts its
milliseconds into a list. What the host's exporter costs is paid by the thread that collects.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any, Final, TypeAlias
from weakref import WeakSet

from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.store import gaps

from .pulse import Pulse, Watched

logger = logging.getLogger("cleangov")

#: Number, and what it is of.
_Figure: TypeAlias = tuple[int, Mapping[str, str]]
_Read: TypeAlias = Callable[[Watched], Iterable[_Figure]]

#: Timings that wait for a collection; of more, the newest stay.
MOST_TIMINGS: Final = 10_000
#: Counters of the desk by their first word, and the instrument and attribute that tell them.
COUNTERS: Final[Mapping[str, tuple[str, str, str]]] = {
    "called": ("cleangov.hook.calls", "verb", "Calls of the plugin by the platform"),
    "failed": ("cleangov.hook.failures", "verb", "Calls that it refused, or failed in"),
    "overran": ("cleangov.hook.overruns", "verb", "Calls that took far more than their budget"),
    "rested": ("cleangov.hook.rests", "verb", "Calls left out while the breaker was open"),
    "decided": ("cleangov.gate.decisions", "decision", "What the gate decided"),
    "owed": ("cleangov.events.owed", "reason", "Events whose check is owed"),
    "caught_up": ("cleangov.catch_up", "result", "Events that were owed, and what became of them"),
}
#: Counters of one word each that tell of events: what became of an event.
RESULTS: Final = ("entries", "resent", "spooled", "lost")


class Metrics:
    """The instruments of a process; several plugins in it are added up.

    :param provider: an OpenTelemetry meter provider; None takes the process's own.
    :raises ImportError: where the API is not installed.
    """

    def __init__(self, provider: Any = None) -> None:
        from opentelemetry import metrics

        self._watched: WeakSet[_Held] = WeakSet()
        self._observation: Any = metrics.Observation
        meter = metrics.get_meter("cleangov", version("cleangov-plugin"), provider)
        self._duration = meter.create_histogram(
            "cleangov.hook.duration", unit="ms", description="How long calls of the plugin took"
        )
        for word, (name, attribute, what) in COUNTERS.items():
            read = _reading(word, attribute)
            meter.create_observable_counter(name, [self._callback(read)], description=what)
        for name, make, read, what in (
            ("cleangov.events", meter.create_observable_counter, _results, "Events told"),
            ("cleangov.gaps", meter.create_observable_gauge, _gaps, "Events that wait in tables"),
            ("cleangov.spool", meter.create_observable_gauge, _spool, "Events in the spool"),
            ("cleangov.resting", meter.create_observable_gauge, _resting, "Verbs at rest now"),
            ("cleangov.state", meter.create_observable_gauge, _state, "1 for the present state"),
        ):
            make(name, [self._callback(read)], description=what)

    def watch(self, watched: Watched) -> object:
        """Take up a plugin, for as long as what is answered is held.

        :param watched: the plugin.
        """
        held, desk = _Held(watched), watched.desk_of()
        if desk is not None and desk.timings is None:
            desk.timings = deque(maxlen=MOST_TIMINGS)
        self._watched.add(held)
        return held

    def _callback(self, read: _Read) -> Callable[[Any], list[Any]]:
        def collect(_: Any) -> list[Any]:
            self._record_timings()
            sums: dict[tuple[tuple[str, str], ...], int] = {}
            for watched in [held.watched for held in tuple(self._watched)]:
                for number, attributes in _safely(read, watched):
                    key = tuple(attributes.items())
                    sums[key] = sums.get(key, 0) + number
            return [self._observation(number, dict(key)) for key, number in sums.items()]

        return collect

    def _record_timings(self) -> None:
        """Hand on what the verbs took since the last collection."""
        for held in tuple(self._watched):
            desk = held.watched.desk_of()
            waiting = desk.timings if desk is not None else None
            for _ in range(len(waiting or ())):
                verb, milliseconds = waiting.popleft()  # type: ignore[union-attr]
                self._duration.record(milliseconds, {"verb": _verb(verb)})


class _Held:
    """Lives as long as the plugin that holds it."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched


_shared: list[Metrics] = []


def observe(watched: Watched) -> object | None:
    """Let OpenTelemetry see a plugin; None where its API is not installed.

    :param watched: the plugin.
    :return: what the plugin must hold on to.
    """
    try:
        if not _shared:
            _shared.append(Metrics())
        return _shared[0].watch(watched)
    except ImportError:
        return None
    except Exception as problem:  # a broken exporter of the host is no reason to stand still
        logger.warning("no metrics: %s", type(problem).__name__)
        return None


def _safely(read: _Read, watched: Watched) -> list[_Figure]:
    try:
        return list(read(watched))
    except Exception as problem:
        logger.info("metrics: %s", type(problem).__name__)
        return []


def _numbers(watched: Watched) -> dict[str, int]:
    desk = watched.desk_of()
    return {} if desk is None else dict(desk.counters.numbers)


def _reading(word: str, attribute: str) -> _Read:
    def read(watched: Watched) -> Iterator[_Figure]:
        for name, number in _numbers(watched).items():
            first, _, rest = name.partition(".")
            if first == word and rest:
                yield number, {attribute: _verb(rest)}

    return read


def _results(watched: Watched) -> Iterator[_Figure]:
    found = _numbers(watched)
    inert = {"spooled": watched.inert.kept, "lost": watched.inert.lost}
    for name in RESULTS:
        yield found.get(name, 0) + inert.get(name, 0), {"result": name}


def _gaps(watched: Watched) -> Iterator[_Figure]:
    desk = watched.desk_of()
    if desk is not None:
        with desk.database.own_transaction(is_reading=True) as connection:
            found = gaps.waiting(connection)
        yield from ((number, {"state": state.value}) for state, number in found.items())


def _spool(watched: Watched) -> Iterator[_Figure]:
    desk = watched.desk_of()
    spool = watched.inert.spool if desk is None else desk.spool
    yield (spool.waiting() if spool else 0), {}


def _resting(watched: Watched) -> Iterator[_Figure]:
    desk: Desk | None = watched.desk_of()
    for verb in desk.breakers.resting() if desk else ():
        yield 1, {"verb": _verb(verb)}


def _state(watched: Watched) -> Iterator[_Figure]:
    now = watched.pulse
    yield from ((int(state is now), {"state": state.value}) for state in Pulse)


def _verb(name: str) -> str:
    """Answer the first word: what a slot is called is the host's, and there may be many."""
    return name.partition(" ")[0]
