"""``cleangov serve`` under gunicorn on PostgreSQL: answers sent again and again count once."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cli.served_calling import KEY, PLATFORM, Caller, event, resting_on
from tests.support.ends import opened

#: Attempts that are held, and how often each answer is sent.
ATTEMPTS, TIMES = 4, 2
ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.postgres, pytest.mark.thorough]


@contextmanager
def serving(url: str, folder: Path) -> Iterator[Caller]:
    """Run the service by gunicorn: two processes of four threads, one memory of what was seen."""
    (folder / "callers").mkdir()
    (folder / "callers/old-1.key").write_text(KEY.hex())
    (folder / "platform.json").write_text(json.dumps(PLATFORM), encoding="utf-8")
    environ = {
        **os.environ,
        "CLEANGOV_DATABASE_URL": url,
        "CLEANGOV_KEYS": str(folder / "keys"),
        "SERVE_PLATFORM": str(folder / "platform.json"),
        "SERVE_CALLERS": str(folder / "callers"),
        "SERVE_SEEN": str(folder / "seen"),
        "SERVE_GATE_MS": "10000",
    }
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "--workers=2",
        "--threads=4",
        "--no-control-socket",
    ]
    command += [f"--bind=127.0.0.1:{port}", "cleangov_plugin.cli.wsgi:application()"]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=environ, cwd=ROOT) as process:
        caller = Caller(f"http://127.0.0.1:{port}")
        try:
            for _ in range(1_000):
                try:
                    if caller.send("/health", b"", {})[1]["state"] == "ready":
                        break
                except OSError:
                    assert process.poll() is None, "the service has ended"
                    time.sleep(0.05)
            yield caller
        finally:
            process.terminate()


def until_taken(
    caller: Caller, path: str, document: Any, officer: str, key: str
) -> tuple[int, Any]:
    """Send until the service is not busy, as docs/serve.md says."""
    for _ in range(200):
        status, told = caller.call(path, document, Idempotency_Key=key, CleanGov_Officer=officer)
        if status != 503:
            return status, told
        time.sleep(0.05)
    raise AssertionError(told)


def test_no_answer_is_lost_and_none_counts_twice(pg_database: str, tmp_path: Path) -> None:
    people = [f"officer-{number}" for number in range(ATTEMPTS)]  # each has a day of their own
    with serving(pg_database, tmp_path) as caller, ThreadPoolExecutor(8) as crowd:
        asked = [
            {"attempt_id": f"load-{who}", "event": event(who, 1_001, actor={"id": who})}
            for who in people
        ]
        for each in asked:
            each["event"]["subject"] = each["attempt_id"]  # type: ignore[index]
        held = crowd.map(
            lambda n: until_taken(caller, "/gate", asked[n], people[n], f"gate-{people[n]}"),
            range(ATTEMPTS),
        )
        prompts = [told["prompts"][0] for _, told in held]
        choice = next(c for c in prompts[0]["choices"] if c["kind"] == "justified")
        answer = {"choice": choice["code"], "text": "经集体讨论。", **resting_on(choice)}
        given = [{"prompt_id": p["id"], **answer} for p in prompts]
        # Each answer again and again, by two keys: a lost response, and a second tab.
        sent = [(n, f"answer-{n}-{tab}") for tab in "ab" for n in range(ATTEMPTS)] * TIMES
        told = list(
            crowd.map(
                lambda each: until_taken(
                    caller, "/answers", given[each[0]], people[each[0]], each[1]
                ),
                sent,
            )
        )
        ends = [caller.call(f"/attempts/load-{who}", CleanGov_Officer=who)[1] for who in people]
    assert all(end["pass"] for end in ends), ends
    by_key: dict[str, set[str]] = {}
    for (_, key), (status, document) in zip(sent, told, strict=True):
        assert status in (200, 409)
        by_key.setdefault(key, set()).add(json.dumps([status, document], sort_keys=True))
    assert {len(answers) for answers in by_key.values()} == {1}, by_key
    counts = (
        "SELECT prompt_id, count(*) FROM cleangov.cleangov_answer GROUP BY prompt_id",
        "SELECT event_key, count(*) FROM cleangov.cleangov_entry GROUP BY event_key",
    )
    with opened(pg_database) as engine, engine.connect() as connection:
        answers, entries = ({k: n for k, n in connection.execute(sa.text(q))} for q in counts)
    assert answers == {prompt["id"]: 1 for prompt in prompts}
    assert set(entries.values()) == {1}
