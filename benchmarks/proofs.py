"""The proof of one entry, cold, from the tiles of a database with two hundred thousand leaves."""

import random
import statistics
import sys
import time
from hashlib import sha256
from typing import Final

from benchmarks import _common as common
from cleangov_plugin.desk.evidence.proving import prover
from cleangov_plugin.ledger.merkle_proof import range_root
from cleangov_plugin.ledger.note import sign_note
from cleangov_plugin.ledger.note_key import SignerKey
from cleangov_plugin.ledger.suites import Ed25519
from cleangov_plugin.ledger.tiles import TileNodes, next_tiles
from cleangov_plugin.ledger.tree_head import TreeHead, write_tree_head
from cleangov_plugin.store import tree
from cleangov_plugin.store.database import Database

#: Milliseconds that nineteen of twenty proofs may take at the most.
LIMIT: Final = 3.0
LEAVES: Final = 200_000
ROUNDS: Final = 800
WARM: Final = 50
LOG: Final = "bench"


def main() -> int:
    """Measure on both databases; 1 where a limit is missed."""
    with common.databases() as urls:
        return int(not all([measure(name, url) for name, url in urls.items()]))


def measure(database: str, url: str) -> bool:
    """Measure on one database and print the line.

    :param database: its name.
    :param url: SQLAlchemy URL.
    :return: whether the limit is kept.
    """
    with common.opened(url) as engine:
        leaves = [sha256(b"%d" % n).digest() for n in range(LEAVES)]
        held = Database(engine.url)
        try:
            fill(held, leaves)
            common.settle(engine)
            times, worked = timed(held, leaves)
        finally:
            held.dispose()
        found = [p95(times[at :: common.BLOCKS]) for at in range(common.BLOCKS)]
        return common.told(
            "inclusion_proof",
            database,
            p95(times),
            LIMIT,
            "p95 in ms",
            blocks=(min(found), statistics.median(found), max(found)),
            p50_ms=round(statistics.median(times), 3),
            p95_cpu_ms=round(p95(worked), 3),
            p50_cpu_ms=round(statistics.median(worked), 3),
            leaves=LEAVES,
            n=ROUNDS,
            **common.versions(engine),
        )


def p95(times: list[float]) -> float:
    """Answer the time that nineteen of twenty stay below.

    :param times: milliseconds.
    """
    return statistics.quantiles(times, n=20)[-1]


def timed(database: Database, leaves: list[bytes]) -> tuple[list[float], list[float]]:
    """Make proofs of leaves drawn at random, each from nothing.

    Looking up the head, reading the tiles, and checking the proof against the head are in it.

    :param database: the database.
    :param leaves: hashes of all leaves.
    :return: milliseconds of each by the clock, and of this process's own work.
    """
    dice = random.Random(200)
    times, worked = [], []
    for _ in range(WARM + ROUNDS):
        index = dice.randrange(LEAVES)
        started, before = time.perf_counter(), time.process_time()
        with database.own_look() as connection:
            prover(connection, None, LOG, leaf=index).proof(index, leaves[index])
        worked.append((time.process_time() - before) * 1_000)
        times.append((time.perf_counter() - started) * 1_000)
    return times[WARM:], worked[WARM:]


def fill(database: Database, leaves: list[bytes]) -> None:
    """Write leaves, tiles and a signed head, as a sealer would have in many batches.

    :param database: the database.
    :param leaves: hashes of all leaves.
    """
    signer = SignerKey("cleangov/bench", Ed25519(), bytes(32))
    tiles = dict(next_tiles(0, leaves, lambda _: b""))
    root = range_root(0, LEAVES, TileNodes(LEAVES, tiles.__getitem__))
    note = sign_note(write_tree_head(TreeHead(signer.name, LEAVES, root)), [signer])
    with database.own_transaction() as connection:
        rows = [tree.Leaf(hash_, 0, n + 1) for n, hash_ in enumerate(leaves)]
        for at in range(0, LEAVES, 10_000):
            tree.add_leaves(connection, LOG, at, rows[at : at + 10_000])
        tree.save_tiles(connection, LOG, {(t.level, t.index): data for t, data in tiles.items()})
        tree.add_head(connection, LOG, LEAVES, root, common.NOON)
        tree.published(connection, LOG, LEAVES, note.decode(), common.NOON)


if __name__ == "__main__":
    sys.exit(main())
