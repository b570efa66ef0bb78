"""What a step takes longer with 100 rules in force, and with 1,000: six facts, one entry.

Both cities stand in one database and take their steps in turn, so that a busy moment meets both.
All rules look at the step that is measured: none is spared by its kind.
"""

import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks import _added, _cases
from benchmarks import _common as common
from benchmarks._city import City
from cleangov_hooks import Event

FEW: Final = 100
MANY: Final = 1_000
#: How many times longer a step may take with ten times as many rules.
GROWTH: Final = 3.0
ROUNDS: Final = 240
WARM: Final = 40
LAST: Final = len(_cases.PAST) + 1


def main() -> int:
    """Measure on both databases; 1 where a limit is missed."""
    with common.databases() as urls:
        return int(not all([measure(name, url) for name, url in urls.items()]))


def measure(database: str, url: str) -> bool:
    """Measure on one database and print its lines.

    :param database: its name.
    :param url: SQLAlchemy URL.
    :return: whether all limits are kept.
    """
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        cities = [
            stack.enter_context(closing(opened(url, Path(folder) / f"{number}", number)))
            for number in (FEW, MANY)
        ]
        plain, few, many = timed(*cities)
        versions = common.versions(cities[0].engine)
    blocks = common.figures(common.added, few, plain)
    grown = common.figures(common.added, many, plain)
    context = {"facts": len(_cases.FACTS), "n": ROUNDS, **versions}
    is_quick = common.told(
        "in_flow_100_rules",
        database,
        blocks[0],
        _added.LIMITS[database],
        "ms at p50",
        blocks=blocks,
        **context,
    )
    growth = common.added(many, plain) / common.added(few, plain)
    is_flat = common.told(
        "in_flow_1000_rules", database, growth, GROWTH, "times 100 rules", ms=grown, **context
    )
    return is_quick and is_flat


def opened(url: str, folder: Path, number: int) -> City:
    """Open a city with so many rules, all with the expressions and facts of the ten.

    :param url: SQLAlchemy URL.
    :param folder: a folder for keys and rule files.
    :param number: how many rules.
    """
    rules = folder / "rules"
    rules.mkdir(parents=True)
    shapes = list(_cases.RULES.values())
    for n in range(number):
        names, condition = shapes[n % len(shapes)]
        facts = ", ".join(f"{name}: {_cases.FACTS[name]}" for name in names)
        id_ = f"B{n:04d}"
        text = _cases.FILE.substitute(id=id_, kind=_cases.DECIDED, facts=facts, condition=condition)
        (rules / f"{id_}.yaml").write_text(text, "utf-8")
    agency = replace(_cases.YUNTING, id=f"CN-{number}")
    return OwnCity(url, folder, rules=rules, types=_cases.event_types(), agency=agency)


class OwnCity(City):
    """A city whose events are its own authority's."""

    def record(self, connection: object, what: Event) -> None:
        """Tell the plugins what has happened.

        :param connection: the host's connection.
        :param what: the event.
        """
        super().record(connection, replace(what, agency_id=self.agency().id))  # type: ignore[arg-type]


def timed(few: City, many: City) -> list[list[float]]:
    """Take the step in all cities in turn; answer milliseconds: plain, few rules, many.

    :param few: the city with fewer rules.
    :param many: the other one.
    """
    number = WARM + ROUNDS
    few.open_cases("a", number, is_supervised=False)
    few.open_cases("b", number)
    many.open_cases("c", number)
    common.settle(few.engine)

    def way(city: City, letter: str) -> Callable[[int], object]:
        return lambda n: city.decide(f"{letter}{n}", _cases.event(f"{letter}{n}", LAST))

    def page(n: int) -> None:
        few.open_page(replace(_cases.event(f"b{n}", LAST), agency_id=few.agency().id))
        many.open_page(replace(_cases.event(f"c{n}", LAST), agency_id=many.agency().id))

    plain: Callable[[int], object] = lambda n: few.decide(f"a{n}", None)  # noqa: E731
    found = common.interleaved(
        [plain, way(few, "b"), way(many, "c")], rounds=ROUNDS, warm=WARM, before=page
    )
    for city in (few, many):
        if city.counters.get("entries", 0) < 0.99 * number * LAST:
            raise SystemExit(f"entries are missing: {dict(city.counters)}")
    return found


if __name__ == "__main__":
    sys.exit(main())
