"""Sixteen clients at once on PostgreSQL: beside plain inserts, and beside one chain for all.

Each transaction writes the host's row and one row more: a plain one, an entry in a lane of its own,
or an entry of the one chain that a lock on its head would keep. Then come five milliseconds of the
host's own work, and the commit.
"""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Final

import sqlalchemy as sa

from benchmarks import _common as common
from benchmarks.checkpoint import KIND, PAIRS, coder, decided
from cleangov_plugin.ledger.body import Versions, encode_body
from cleangov_plugin.store import entries, knowledge
from cleangov_plugin.store.entries import Seen

CLIENTS: Final = 16
SECONDS: Final = 3.0
ROUNDS: Final = 3
#: The host's own work in a transaction.
WORK_S: Final = 0.005
#: Most times as long as plain transactions take: 0.80 of their number.
PLAIN: Final = 1.25
#: Most of the lanes' time that one chain may need: a fifth of their number.
CHAIN: Final = 0.2

Step = Callable[[sa.Connection, str], None]


def main() -> int:
    """Measure on PostgreSQL; 1 where a limit is missed."""
    with common.databases() as urls:
        engine = sa.create_engine(urls["postgresql"], pool_size=CLIENTS, max_overflow=2)
        try:
            return int(not measure(engine))
        finally:
            engine.dispose()


def measure(engine: sa.Engine) -> bool:
    """Measure the three ways in turn, and print the lines.

    :param engine: the host's engine.
    """
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE host_chain (head text, no bigint)")
        connection.exec_driver_sql("INSERT INTO host_chain VALUES ('', 0)")
        for way in "plc":
            for client in range(CLIENTS):
                common.open_case(connection, f"{way}{client}")
    steps: dict[str, Step] = {"p": plain, "l": lane, "c": chain}
    done = dict.fromkeys(steps, 0)
    for number in range(ROUNDS):
        for way, step in steps.items():
            done[way] += clients(engine, step, f"{way}", number)
    pace = {way: round(found / ROUNDS / SECONDS) for way, found in done.items()}
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


def clients(engine: sa.Engine, step: Step, way: str, number: int) -> int:
    """Have all clients work for some seconds; answer their transactions.

    :param engine: the host's engine.
    :param step: what each transaction adds to the host's rows.
    :param way: name of the way.
    :param number: number of the round.
    """
    done = [0] * CLIENTS
    end = time.monotonic() + SECONDS

    def work(client: int) -> None:
        while time.monotonic() < end:
            no = f"{way}{client}-{number}-{done[client]}"
            with engine.begin() as connection:
                common.write_act(connection, no, 1, KIND)
                step(connection, no)
                time.sleep(WORK_S)  # the host goes on after it has told
            done[client] += 1

    threads = [threading.Thread(target=work, args=(client,)) for client in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)


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
    entries.append(connection, replace(draft, event_key=f"city\t{no}"), coder().code)


def chain(connection: sa.Connection, no: str) -> None:
    """Write a row whose predecessor is the last one of all: each waits for the one before.

    :param connection: the host's connection.
    :param no: number of the step.
    """
    (head,) = connection.exec_driver_sql("SELECT head FROM host_chain FOR UPDATE").one()
    found = sha256(f"{head}{no}".encode()).hexdigest()
    connection.exec_driver_sql("UPDATE host_chain SET head = %s, no = no + 1", (found,))
    common.write_act(connection, no, 2, KIND)


if __name__ == "__main__":
    sys.exit(main())
