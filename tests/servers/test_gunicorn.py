"""The sample city under gunicorn: two processes with threads, and nothing is lost between them."""

import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.servers.serving import Clerk, Served, compare, served, tick

PEOPLE = (
    ("chen-jing", "cases"),
    ("gao-feng", "cases"),
    ("liu-min", "permits"),
    ("ma-chao", "projects"),
)
EACH = 6


def at_work(city: Served, number: int) -> tuple[list[Clerk], list[threading.Thread]]:
    """Let everybody begin at once."""
    first = Clerk(city.address, *PEOPLE[0])
    first.work(1)  # the party has its number now
    clerks = [first, *(Clerk(city.address, *person) for person in PEOPLE)]
    threads = [threading.Thread(target=clerk.work, args=(number,)) for clerk in clerks[1:]]
    for thread in threads:
        thread.start()
    return clerks, threads


def opened(clerks: Sequence[Clerk]) -> set[str]:
    return {number for clerk in clerks for number in clerk.opened}


@pytest.mark.parametrize(
    ("kind", "preload"),
    [pytest.param("gthread", "no", marks=pytest.mark.slow), ("gthread", "yes"), ("gevent", "no")],
)
def test_two_processes_write_one_ledger(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, preload: str
) -> None:
    if kind == "gevent":
        pytest.importorskip("gevent", reason="gevent is not installed")
    with served(empty_url, tmp_path, CITY_WORKERS=kind, CITY_PRELOAD=preload) as city:
        assert len(city.workers(2)) == 2
        clerks, threads = at_work(city, EACH)
        for thread in threads:
            thread.join(120)
        assert [len(clerk.opened) for clerk in clerks] == [1, *[EACH] * len(PEOPLE)]
        assert sum(clerk.broken for clerk in clerks) == 0
    tick(city, monkeypatch)
    assert compare(empty_url, opened(clerks)) == 1 + EACH * len(PEOPLE)


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(empty_url, tmp_path, CITY_PRELOAD="yes") as city:
        first = city.workers(2)
        clerks, threads = at_work(city, 2 * EACH)
        for worker in first:  # each of the two, while everybody is busy
            while len(opened(clerks)) < 5:
                threads[0].join(0.01)
            os.kill(worker, signal.SIGKILL)
        for thread in threads:
            thread.join(120)
        assert [len(clerk.opened) for clerk in clerks[1:]] == [2 * EACH] * len(PEOPLE)
        assert not city.workers(2) & first
    tick(city, monkeypatch)
    assert compare(empty_url, opened(clerks)) >= 1 + 2 * EACH * len(PEOPLE)
