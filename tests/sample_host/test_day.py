"""The scripted day: it passes with and without plugins, and leaves the same bytes."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_hooks import ActorKind, Event, hookimpl
from sample_host import tables
from sample_host.answers import event_types
from sample_host.city import of
from tests.support.scripted_day import Visit, dump_host_tables, make_city, play_day

ROOT = Path(__file__).parents[2]


class Notebook:
    """A plugin that writes down what it is told, and says nothing."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.calls: Counter[str] = Counter()
        self.endings: list[str] = []

    def _take(self, hook: str, events: Any, connection: Any) -> None:
        assert connection.in_transaction(), hook
        self.events += events

    @hookimpl
    def cleangov_enforcement_events(self, events: Any, connection: Any) -> None:
        self._take("enforcement", events, connection)

    @hookimpl
    def cleangov_permit_events(self, events: Any, connection: Any) -> None:
        self._take("permit", events, connection)

    @hookimpl
    def cleangov_project_events(self, events: Any, connection: Any) -> None:
        self._take("project", events, connection)

    @hookimpl
    def cleangov_context_events(self, events: Any, connection: Any) -> None:
        self._take("context", events, connection)

    @hookimpl
    def cleangov_step_opened(self, step: Any) -> None:
        self.calls["opened"] += 1

    @hookimpl
    def cleangov_step_edited(self, step: Any, draft: Event, changed: frozenset[str]) -> None:
        self.calls["edited"] += 1
        assert changed == {"amount"}
        assert draft.amount is not None
        assert draft.amount.minor == 90_000

    @hookimpl
    def cleangov_step_gate(self, attempt: Any) -> None:
        self.calls["gate"] += 1
        assert attempt.step.proposed == attempt.event

    @hookimpl
    def cleangov_step_aborted(self, attempt: Any, reason: str) -> None:
        self.endings.append(f"{attempt.id} {reason}")


def test_two_days_leave_the_same_bytes(url: str, tmp_path: Path) -> None:
    first = make_city(url, PLUGINS=False)
    play_day(first)
    second = make_city(f"sqlite:///{tmp_path / 'second.db'}", PLUGINS=False)  # story told anew
    play_day(second)
    assert dump_host_tables(of(first).engine) == dump_host_tables(of(second).engine)


def test_another_day_leaves_other_bytes(url: str, other_url: str) -> None:
    first = make_city(url, PLUGINS=False)
    play_day(first)
    second = make_city(other_url, PLUGINS=False)
    play_day(second, fine="801")
    assert dump_host_tables(of(first).engine) != dump_host_tables(of(second).engine)


def test_a_plugin_that_only_listens_changes_no_byte(url: str, other_url: str) -> None:
    alone = make_city(url, PLUGINS=False)
    play_day(alone)
    listened = make_city(other_url, PLUGINS=False, guests=[("notebook", Notebook())])
    play_day(listened)
    assert dump_host_tables(of(alone).engine) == dump_host_tables(of(listened).engine)


def test_the_plugin_that_is_installed_changes_no_byte(url: str, tmp_path: Path) -> None:
    alone = make_city(url, PLUGINS=False)
    play_day(alone)
    keys = str(tmp_path / "keys")
    attached = make_city(f"sqlite:///{tmp_path / 'second.db'}", CLEANGOV_KEYS=keys)
    assert of(attached).is_supervised()
    play_day(attached)
    assert dump_host_tables(of(alone).engine) == dump_host_tables(of(attached).engine)


def _listened(url: str) -> tuple[Notebook, sa.Engine, set[str]]:
    """Play a day with a notebook; answer it, the database and the acts that stood there before."""
    guest = Notebook()
    app = make_city(url, PLUGINS=False, guests=[("notebook", guest)])
    engine = of(app).engine
    with engine.connect() as connection:
        before = set(connection.execute(sa.select(tables.act.c.id)).scalars())
    play_day(app)
    return guest, engine, before


