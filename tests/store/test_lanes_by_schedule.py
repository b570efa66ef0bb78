"""Whatever hosts do at once - savepoints, rollbacks, commits nobody hears of - lanes stay whole.

A schedule is made up: what each of three writers does, transaction by transaction. Which of them
is first, the machine decides; what must be true does not depend on it.
"""

import itertools
import json
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleangov_plugin.ledger.leaf import NO_PREDECESSOR, leaf_hash
from cleangov_plugin.store import entries, knowledge
from cleangov_plugin.store.run import StoreError
from tests.store.samples import record, write

_WRITERS = 3
_logs = itertools.count(1)
Write = Callable[[sa.Connection, Any], Any]


class Step(NamedTuple):
    """A savepoint of the host, or none, and the events within.

    :param events: how many.
    :param savepoint: whether there is one, and how it ends.
    """

    events: int
    savepoint: Literal["none", "kept", "undone"]


class Turn(NamedTuple):
    """One transaction of a host.

    :param steps: what it does.
    :param end: how it ends. ``unheard``: it is committed, and the host does not hear of it and
        sends everything again. ``cut``: the connection breaks before the commit.
    """

    steps: tuple[Step, ...]
    end: Literal["commit", "rollback", "unheard", "cut"]


STEPS = st.builds(
    Step,
    events=st.integers(0, 3),
    savepoint=st.sampled_from(["none", "kept", "undone"]),
)
TURNS = st.builds(
    Turn,
    steps=st.lists(STEPS, min_size=1, max_size=3).map(tuple),
    end=st.sampled_from(["commit", "rollback", "unheard", "cut"]),
)
SCHEDULES = st.lists(st.lists(TURNS, max_size=4), min_size=_WRITERS, max_size=_WRITERS)
#: One of which every part is certain to be there.
EVERYTHING = [
    [
        Turn((Step(1, "undone"), Step(1, "kept"), Step(1, "none")), "commit"),
        Turn((Step(2, "none"),), "rollback"),
        Turn((Step(1, "kept"),), "unheard"),
        Turn((Step(1, "none"),), "cut"),
        Turn((Step(1, "none"),), "commit"),
    ]
] * _WRITERS


class Hosts:
    """Writers on one database, each in a thread of its own.

    :param engine: the database.
    :param log_id: a ledger that nobody else writes.
    :param write: writes one event.
    """

    def __init__(self, engine: sa.Engine, log_id: str, write: Write) -> None:
        self.engine, self.log_id, self.write = engine, log_id, write
        self.is_sqlite = engine.dialect.name == "sqlite"
        self.committed: list[str] = []
        self.troubles: list[BaseException] = []

    def play(self, schedule: Sequence[Sequence[Turn]]) -> None:
        """Let all writers do what they do, and wait for them."""
        threads = [
            threading.Thread(target=self._work, args=(number, turns))
            for number, turns in enumerate(schedule)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self, writer: int, turns: Sequence[Turn]) -> None:
        numbers = itertools.count(writer * 1_000 + 1)
        try:
            for turn in turns:
                first = next(numbers)
                for is_heard in (False, True) if turn.end == "unheard" else (True,):
                    numbers = itertools.count(first)  # what is sent again is the same
                    self._turn(writer, turn, numbers, is_heard=is_heard)
        except BaseException as problem:
            self.troubles.append(problem)

    def _turn(self, writer: int, turn: Turn, numbers: Iterator[int], *, is_heard: bool) -> None:
        with self.engine.connect() as connection:
            if self.is_sqlite:
                _begin(connection)
            kept = []
            for step in turn.steps:
                kept += self._step(connection, writer, step, numbers)
            if turn.end == "cut":
                connection.invalidate()
            elif turn.end == "rollback":
                connection.rollback()
            else:
                connection.commit()
        if turn.end in ("commit", "unheard") and is_heard:
            self.committed += kept

    def _step(
        self, connection: sa.Connection, writer: int, step: Step, numbers: Iterator[int]
    ) -> list[str]:
        undone = connection.begin_nested() if step.savepoint != "none" else None
        events = [
            record(next(numbers), log_id=self.log_id, case_id=f"c{writer}")
            for _ in range(step.events)
        ]
        for event in events:
            self.write(connection, event)
        if undone is not None:
            undone.rollback() if step.savepoint == "undone" else undone.commit()
        return [] if step.savepoint == "undone" else [event.event_id for event in events]

    def look(self) -> None:
        """Make sure that every lane is whole, and has what was committed and nothing else."""
        assert self.troubles == []
        with self.engine.connect() as connection:
            name = "cleangov_entry" if self.is_sqlite else "cleangov.cleangov_entry"
            query = sa.text(
                f"SELECT lane, no, body FROM {name} WHERE log_id = :log ORDER BY lane, no"
            )
            found = connection.execute(query, {"log": self.log_id}).all()
            heads = [] if self.is_sqlite else self._heads(connection)
        lanes: dict[int, list[str]] = defaultdict(list)
        for lane, no, body in found:
            lanes[lane].append(body)
            assert no == len(lanes[lane]), "a number is missing, or there twice"
        ids: Counter[str] = Counter()
        for bodies in lanes.values():
            prev = NO_PREDECESSOR.hex()
            for body in bodies:
                said = json.loads(body)
                assert said["prev"] == prev, "it names another one before it"
                prev = leaf_hash(body.encode()).hex()
                ids[said["id"]] += 1
        assert ids == Counter(self.committed)
        for lane, no, head in heads:
            assert no == len(lanes[lane])
            assert not no or head == leaf_hash(lanes[lane][-1].encode()).hex()

    def _heads(self, connection: sa.Connection) -> Sequence[Any]:
        query = sa.text("SELECT lane, no, head FROM cleangov.cleangov_lane WHERE log_id = :log")
        return connection.execute(query, {"log": self.log_id}).all()


