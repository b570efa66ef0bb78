"""Every hook with every fault of a stranger's plugin: the host is equal, byte for byte."""

import itertools
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import Status, breaker, guard, hookimpl
from tests.plugin.conftest import MakeHost, emptied
from tests.plugin.day import CALLED, HOOKS, day, witness
from tests.plugin.inside import rows
from tests.support.small_host import OURS, SmallHost

EVENTS = tuple(hook for hook in HOOKS if hook.endswith("_events"))
Behaviour = Callable[[Any], Any]


class StrangersError(BaseException):
    """Not an Exception: an `except Exception` would let it through."""


def raising(_: Any) -> Any:
    raise RuntimeError("personal text of a citizen")


def raising_base(_: Any) -> Any:
    raise StrangersError


def lying(_: Any) -> Any:
    return object()


def dawdling(_: Any) -> None:
    until = time.perf_counter() + 0.005
    while time.perf_counter() < until:
        pass


def stranger(hook: str, behave: Behaviour) -> Any:
    """Make a plugin with one hook; on the host's connection where the hook has one."""
    calls = []

    def on_connection(self: Any, connection: Any) -> Any:
        calls.append(hook)
        return behave(connection)

    def bare(self: Any) -> Any:
        calls.append(hook)
        return behave(None)

    method = hookimpl(specname=hook)(on_connection if hook in EVENTS else bare)
    return type("Stranger", (), {"act": method, "calls": calls})()


@contextmanager
def held_lock(host: SmallHost, folder: Path) -> Iterator[Behaviour]:
    """Hold a lock that the stranger wants and gives up waiting for; on PostgreSQL a row's."""
    if host.engine.dialect.name == "sqlite":
        path = folder / "strangers.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as holder:
            holder.execute("CREATE TABLE IF NOT EXISTS thing (n)")
            holder.execute("BEGIN IMMEDIATE")

            def wanting(_: Any) -> None:
                with closing(sqlite3.connect(path, timeout=0.01)) as own:
                    own.execute("INSERT INTO thing VALUES (1)")

            yield wanting
            holder.execute("ROLLBACK")
        return
    with host.engine.connect() as holder:
        holder.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS strangers")
        holder.exec_driver_sql("CREATE TABLE IF NOT EXISTS strangers.thing (n int)")
        holder.exec_driver_sql("INSERT INTO strangers.thing VALUES (1)")
        holder.commit()
        holder.exec_driver_sql("SELECT * FROM strangers.thing FOR UPDATE")

        def wanting_row(connection: Any) -> None:
            with host.engine.connect() as other:
                own = connection or other
                own.exec_driver_sql("SET LOCAL lock_timeout = 10")
                own.exec_driver_sql("SELECT * FROM strangers.thing FOR UPDATE")

        yield wanting_row
        holder.rollback()


def failing_statement(host: SmallHost) -> Behaviour:
    def fail(connection: Any) -> None:
        if connection is not None:
            connection.exec_driver_sql("SELECT nonsense FROM nowhere")
        with host.engine.connect() as own:
            own.exec_driver_sql("SELECT nonsense FROM nowhere")

    return fail


@pytest.mark.parametrize("fault", ["raise", "base exception", "wrong type", "sql error", "lock"])
def test_a_stranger_that_fails_at_any_hook_changes_nothing_of_the_host(
    make_host: MakeHost, tmp_path: Path, plain: Any, fault: str
) -> None:
    for hook in HOOKS:
        host = make_host()
        emptied(host)
        with held_lock(host, tmp_path) as wanting:
            behave = {
                "raise": raising,
                "base exception": raising_base,
                "wrong type": lying,
                "sql error": failing_statement(host),
                "lock": wanting,
            }[fault]
            before, after, plugin = witness(), witness(), stranger(hook, behave)
            host.start(plugin, before=before, after=after)
            day(host)
        assert host.dump() == plain[0], hook
        assert before.calls == after.calls == plain[1], hook
        assert plugin.calls, f"the day did not call {hook}"
        assert named(host, hook) == ({hook} if hook in CALLED else set())
        if hook not in CALLED:
            # An answer nobody asked for is no failure; what raises is taken out and named.
            assert host.plugins.has_plugin(OURS) is (fault == "wrong type")


def named(host: SmallHost, hook: str) -> set[str]:
    """Answer at which hooks the guard named the stranger, and nobody else."""
    troubles = [o for report in host.reports for o in report.troubles if not o.is_overrun]
    assert {o.plugin for o in troubles} <= {OURS}, hook
    return {o.hook for o in troubles if o.status in (Status.RAISED, Status.WRONG_TYPE)}


