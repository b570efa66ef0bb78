"""How much a database grows with each event, indexes, findings and everything else included."""

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from benchmarks import _city, _common as common
from cleangov_hooks import Event
from cleangov_plugin.intake.event_logs import EventLog
from cleangov_plugin.intake.mapping import find_mapping

LIMIT: Final = 1_536
#: Events that are told in one transaction of the host.
BATCH: Final = 50
#: Cases made up where no log is at hand.
MADE_UP: Final = 1_500
SHARED: Final = "CLEANGOV_SHARED_DATA"
#: Mapping of each public log, and its file below the folder of shared data.
LOGS: Final = {"receipt": "receipt-env-permit/Receipt.xes.gz"}


def main() -> int:
    """Measure on both databases; 1 where a limit is missed."""
    with common.databases() as urls, tempfile.TemporaryDirectory() as folder:
        found = [
            measure(name, url, Path(folder) / name / log, log)
            for name, url in urls.items()
            for log in (here() or ["made up"])
        ]
        return int(not all(found))


def here() -> list[str]:
    """Answer the logs that are at hand."""
    return [log for log in LOGS if path_of(log).is_file()]


def path_of(log: str) -> Path:
    """Answer where a log is: in the folder of shared data, which stands beside the checkout.

    :param log: its name.
    """
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get(SHARED) or beside) / LOGS[log]


def measure(database: str, url: str, folder: Path, log: str) -> bool:
    """Measure on one database and print the line.

    :param database: its name.
    :param url: SQLAlchemy URL.
    :param folder: a folder for keys.
    :param log: name of the log.
    :return: whether the limit is kept.
    """
    folder.mkdir(parents=True)
    city, events = opened(url, folder, log)
    before = size(city.engine)
    number = feed(city, events)
    if city.counters.get("entries") != number:
        raise SystemExit(f"{number} entries were wanted: {dict(city.counters)}")
    grown = size(city.engine) - before
    return common.told(
        "bytes_per_event",
        database,
        grown / number,
        LIMIT,
        "bytes",
        log=log,
        events=number,
        findings=rows(city.engine, "finding"),
        megabytes=round(grown / 1e6, 2),
        **common.versions(city.engine),
    )


def opened(url: str, folder: Path, log: str) -> tuple[_city.City, Iterator[Event]]:
    """Open a city with the shipped rules, and the events that will happen in it.

    :param url: SQLAlchemy URL.
    :param folder: a folder for keys.
    :param log: name of the log.
    """
    if log not in LOGS:
        types = _city.event_types()
        return _city.City(url, folder, rules=None, types=types), made_up()
    mapping = find_mapping(log)
    events = [found.event for found in EventLog(path_of(log), mapping).translated()]
    types = list(mapping.event_types({event.kind for event in events}))
    city = _city.City(url, folder, rules=None, types=types, agency=mapping.agency)
    return city, iter(events)


def made_up() -> Iterator[Event]:
    """Make cases up, each from its clue to its decision."""
    for n in range(MADE_UP):
        for ordinal, (kind, days) in enumerate((*_city.PAST, (_city.DECIDED, 0)), start=1):
            yield _city.event(f"c{n}", ordinal, kind, days)


def feed(city: _city.City, events: Iterable[Event]) -> int:
    """Tell the plugins of events, and answer how many there were.

    :param city: the host.
    :param events: what happens.
    """
    waiting, number = iter(events), 0
    while batch := list(islice(waiting, BATCH)):
        number += len(batch)
        with city.engine.begin() as connection:
            for event in batch:
                city.record(connection, event)
    return number


def size(engine: sa.Engine) -> int:
    """Answer how many bytes a database holds, once everything has reached it.

    :param engine: the host's engine.
    """
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not is_sqlite:
            found = connection.exec_driver_sql("SELECT pg_database_size(current_database())")
            return int(found.scalar_one())
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())


def rows(engine: sa.Engine, table: str) -> int:
    """Count the rows of a table of ours.

    :param engine: the host's engine.
    :param table: its name without what all have in common.
    """
    name = f"cleangov_{table}" if engine.dialect.name == "sqlite" else f"cleangov.cleangov_{table}"
    with engine.connect() as connection:
        counted = connection.exec_driver_sql(f"SELECT count(*) FROM {name}")
        return int(counted.scalar_one())


if __name__ == "__main__":
    sys.exit(main())
