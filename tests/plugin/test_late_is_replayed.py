"""An event that waited is judged by what was known then, and comes out again as it was judged."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cleangov_plugin.desk.backtested import running
from cleangov_plugin.desk.backtested.parts import Engine, Wanted
from cleangov_plugin.desk.checkpoint import judging
from cleangov_plugin.desk.wire import to_text
from tests.desk.backtested.backtest_log import rule
from tests.plugin.conftest import MakeHost, on_postgresql
from tests.plugin.inside import bodies, outcomes, rows, tick
from tests.plugin.test_facts_across_at_work import folder, of, put, said
from tests.plugin.test_facts_across_at_work import started as of_groups
from tests.plugin.test_live_is_replayed import checked
from tests.support.small_host import SmallHost

__all__ = ("folder",)


@pytest.fixture
def broken() -> Iterator[Callable[[], Callable[[], None]]]:
    """Break the judging of events from now on; what is answered mends it."""
    with ExitStack() as stack:

        def fail(*_: Any, **__: Any) -> Any:
            raise RuntimeError

        def breaking() -> Callable[[], None]:
            patch = stack.enter_context(pytest.MonkeyPatch.context())
            patch.setattr(judging, "read", fail)
            return patch.undo

        yield breaking


def e07(host: SmallHost, event_id: str) -> str | None:
    """Answer what E07 said: a fine is not heavier than its notice, once the owner has answered."""
    return outcomes(next(body for body in bodies(host) if body["id"] == event_id)).get("E07")


def noticed(host: SmallHost) -> Any:
    """Let the owner answer a notice of 800; answer the notice."""
    then, now = host.clock - timedelta(days=8), host.clock
    notice = host.event("enf.intent.notified", 800, at=then, recorded_at=now)
    host.write(notice)
    host.write(host.event("enf.defence.received", at=then, recorded_at=now))
    return notice


def test_what_was_corrected_after_an_event_was_as_it_had_been_to_it(
    host: SmallHost, broken: Callable[[], Callable[[], None]]
) -> None:
    notice = noticed(host)
    mend = broken()
    fine = host.event("enf.decision.made", 900)
    host.write(fine)
    mend()
    host.move(hours=1)
    host.write(host.event("enf.intent.notified", 1_000, supersedes=notice.id))
    tick(host)
    assert e07(host, fine.id) == "hit"  # the notice said 800 when the fine was decided
    assert checked(host).share == "100.00 %"


def test_of_all_cases_too(
    make_host: MakeHost, folder: Path, broken: Callable[[], Callable[[], None]]
) -> None:
    put(folder)
    host = of_groups(make_host, folder)
    first = of(host, "A")
    host.write(first, of(host, "B"))
    mend = broken()
    host.write(of(host, "C"))
    mend()
    host.move(hours=1)
    host.write(of(host, "A", "x", supersedes=first.id), of(host, "D", at=host.clock))
    tick(host)
    assert said(host) == ["clear"] * 4 + ["hit"]  # C knew A and B, and not yet that A was wrong
    assert checked(host).share == "100.00 %"


def test_what_waited_in_the_spool_comes_out_again(host: SmallHost) -> None:
    fine = host.event("enf.decision.made", 900)
    with host.engine.begin() as connection:
        host.insert(connection, fine)
    assert host.plugin.desk.spool.put(to_text(fine))
    host.move(hours=1)
    noticed(host)
    assert tick(host).settled == 1
    assert e07(host, fine.id) is None  # nothing of it was known then
    assert checked(host).share == "100.00 %"


def test_what_was_sent_again_before_its_turn_came_was_judged_at_once(
    host: SmallHost, broken: Callable[[], Callable[[], None]]
) -> None:
    mend = broken()
    fine = host.event("enf.decision.made", 900)
    host.write(fine)
    mend()
    host.move(hours=1)
    noticed(host)
    host.write(fine)
    assert e07(host, fine.id) == "hit"
    assert tick(host).settled == 1
    assert checked(host).share == "100.00 %"


def test_an_entry_says_itself_that_it_waited_when_its_gap_is_gone(
    host: SmallHost, broken: Callable[[], Callable[[], None]]
) -> None:
    mend = broken()
    host.write(host.event("enf.decision.made", 900))
    mend()
    host.move(hours=1)
    noticed(host)
    tick(host)
    with host.engine.begin() as connection:
        schema = "" if connection.dialect.name == "sqlite" else "cleangov."
        connection.exec_driver_sql(f"DELETE FROM {schema}cleangov_gap")
    assert [row["snapshot"].endswith(";waited") for row in rows(host, "entry")] == [
        False,
        False,
        True,
    ]
    assert checked(host).share == "100.00 %"


def back_tested(host: SmallHost) -> tuple[str, Callable[[], running.Repeated]]:
    """Back-test a draft; answer what came of it, and what makes it again."""
    desk = host.plugin.desk
    wanted = Wanted(log_id=host.authority.id, draft=rule(), engine=Engine.PYTHON)
    with desk.database.own_transaction(is_reading=True) as connection:
        first = running.written(running.backtest(connection, wanted))

    def again() -> running.Repeated:
        with desk.database.own_transaction(is_reading=True) as connection:
            return running.repeat(connection, first, "-")

    return first, again


def test_a_back_test_comes_out_again_whatever_waited_since(
    host: SmallHost, broken: Callable[[], Callable[[], None]]
) -> None:
    noticed(host)
    host.write(host.event("enf.decision.made", 900))
    _, again = back_tested(host)
    mend = broken()
    host.write(host.event("enf.decision.made", 900))
    mend()
    tick(host)
    assert (again().differing, again().is_same) == ((), True)


@on_postgresql
def test_what_was_seen_counts_though_an_older_transaction_is_still_open(
    make_host: MakeHost,
) -> None:
    host = make_host(pool_size=4)
    host.start()
    host.write(host.event("enf.clue.received", case_id="first"))  # the officer is known by now
    with host.engine.connect() as judging_one, host.engine.connect() as held_open:
        host.write_on(judging_one, host.event("enf.clue.received", case_id="other"))
        held_open.exec_driver_sql("SELECT pg_current_xact_id()")
        noticed(host)
        fine = host.event("enf.decision.made", 900)
        host.write_on(judging_one, fine)
        judging_one.commit()
        assert e07(host, fine.id) == "hit"
        while_open = checked(host)
        before, again = back_tested(host)
    assert (while_open.share, while_open.same) == ("100.00 %", 3)
    assert (again().differing, again().is_same) == ((), True)
    assert json.loads(before)["events"]["looked_at"] == 1
    assert json.loads(before)["cases"]["new"] == 1
    assert checked(host).same == 5
