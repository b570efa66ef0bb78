"""What the whole guarded hook adds to a step of the host: ten rules, six facts, one entry."""

import statistics
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks import _city
from benchmarks import _common as common

LIMITS: Final = {"sqlite": 0.5, "postgresql": 2.0}
ROUNDS: Final = 400
WARM: Final = 50


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
    page = [_city.event(f"b{n}", last) for n in range(number)]
    unseen = [_city.event(f"c{n}", last) for n in range(number)]
    plain, ours, cold = common.interleaved(
        [
            lambda n: city.decide(f"a{n}", None),
            lambda n: city.decide(f"b{n}", page[n]),
            lambda n: city.decide(f"c{n}", unseen[n]),
        ],
        rounds=ROUNDS,
        warm=WARM,
        before=lambda n: city.open_page(page[n]),
    )
    _prove(city, number * 2 * last)
    found = common.figures(common.added, ours, plain)
    return common.told(
        "hook_added",
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


def _prove(city: _city.City, wanted: int) -> None:
    """Stop where an event has no entry: what is owed costs less than what is judged."""
    if city.counters.get("entries") != wanted:
        raise SystemExit(f"{wanted} entries were wanted: {dict(city.counters)}")


if __name__ == "__main__":
    sys.exit(main())
