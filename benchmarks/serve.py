"""The gate over HTTP on loopback: a signed request, a rule that looks, and the answer."""

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks import _common as common
from tests.cli.served_calling import Caller, event, serving

#: Milliseconds in the middle, with what a caller needs to sign and to connect anew.
LIMIT: Final = 5.0
ROUNDS: Final = 400
WARM: Final = 40


def main() -> int:
    """Measure on both databases; 1 where the limit is missed."""
    found = []
    with common.databases() as urls, tempfile.TemporaryDirectory() as folder:
        for database, url in urls.items():
            place = Path(folder) / database
            place.mkdir()
            with serving(url, place, gate_ms=50) as caller:
                found.append(measure(database, caller))
    return int(not all(found))


def measure(database: str, caller: Caller) -> bool:
    """Ask the gate for many attempts, each of a case of its own, and print the line.

    :param database: the database.
    :param caller: calls the service, which runs in a process of its own.
    """
    (spent,) = common.interleaved([lambda n: asked(caller, n)], rounds=ROUNDS, warm=WARM)
    blocks = common.figures(lambda one, _: statistics.median(one), spent, spent)
    p95 = round(statistics.quantiles(spent, n=20)[-1], 3)
    return common.told(
        "gate_over_http", database, blocks[0], LIMIT, "ms", p50=blocks, p95=p95, rounds=ROUNDS
    )


def asked(caller: Caller, number: int) -> None:
    """Ask the gate whether a decision may be taken; it may.

    :param caller: calls the service.
    :param number: of the round.
    """
    decision = {**event(f"e-{number}", 500), "subject": f"C-{number}"}
    step = {"attempt_id": f"a-{number}", "event": decision}
    status, told = caller.call("/gate", step, Idempotency_Key=f"gate-{number:06d}")
    if (status, told.get("reason")) != (200, "clear"):
        raise SystemExit(f"the gate was to be clear: {status} {told}")


if __name__ == "__main__":
    sys.exit(main())
