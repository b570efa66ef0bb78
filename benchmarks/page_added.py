"""What our slots add to a trivial page of the host, where nothing waits: one that has no step.

Besides, for who wants to know: what they add to the page of a step that no rule stops.
"""

import statistics
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

from flask import Flask, render_template_string

from benchmarks import _cases, _city
from benchmarks import _common as common
from cleangov_hooks import Person, Step, guarded_call

LIMIT_MS: Final = 0.5
ROUNDS: Final = 480
WARM: Final = 50
#: As small as a page of a platform can be; the slots stand at its end.
PAGE: Final = (
    "<!doctype html><title>{{ title }}</title><h1>{{ title }}</h1>"
    "<ul>{% for n in range(5) %}<li>{{ n }}</li>{% endfor %}</ul>{{ slots|safe }}"
)


class Staffed(_city.City):
    """A city at whose screen an officer sits."""

    def person(self) -> Person | None:
        """Answer the officer."""
        return Person(id="chen", name="陈", roles=frozenset({"officer"}))


def main() -> int:
    """Measure on both databases; 1 where the limit is missed."""
    found = []
    with common.databases() as urls, tempfile.TemporaryDirectory() as folder:
        for database, url in urls.items():
            place = Path(folder) / database
            rules = place / "rules"
            rules.mkdir(parents=True)
            _cases.write_rules(rules)
            types = _cases.event_types()
            with closing(Staffed(url, place, rules=rules, types=types)) as city:
                found.append(told(database, city, timed(city)))
    return int(not all(found))


def timed(city: Staffed) -> list[list[float]]:
    """Ask for all pages in turn; answer milliseconds: plain, with the slot, with those of a step.

    :param city: the host.
    """
    step = _cases.attempt(_cases.event("p0", len(_cases.PAST) + 1)).step
    city.open_cases("p", 1)
    city.open_page(_cases.event("p0", len(_cases.PAST) + 1))
    app = Flask("benchmark")

    def page(names: tuple[str, ...], at: Step | None) -> Callable[[], str]:
        def view() -> str:
            shown = "".join(slot(city, name, at) for name in names)
            return render_template_string(PAGE, title="城市", slots=shown)

        return view

    app.add_url_rule("/plain", "plain", page((), None))
    app.add_url_rule("/ours", "ours", page(("page.end",), None))
    app.add_url_rule("/step", "step", page(("step.hint", "step.panel", "page.end"), step))
    browser = app.test_client()
    ways = [lambda _, path=path: browser.get(path) for path in ("/plain", "/ours", "/step")]
    if {browser.get(path).status_code for path in ("/plain", "/ours", "/step")} != {200}:
        raise SystemExit("a page of the benchmark failed")
    return common.interleaved(ways, rounds=ROUNDS, warm=WARM)


def slot(city: Staffed, name: str, step: Step | None) -> str:
    """Render a slot, as a host does.

    :param city: the host.
    :param name: name of the slot.
    :param step: where the officer stands; None on a page without a step.
    """
    report = guarded_call(city.plugins, "cleangov_slot", name=name, step=step, medium="html")
    return "".join(fragment.content for fragment in report.values)


def told(database: str, city: Staffed, times: list[list[float]]) -> bool:
    """Print the line, and answer whether the limit is kept.

    :param database: the database.
    :param city: the host.
    :param times: milliseconds: plain, with the slot, with those of a step.
    """
    plain, ours, step = times
    blocks = common.figures(common.added, ours, plain)
    return common.told(
        "page_added",
        database,
        blocks[0],
        LIMIT_MS,
        "ms at p50",
        blocks=blocks,
        step_page=common.figures(common.added, step, plain),
        p50_ms=round(statistics.median(ours), 3),
        p50_plain_ms=round(statistics.median(plain), 3),
        n=ROUNDS,
        **common.versions(city.engine),
    )


if __name__ == "__main__":
    sys.exit(main())
