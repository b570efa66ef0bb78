"""How long the server takes for each page of an auditor, and how heavy each page is."""

import argparse
import html
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from benchmarks import _common as common
from benchmarks._pages_city import large_city
from sample_host.city import of
from tests.sample_host.pressing import Presser

LIMIT_MS: Final = 100.0
LIMIT_KB: Final = 150.0
ROUNDS: Final = 40
WARM: Final = 3
#: What the auditor opens; the pages behind the first are found on it.
PATHS: Final = (
    "/cleangov/",
    "/cleangov/checkpoints",
    "/cleangov/checkpoints?stream=permit",
    "/cleangov/checkpoints?kind=prj.variation.requested",
    "/cleangov/checkpoints?unit=squad-2",
    "/cleangov/checkpoints?rule=J11",
    "/cleangov/checkpoints?outcome=hit",
    "/cleangov/checkpoints?outcome=unknown",
    "/cleangov/checkpoints?case=YT-GC-2025-12-77",
    "/cleangov/checkpoints?since=2010-01-01&until=2010-02-01",
    "/cleangov/cases/yunting/YT-GC-2025-12",
    "/cleangov/findings",
    "/cleangov/findings?state=closed",
    "/cleangov/findings?rule=E08&severity=revocable",
    "/cleangov/signals",
    "/cleangov/letters",
    "/cleangov/letters?state=overdue",
    "/cleangov/letters?state=withdrawn&unit=nowhere",
    "/cleangov/real",
)

#: Lists whose further pages and single ones are opened as well.
LISTS: Final = tuple(
    f"/cleangov/{name}" for name in ("checkpoints", "findings", "signals", "letters")
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure; 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=50_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    wanted = parser.parse_args(arguments)
    with common.databases() as urls, tempfile.TemporaryDirectory() as name:
        chosen = [wanted.database] if wanted.database else list(urls)
        found = [
            measured(database, urls[database], Path(name) / database, wanted.entries)
            for database in chosen
        ]
    return int(not all(found))


def measured(database: str, url: str, folder: Path, entries: int) -> bool:
    """Measure one database, and print its line.

    :param database: its name.
    :param url: SQLAlchemy URL.
    :param folder: where keys go.
    :param entries: number of checkpoints.
    """
    folder.mkdir()
    begun = time.perf_counter()
    app = large_city(url, folder, entries)
    filled = time.perf_counter() - begun
    client = signed_in(app)
    pages = [*PATHS, *further(client)]
    spent: dict[str, list[float]] = {path: [] for path in pages}
    weights: dict[str, int] = {}
    for number in range(WARM + ROUNDS):
        for path in pages if number % 2 else reversed(pages):
            started = time.perf_counter()
            answer = client.get(path)
            if number >= WARM:
                spent[path].append((time.perf_counter() - started) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{path}: {answer.status_code}")
            weights[path] = len(answer.data)
    with of(app).engine.connect() as connection:
        prefix = "" if database == "sqlite" else "cleangov."
        count = f"SELECT count(*) FROM {prefix}cleangov_entry"
        number_of = connection.execute(sa.text(count)).scalar_one()
    slowest = {path: statistics.quantiles(times, n=20)[18] for path, times in spent.items()}
    is_ok = told(database, int(number_of), filled, spent, slowest, weights, app)
    of(app).engine.dispose()
    return is_ok


def told(
    database: str,
    entries: int,
    filled: float,
    spent: dict[str, list[float]],
    slowest: dict[str, float],
    weights: dict[str, int],
    app: Any,
) -> bool:
    """Print the line, the slowest page in front; answer whether the limits are kept."""
    order = sorted(slowest, key=lambda path: -slowest[path])
    heaviest = max(weights, key=lambda path: weights[path])
    is_light = weights[heaviest] <= LIMIT_KB * 1024
    is_quick = common.told(
        "pages",
        database,
        slowest[order[0]],
        LIMIT_MS,
        "ms at p95, the slowest page",
        entries=entries,
        filled_seconds=round(filled),
        heaviest_kb=round(weights[heaviest] / 1024, 1),
        heaviest=heaviest,
        n=ROUNDS,
        pages={
            path: {
                "p50": round(statistics.median(spent[path]), 1),
                "p95": round(slowest[path], 1),
                "kb": round(weights[path] / 1024, 1),
            }
            for path in order
        },
        **common.versions(of(app).engine),
    )
    return is_quick and is_light


def signed_in(app: Any) -> Any:
    """Answer a client in which Lin Lan, the auditor, is signed in.

    :param app: the city.
    """
    presser = Presser(app)
    presser.send("/who", [("csrf_token", presser.page.csrf), ("person", "lin-lan"), ("next", "/")])
    return presser.client


def further(client: Any) -> Iterator[str]:
    """Find pages that no address can be written for by hand: the next ones, a single finding.

    :param client: the auditor's.
    """
    for path in LISTS:
        text = client.get(path).text
        links = [html.unescape(link) for link in re.findall(r'href="([^"]+)"', text)]
        yield from [link for link in links if re.search(r"[?&](before|after|place)=", link)][:2]
        single = [link for link in links if re.search(r"/(findings|letters)/\d+$", link)]
        yield from single[:1]


if __name__ == "__main__":
    sys.exit(main())
