"""Figures for OpenTelemetry: equal to what happened, read only when collected, and no burden."""

import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cleangov_hooks import Decision
from cleangov_plugin.desk.desk import Desk
from cleangov_plugin.desk.health import metrics as ours
from cleangov_plugin.desk.health.pulse import Watched
from tests.plugin.conftest import MakeHost
from tests.plugin.day import BAND
from tests.plugin.test_canaries import CANARIES, enforcement, mishaps
from tests.support.small_host import SmallHost

sdk = pytest.importorskip("opentelemetry.sdk.metrics", reason="OpenTelemetry is not installed")
export = pytest.importorskip("opentelemetry.sdk.metrics.export")
ROOT = Path(__file__).parents[2]


class Collector:
    """OpenTelemetry's own SDK, with everything in memory."""

    def __init__(self) -> None:
        self.reader = export.InMemoryMetricReader()
        self.provider = sdk.MeterProvider([self.reader])
        self.metrics = ours.Metrics(self.provider)
        self.held: list[object] = []

    def watch(self, host: SmallHost) -> None:
        plugin = host.plugin
        watched = Watched(
            host=host,
            desk_of=lambda: plugin.desk,
            inert=plugin.inert,
            is_off=host.switched_off,
        )
        self.held.append(self.metrics.watch(watched))

    def points(self) -> dict[str, dict[tuple[str, ...], Any]]:
        """Collect: by instrument and values of attributes, the number or the whole point."""
        data = self.reader.get_metrics_data()
        found: dict[str, dict[tuple[str, ...], Any]] = {}
        for resource in data.resource_metrics if data else ():
            for scope in resource.scope_metrics:
                assert scope.scope.name == "cleangov"
                for metric in scope.metrics:
                    found[metric.name] = {
                        tuple(str(v) for v in point.attributes.values()): getattr(
                            point, "value", point
                        )
                        for point in metric.data.data_points
                    }
        return found


@pytest.fixture
def collector(host: SmallHost) -> Any:
    made = Collector()
    made.watch(host)
    yield made
    made.provider.shutdown()


def test_the_figures_are_what_happened(host: SmallHost, collector: Collector) -> None:
    host.write(host.event("enf.intent.notified", 800))
    host.write(host.event("enf.defence.received"))
    again = host.event("enf.payment.received", id="twice")
    host.write(again)
    host.write(again)
    heavier = host.event("enf.decision.made", 2_000, **BAND)
    assert host.gate(heavier).decision is Decision.REFUSE
    assert host.gate(host.event("enf.decision.made", 700, **BAND), "a-2").decision is Decision.PASS
    host.call("cleangov_step_opened", step=host.step(heavier))
    host.show("step.hint", heavier)
    host.show("step.panel", heavier)
    found = collector.points()
    assert found["cleangov.events"] == {
        ("entries",): 3,
        ("resent",): 1,
        ("spooled",): 0,
        ("lost",): 0,
    }
    calls = {"events": 4, "gate": 2, "opened": 1, "slot": 2}
    assert found["cleangov.hook.calls"] == {(verb,): number for verb, number in calls.items()}
    durations = found["cleangov.hook.duration"]
    assert {verb: point.count for (verb,), point in durations.items()} == calls
    assert all(0 < point.min <= point.max for point in durations.values())
    assert found["cleangov.gate.decisions"] == {("refuse",): 1, ("pass",): 1}
    assert found["cleangov.state"] == {
        ("ok",): 1,
        ("degraded",): 0,
        ("switched_off",): 0,
        ("inert",): 0,
    }


