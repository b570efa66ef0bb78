"""Live = replayed: what eight writers were told at once comes out again, at each isolation level.

On PostgreSQL, in cases that all of them work on; 3 % of the events are late, 1 % correct another.
``python -m benchmarks.replayed --events 1000000`` does it with a million at READ COMMITTED, and
prints the share. The host commits as often as it does without the plugin.
"""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Final
from unittest.mock import patch

import sqlalchemy as sa

from benchmarks import _cases
from benchmarks import _common as common
from benchmarks._city import City
from cleangov_hooks import Event, breaker
from cleangov_plugin import plugin
from cleangov_plugin.desk import catching_up
from cleangov_plugin.desk.backtested.rechecking import Rechecked, recheck
from cleangov_plugin.desk.catching_up import tick
from cleangov_plugin.desk.checkpoint import entering
from cleangov_plugin.desk.shelf import Shelf

EVENTS: Final = 800
WRITERS: Final = 8
LEVELS: Final = ("READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE")
#: Of a thousand events: how many are told long after they happened, and correct another.
LATE: Final = 30
CORRECTED: Final = 10
#: Events of a case, about.
_IN_CASE: Final = 20
_KINDS: Final = (*(kind for kind, _ in _cases.PAST), _cases.DECIDED)
#: Milliseconds for an event.
_PATIENCE: Final = 60_000
#: Ticks after which nothing may be owed any more.
_TICKS: Final = 1_000


@dataclass(slots=True)
class Done:
    """What came of one run.

    :param sent: events of transactions that were committed.
    :param late: those that were late.
    :param corrections: those that correct another.
    :param failed: transactions that could not be committed.
    """

    sent: int = 0
    late: int = 0
    corrections: int = 0
    failed: int = 0


@dataclass(slots=True)
class Writer:
    """One officer's process.

    :param city: the host.
    :param number: its number.
    :param share: events it has to write.
    :param cases: cases there are.
    :param is_told: whether the plugin is told.
    """

    city: City
    number: int
    share: int
    cases: int
    is_told: bool
    chance: random.Random = field(init=False)
    done: Done = field(default_factory=Done)
    sent: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.number)

    def work(self) -> Done:
        """Write transactions of one to three events until the share is done."""
        written = 0
        while written < self.share:
            events = [
                self._event(written + n)
                for n in range(min(self.chance.randint(1, 3), self.share - written))
            ]
            written += len(events)
            self._write(events)
        return self.done

    def _write(self, events: list[Event]) -> None:
        try:
            with self.city.engine.begin() as connection:
                for event in events:
                    common.write_act(connection, event.id, 1, event.kind)
                    if self.is_told:
                        self.city.record(connection, event)
        except sa.exc.DBAPIError:
            self.done.failed += 1
            return
        self.sent = [*self.sent[-50:], *events]
        self.done.sent += len(events)
        self.done.late += sum(event.occurred_at < event.recorded_at for event in events)
        self.done.corrections += sum(event.supersedes is not None for event in events)

    def _event(self, n: int) -> Event:
        kind, turn = self.chance.choice(_KINDS), self.chance.randrange(1_000)
        case = f"c{self.chance.randrange(self.cases)}"
        at = common.NOON + timedelta(days=self.chance.choice((0, 0, 1, 4, 90, 91)))
        event = _cases.event(case, n, kind)
        event = replace(
            event,
            id=f"{self.city.agency().id}-{'told' if self.is_told else 'alone'}-{self.number}-{n}",
            agency_id=self.city.agency().id,
            occurred_at=at - timedelta(days=40) if turn < LATE else at,
            recorded_at=at,
        )
        same = [each for each in self.sent if each.kind == kind]
        if same and LATE <= turn < LATE + CORRECTED:
            wrong = self.chance.choice(same)
            event = replace(event, supersedes=wrong.id, case_id=wrong.case_id)
        return event


