"""What the guarded gate adds to a step of the host: ten rules, six facts, nothing hits."""

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks import _city, _common as common
from cleangov_hooks import Decision, guarded_call

LIMITS: Final = {"sqlite": 0.5, "postgresql": 2.0}
ROUNDS: Final = 500
WARM: Final = 60
GATE: Final = "cleangov_step_gate"


def main() -> int:
    """Measure on both databases; 1 where a limit is missed."""
    with common.databases() as urls, tempfile.TemporaryDirectory() as folder:
        found = []
        for name, url in urls.items():
            found.append(measure(name, _city.measured(url, Path(folder) / name)))
        return int(not all(found))


def measure(database: str, city: _city.City) -> bool:
    """Measure on one database and print the line.

    :param database: its name.
    :param city: the host.
    :return: whether the limit is kept.
    """
    number = WARM + ROUNDS
    city.open_cases("a", number, is_supervised=False)
    city.open_cases("b", number)
    common.settle(city.engine)
    last = len(_city.PAST) + 1
    tries = [_city.attempt(_city.event(f"b{n}", last)) for n in range(number)]

    def gated(n: int) -> None:
        report = guarded_call(city.plugins, GATE, attempt=tries[n])
        if [verdict.reason for verdict in report.values] != ["clear"]:
            raise SystemExit(f"the gate was to be clear: {report}")
        city.decide(f"b{n}", None)

    plain, ours = common.interleaved(
        [lambda n: city.decide(f"a{n}", None), gated], rounds=ROUNDS, warm=WARM
    )
    found = common.figures(common.added, ours, plain)
    return common.told(
        "gate_added",
        database,
        found[0],
        LIMITS[database],
        "ms at p50",
        blocks=found,
        p50_ms=round(statistics.median(ours), 3),
        p50_plain_ms=round(statistics.median(plain), 3),
        ratio=round(common.ratio(ours, plain), 2),
        rules=len(_city.RULES),
        facts=len(_city.FACTS),
        history=len(_city.PAST),
        n=ROUNDS,
        **common.versions(city.engine),
    )


if __name__ == "__main__":
    sys.exit(main())
