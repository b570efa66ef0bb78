"""Back-testing one rule with five facts over a whole ledger, on the host's own database.

Once as it is everywhere, and once with the extra `duckdb`, where it is installed: one report.
``python -m benchmarks.backtest --events 1000000`` measures a full one; the limit is what a million
events may take, so a smaller ledger is held to its share of it.
"""

import argparse
import os
import sys
import tempfile
import time
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple

import sqlalchemy as sa

from benchmarks import _cases
from benchmarks import _common as common
from cleangov_hooks import Event
from cleangov_plugin.desk.backtested import running
from cleangov_plugin.desk.backtested.parts import Engine, Wanted
from cleangov_plugin.desk.backtested.second import Beside
from cleangov_plugin.desk.checkpoint.checked import check_event
from cleangov_plugin.desk.people import People
from cleangov_plugin.intake.rule_files import load_rule_file
from cleangov_plugin.ledger.body import Place, Versions, encode_body
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.store import entries, rulebook, tables
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.run import run
from cleangov_plugin.store.sieve import is_installed

EVENTS: Final = 70_000
LOG: Final = "CN-330105"
BATCH: Final = 2_000
#: Seconds that a million events may take, by what asks.
LIMITS: Final = {Engine.PYTHON: 30.0, Engine.DUCKDB: 10.0}
NAMES: Final = {
    Engine.PYTHON: "backtest_of_a_million",
    Engine.DUCKDB: "backtest_of_a_million_with_duckdb",
}
MILLION: Final = 1_000_000
FACTS: Final = ("noticed", "defended", "new_facts", "since_notice", "visits")
CONDITION: Final = (
    "facts.defended and not facts.new_facts and amount > facts.noticed"
    " or facts.since_notice > 90 days or facts.visits == 0"
)
STEPS: Final = (*_cases.PAST, (_cases.DECIDED, 0))


def main() -> int:
    """Measure on both databases; 1 where the limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=EVENTS)
    number = parser.parse_args().events
    with common.databases() as urls:
        return int(not all([measure(name, url, number) for name, url in urls.items()]))


def measure(database: str, url: str, number: int) -> bool:
    """Measure on one database and print the lines.

    :param database: its name.
    :param url: SQLAlchemy URL.
    :param number: events.
    :return: whether the limits are kept.
    """
    engines = [Engine.PYTHON, *([Engine.DUCKDB] if is_installed() else [])]
    with common.opened(url) as engine:
        fill(engine, number)
        common.settle(engine)
        found = [asked(url, each, number) for each in engines]
        if len({report for _, report in found}) > 1:
            raise SystemExit("DuckDB says something else")
        each, versions = MILLION / number, common.versions(engine)
        return all(
            [
                common.told(
                    NAMES[by],
                    database,
                    taken.seconds * each,
                    LIMITS[by],
                    "s",
                    n=number,
                    us=round(taken.seconds * 1e6 / number, 1),
                    cpu_s=round(taken.cpu * each, 1),
                    **versions,
                )
                for by, (taken, _) in zip(engines, found, strict=True)
            ]
        )


class Taken(NamedTuple):
    """What a back-test took.

    :param seconds: by the clock.
    :param cpu: seconds of processor time, of both processes.
    """

    seconds: float
    cpu: float


def asked(url: str, by: Engine, number: int) -> tuple[Taken, str]:
    """Run the back-test once.

    :param url: SQLAlchemy URL.
    :param by: what asks.
    :param number: events.
    :return: what it took, and the report.
    """
    own = Database(url, patience_ms=10_000)
    try:
        with own.own_transaction(is_reading=True) as connection:
            wanted = Wanted(log_id=LOG, draft=draft(), engine=by)
            began, cpu = time.perf_counter(), processor()
            found = running.backtest(connection, wanted, beside=Beside(own))
            taken = Taken(time.perf_counter() - began, processor() - cpu)
    finally:
        own.dispose()
    if found["cases"]["looked_at"] != number // len(STEPS):
        raise SystemExit(f"{number} events were wanted: {found['cases']}")
    return taken, running.written(found)


def processor() -> float:
    """Answer the processor time so far, that of ended processes of ours included, in seconds."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def draft() -> dict[str, Any]:
    """Answer the rule that is tested."""
    facts = ", ".join(f"{name}: {_cases.FACTS[name]}" for name in FACTS)
    text = _cases.FILE.substitute(id="B01", kind=_cases.DECIDED, facts=facts, condition=CONDITION)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "B01.yaml"
        path.write_text(text, "utf-8")
        return load_rule_file(path)


def fill(engine: sa.Engine, number: int) -> None:
    """Write the steps of cases in bulk.

    :param engine: the host's engine.
    :param number: events.
    """
    types = {type_.kind: type_ for type_ in _cases.event_types()}
    place, rows = Place(0, 1), []
    with engine.begin() as connection:
        rulebook.save_agency(connection, LOG, {"en": "Bench"}, "Asia/Shanghai", "CN")
    for n in range(number):
        kind, days = STEPS[n % len(STEPS)]
        event = _cases.event(f"c{n // len(STEPS)}", n % len(STEPS) + 1, kind, days)
        draft_ = entry(event, types, place)
        rows.append(draft_._asdict())
        place = Place(0, place.no + 1, leaf_hash(draft_.body.encode()))
        if len(rows) == BATCH or n == number - 1:
            with engine.begin() as connection:
                run(connection, sa.insert(tables.entry), rows)
            rows.clear()


def entry(event: Event, types: Any, place: Place) -> entries.EntryDraft:
    """Answer the entry of an event.

    :param event: the event.
    :param types: the declared kinds.
    :param place: its place in the lane.
    """
    checked = check_event(event, types, People(b"bench" * 8))
    versions = Versions(ruleset=1, calendar=0, contract=1)
    body = encode_body(checked.record, place, versions, pairs=checked.kept.pairs)
    return entries.draft(
        checked.record,
        place,
        body,
        digest=sha256(body).digest(),
        now=common.NOON + timedelta(seconds=place.no),
        seen=entries.Seen(snapshot="1000:1000:" if place.lane else f"id:{place.no - 1}"),
        retention=("case", "2056-03-10"),
    )


if __name__ == "__main__":
    sys.exit(main())
