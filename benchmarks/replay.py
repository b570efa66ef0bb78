"""Replay of a log ÷ (parsing it + a plain bulk insert of the very same rows), and what it costs.

The log is the shipped excerpt of real fines, repeated under other case numbers until it has the
wanted number of events. Each replay is a process of its own, as the command line is. The ratio is
one of processor time, its start included, so that a busy machine does not change it.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

import cleangov_migrations
from benchmarks._pace import pace_us

ROOT: Final = Path(__file__).resolve().parents[1]
LOG: Final = ROOT / "sample_host/logs/road-traffic-fines.xes.gz"
MAPPING: Final = "road-traffic-fines"
PROGRAM: Final = """
import resource, sys
from cleangov_plugin.cli.main import main
try:
    main(sys.argv[1:])
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_utime + used.ru_stime, used.ru_maxrss, file=sys.stderr)
"""
PARSE: Final = """
import sys, time
from pathlib import Path
from cleangov_plugin.intake.event_logs import EventLog
from cleangov_plugin.intake.mapping import find_mapping
log = EventLog(Path(sys.argv[1]), find_mapping(sys.argv[2]))
begun = time.process_time()
for _ in log.translated():
    pass
print(time.process_time() - begun)
"""


def repeated(folder: Path, events: int) -> Path:
    """Write a log of real cases, repeated under other numbers.

    :param folder: where to.
    :param events: how many events at least.
    """
    text = gzip.decompress(LOG.read_bytes()).decode("utf-8")
    head, *traces = text.split("<trace>")
    traces[-1] = traces[-1].rpartition("</log>")[0]
    own = '<string key="concept:name" value="'
    path = folder / "log.xes.gz"
    written = copy = 0
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.write(head)
        while written < events:
            for trace in traces:
                file.write("<trace>" + trace.replace(own, f"{own}{copy}-", 1))
                written += trace.count("<event>")
                if written >= events:
                    break
            copy += 1
        file.write("</log>")
    return path


def replayed(log: Path, url: str, keys: Path) -> tuple[dict[str, Any], float, float, float]:
    """Replay a log in a process of its own.

    :param log: the log.
    :param url: SQLAlchemy URL of a database.
    :param keys: folder of the keys.
    :return: its figures, its seconds, those of the processor, its greatest memory in MiB.
    """
    words = ["--database", url, "replay", str(log), "--mapping", MAPPING, "--keys", str(keys)]
    begun = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words, "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ,
    )
    if run.returncode:
        sys.exit(run.stderr + run.stdout)
    seconds = time.perf_counter() - begun
    per_mib = 1024 if sys.platform != "darwin" else 1024 * 1024
    processor, peak = run.stderr.split()[-2:]
    return json.loads(run.stdout), seconds, float(processor), int(peak) / per_mib


def parsed(log: Path) -> float:
    """Answer the seconds of the processor that reading and translating a log takes.

    :param log: the log.
    """
    command = [sys.executable, "-c", PARSE, str(log), MAPPING]
    run = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    return float(run.stdout)


def inserted(source: Path, folder: Path) -> float:
    """Answer the seconds of the processor for inserting the same rows in bulk, into the same table.

    :param source: database file that a replay has filled.
    :param folder: where the other one is made.
    """
    with _opened(source) as connection:
        table = sa.Table("cleangov_entry", sa.MetaData(), autoload_with=connection)
        rows = [tuple(row) for row in connection.execute(sa.select(table).order_by(table.c.id))]
    places = ", ".join("?" * len(table.columns))
    with _opened(folder / "plain.db") as connection:
        cleangov_migrations.upgrade(connection)
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        connection.exec_driver_sql("PRAGMA synchronous = NORMAL")
        begun = time.process_time()
        for first in range(0, len(rows), 500):
            part = rows[first : first + 500]
            connection.exec_driver_sql(f"INSERT INTO cleangov_entry VALUES ({places})", part)
            connection.commit()
        return time.process_time() - begun


def _opened(path: Path) -> sa.Connection:
    """Open a database file; closed, the connection is kept in no pool."""
    return sa.create_engine(f"sqlite:///{path}", poolclass=sa.pool.NullPool).connect()


def measure(events: int) -> dict[str, Any]:
    """Measure one size.

    :param events: how many events.
    """
    with tempfile.TemporaryDirectory(prefix="cleangov-bench-") as name:
        folder = Path(name)
        log = repeated(folder, events)
        database = folder / "city.db"
        figures, seconds, processor, peak = replayed(log, f"sqlite:///{database}", folder / "keys")
        parse, insert = parsed(log), inserted(database, folder)
    return {
        "events": figures["events"],
        "seconds": round(seconds, 1),
        "processor_seconds": round(processor, 1),
        "events_per_second": round(figures["events"] / seconds),
        "parse_seconds": round(parse, 2),
        "bulk_insert_seconds": round(insert, 2),
        "ratio": round(processor / (parse + insert), 2),
        "peak_mib": round(peak),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, nargs="*", default=[10_000])
    wanted = parser.parse_args(arguments).events
    sizes = [measure(events) for events in wanted]
    line = {"bench": "replay", "database": "sqlite", "aim": "ratio <= 12", "sizes": sizes}
    print(json.dumps({**line, "pace_us": pace_us()}))


if __name__ == "__main__":
    main()
