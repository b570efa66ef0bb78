"""What the benchmarks share: databases, a small host with its own work, and fair repetition."""

import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

import cleangov_migrations
from benchmarks._pace import pace_us
from tests.support import postgres

#: The moment everything happens at.
NOON: Final = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
#: Blocks into which the repetitions are cut: the figures of all blocks show the spread.
BLOCKS: Final = 16

metadata = sa.MetaData()

#: The host's register of cases, as any platform has one.
case = sa.Table(
    "host_case",
    metadata,
    sa.Column("no", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("changed_at", sa.Text, nullable=False),
)

#: The host's journal: a row for each step taken.
act = sa.Table(
    "host_act",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("case_no", sa.Text, nullable=False),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("officer", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger),
    sa.Column("occurred_at", sa.Text, nullable=False),
    sa.Column("details", sa.Text, nullable=False),
    sa.UniqueConstraint("case_no", "ordinal"),
)


@contextmanager
def databases() -> Iterator[dict[str, str]]:
    """Hold a database file and a running PostgreSQL, both with our tables and the host's.

    Neither waits for a disk at a commit: with durable commits the host's own transactions take
    longer, and every ratio comes out smaller.

    :return: URL by name of the database.
    """
    with tempfile.TemporaryDirectory(prefix="cleangov-bench-") as folder, postgres.server() as url:
        found = {"sqlite": f"sqlite:///{Path(folder) / 'city.db'}", "postgresql": url}
        for address in found.values():
            with opened(address) as engine, engine.begin() as connection:
                cleangov_migrations.upgrade(connection)
                metadata.create_all(connection)
        yield found


def open_engine(url: str) -> sa.Engine:
    """Open a database as a host does: SQLAlchemy's defaults, a file in WAL mode.

    :param url: SQLAlchemy URL.
    """
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
    return engine


@contextmanager
def opened(url: str) -> Iterator[sa.Engine]:
    """Hold a database open, and close all its connections at the end.

    :param url: SQLAlchemy URL.
    """
    engine = open_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")


def settle(engine: sa.Engine) -> None:
    """Let the database learn how large its tables are, as its own upkeep would.

    :param engine: the host's engine.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def open_case(connection: sa.Connection, no: str) -> None:
    """Write the row of a new case.

    :param connection: the host's connection.
    :param no: number of the case.
    """
    row = {"no": no, "state": "open", "ordinal": 0, "changed_at": "2026-03-10T02:00:00.000000Z"}
    connection.execute(sa.insert(case).values(**row))


def take_step(connection: sa.Connection, no: str, ordinal: int, kind: str) -> None:
    """Do the host's own work of a step: move the case on, and write a row of the journal.

    :param connection: the host's connection.
    :param no: number of the case.
    :param ordinal: number of the step within it.
    :param kind: kind of the step.
    """
    at = "2026-03-10T02:00:00.000000Z"
    moved = sa.update(case).where(case.c.no == no)
    connection.execute(moved.values(state=kind, ordinal=ordinal, changed_at=at))
    write_act(connection, no, ordinal, kind)


def write_act(connection: sa.Connection, no: str, ordinal: int, kind: str) -> None:
    """Write one row of the journal: the plain insert that others are compared with.

    :param connection: the host's connection.
    :param no: number of the case.
    :param ordinal: number of the step within it.
    :param kind: kind of the step.
    """
    row = {
        "id": f"{no}-{ordinal:03d}",
        "case_no": no,
        "ordinal": ordinal,
        "kind": kind,
        "step": kind.rpartition(".")[2],
        "officer": "officer-07",
        "amount_minor": 80_000,
        "occurred_at": "2026-03-10T02:00:00.000000Z",
        "details": '{"violation_code": "CG-101", "place": "Wenhua Road 18"}',
    }
    connection.execute(sa.insert(act).values(**row))


def interleaved(
    ways: Sequence[Callable[[int], object]],
    *,
    rounds: int,
    warm: int,
    before: Callable[[int], object] = lambda _: None,
) -> list[list[float]]:
    """Time several ways of doing something in turn, so that a busy moment meets all of them.

    :param ways: each is called with the number of the round; every other round in reverse order.
    :param rounds: rounds that count.
    :param warm: rounds before them that do not.
    :param before: called before each round, and not timed.
    :return: milliseconds of each way, in order of time.
    """
    spent: list[list[float]] = [[] for _ in ways]
    for number in range(warm + rounds):
        before(number)
        order = list(enumerate(ways))
        for place, way in reversed(order) if number % 2 else order:
            started = time.perf_counter()
            way(number)
            if number >= warm:
                spent[place].append((time.perf_counter() - started) * 1000)
    return spent


def figures(
    figure: Callable[[Sequence[float], Sequence[float]], float],
    one: Sequence[float],
    other: Sequence[float],
) -> list[float]:
    """Answer the least, the middle and the greatest figure of the blocks of the repetitions.

    What else runs on the machine only adds to a time: a figure in milliseconds is judged by the
    quietest block, a ratio by the middle one.

    :param figure: makes the figure of two lists of times.
    :param one: times of the one way.
    :param other: times of the other, interleaved with them.
    """
    size = len(one) // BLOCKS
    cuts = [slice(n * size, (n + 1) * size) for n in range(BLOCKS)]
    found = sorted(round(figure(one[cut], other[cut]), 3) for cut in cuts)
    return [found[0], found[len(found) // 2], found[-1]]


def ratio(one: Sequence[float], other: Sequence[float]) -> float:
    """Answer the ratio of the medians.

    :param one: times of the one way.
    :param other: times of the other.
    """
    return statistics.median(one) / statistics.median(other)


def added(one: Sequence[float], other: Sequence[float]) -> float:
    """Answer what the one way takes longer, in the median.

    :param one: times of the one way.
    :param other: times of the other.
    """
    return statistics.median(one) - statistics.median(other)


def told(
    bench: str, database: str, value: float, limit: float, unit: str, **context: object
) -> bool:
    """Print one line of JSON.

    Its "load" is how much work waits for each processor, its "pace_us" how fast the machine is.

    :param bench: name of the figure.
    :param database: the database, or ``"none"``.
    :param value: the figure.
    :param limit: what it may be at the most.
    :param unit: its unit.
    :param context: what one must know to judge it.
    :return: whether the limit is kept.
    """
    is_ok = value <= limit
    line = {
        "bench": bench,
        "database": database,
        "value": round(value, 3),
        "limit": limit,
        "unit": unit,
        "ok": is_ok,
        **context,
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0] / (os.cpu_count() or 1), 1),
        "pace_us": pace_us(),
    }
    print(json.dumps(line), flush=True)
    return is_ok


def versions(engine: sa.Engine) -> dict[str, str]:
    """Answer which SQLAlchemy and which server a figure was measured with.

    :param engine: the host's engine.
    """
    with engine.connect() as connection:
        info = connection.dialect.server_version_info or ()
    server = f"{engine.dialect.name} {'.'.join(str(part) for part in info)}"
    return {"sqlalchemy": sa.__version__, "server": server}
