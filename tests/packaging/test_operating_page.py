"""The page for those who run the platform says what is so."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from cleangov_plugin.desk.health.metrics import COUNTERS, MOST_TIMINGS, RESULTS
from cleangov_plugin.desk.health.pulse import Pulse, Told
from cleangov_plugin.desk.leaving.exporting import Manifest, TableFile
from cleangov_plugin.store.whole import PERSONAL

PAGE = (Path(__file__).parents[2] / "docs" / "operating.md").read_text(encoding="utf-8")


def rows(part: str) -> list[str]:
    return re.findall(r"^\| `([\w.]+)`", part, re.MULTILINE)


def section(name: str) -> str:
    return PAGE.partition(f"## {name}\n")[2].partition("\n## ")[0]


def test_every_counter_stands_in_the_table() -> None:
    table = PAGE.partition("metrics: begin")[2].partition("metrics: end")[0]
    assert {name for name, _, _ in COUNTERS.values()} < set(rows(table))
    for name, attribute, _ in COUNTERS.values():
        assert re.search(rf"`{re.escape(name)}` \| counter \| `{attribute}`", table)
    for result in RESULTS:
        assert f"`{result}`" in table
    assert f"{MOST_TIMINGS:,}" in section("Figures")


def test_every_instrument_stands_in_the_table_and_none_else() -> None:
    metrics = pytest.importorskip("opentelemetry.metrics")
    from cleangov_plugin.desk.health.metrics import Metrics

    names: list[str] = []

    class Meter(metrics.NoOpMeter):
        def __getattribute__(self, name: str) -> object:
            found = super().__getattribute__(name)
            if not name.startswith("create_"):
                return found
            return lambda what, *a, **k: (names.append(what), found(what, *a, **k))[1]

    class Provider(metrics.MeterProvider):
        def get_meter(self, name: str, *_: object, **__: object) -> metrics.Meter:
            return Meter(name)

    Metrics(Provider())
    table = PAGE.partition("metrics: begin")[2].partition("metrics: end")[0]
    assert sorted(names) == sorted(rows(table))


def test_every_state_and_field_of_health_stands_there() -> None:
    health = section("Health")
    for state in Pulse:
        assert f"`{state.value}`" in health
    for field in fields(Told):
        assert f"| `{field.name}` |" in health


def test_every_field_of_a_manifest_stands_there() -> None:
    leave = section("Leave")
    for field in (*fields(Manifest), *fields(TableFile)):
        assert f"`{field.name}`" in leave, field.name


def test_the_columns_that_name_people_are_said_to_be_left_out() -> None:
    assert "identity" in PERSONAL["cleangov_pseudonym"]
    assert "disc" in PERSONAL["cleangov_entry"]
    for name in ("cleangov_pseudonym.identity", "cleangov_entry.disc"):
        assert f"`{name}`" in section("Leave")
