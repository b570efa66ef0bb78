"""Facts over all cases under writers at once: no commit fails, and each count is right."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.desk.backtested.parts import Wanted
from cleangov_plugin.desk.backtested.running import backtest
from tests.plugin.conftest import MakeHost, on_postgresql
from tests.plugin.inside import rows, tick
from tests.plugin.test_facts_across_at_work import RULE, folder, of, put, said, started
from tests.plugin.test_live_is_replayed import checked
from tests.support.small_host import SmallHost

__all__ = ("folder",)
LEVELS = ["READ UNCOMMITTED", "READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"]
SERIAL = "SERIALIZABLE"
WRITERS = 6


def at_work(make_host: MakeHost, folder: Path, **options: Any) -> SmallHost:
    put(folder)
    host = make_host(settings={"CLEANGOV_RULES": str(folder)}, pool_size=WRITERS + 4, **options)
    host.start()
    return host


def overlapped(host: SmallHost, number: int = WRITERS) -> None:
    """Write events of one group in transactions that are all open at once; all must commit."""
    connections = [host.engine.connect() for _ in range(number)]
    try:
        for connection in connections:  # the snapshot is taken, where it is fixed
            connection.exec_driver_sql("SELECT 1").all()
        for n, connection in enumerate(connections):
            host.write_on(connection, of(host, f"C-{n}"))
        for connection in connections:
            connection.commit()
    finally:
        for connection in connections:
            connection.close()


@on_postgresql
@pytest.mark.parametrize("level", LEVELS)
def test_writers_of_one_group_at_once_commit_and_count_what_was_there(
    make_host: MakeHost, folder: Path, level: str
) -> None:
    host = at_work(make_host, folder, isolation_level=level)
    host.write(of(host, "of another group", "x"))  # the officer is known by now
    tick(host)
    overlapped(host)
    if level == SERIAL:
        assert [gap["reason"] for gap in rows(host, "gap")] == ["isolation"] * (WRITERS + 1)
        tick(host)
    else:  # none saw another, since none had committed
        assert rows(host, "gap") == []
        assert said(host) == ["clear"] * (WRITERS + 1)
    host.write(of(host, "last"))
    tick(host)
    assert said(host)[-1] == "hit"
    assert len(rows(host, "grouped")) == WRITERS + 2
    assert checked(host).share == "100.00 %"


@on_postgresql
@pytest.mark.parametrize(
    ("level", "expected"), [("READ COMMITTED", "hit"), ("REPEATABLE READ", "clear")]
)
def test_a_transaction_counts_what_its_level_lets_it_see(
    make_host: MakeHost, folder: Path, level: str, expected: str
) -> None:
    host = at_work(make_host, folder, isolation_level=level)
    host.write(of(host, "of another group", "x"))
    with host.engine.connect() as connection:
        connection.exec_driver_sql("SELECT * FROM host_case").all()
        host.write(of(host, "A"), of(host, "B"))
        host.write_on(connection, of(host, "C"))
        connection.commit()
    assert said(host) == ["clear", "clear", "clear", expected]
    assert checked(host).share == "100.00 %"


@on_postgresql
def test_a_group_is_not_called_whole_while_a_transaction_is_open_that_may_not_know_it(
    make_host: MakeHost, folder: Path
) -> None:
    host = started(make_host, folder)
    old = host.engine.connect()
    host.write_on(old, of(host, "A"))  # by a process that knows no such rule
    again = at_work(make_host, folder)
    again.write(of(again, "B", id="b"))
    old.commit()
    old.close()
    tick(again)
    again.write(of(again, "C", id="c"))
    again.write(of(again, "D", id="d"))
    assert said(again) == ["clear", "cannot_be_checked", "hit", "hit"]
    assert checked(again).share == "100.00 %"


def test_threads_that_write_into_one_group_lose_nothing_and_count_right(
    make_host: MakeHost, folder: Path
) -> None:
    host = at_work(make_host, folder)
    barrier = threading.Barrier(3)

    def work(thread: int) -> None:
        barrier.wait(10)
        for n in range(3):
            host.write(of(host, f"C-{thread}", id=f"{thread}-{n}"))

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(work, thread) for thread in range(3)]:
            done.result(60)
    tick(host)  # what was busy for a moment
    host.write(of(host, "last", id="last"))
    assert len(rows(host, "grouped")) == 10
    assert {gap["state"] for gap in rows(host, "gap")} <= {"settled"}
    assert said(host)[-1] == "hit"
    assert checked(host).share == "100.00 %"


def test_a_back_test_says_of_each_case_what_was_said_in_the_flow(
    make_host: MakeHost, folder: Path
) -> None:
    host = at_work(make_host, folder)
    first = of(host, "A")
    host.write(first)
    host.write(*(of(host, case) for case in "BC"))
    host.write(of(host, "A", "x", supersedes=first.id))
    for case in "DE":
        host.write(of(host, case))
    host.write(of(host, "F", None))
    live = said(host)
    assert live == ["clear", "clear", "hit", "clear", "hit", "hit", "cannot_be_checked"]
    found = asked_again(host, {**RULE, "version": 2})
    assert found["cases"]["new"] == live.count("hit")
    assert found["cases"]["cannot_be_checked"] == 1
    assert found["manifest"]["figures_made_again"] == []
    stricter = {**RULE, "condition": "facts.near >= 3"}
    assert asked_again(host, stricter)["cases"]["new"] == 1


def asked_again(host: SmallHost, draft: dict[str, Any]) -> dict[str, Any]:
    desk = host.plugin.desk
    with desk.database.own_transaction(is_reading=True) as connection:
        log_id = desk.host.agency().id
        return backtest(connection, Wanted(log_id=log_id, draft=draft, against=None))
