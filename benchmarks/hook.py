"""What the whole guarded hook adds to a step of the host: ten rules, six facts, one entry."""

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks import _city, _common as common

LIMITS: Final = {"sqlite": 0.5, "postgresql": 2.0}
ROUNDS: Final = 500
WARM: Final = 60


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
    told = [_city.event(f"b{n}", last) for n in range(number)]
    plain, ours = common.interleaved(
        [lambda n: city.decide(f"a{n}", None), lambda n: city.decide(f"b{n}", told[n])],
        rounds=ROUNDS,
        warm=WARM,
    )
    _prove(city, number)
    found = common.figures(common.added, ours, plain)
    return common.told(
        "hook_added",
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


def _prove(city: _city.City, number: int) -> None:
    """Stop where an event has no entry: what is owed costs less than what is judged."""
    wanted = number * (len(_city.PAST) + 1)
    if city.counters.get("entries") != wanted:
        raise SystemExit(f"{wanted} entries were wanted: {dict(city.counters)}")


if __name__ == "__main__":
    sys.exit(main())
