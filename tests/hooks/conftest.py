"""A manager without plugins, and an attempt to judge."""

from datetime import UTC, datetime

import pluggy
import pytest

from cleangov_hooks import Actor, Attempt, Event, Step, Stream, manager

AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def pm() -> pluggy.PluginManager:
    return manager()


@pytest.fixture
def attempt() -> Attempt:
    actor = Actor(id="chen")
    event = Event(
        id="e1",
        source="yunting",
        agency_id="a1",
        stream=Stream.ENFORCEMENT,
        case_id="c1",
        kind="enf.decision.made",
        step="decide",
        actor=actor,
        occurred_at=AT,
        recorded_at=AT,
    )
    step = Step(
        agency_id="a1",
        stream=Stream.ENFORCEMENT,
        case_id="c1",
        name="decide",
        kind=event.kind,
        actor=actor,
    )
    return Attempt(id="t1", step=step, event=event, at=AT)
