"""Time that is up, locks that are held: the host waits for nobody, what is owed is made good."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from cleangov_hooks import Event, guard
from cleangov_plugin import plugin as plugin_module
from cleangov_plugin.desk.budget import Breakers
from cleangov_plugin.desk.checkpoint import entering
from cleangov_plugin.store.database import PATIENCE_MS
from tests.plugin.conftest import MakeHost, on_sqlite
from tests.plugin.day import BAND
from tests.plugin.inside import bodies, counted, one, outcomes, rows, tick
from tests.support.small_host import OURS, SmallHost

# ---- Time ------------------------------------------------------------------------------------


def test_rules_that_are_not_reached_in_time_are_owed_and_made_good(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as hurried:
        hurried.setattr(entering, "EVENT_MS", -1)
        host.write(host.event("enf.decision.made", 2_000, **BAND))
    assert one(host, "gap")["reason"] == "timeout"
    assert rows(host, "entry") == []
    assert tick(host).settled == 1
    assert outcomes(bodies(host)[0])["E08"] == "hit"


def test_a_verb_that_overruns_three_times_rests_and_events_are_owed_meanwhile(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as hurried:
        hurried.setattr(plugin_module, "_USUAL_MS", 0)
        for amount in range(800, 805):
            host.write(host.event("enf.intent.notified", amount))
    assert host.plugin.desk.breakers.resting() == ["events"]
    assert len(rows(host, "entry")) == 3
    assert [(g["reason"], g["detail"]) for g in rows(host, "gap")] == [("timeout", "resting")] * 2
    host.plugin.desk.breakers = Breakers()
    assert tick(host).settled == 2


def test_a_gate_without_time_lets_the_step_pass(host: SmallHost) -> None:
    host.budget_ms = -1
    assert host.take(host.event("enf.decision.made", 2_000, **BAND)).decision == "pass"


def test_a_slow_gate_is_named_by_the_guard_and_rests_after_three_times(
    make_host: MakeHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_PATIENCE", 0.0)
    host = make_host()
    host.start()
    guard.breaker(host.plugins, OURS, "cleangov_step_gate").limit = 3
    for _ in range(4):
        host.gate(host.event("enf.decision.made", 2_000, **BAND))
    told = [r.outcomes[0] for r in host.reports if r.outcomes[0].hook == "cleangov_step_gate"]
    assert [o.is_overrun for o in told] == [True, True, True, False]
    assert told[-1].status == "skipped"


# ---- Locks -----------------------------------------------------------------------------------


def held(host: SmallHost, connection: sa.Connection) -> None:
    """Hold what the gate wants to write: SQLite's write lock, or the attempt's row."""
    if host.engine.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql("SELECT * FROM cleangov.cleangov_attempt FOR UPDATE")


def test_a_gate_that_cannot_write_returns_soon_and_its_refusal_stands(host: SmallHost) -> None:
    host.write(host.event("enf.intent.notified", 800))
    host.write(host.event("enf.defence.received"))
    event = host.event("enf.decision.made", 2_000)
    host.gate(event)
    with host.engine.connect() as holder:
        held(host, holder)
        started = time.perf_counter()
        verdict = host.gate(event)
        spent = time.perf_counter() - started
        holder.rollback()
    assert (verdict.decision, verdict.reason) == ("refuse", "unsaved")
    assert verdict.prompts[0].rules == ("E07@1",)
    assert verdict.prompts[0].choices == ()
    assert spent < 2  # 40 ms of patience, on a busy machine


def test_a_gate_that_cannot_write_does_not_hold_what_it_cannot_keep(host: SmallHost) -> None:
    event = host.event("enf.decision.made", 1_001, **BAND)
    host.gate(event)
    with host.engine.connect() as holder:
        held(host, holder)
        verdict = host.gate(event)
        holder.rollback()
    assert (verdict.decision, verdict.reason) == ("pass", "unsaved")
    assert "事后会再查一次" in verdict.notes[-1], "the officer is told"
    assert counted(host, "gate.unsaved") == 1


def test_a_gate_waits_for_the_lock_as_long_as_its_budget_allows(host: SmallHost) -> None:
    if host.engine.dialect.name != "sqlite":
        return  # PostgreSQL locks rows: nobody else's attempt is in the way
    event = host.event("enf.decision.made", 1_001, **BAND)
    host.gate(event)
    with host.engine.connect() as holder, ThreadPoolExecutor(1) as officer:
        held(host, holder)
        asked = officer.submit(host.gate, event)
        time.sleep(4 * PATIENCE_MS / 1000)
        holder.rollback()
        assert asked.result().reason == "hit"
    assert counted(host, "gate.unsaved") == 0


@on_sqlite  # PostgreSQL lets them write at once, and each waits for a row as long as it may
def test_officers_at_one_gate_at_once_are_all_held_and_kept(host: SmallHost) -> None:
    host.budget_ms = 5_000  # a busy machine may take its time
    own = [[host.open_case() for _ in range(5)] for _ in range(4)]
    steps = [[host.event("enf.decision.made", 1_001, **BAND, case_id=c) for c in o] for o in own]
    host.gate(steps[0][0])  # what is read once has been read
    together = threading.Barrier(len(steps))

    def work(mine: list[Event]) -> list[str]:
        together.wait()
        return [host.gate(event).reason for event in mine]

    with ThreadPoolExecutor(len(steps)) as officers:
        found = [reason for reasons in officers.map(work, steps) for reason in reasons]
    assert found == ["hit"] * 20
    assert len(rows(host, "attempt")) == 20


def test_with_the_lock_held_every_hook_before_the_hosts_first_write_returns_soon(
    host: SmallHost,
) -> None:
    event = host.event("enf.decision.made", 1_001, **BAND)
    (prompt,) = host.gate(event).prompts
    with host.engine.connect() as holder:
        held(host, holder)
        started = time.perf_counter()
        host.call("cleangov_step_opened", step=host.step(event))
        host.call("cleangov_step_edited", step=host.step(event), draft=event, changed=frozenset())
        host.answer(prompt.id, "deviation", "approved")
        panel = host.show("step.panel", event)
        host.abort(event)
        spent = time.perf_counter() - started
        holder.rollback()
    assert spent < 3
    assert [o for report in host.reports for o in report.troubles if o.error] == []
    assert "1,001" in panel  # it is shown, though that cannot be noted just now


@on_sqlite  # PostgreSQL has no lock of the whole database
def test_the_gate_may_be_asked_while_the_host_is_writing(host: SmallHost) -> None:
    event = host.event("enf.decision.made", 700, **BAND)
    with host.engine.begin() as connection:
        host.insert(connection, host.event("enf.intent.notified", 800))
        started = time.perf_counter()
        verdict = host.gate(event)
        spent = time.perf_counter() - started
        host.write_on(connection, event)
    assert verdict.decision == "pass"
    assert spent < 2
    assert len(rows(host, "entry")) == 1


def test_a_full_pool_delays_nobody_and_on_sqlite_none_is_ever_full(host: SmallHost) -> None:
    engine = host.plugin.desk.database.engine
    event = host.event("enf.decision.made", 1_001, **BAND)
    host.gate(event)  # the rules are known
    taken = [engine.connect() for _ in range(15)]
    started = time.perf_counter()
    verdict = host.gate(event)
    spent = time.perf_counter() - started
    for connection in taken:
        connection.close()
    is_sqlite = host.engine.dialect.name == "sqlite"  # an open file is cheap
    expected = ("hold", "hit") if is_sqlite else ("pass", "unread")
    assert (verdict.decision, verdict.reason) == expected
    assert counted(host, "failed.gate") == 0, "nothing is raised in the host's way"
    assert spent < 2