def test_what_is_owed_is_seen_and_what_catching_up_made_of_it(
    host: SmallHost, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleangov_plugin.desk.checkpoint import recording

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(recording, "enter", fail)
        host.write(host.event("enf.defence.received"), host.event("enf.defence.received"))
    found = collector.points()
    assert found["cleangov.events.owed"] == {("error",): 2}
    assert found["cleangov.gaps"] == {("owed",): 2, ("given_up",): 0}
    assert "cleangov.catch_up" not in found
    host.call("cleangov_step_opened", step=host.step(host.event("enf.decision.made", 1)))
    found = collector.points()
    assert found["cleangov.gaps"] == {("owed",): 0, ("given_up",): 0}
    assert found["cleangov.catch_up"] == {("settled",): 2}


def test_a_breaker_that_opens_is_seen(
    host: SmallHost, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cleangov_plugin.desk.budget import Budget
    from cleangov_plugin.desk.prompting import opening

    def slow(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(opening, "opened", slow)
    monkeypatch.setattr(Budget, "spent", lambda _: 1e6)
    step = host.step(host.event("enf.decision.made", 1))
    for _ in range(5):
        host.call("cleangov_step_opened", step=step)
    found = collector.points()
    assert found["cleangov.hook.failures"] == {("opened",): 3}
    assert found["cleangov.hook.overruns"] == {("opened",): 3}
    assert found["cleangov.hook.rests"] == {("opened",): 2}
    assert found["cleangov.resting"] == {("opened",): 1}
    assert found["cleangov.state"][("degraded",)] == 1


def test_several_plugins_in_one_process_are_added_up(
    make_host: MakeHost, collector: Collector, host: SmallHost
) -> None:
    other = make_host("other")
    other.start()
    collector.watch(other)
    for city in (host, other):
        city.write(city.event("enf.defence.received", id=f"of-{id(city)}"))
    found = collector.points()
    assert found["cleangov.events"][("entries",)] == 2
    assert found["cleangov.hook.duration"][("events",)].count == 2


def test_a_plugin_that_is_gone_is_not_seen_any_more(host: SmallHost, collector: Collector) -> None:
    host.write(host.event("enf.defence.received"))
    collector.held.clear()
    assert collector.points().get("cleangov.events", {}) == {}


def test_nothing_in_the_figures_is_personal(host: SmallHost, collector: Collector) -> None:
    enforcement(host)
    mishaps(host)
    text = repr(collector.points())
    assert "cleangov.events.owed" in text
    assert not [word for word in CANARIES if word in text]


def test_without_a_collection_the_timings_stay_few(host: SmallHost, collector: Collector) -> None:
    desk: Desk = host.plugin.desk
    assert desk.timings is not None
    desk.timings.extend([("gate", 1.0)] * (ours.MOST_TIMINGS + 5))
    assert len(desk.timings) == ours.MOST_TIMINGS
    assert collector.points()["cleangov.hook.duration"][("gate",)].count == ours.MOST_TIMINGS


def test_a_database_that_does_not_answer_hides_no_other_figure(
    host: SmallHost, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError

    host.write(host.event("enf.defence.received"))
    monkeypatch.setattr(host.plugin.desk.database, "own_transaction", fail, raising=False)
    found = collector.points()
    assert "cleangov.gaps" not in found
    assert found["cleangov.events"][("entries",)] == 1


def test_a_broken_api_is_told_once_and_stops_nobody(
    make_host: MakeHost, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the provider is broken")

    caplog.set_level(logging.INFO, "cleangov")
    monkeypatch.setattr(ours, "_shared", [])
    monkeypatch.setattr(ours.Metrics, "__init__", broken)
    host = make_host()
    host.start()
    assert host.plugin.desk is not None
    assert host.plugin.desk.timings is None
    assert "no metrics: RuntimeError" in caplog.text


#: A whole attach by entry point in a process of its own: the last line says what was seen.
ATTACHED = """
import sys, pathlib
{before}
import sqlalchemy as sa, cleangov_migrations
from tests.support.small_host import SmallHost
folder = pathlib.Path(sys.argv[1])
url = f"sqlite:///{{folder / 'city.db'}}"
engine = sa.create_engine(url)
with engine.begin() as connection:
    cleangov_migrations.upgrade(connection)
engine.dispose()
host = SmallHost(url, folder)
host.start()
assert host.plugin.desk is not None, host.plugin.inert.reason
host.write(host.event("enf.defence.received"))
{after}
"""
WITHOUT = """
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "opentelemetry":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
"""
WITH = """
from opentelemetry import metrics
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
reader = InMemoryMetricReader()
metrics.set_meter_provider(MeterProvider([reader]))
"""
SEEN = """
names = [m.name for r in reader.get_metrics_data().resource_metrics
         for s in r.scope_metrics for m in s.metrics]
print(sorted(names))
"""


def attached(folder: Path, before: str, after: str) -> str:
    program = ATTACHED.format(before=before, after=after)
    command = [sys.executable, "-c", program, str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_without_the_package_nothing_is_imported_and_all_goes_on(tmp_path: Path) -> None:
    after = "print(host.plugin.desk.timings, [n for n in sys.modules if 'telemetry' in n])"
    assert attached(tmp_path, WITHOUT, after) == "None []\n"


def test_with_the_package_the_hosts_own_provider_sees_the_plugin(tmp_path: Path) -> None:
    seen = attached(tmp_path, WITH, SEEN)
    for name in ("cleangov.events", "cleangov.hook.duration", "cleangov.state"):
        assert name in seen


def test_importing_the_plugin_imports_no_telemetry() -> None:
    program = "import sys, cleangov_plugin.plugin; print('opentelemetry' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout == "False\n"
