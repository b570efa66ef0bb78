"""A replay that is killed anywhere and run again ends with the very same rows."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.log_replaying import (
    dump,
    excerpt,
    few_rules,
    flat_rows,
    query,
    replay,
    written,
)
from tests.support.shared_data import shared_log

#: The command line with traps: at the n-th call of a function the process is gone at once, as by
#: a power cut: no handler runs and nothing is flushed. Each place has a process of its own, which
#: is split from one that has imported everything and done nothing yet.
PROGRAM = """
import json, os, sys
from cleangov_plugin.cli import feeding
from cleangov_plugin.cli.main import main
from cleangov_plugin.desk.checkpoint import recording
from cleangov_plugin.store import staging

def run(place, count):
    room, name = {"stage": (staging, "stage"), "begin": (staging, "begin_feeding"),
                  "enter": (recording, "enter"), "advance": (staging, "advance"),
                  "finish": (staging, "finish")}[place.removeprefix("after ")]
    real, calls = getattr(room, name), 0

    def trapped(*arguments, **named):
        nonlocal calls
        calls += 1
        if calls == count and not place.startswith("after "):
            os._exit(9)
        answer = real(*arguments, **named)
        if calls == count:
            os._exit(9)
        return answer

    setattr(room, name, trapped)
    main(sys.argv[2:])

feeding.TOGETHER = 50
ends = []
for place, count in json.loads(sys.argv[1]):
    child = os.fork()
    if child == 0:
        run(place, count)
    ends.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
with open(os.environ["ENDS"], "w") as file:
    json.dump(ends, file)
"""
#: Events of the excerpt: two transactions and a half of staging, as many of feeding.
CASES = 22


@pytest.fixture
def log(tmp_path: Path) -> Path:
    rows = excerpt(flat_rows(shared_log("receipt.csv")), CASES)
    return written(tmp_path / "events.csv.gz", rows)


def killed(url: str, log: Path, keys: Path, places: list[tuple[str, int]]) -> list[int]:
    """Run a replay once for each place; answer how each run ended."""
    words = [
        json.dumps(places), "--database", url,
        "replay", str(log), "--mapping", "receipt", "--keys", str(keys), "--json",
    ]  # fmt: skip
    told = keys.with_name("ends.json")
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "ENDS": str(told)},
    )
    assert run.returncode == 0, run.stderr
    ends: list[int] = json.loads(told.read_text("ascii"))
    assert set(ends) <= {0, 9}, run.stderr
    assert len(ends) == len(places)
    return ends


def places(number: int) -> list[tuple[str, int]]:
    """Choose places all over a run, in the order a run comes by them; the seed is fixed."""
    draw = random.Random(20260310)
    enters = sorted(draw.randint(1, 45) for _ in range(number - 7))
    fed = [("enter", n) for n in enters[::2]] + [("after enter", n) for n in enters[1::2]]
    staged = [("stage", 2), ("after stage", 1), ("begin", 1), ("after begin", 1)]
    return [*staged, *fed, ("advance", 1), ("after finish", 1), ("finish", 1)]


@pytest.mark.parametrize("number", [4, pytest.param(20, marks=pytest.mark.slow)])
def test_killed_anywhere_and_run_again_every_table_is_equal_row_for_row(
    empty_url: str,
    number: int,
    log: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few_rules(tmp_path, monkeypatch)
    keys = tmp_path / "keys"
    ends = killed(empty_url, log, keys, places(number))
    assert ends.count(9) >= number - 1  # the last ones may come to its end
    broken = replay(empty_url, log, "receipt", keys)
    clean_url = f"sqlite:///{tmp_path / 'clean.db'}"
    clean = replay(clean_url, log, "receipt", keys)
    assert {**broken, "seconds": 0} == {**clean, "seconds": 0}
    assert query(empty_url, "SELECT state FROM {s}cleangov_replay_run") == [("done",)]
    if empty_url.startswith("sqlite"):
        assert dump(empty_url) == dump(clean_url)
    else:
        columns = "event_key, digest, kind, actor, occurred_at, recorded_at, ingested_at, disc"
        statement = f"SELECT {columns} FROM {{s}}cleangov_entry ORDER BY id"
        assert [list(map(plain, row)) for row in query(empty_url, statement)] == [
            list(map(plain, row)) for row in query(clean_url, statement)
        ]


def plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value
