"""Sealing beside the plain insert of the same rows, and verifying beside reading and hashing them.

``python -m benchmarks.ledger --entries 1000000`` measures a full ledger.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from benchmarks import _common as common
from benchmarks.checkpoint import decided
from cleangov_plugin.desk.collecting import rarely_collected
from cleangov_plugin.desk.sealed.outside import Outside, signer_of
from cleangov_plugin.desk.sealed.sealing import seal
from cleangov_plugin.desk.verified import verifying
from cleangov_plugin.desk.verified.alarms import Verified
from cleangov_plugin.desk.verified.evidence import Evidence
from cleangov_plugin.desk.verified.second import second_process
from cleangov_plugin.desk.verified.walking import walk
from cleangov_plugin.ledger.body import Place, Versions, encode_body
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.store import entries, leaf_reader, rulebook, tables
from cleangov_plugin.store import tree as tree_rows
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.entries import Seen
from cleangov_plugin.store.run import run
from cleangov_plugin.store.same_state import still_beside, still_with

#: So many that a second process is worth its start.
ENTRIES: Final = 200_000
LOG: Final = "bench"
#: Entries of a case, as in a log of building permits.
OF_CASE: Final = 6
BATCH: Final = 2_000
BEGIN: Final = datetime(2026, 3, 1, tzinfo=UTC)
#: Most times as long as a plain bulk insert takes (half its pace), and as reading and hashing
#: alone take (75 % of their pace).
SEALING: Final = 2.0
VERIFYING: Final = 1.333
#: Most microseconds of a full verification: 15 s for a million.
EACH: Final = 15.0
PAIRS: Final = (
    ("a.article", "text", "《城市市容和环境卫生管理条例》第三十六条"),
    ("a.band_max", "money", "CNY:100000"),
    ("a.band_min", "money", "CNY:50000"),
    ("a.tier_chosen", "choice", "ordinary"),
    ("a.violation_code", "text", "CG-101"),
)


def main() -> int:
    """Measure on both databases; 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=ENTRIES)
    number = parser.parse_args().entries
    with common.databases() as urls:
        return int(not all([measure(name, url, number) for name, url in urls.items()]))


def measure(database: str, url: str, number: int) -> bool:
    """Measure on one database and print the lines.

    :param database: its name.
    :param url: SQLAlchemy URL.
    :param number: entries.
    :return: whether the limits are kept.
    """
    with common.opened(url) as engine, tempfile.TemporaryDirectory() as folder:
        written = fill(engine, number)
        common.settle(engine)
        own = Database(url, patience_ms=10_000)
        try:
            sealed = timed_seal(own, Path(folder))
            floor, tree, whole = timed_verify(own, Path(folder))
        finally:
            own.dispose()
        return told(database, engine, number, written, sealed, (floor, tree, whole))


def told(
    database: str,
    engine: sa.Engine,
    number: int,
    written: float,
    sealed: float,
    verified: tuple[float, float, float],
) -> bool:
    """Print the lines of one database.

    :param database: its name.
    :param engine: the host's engine.
    :param number: entries.
    :param written: seconds of a plain bulk insert.
    :param sealed: seconds of sealing.
    :param verified: seconds of reading and hashing alone, of leaves and root, of everything.
    :return: whether the limits are kept.
    """
    each = 1e6 / number
    floor, tree, whole = verified
    more = {"n": number, **common.versions(engine)}
    lines = (
        ("sealing_beside_insert", sealed / written, SEALING, {"us": round(sealed * each, 1)}),
        ("leaves_beside_hashing", tree / floor, VERIFYING, {"us": round(tree * each, 2)}),
        ("verify_whole_us", whole * each, EACH, {"seconds": round(whole, 2)}),
    )
    return all(
        [
            common.told(
                name, database, value, limit, "ratio" if limit < EACH else "us", **us, **more
            )
            for name, value, limit, us in lines
        ]
    )