def test_a_stranger_that_dawdles_at_any_hook_is_not_called_again_after_three_times(
    make_host: MakeHost, plain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_PATIENCE", 0.02)  # 0.4 ms, 1 ms at the gate
    monkeypatch.setattr(guard, "_DEFAULT_LIMIT_MS", 1)
    for hook in CALLED:
        host = make_host()
        emptied(host)
        host.budget_ms = None
        before, after, plugin = witness(), witness(), stranger(hook, dawdling)
        host.start(plugin, before=before, after=after)
        for name, called in itertools.product(("before", "after", "small_host"), CALLED):
            breaker(host.plugins, name, called).limit = 1_000_000
        breaker(host.plugins, OURS, hook).limit = 3
        for _ in range(4):
            day(host)  # the same day again writes nothing new
        assert host.dump() == plain[0], hook
        assert before.calls == after.calls, hook
        assert before.calls[hook] == 4 * plain[1][hook], hook
        told = [o for report in host.reports for o in report.outcomes if o.plugin == OURS]
        assert [o.is_overrun for o in told[:3]] == [True] * 3, hook
        assert {o.status for o in told[3:]} == {Status.SKIPPED}, hook
        assert len(plugin.calls) == 3, hook


def test_without_a_plugin_the_day_is_the_same(make_host: MakeHost, plain: Any) -> None:
    host = make_host()
    emptied(host)
    host.start(False)
    day(host)
    assert host.dump() == plain[0]
    assert [o for report in host.reports for o in report.troubles] == []


@pytest.mark.parametrize(
    "source",
    ["import no_such_module", "raise BaseException", "def broken(:", "class Plugin:\n  x = 1 / 0"],
)
def test_a_broken_entry_point_beside_ours_harms_neither_host_nor_us(
    make_host: MakeHost,
    tmp_path: Path,
    plain: Any,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
) -> None:
    module = f"broken_{abs(hash(source))}"
    (tmp_path / f"{module}.py").write_text(source, encoding="utf-8")
    info = tmp_path / f"{module}-1.0.dist-info"
    info.mkdir()
    metadata = f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n"
    (info / "METADATA").write_text(metadata, encoding="utf-8")
    entry = f"[smartcity.plugins]\na_broken_one = {module}:Plugin\n"
    (info / "entry_points.txt").write_text(entry, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    host = make_host()
    emptied(host)
    after = witness()
    lines = {line.name: line for line in host.start(after=after)}
    assert not lines["a_broken_one"].is_registered
    assert host.plugin.desk is not None
    day(host)
    assert host.dump() == plain[0]
    ours = Counter(cleangov_event_types=1, cleangov_relation=3)  # our plugin asked, too
    assert after.calls == plain[1] + ours


@pytest.mark.slow
def test_a_gate_that_sleeps_for_ten_seconds_delays_the_step_and_changes_nothing(
    make_host: MakeHost, plain: Any
) -> None:
    def sleeping(_: Any) -> None:
        if not plugin.calls[1:]:
            time.sleep(10)

    host = make_host()
    emptied(host)
    plugin, after = stranger("cleangov_step_gate", sleeping), witness()
    host.start(plugin, after=after)
    day(host)
    assert host.dump() == plain[0]
    assert after.calls == plain[1]
    overruns = [o for report in host.reports for o in report.outcomes if o.is_overrun]
    assert [(o.plugin, o.hook) for o in overruns] == [(OURS, "cleangov_step_gate")]
    assert overruns[0].milliseconds >= 10_000


def test_an_error_in_a_statement_does_not_spoil_what_the_host_writes_afterwards(
    make_host: MakeHost,
) -> None:
    host = make_host()
    host.start(stranger("cleangov_enforcement_events", failing_statement(host)))
    with host.engine.begin() as connection:
        host.write_on(connection, host.event("enf.intent.notified", 800))
        host.insert(connection, host.event("enf.defence.received"))
    with host.engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM host_case")) == 2


def test_a_stranger_without_a_hash_does_not_put_supervision_out(
    make_host: MakeHost, plain: Any
) -> None:
    host = make_host()
    emptied(host)
    host.start(before=type("Unhashable", (), {"__hash__": None})())
    day(host)
    assert host.dump() == plain[0]
    assert len(rows(host, "entry")) == 7  # one is of the answer that nobody had asked for
