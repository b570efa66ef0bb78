"""The one statement that reads what an evaluation must know, in a ledger of many events.

``python -m benchmarks.lookup --events 1000000`` asks a full one. The time is that of this process:
what it waits for, the database's own work on another processor among it, is in ``wait_p99_ms``.
"""

import argparse
import random
import sys
import time
from typing import Final

from benchmarks import _cases, backtest
from benchmarks import _common as common
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.knowledge import KnowledgeRequest, read

ASKED: Final = 4_000
WARM: Final = 200
#: Milliseconds that a look-up may take in this process, at the 99th percentile.
LIMIT: Final = 1.0
KINDS: Final = frozenset(kind for kind, _ in _cases.PAST)


def main() -> int:
    """Measure on both databases; 1 where the limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=backtest.EVENTS)
    number = parser.parse_args().events
    with common.databases() as urls:
        return int(not all([measure(name, url, number) for name, url in urls.items()]))


def measure(database: str, url: str, number: int) -> bool:
    """Measure on one database and print the line.

    :param database: its name.
    :param url: SQLAlchemy URL.
    :param number: events.
    :return: whether the limit is kept.
    """
    with common.opened(url) as engine:
        backtest.fill(engine, number)
        common.settle(engine)
        own = Database(url, patience_ms=10_000)
        try:
            spent, waited = timed(own, number)
        finally:
            own.dispose()
        return common.told(
            "point_lookup",
            database,
            _at(spent, 99),
            LIMIT,
            "ms of this process at p99",
            p50_ms=round(_at(spent, 50), 3),
            wait_p50_ms=round(_at(waited, 50), 3),
            wait_p99_ms=round(_at(waited, 99), 3),
            events=number,
            history=len(_cases.PAST),
            n=ASKED,
            **common.versions(engine),
        )


def timed(own: Database, number: int) -> tuple[list[float], list[float]]:
    """Look cases up at random; answer milliseconds of this process, and on the wall, in order.

    :param own: the database.
    :param number: events.
    """
    chance, cases = random.Random(5), number // len(backtest.STEPS)
    spent, waited = [], []
    with own.own_transaction(is_reading=True) as connection:
        for turn in range(WARM + ASKED):
            case = f"c{chance.randrange(cases)}"
            asked = KnowledgeRequest(log_id=backtest.LOG, subject=case, kinds=KINDS)
            began, cpu = time.perf_counter(), time.process_time()
            found = read(connection, asked)
            cpu, took = time.process_time() - cpu, time.perf_counter() - began
            if len(found.history) != len(_cases.PAST):
                raise SystemExit(f"{case}: {len(found.history)} events were found")
            if turn >= WARM:
                spent.append(cpu * 1000)
                waited.append(took * 1000)
    return sorted(spent), sorted(waited)


def _at(ordered: list[float], percent: int) -> float:
    return ordered[(len(ordered) - 1) * percent // 100]


if __name__ == "__main__":
    sys.exit(main())
