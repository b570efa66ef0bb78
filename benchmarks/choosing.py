"""What is shown of true hits among the raw ones of a real log, and how much is shown for it.

300 true hits are planted in a whole log by `_choosing_log`; officers meet them through the hooks.
At most 5 % of the true ones of tiers 2 and 3 may be missed and none of tier 4 and above, at 40 % of
the raw volume at most; chance has to be worse with as many panels of each officer and day.
Beside the share stands its 95 % interval (Wilson 1927).

``python -m benchmarks.choosing --seed 7`` draws others.
"""

import argparse
import json
import os
import sys
import tempfile
from math import sqrt
from pathlib import Path
from typing import Final

import cleangov_migrations
from benchmarks import _choosing_city as living
from benchmarks import _choosing_log as drawing
from benchmarks import _common as common
from cleangov_plugin.intake.event_logs import EventLog
from cleangov_plugin.intake.mapping import find_mapping

ROOT: Final = Path(__file__).resolve().parents[1]
#: Mapping and whole log; an excerpt is too thin for so many needles, and its days are empty.
LOGS: Final = (
    ("receipt", "receipt-env-permit/Receipt.xes.gz"),
    ("bpic2015", "bpic2015/BPIC15_2.xes.gz"),
)
TRUE: Final = 300


def main() -> int:
    """Measure on the first log, or on the one that is named; 1 where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--log", choices=[name for name, _ in LOGS], default=LOGS[0][0])
    asked = parser.parse_args()
    folder = Path(os.environ.get("CLEANGOV_SHARED_DATA") or ROOT.parent / "shared" / "data")
    path = folder / dict(LOGS)[asked.log]
    if not path.is_file():
        left = {"bench": "choosing_missed", "left_out": f"the log {asked.log} is not there"}
        print(json.dumps({**left, "ok": True}), flush=True)
        return 0
    return int(not measured(asked.log, path, asked.seed))


def measured(name: str, path: Path, seed: int) -> bool:
    """Measure on one log and print its lines.

    :param name: its mapping.
    :param path: the log.
    :param seed: of the draw.
    :return: whether all limits are kept.
    """
    mapping = find_mapping(name)
    events = [each.event for each in EventLog(path, mapping).translated()]
    cases = drawing.planted(events, TRUE, seed)
    with tempfile.TemporaryDirectory(prefix="cleangov-choosing-") as folder:
        url = f"sqlite:///{Path(folder) / 'city.db'}"
        with common.opened(url) as engine, engine.begin() as connection:
            cleangov_migrations.upgrade(connection)
        with living.opened(url, mapping.agency, cases[0]) as city:
            tally = living.lived(city, cases)
    return told(name, seed, tally)


def told(name: str, seed: int, tally: living.Tally) -> bool:
    """Print what was counted.

    :param name: the log.
    :param seed: of the draw.
    :param tally: what was counted.
    """
    shown, missed = tally.true[False, True], tally.true[False, False]
    low, high = interval(shown, shown + missed)
    chance = living.at_random(tally) / (shown + missed) * 100
    strict = tally.true[True, False]
    most = max((day.spent for day in tally.days.values()), default=0)
    context = {
        "log": name,
        "seed": seed,
        "true": shown + missed,
        "shown_percent": round(100 * shown / (shown + missed), 1),
        "interval_95": [low, high],
        "at_random_percent": round(chance, 1),
        "true_of_tier_4_and_5": tally.true[True, True] + strict,
        "missed_of_tier_4_and_5": strict,
        "most_a_day": most,
        "most_an_attempt": tally.most,
    }
    volume = {"log": name, "raw_hits": tally.raw, "panels": tally.panels, "hits_shown": tally.hits}
    kept = [
        common.told(
            "choosing_missed", "sqlite", 100 * missed / (shown + missed), 5.0, "%", **context
        ),
        common.told(
            "choosing_volume", "sqlite", 100 * tally.panels / tally.raw, 40.0, "%", **volume
        ),
        strict == 0,
        low > chance,
        most <= 3,
        tally.most == 1,
    ]
    return all(kept)


def interval(good: int, number: int) -> tuple[float, float]:
    """Answer the 95 % interval of a share (Wilson 1927), in percent with one digit.

    :param good: how many were.
    :param number: of how many.
    """
    z, share = 1.96, good / number
    middle = share + z * z / (2 * number)
    reach = z * sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    scale = 100 / (1 + z * z / number)
    return round((middle - reach) * scale, 1), round((middle + reach) * scale, 1)


if __name__ == "__main__":
    sys.exit(main())
