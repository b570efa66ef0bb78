"""What the guarded gate adds to a step of the host: ten rules, six facts, nothing hits."""

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks import _city
from benchmarks import _common as common
from cleangov_hooks import Attempt, guarded_call

LIMITS: Final = {"sqlite": 0.5, "postgresql": 2.0}
ROUNDS: Final = 400
WARM: Final = 50
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
    number, last = WARM + ROUNDS, len(_city.PAST) + 1
    city.open_cases("a", number, is_supervised=False)
    for letter in "bc":
        city.open_cases(letter, number)
    common.settle(city.engine)
    page = [_city.attempt(_city.event(f"b{n}", last)) for n in range(number)]
    unseen = [_city.attempt(_city.event(f"c{n}", last)) for n in range(number)]

    def gated(attempt: Attempt) -> None:
        report = guarded_call(city.plugins, GATE, attempt=attempt)
        if [verdict.reason for verdict in report.values] != ["clear"]:
            raise SystemExit(f"the gate was to be clear: {report}")
        city.decide(attempt.step.case_id, None)

    plain, ours, cold = common.interleaved(
        [
            lambda n: city.decide(f"a{n}", None),
            lambda n: gated(page[n]),
            lambda n: gated(unseen[n]),
        ],
        rounds=ROUNDS,
        warm=WARM,
        before=lambda n: city.open_page(page[n].event),
    )
    found = common.figures(common.added, ours, plain)
    return common.told(
        "gate_added",
        database,
        found[0],
        LIMITS[database],
        "ms at p50",
        blocks=found,
        without_page=common.figures(common.added, cold, plain)[0],
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
