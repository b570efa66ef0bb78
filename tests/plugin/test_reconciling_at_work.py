"""What the platform did without telling is found by its own records."""

from datetime import timedelta
from typing import Any

import pytest

from cleangov_hooks import HostRecord
from cleangov_plugin.desk import reconciling
from cleangov_plugin.desk.health.checks import examine
from cleangov_plugin.desk.reconciling import Compared, compare
from tests.plugin.inside import rows
from tests.plugin.steps import opened
from tests.support.small_host import SmallHost

KIND = "enf.intent.notified"


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "_ROUND_S", 0.0)
    monkeypatch.setattr(reconciling, "_FIRST_S", 0.0)


def untold(host: SmallHost, case_id: str) -> Any:
    """Write a record beside every hook."""
    event = host.event(KIND, 800, case_id=case_id)
    with host.engine.begin() as connection:
        host.insert(connection, event)
    return event


def rounds(host: SmallHost) -> None:
    """Open pages until every kind was asked for, page by page."""
    for _ in range(60):
        opened(host)


def missing(host: SmallHost) -> list[dict[str, Any]]:
    return rows(host, "gap", reason="missing")


def test_a_record_that_nobody_told_is_kept_once_and_said_by_the_doctor(host: SmallHost) -> None:
    for number in range(5):
        host.write(host.event(KIND, 800, case_id=f"C-{number}"))
    event = untold(host, "C-3")
    host.move(minutes=20)
    rounds(host)
    (gap,) = missing(host)
    assert (gap["state"], gap["detail"], gap["event"]) == ("given_up", KIND, "C-3")
    assert gap["event_key"].endswith(f"\t{event.id}")
    rounds(host)
    assert len(missing(host)) == 1
    checks = {check.key: check for check in examine(host.plugin.desk.settings, host.now().date())}
    assert checks["gaps.missing"].values["number"] == 1


def test_what_is_told_late_is_settled(host: SmallHost) -> None:
    host.write(host.event(KIND, 800, case_id="C-1"))
    event = untold(host, "C-2")
    host.move(minutes=20)
    rounds(host)
    with host.engine.begin() as connection:
        host.call("cleangov_enforcement_events", events=[event], connection=connection)
    rounds(host)
    assert [gap["state"] for gap in missing(host)] == ["settled"]


def test_what_is_told_owed_or_in_an_open_transaction_is_not_missing(host: SmallHost) -> None:
    for number in range(7):
        host.write(host.event(KIND, 800, case_id=f"C-{number}"))
    untold(host, "C-8")
    host.move(minutes=5)
    rounds(host)
    assert missing(host) == [], "its transaction may still be open"


def test_what_was_before_the_plugin_is_not_asked_for(host: SmallHost) -> None:
    untold(host, "C-1")
    host.move(minutes=20)
    rounds(host)
    assert missing(host) == [], "nothing was told yet, so nobody could have told this"
    host.move(days=5)
    host.write(host.event(KIND, 800, case_id="C-2"))
    rounds(host)
    assert missing(host) == []


def test_a_platform_that_cannot_say_is_asked_again(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.write(host.event(KIND, 800, case_id="C-1"))
    untold(host, "C-2")
    host.move(minutes=20)

    def fails(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(reconciling, "guarded_call", fails)
        rounds(host)
        assert missing(host) == []
    rounds(host)
    assert len(missing(host)) == 1
    assert timedelta(minutes=10) == reconciling._GRACE


def test_a_host_that_cannot_be_asked_sends_its_records(host: SmallHost) -> None:
    desk = host.plugin.desk
    before = HostRecord(id="old", case_id="C-1", kind=KIND, occurred_at=host.clock)
    host.move(minutes=5)
    told = host.event(KIND, 800, case_id="C-1", at=host.clock)
    host.write(told)
    host.move(minutes=1)
    untold_ = host.event(KIND, 800, case_id="C-1", at=host.clock)
    sent = [before, *(record_of(each) for each in (told, untold_))]
    assert compare(desk, sent) == Compared(told=2, young=1, untold=[])
    host.move(minutes=20)
    late = Compared(told=2, young=0, untold=[untold_.id])
    assert (compare(desk, sent), compare(desk, sent)) == (late, late)
    (gap,) = missing(host)
    assert gap["event_key"].endswith(f"\t{untold_.id}")
    host.write(untold_)
    assert compare(desk, sent) == Compared(told=3, young=0, untold=[])
    assert [each["state"] for each in missing(host)] == ["settled"]


def record_of(event: Any) -> HostRecord:
    return HostRecord(
        id=event.id, case_id=event.case_id, kind=event.kind, occurred_at=event.occurred_at
    )