def main() -> int:
    """Measure; 1 where something else comes out, or a commit of the host failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    number = parser.parse_args().events
    levels = LEVELS if number <= 100 * EVENTS else ("READ COMMITTED",)
    with common.databases() as urls, tempfile.TemporaryDirectory() as folder:
        found = [
            measure(urls["postgresql"], Path(folder) / f"{n}", level, number)
            for n, level in enumerate(levels)
        ]
    return int(not all(found))


def measure(url: str, folder: Path, level: str, number: int) -> bool:
    """Let all write at one isolation level, and work everything out again.

    :param url: SQLAlchemy URL.
    :param folder: a folder for keys and rule files, which is made.
    :param level: isolation level of the host.
    :param number: events.
    :return: whether the same came out, and nothing failed that does not fail without us.
    """
    with patient(), closing(opened(url, folder, level)) as city:
        alone = written(city, number, is_told=False)
        done = written(city, number, is_told=True)
        settle(city)
        found = again(city)
        versions = common.versions(city.engine)
    if not done.sent or not found.same:
        raise SystemExit(f"nothing was written: {done}")
    missing = done.sent - found.same - found.different
    wrong = found.different + abs(missing) + max(0, done.failed - alone.failed)
    return common.told(
        "live_is_replayed",
        "postgresql",
        wrong,
        0,
        "events that differ or are missing, commits that failed",
        share=found.share,
        level=level,
        same=found.same,
        different=found.different,
        late=done.late,
        corrections=done.corrections,
        failed_commits=[alone.failed, done.failed],
        writers=WRITERS,
        n=number,
        **versions,
    )


@contextmanager
def patient() -> Iterator[None]:
    """Let a busy machine take its time: what is measured is what is said, not how quickly."""
    with (
        patch.object(plugin, "_USUAL_MS", _PATIENCE),
        patch.object(entering, "EVENT_MS", _PATIENCE),
        patch.object(catching_up, "_LIGHT_MS", _PATIENCE),
    ):
        yield


def opened(url: str, folder: Path, level: str) -> City:
    """Open a city of its own authority at an isolation level.

    :param url: SQLAlchemy URL.
    :param folder: a folder for keys and rule files, which is made.
    :param level: isolation level of the host.
    """
    rules = folder / "rules"
    rules.mkdir(parents=True)
    _cases.write_rules(rules)
    agency = replace(_cases.YUNTING, id=f"CN-{level.replace(' ', '-')}")
    city = City(url, folder, rules=rules, types=_cases.event_types(), agency=agency)
    city.engine.dispose()
    city.engine = sa.create_engine(url, isolation_level=level, pool_size=WRITERS)
    # A busy machine leaves nothing out.
    breaker(city.plugins, "cleangov", "cleangov_enforcement_events").limit = sys.maxsize
    return city


def written(city: City, number: int, *, is_told: bool) -> Done:
    """Let all writers write at once.

    :param city: the host.
    :param number: events.
    :param is_told: whether the plugin is told.
    """
    cases = max(WRITERS, number // _IN_CASE)
    writers = [Writer(city, n, number // WRITERS, cases, is_told) for n in range(WRITERS)]
    whole = Done()
    with ThreadPoolExecutor(WRITERS) as pool:
        for done in pool.map(Writer.work, writers):
            whole.sent += done.sent
            whole.late += done.late
            whole.corrections += done.corrections
            whole.failed += done.failed
    return whole


def settle(city: City) -> None:
    """Do all that is owed.

    :param city: the host.
    """
    desk = city.desk
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = desk.shelf.ledger(connection, city.agency().id)
    for _ in range(_TICKS):
        if ledger is None or not tick(desk, ledger).waiting:
            return


def again(city: City) -> Rechecked:
    """Work out again what the rules said.

    :param city: the host.
    """
    with city.desk.database.own_transaction(is_reading=True) as connection:
        ledger = Shelf().ledger(connection, city.agency().id)
        if ledger is None:
            raise SystemExit("there is no ledger")
        return recheck(connection, ledger)


if __name__ == "__main__":
    sys.exit(main())