def test_each_act_is_told_once_and_in_its_transaction(url: str) -> None:
    guest, engine, before = _listened(url)
    with engine.connect() as connection:
        rows = {row.id: row for row in connection.execute(sa.select(tables.act))}
    told = Counter(event.id for event in guest.events)
    assert {id_: told[id_] for id_ in set(rows) - before} == dict.fromkeys(set(rows) - before, 1)
    # What was told inside a savepoint or a transaction that went back: a line that passed the
    # limit of a batch, and a batch of which one line failed. The city refuses a payment over the
    # contract by itself, before it is told.
    assert set(told) - set(rows) == {"YT-GC-2025-12-014", "YT-GC-2026-02-002"}
    for event in guest.events:
        row = rows.get(event.id)
        if row is not None:
            assert (event.case_id, event.kind, event.step) == (row.matter_no, row.kind, row.step)
            assert (event.amount.minor if event.amount else None) == row.amount_minor
            assert event.stream.value == row.stream


def test_attempts_are_asked_for_opened_and_called_off(url: str) -> None:
    guest, _, _ = _listened(url)
    assert guest.endings == ["day-1 cancelled"]
    assert guest.calls["edited"] == 1
    assert guest.calls["opened"] > 20
    attempts = [event.attempt_id for event in guest.events if event.attempt_id]
    assert {"day-2", "day-3"} <= set(attempts)
    assert len(set(attempts)) == len(attempts)
    assert guest.calls["gate"] == len(attempts)
    batch = [event for event in guest.events if event.attempt_id is None]
    assert {event.kind for event in batch} == {"prj.paid"}
    assert {event.actor.kind for event in batch if event.actor} == {ActorKind.BATCH}


def test_what_is_sent_was_declared(url: str) -> None:
    guest, _, _ = _listened(url)
    declared = {kind.kind: kind for kind in event_types()}
    for event in guest.events:
        schema = {attribute.code: attribute for attribute in declared[event.kind].attributes}
        assert event.stream is declared[event.kind].stream
        assert set(event.attributes) <= set(schema), event.kind
        for code, value in event.attributes.items():
            if schema[code].choices:
                assert value in schema[code].choices


def test_a_change_between_reading_and_writing_calls_the_attempt_off(url: str) -> None:
    guest = Notebook()
    app = make_city(url, PLUGINS=False, guests=[("notebook", guest)])

    class Quicker:
        """A colleague who acts while the gate is asked."""

        @hookimpl
        def cleangov_step_gate(self, attempt: Any) -> None:
            with of(app).engine.begin() as connection:
                connection.execute(
                    sa.update(tables.case)
                    .where(tables.case.c.no == attempt.event.case_id)
                    .values(ordinal=tables.case.c.ordinal + 1)
                )

    of(app).plugins.register(Quicker(), "quicker")
    chen = Visit(app, "chen-jing")
    form = {"amount": "800", "kind_of_penalty": "fine", "attempt_id": "late"}
    text = chen.post("/cases/YT-CF-2026-0417/decide", form, expect=409)
    assert "刚刚有了新的进展" in text
    assert guest.endings == ["late conflict"]
    assert [event for event in guest.events if event.attempt_id == "late"] == []


@pytest.mark.postgres
def test_the_day_passes_on_postgresql_and_leaves_the_same_rows(url: str, pg_database: str) -> None:
    small = make_city(url, PLUGINS=False)
    play_day(small)
    large = make_city(pg_database, PLUGINS=False)
    play_day(large)
    text = dump_host_tables(of(large).engine)
    of(large).engine.dispose()
    assert dump_host_tables(of(small).engine) == text


ALONE = """
import importlib.abc, json, sys

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("cleangov_plugin", "marshmallow", "yaml", "babel"):
            raise ModuleNotFoundError(f"{name} is not here", name=name)

sys.meta_path.insert(0, Absent())
from sample_host.city import of
from tests.support.scripted_day import dump_host_tables, make_city, play_day

app = make_city(sys.argv[1], TESTING=True)
assert not of(app).is_supervised()
play_day(app)
print(json.dumps({"dump": dump_host_tables(of(app).engine), "modules": sorted(sys.modules)}))
"""


def test_the_day_passes_where_only_host_contract_and_migrations_are(
    url: str, tmp_path: Path
) -> None:
    second = f"sqlite:///{tmp_path / 'second.db'}"
    command = [sys.executable, "-c", ALONE, second]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    told = json.loads(run.stdout)
    assert not [name for name in told["modules"] if name.startswith("cleangov_plugin")]
    assert "cleangov_migrations" in told["modules"]
    app = make_city(url, PLUGINS=False)
    play_day(app)
    assert told["dump"] == dump_host_tables(of(app).engine)