def _begin(connection: sa.Connection) -> None:
    """Begin as a host does that writes: on SQLite it waits for its turn at once."""
    connection.exec_driver_sql("PRAGMA busy_timeout = 60000")
    connection.rollback()
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def played(engine: sa.Engine, schedule: Sequence[Sequence[Turn]], write: Write = write) -> Hosts:
    hosts = Hosts(engine, f"log-{next(_logs)}", write)
    hosts.play(schedule)
    return hosts


def test_a_schedule_with_everything_leaves_whole_lanes(engine: sa.Engine) -> None:
    hosts = played(engine, EVERYTHING)
    hosts.look()
    assert len(hosts.committed) == 4 * _WRITERS


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(schedule=SCHEDULES)
def test_any_schedule_leaves_whole_lanes(engine: sa.Engine, schedule: list[list[Turn]]) -> None:
    played(engine, schedule).look()


@pytest.mark.thorough
@pytest.mark.slow
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(schedule=SCHEDULES)
def test_very_many_schedules_leave_whole_lanes(
    engine: sa.Engine, schedule: list[list[Turn]]
) -> None:
    played(engine, schedule).look()


class Forgetful:
    """Writes as we do, but never gives a place back: it goes on from what it wrote last itself."""

    def __init__(self) -> None:
        self.last: dict[int, entries.Appended] = {}

    def __call__(self, connection: sa.Connection, event: Any) -> Any:
        real, lanes = knowledge.read, [0]

        def kept(*words: Any) -> Any:
            found = real(*words)
            place = found.place
            lanes[:] = [place.lane] if place else []
            if place is None or place.lane not in self.last:
                return found
            last = self.last[place.lane]
            return found._replace(place=place.__class__(place.lane, last.no + 1, last.leaf_hash))

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(knowledge, "read", kept)
            done = write(connection, event)
        if isinstance(done, entries.Appended):
            self.last[lanes[0]] = done
        return done


def test_a_writer_that_does_not_give_its_place_back_is_caught(engine: sa.Engine) -> None:
    one = [[Turn((Step(1, "none"),), "commit"), Turn((Step(1, "none"),), "rollback")] * 2]
    played(engine, one).look()
    hosts = played(engine, [*one, [], []], Forgetful())
    with pytest.raises(AssertionError):
        hosts.look()
    assert hosts.troubles == [] or isinstance(hosts.troubles[0], StoreError)
