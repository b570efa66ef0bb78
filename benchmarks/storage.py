"""How much a database grows with each event, indexes, findings and everything else included.

Real events, told as a host tells them when they happen. The figure is that of the log that takes
more: every third event of the permit log opens a signal for study.
"""

import os
import sys
import tempfile
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from benchmarks import _city
from benchmarks import _common as common
from cleangov_hooks import Clock, Event, Origin
from cleangov_plugin.intake.event_logs import EventLog
from cleangov_plugin.intake.mapping import find_mapping

LIMIT: Final = 1_500
#: Events of each log that are told.
MOST: Final = 5_000
#: Events that are told in one transaction of the host.
BATCH: Final = 50
ROOT: Final = Path(__file__).resolve().parents[1]
SHARED: Final = Path(os.environ.get("CLEANGOV_SHARED_DATA") or ROOT.parent / "shared" / "data")
#: By mapping: the whole log, where it is at hand, and the excerpt that is shipped.
LOGS: Final = {
    "road-traffic-fines": (
        SHARED / "road-traffic-fines/road_traffic_fines_sample.xes.gz",
        ROOT / "sample_host/logs/road-traffic-fines.xes.gz",
    ),
    "receipt": (
        SHARED / "receipt-env-permit/Receipt.xes.gz",
        ROOT / "sample_host/logs/receipt.xes.gz",
    ),
}


def main() -> int:
    """Measure on both databases; 1 where the limit is missed."""
    with common.databases() as urls, tempfile.TemporaryDirectory() as folder:
        found = [measure(name, url, Path(folder) / name) for name, url in urls.items()]
        return int(not all(found))


def measure(database: str, url: str, folder: Path) -> bool:
    """Measure on one database and print the line.

    :param database: its name.
    :param url: SQLAlchemy URL.
    :param folder: a folder for keys.
    :return: whether the limit is kept.
    """
    found = {log: grown(url, folder / log, log) for log in LOGS}
    with common.opened(url) as engine:
        known = common.versions(engine)
    return common.told(
        "bytes_per_event",
        database,
        max(log["bytes"] for log in found.values()),
        LIMIT,
        "bytes",
        logs=found,
        **known,
    )


def grown(url: str, folder: Path, log: str) -> dict[str, int]:
    """Tell the plugin of a log's events, and answer how much the database grew.

    :param url: SQLAlchemy URL.
    :param folder: a folder for keys.
    :param log: name of the log's mapping.
    :return: bytes an event, events and findings.
    """
    folder.mkdir(parents=True)
    mapping, events = find_mapping(log), events_of(log)
    types = mapping.event_types({event.kind for event in events})
    with closing(_city.City(url, folder, rules=None, types=types, agency=mapping.agency)) as city:
        feed(city, events[:BATCH])  # what is kept once an agency, its calendar, is no event's
        before, opened = size(city.engine), findings(city.engine)
        feed(city, events[BATCH:])
        if city.counters.get("entries", 0) < 0.99 * len(events):  # a busy machine owes one or two
            raise SystemExit(f"{len(events)} entries were wanted: {dict(city.counters)}")
        return {
            "bytes": (size(city.engine) - before) // len(events[BATCH:]),
            "events": len(events[BATCH:]),
            "findings": findings(city.engine) - opened,
        }


def events_of(log: str) -> list[Event]:
    """Read a log, repeated under other case numbers until there are enough; in order of knowledge.

    :param log: name of its mapping.
    """
    whole, excerpt = LOGS[log]
    read = EventLog(whole if whole.is_file() else excerpt, find_mapping(log))
    real = [found.event for found in islice(read.translated(), MOST)]
    found: list[Event] = []
    while len(found) < MOST:
        copy = f"-{len(found)}" if found else ""
        found.extend(as_told(event, copy) for event in real)
    return sorted(found[:MOST], key=lambda event: event.recorded_at)


def as_told(event: Event, copy: str) -> Event:
    """Answer an event as a host tells it when it happens.

    :param event: the event as its log has it.
    :param copy: what its case number ends with.
    """
    case = event.case_id + copy
    id_ = event.id.replace(event.case_id, case, 1)
    return replace(event, id=id_, case_id=case, origin=Origin.LIVE, clock=Clock.SERVER)


def feed(city: _city.City, events: Iterable[Event]) -> None:
    """Tell the plugins of events.

    :param city: the host.
    :param events: what happens.
    """
    waiting = iter(events)
    while batch := list(islice(waiting, BATCH)):
        with city.engine.begin() as connection:
            for event in batch:
                city.record(connection, event)


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


def findings(engine: sa.Engine) -> int:
    """Count the findings.

    :param engine: the host's engine.
    """
    schema = "" if engine.dialect.name == "sqlite" else "cleangov."
    with engine.connect() as connection:
        counted = connection.exec_driver_sql(f"SELECT count(*) FROM {schema}cleangov_finding")
        return int(counted.scalar_one())


if __name__ == "__main__":
    sys.exit(main())
