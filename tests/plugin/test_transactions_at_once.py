"""Transactions at the same time: each entry has its place, and none waits for another."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from cleangov_hooks import Party
from tests.plugin.conftest import on_postgresql
from tests.plugin.day import BAND
from tests.plugin.inside import one, rows, tick
from tests.support.small_host import SmallHost


def test_many_threads_write_at_once_and_each_entry_has_its_place(host: SmallHost) -> None:
    number, threads = 10, 4
    barrier = threading.Barrier(threads)

    def work(thread: int) -> None:
        barrier.wait(10)
        for each in range(number):
            event = host.event(
                "enf.intent.notified",
                800,
                id=f"t{thread}-{each}",
                case_id=f"C-{thread}",
                parties=(Party(id="p-shared"),),
            )
            host.write(event)

    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(work, thread) for thread in range(threads)]:
            done.result(60)
    tick(host)  # what was busy for a moment
    entries = rows(host, "entry")
    assert len(entries) == number * threads
    by_lane: dict[int, list[int]] = {}
    for entry in entries:
        by_lane.setdefault(entry["lane"], []).append(entry["no"])
    for numbers in by_lane.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    if host.engine.dialect.name == "sqlite":
        assert set(by_lane) == {0}
    assert {gap["state"] for gap in rows(host, "gap")} <= {"settled"}


@on_postgresql
def test_two_transactions_that_name_the_same_new_person_do_not_wait_for_each_other(
    host: SmallHost,
) -> None:
    first = host.event("enf.intent.notified", 800, parties=(Party(id="p-new"),))
    second = host.event("enf.intent.notified", 900, parties=(Party(id="p-new"),))
    with host.engine.connect() as one_, host.engine.connect() as other:
        other.exec_driver_sql("SET lock_timeout = 2000")
        host.write_on(one_, first)
        started = time.perf_counter()
        host.write_on(other, second)
        spent = time.perf_counter() - started
        other.commit()
        one_.commit()
    tick(host)
    assert spent < 1.5
    assert len(rows(host, "entry")) == 2
    assert {row["identity"] for row in rows(host, "pseudonym")} == {"chen", "p-new"}


@on_postgresql
def test_two_transactions_of_one_attempt_do_not_wait_for_each_other(host: SmallHost) -> None:
    event = host.event("enf.decision.made", 700, attempt_id="a-C-1", **BAND)
    again = host.event("enf.decision.made", 700, attempt_id="a-C-1", **BAND)
    host.write(host.event("enf.intent.notified", 800))  # the people are known by now
    host.gate(event)
    with host.engine.connect() as one_, host.engine.connect() as other:
        other.exec_driver_sql("SET lock_timeout = 2000")
        host.write_on(one_, event)
        started = time.perf_counter()
        host.write_on(other, again)
        spent = time.perf_counter() - started
        other.commit()
        one_.commit()
    tick(host)
    assert spent < 1.5
    assert len(rows(host, "entry")) == 3


@on_postgresql
def test_the_same_event_in_two_transactions_at_once_has_one_entry(host: SmallHost) -> None:
    event = host.event("enf.intent.notified", 800)
    with host.engine.connect() as one_, host.engine.connect() as other:
        other.exec_driver_sql("SET lock_timeout = 2000")
        host.write_on(one_, event)
        started = time.perf_counter()
        host.call("cleangov_enforcement_events", events=[event], connection=other)
        spent = time.perf_counter() - started
        other.commit()
        one_.commit()
    assert spent < 1.5
    assert one(host, "gap")["reason"] == "busy"
    assert tick(host).settled == 1
    assert len(rows(host, "entry")) == 1
