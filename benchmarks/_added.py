"""What a step of the host takes longer with something more in it, in milliseconds."""

import statistics
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import _cases, _city
from benchmarks import _common as common

LIMITS: Final = {"sqlite": 0.5, "postgresql": 2.0}
ROUNDS: Final = 400
WARM: Final = 50
#: Cases of each way, one for each round.
CASES: Final = WARM + ROUNDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """The ways that are compared; each is called with the number of the round.

    :param plain: the host's step alone, in cases ``a0``, ``a1``, ...
    :param ours: the step with what is measured, its page opened before, in cases ``b0``, ...
    :param cold: the same without its page, in cases ``c0``, ...
    :param before: opens the page; not timed.
    :param entries: how many entries there must be at the end.
    """

    plain: Callable[[int], object]
    ours: Callable[[int], object]
    cold: Callable[[int], object]
    before: Callable[[int], object]
    entries: int


def measured(bench: str, prepared: Callable[[_city.City], Ways]) -> int:
    """Measure on both databases; answer 1 where a limit is missed.

    :param bench: name of the figure.
    :param prepared: answers the ways, in a city whose cases stand before their decision.
    """
    with common.databases() as urls, tempfile.TemporaryDirectory() as folder:
        found = []
        for database, url in urls.items():
            with closing(_city.measured(url, Path(folder) / database)) as city:
                found.append(told(bench, database, city, timed(city, prepared(city))))
        return int(not all(found))


def timed(city: _city.City, ways: Ways) -> list[list[float]]:
    """Take all steps in turn; answer milliseconds: plain, ours, cold.

    :param city: the host.
    :param ways: the ways.
    """
    city.open_cases("a", CASES, is_supervised=False)
    for letter in "bc":
        city.open_cases(letter, CASES)
    common.settle(city.engine)
    compared = [ways.plain, ways.ours, ways.cold]
    found = common.interleaved(compared, rounds=ROUNDS, warm=WARM, before=ways.before)
    if city.counters.get("entries", 0) < 0.99 * ways.entries:  # a busy machine owes one or two
        raise SystemExit(f"{ways.entries} entries were wanted: {dict(city.counters)}")
    return found


def told(bench: str, database: str, city: _city.City, times: Sequence[Sequence[float]]) -> bool:
    """Print the line, and answer whether the limit is kept.

    :param bench: name of the figure.
    :param database: the database.
    :param city: the host.
    :param times: milliseconds: plain, ours, cold.
    """
    plain, ours, cold = times
    blocks = common.figures(common.added, ours, plain)
    return common.told(
        bench,
        database,
        blocks[0],
        LIMITS[database],
        "ms at p50",
        blocks=blocks,
        without_page=common.figures(common.added, cold, plain),
        p50_ms=round(statistics.median(ours), 3),
        p50_plain_ms=round(statistics.median(plain), 3),
        ratio=round(common.ratio(ours, plain), 2),
        rules=len(_cases.RULES),
        facts=len(_cases.FACTS),
        history=len(_cases.PAST),
        n=ROUNDS,
        **common.versions(city.engine),
    )