def fill(engine: sa.Engine, number: int) -> float:
    """Write entries in bulk; answer the seconds that the database took.

    :param engine: the host's engine.
    :param number: entries.
    """
    seconds, place, rows = 0.0, Place(0, 1), []
    with engine.begin() as connection:
        rulebook.save_agency(connection, LOG, {"en": "Bench"}, "Asia/Shanghai", "CN")
        if engine.dialect.name != "sqlite":
            lane = {"log_id": LOG, "lane": 0, "no": number, "head": "", "pid": 0}
            run(connection, sa.insert(tables.lane), lane)
    for n in range(number):
        record = replace(decided(n), log_id=LOG, case_id=f"C-{n // OF_CASE}", event_id=f"b{n}")
        body = encode_body(record, place, Versions(ruleset=1, calendar=1, contract=1), pairs=PAIRS)
        at = BEGIN + timedelta(seconds=n)
        draft = entries.draft(
            record,
            place,
            body,
            digest=sha256(body).digest(),
            now=at,
            seen=Seen(snapshot="1000:1000:"),
            retention=("case", "2056-03-10"),
        )
        rows.append(draft._asdict())
        place = Place(0, place.no + 1, leaf_hash(body))
        if len(rows) == BATCH or n == number - 1:
            began = time.perf_counter()
            with engine.begin() as connection:
                run(connection, sa.insert(tables.entry), rows)
            seconds += time.perf_counter() - began
            rows.clear()
    return seconds


def timed_seal(database: Database, folder: Path) -> float:
    """Seal everything; answer the seconds.

    :param database: the database.
    :param folder: for heads and keys.
    """
    signer = signer_of(folder / "keys", LOG, is_made=True)
    if signer is None:
        raise SystemExit("no key was made")
    began = time.perf_counter()
    seal(database, Outside(folder / "heads", LOG), signer, lambda: BEGIN + timedelta(days=99))
    return time.perf_counter() - began


def timed_verify(database: Database, folder: Path) -> tuple[float, float, float]:
    """Verify; answer the seconds of reading and hashing, of leaves and root, of everything.

    :param database: the database.
    :param folder: of heads and keys.
    """
    signer = signer_of(folder / "keys", LOG, is_made=False)
    evidence = Evidence(
        outside=Outside(folder / "heads", LOG), key=signer.verifier if signer else None
    )
    with still_beside(database) as (connection, _):
        floor = min(_seconds(lambda: read_and_hash(connection)) for _ in range(3))
        tree = min(_seconds(lambda: leaves_alone(connection)) for _ in range(3))
    return floor, tree, min(whole_seconds(database, evidence) for _ in range(3))


def whole_seconds(database: Database, evidence: Evidence) -> float:
    """Verify as ``cleangov verify`` does, with all that it starts for it; answer the seconds.

    :param database: the database.
    :param evidence: what the ledger is compared with.
    """
    began = time.perf_counter()
    with database.own_look() as connection:
        leaves = max(tree_rows.sizes(connection).values())
    with (
        rarely_collected(),
        second_process(database, leaves) as second,
        still_with(database, second) as (connection, beside, is_joined),
    ):
        given = replace(evidence, beside=beside, second=second if is_joined else None)
        found = verifying.verify(connection, given)
    seconds = time.perf_counter() - began
    if found.alarms:
        raise SystemExit(f"the ledger is not clean: {found.alarms[0]}")
    return seconds


def _seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def read_and_hash(connection: sa.Connection) -> None:
    """Read every body and hash it twice: what no verifier can do without.

    :param connection: a reading connection.
    """
    for rows in leaf_reader.leaf_slices(connection, LOG):
        for data in rows.body:
            sha256(sha256(data).digest()).digest()


def leaves_alone(connection: sa.Connection) -> None:
    """Work out every leaf and the root, and look at nothing else.

    :param connection: a reading connection.
    """
    walk(connection, LOG, [], set(), Verified(), behind=tuple)


def _unit(limit: float) -> str:
    return "us" if limit == EACH else "ratio"


if __name__ == "__main__":
    sys.exit(main())
