"""Sixteen clients at once on PostgreSQL: beside plain inserts, and beside one chain for all.

Each transaction writes the host's row and one row more: a plain one, an entry in a lane of its own,
or an entry of the one chain that a lock on its head would keep. Then come five milliseconds of the
host's own work, and the commit.
"""

import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa

from benchmarks import _common as common
from benchmarks.checkpoint import KIND, PAIRS, coder, decided
from cleangov_plugin.ledger.body import Versions, encode_body
from cleangov_plugin.store import entries, knowledge
from cleangov_plugin.store.entries import Seen

CLIENTS: Final = 16
SECONDS: Final = 3.0
ROUNDS: Final = 4
#: The host's own work in a transaction.
WORK_S: Final = 0.005
#: Most times as long as plain transactions take: 0.80 of their number.
PLAIN: Final = 1.25
#: Most of the lanes' time that one chain may need: a fifth of their number.
CHAIN: Final = 0.2

Step = Callable[[sa.Connection, str], None]
_PROCESSES: Final = multiprocessing.get_context("spawn")


def main() -> int:
    """Measure on PostgreSQL; 1 where a limit is missed."""
    with common.databases() as urls:
        engine = sa.create_engine(urls["postgresql"])
        try:
            return int(not measure(engine, urls["postgresql"]))
        finally:
            engine.dispose()


def measure(engine: sa.Engine, url: str) -> bool:
    """Measure the three ways in turn, and print the lines.

    :param engine: the host's engine.
    :param url: its URL, for the clients' own ones.
    """
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE host_chain (head text, no bigint)")
        connection.exec_driver_sql("INSERT INTO host_chain VALUES ('', 0)")
        for way in WAYS:
            for client in range(CLIENTS):
                common.open_case(connection, f"{way}{client}")
    done = clients(url)
    pace = {way: round(done[way] / ROUNDS / SECONDS) for way in WAYS}
    more = {"clients": CLIENTS, "per_second": pace, **common.versions(engine)}
    return all(
        [
            common.told(
                "clients_beside_plain", "postgresql", done["p"] / done["l"], PLAIN, "ratio", **more
            ),
            common.told(
                "clients_beside_chain", "postgresql", done["c"] / done["l"], CHAIN, "ratio", **more
            ),
        ]
    )


def clients(url: str) -> Counter[str]:
    """Have all clients work some seconds in each way, in turn; answer their transactions.

    Each is a process, as a host's workers are: one interpreter for all would be the bottleneck.

    :param url: URL of the host's database.
    """
    gate, results = _PROCESSES.Barrier(CLIENTS), _PROCESSES.SimpleQueue()
    working = [
        _PROCESSES.Process(target=work, args=(url, client, gate, results))
        for client in range(CLIENTS)
    ]
    for process in working:
        process.start()
    found: Counter[str] = Counter()
    for _ in working:
        found.update(results.get())
    for process in working:
        process.join()
    return found


def work(url: str, client: int, gate: Any, results: Any) -> None:
    """Work as one client: begin each round with all others.

    :param url: URL of the host's database.
    :param client: number of the client.
    :param gate: where all wait for each other.
    :param results: takes the transactions done, by way.
    """
    engine = sa.create_engine(url, pool_size=1, max_overflow=0)
    done: Counter[str] = Counter()
    for number in range(ROUNDS):
        for way, step in WAYS.items():
            gate.wait()
            end = time.monotonic() + SECONDS
            while time.monotonic() < end:
                no = f"{way}{client}-{number}-{done[way]}"
                with engine.begin() as connection:
                    common.write_act(connection, no, 1, KIND)
                    step(connection, no)
                    time.sleep(WORK_S)  # the host goes on after it has told
                done[way] += 1
    engine.dispose()
    results.put(done)


def plain(connection: sa.Connection, no: str) -> None:
    """Write one plain row more.

    :param connection: the host's connection.
    :param no: number of the step.
    """
    common.write_act(connection, no, 2, KIND)


def lane(connection: sa.Connection, no: str) -> None:
    """Write an entry, as the hook does: what is known is read, and the lane is held.

    :param connection: the host's connection.
    :param no: number of the step.
    """
    asked = knowledge.KnowledgeRequest(log_id="bench", subject=no, event_key=f"city\t{no}")
    place = knowledge.read(connection, asked).place
    if place is None:
        raise SystemExit("no lane was free")
    record = decided(0)
    body = encode_body(record, place, Versions(ruleset=1, calendar=1, contract=1), pairs=PAIRS)
    draft = entries.draft(
        record,
        place,
        body,
        digest=sha256(body).digest(),
        now=common.NOON,
        seen=Seen(snapshot="1000:1000:"),
        retention=("case", "2056-03-10"),
    )
    entries.append(connection, draft._replace(event_key=f"city\t{no}"), coder().code)


def chain(connection: sa.Connection, no: str) -> None:
    """Write a row whose predecessor is the last one of all: each waits for the one before.

    :param connection: the host's connection.
    :param no: number of the step.
    """
    (head,) = connection.exec_driver_sql("SELECT head FROM host_chain FOR UPDATE").one()
    found = sha256(f"{head}{no}".encode()).hexdigest()
    connection.exec_driver_sql("UPDATE host_chain SET head = %s, no = no + 1", (found,))
    common.write_act(connection, no, 2, KIND)


#: What each transaction adds to the host's rows, by a letter for it.
WAYS: Final[dict[str, Step]] = {"p": plain, "l": lane, "c": chain}


if __name__ == "__main__":
    sys.exit(main())
