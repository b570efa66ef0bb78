"""What is owed is made good: by the next request, by the tick, as long as there is hope."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner

from cleangov_hooks import Event
from cleangov_plugin.cli.main import main
from cleangov_plugin.desk import catching_up
from cleangov_plugin.desk.checkpoint import judging
from cleangov_plugin.desk.wire import to_text
from cleangov_plugin.ledger import disclosure
from tests.plugin.conftest import MakeHost, on_sqlite
from tests.plugin.day import BAND
from tests.plugin.inside import attrs, bodies, counted, one, outcomes, rows, tick
from tests.plugin.steps import opened
from tests.support.small_host import SmallHost


@pytest.fixture
def broken() -> Iterator[Callable[[], Any]]:
    """Break the judging of events; the answer mends it."""

    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "read", fail)
        yield patch.undo


def notices(host: SmallHost, number: int) -> list[Event]:
    """Write some events; answer them."""
    events = [host.event("enf.intent.notified", 800, case_id=f"C-{n}") for n in range(number)]
    for event in events:
        host.write(event)
    return events


def test_each_page_that_is_opened_settles_a_few(host: SmallHost, broken: Callable[[], Any]) -> None:
    notices(host, 7)
    broken()
    opened(host)
    assert len(rows(host, "gap", state="settled")) == 5
    opened(host)
    assert [body["subject"] for body in bodies(host)] == [f"C-{n}" for n in range(7)]
    assert {gap["state"] for gap in rows(host, "gap")} == {"settled"}


def test_what_an_earlier_process_left_is_settled_by_the_next(
    host: SmallHost, broken: Callable[[], Any], make_host: MakeHost
) -> None:
    notices(host, 3)
    broken()
    again = make_host()
    again.start()
    opened(again)
    assert len(rows(host, "entry")) == 3


def test_a_disturbance_during_which_many_pages_are_opened_gives_nothing_up(
    host: SmallHost, broken: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    notices(host, 1)
    monkeypatch.setattr(catching_up, "PAUSE", 0.0)
    for _ in range(15):
        opened(host)
    assert (one(host, "gap")["state"], one(host, "gap")["tries"]) == ("owed", 0)
    broken()
    opened(host)
    assert len(rows(host, "entry")) == 1


def test_after_a_failure_the_next_pages_are_not_kept_waiting_for_another(
    host: SmallHost, broken: Callable[[], Any]
) -> None:
    notices(host, 1)
    opened(host)
    broken()
    opened(host)
    assert rows(host, "entry") == []  # it is tried again some seconds later
    assert tick(host).settled == 1


def test_the_gate_settles_first_what_it_may_be_judged_by(
    host: SmallHost, broken: Callable[[], Any]
) -> None:
    host.write(host.event("enf.intent.notified", 800))
    host.write(host.event("enf.defence.received"))
    broken()
    assert host.gate(host.event("enf.decision.made", 2_000)).decision == "refuse"


def test_a_tick_settles_all_in_the_order_they_came(
    host: SmallHost, broken: Callable[[], Any]
) -> None:
    notices(host, 12)
    broken()
    assert tick(host).settled == 12
    assert [body["subject"] for body in bodies(host)] == [f"C-{n}" for n in range(12)]
    assert tick(host).settled == 0


def test_an_event_that_waited_is_judged_by_what_was_known_then(
    host: SmallHost, broken: Callable[[], Any]
) -> None:
    fine = host.event("enf.decision.made", 900)
    host.write(fine)
    broken()
    host.move(hours=1)
    for event in (host.event("enf.intent.notified", 800), host.event("enf.defence.received")):
        host.write(event)
    tick(host)
    late = next(body for body in bodies(host) if body["id"] == fine.id)
    assert outcomes(late).get("E07") is None  # the owner had not answered by then
    assert rows(host, "finding", rule_id="E07") == []


def test_what_fails_ten_times_is_left_to_people_with_its_text(
    host: SmallHost, broken: Callable[[], Any]
) -> None:
    notices(host, 1)
    for number in range(9):
        assert tick(host).waiting == 1, number
    assert tick(host).given_up == 1
    gap = one(host, "gap")
    assert (gap["state"], gap["tries"]) == ("given_up", 10)
    assert gap["event"] is not None
    broken()
    assert tick(host).settled == 0


def test_one_that_fails_does_not_hold_up_the_others(host: SmallHost) -> None:
    host.write(host.event("enf.intent.notified", 800, step=""))
    host.write(host.event("enf.intent.notified", 800, step=None))
    schema = "" if host.engine.dialect.name == "sqlite" else "cleangov."
    with host.engine.begin() as connection:
        statement = f"UPDATE {schema}cleangov_gap SET event = 'damaged' WHERE id = 1"
        connection.exec_driver_sql(statement)
    good = host.event("enf.intent.notified", 900)
    with host.engine.begin() as connection:
        host.insert(connection, good)
    assert host.plugin.desk.spool.put(to_text(good))
    ticked = tick(host)
    assert (ticked.settled, ticked.given_up) == (1, 2)


def test_the_finding_of_an_event_that_waited_is_due_from_the_day_it_was_found(
    host: SmallHost, broken: Callable[[], Any]
) -> None:
    host.write(host.event("enf.decision.made", 1_001, **BAND))
    broken()
    host.move(days=1)
    tick(host)
    finding = one(host, "finding")
    assert (finding["due_on"], finding["occurred_at"][:10]) == ("2026-03-25", "2026-03-10")
    assert finding["found_at"][:10] == (host.clock - timedelta(hours=8)).date().isoformat()


@on_sqlite
def test_a_page_that_is_opened_while_the_host_is_writing_leaves_the_rest_for_the_next(
    host: SmallHost, broken: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    notices(host, 3)
    broken()
    monkeypatch.setattr(catching_up, "PAUSE", 0.0)
    with host.engine.begin() as connection:
        host.insert(connection, host.event("enf.defence.received"))
        opened(host)  # its chores find the database taken, and the page is shown all the same
    assert rows(host, "entry") == []
    assert counted(host, "owed") > 0
    opened(host)
    assert len(rows(host, "entry")) == 3


# ---- The command line ------------------------------------------------------------------------


@pytest.fixture
def command(host: SmallHost, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Run ``cleangov tick`` as cron does: in a process that knows nothing of the platform."""
    for name in ("KEYS", "SPOOL"):
        monkeypatch.setenv(f"CLEANGOV_{name}", host.settings[f"CLEANGOV_{name}"])

    def run(*words: str) -> Any:
        url = host.settings["CLEANGOV_DATABASE_URL"]
        return CliRunner().invoke(main, ["--database", url, "--json", "tick", *words])

    return run


PERSONAL = {"statement": "the awning is the landlord's", **BAND}


def test_a_tick_of_the_command_line_judges_as_the_platform_would_have(
    host: SmallHost, broken: Callable[[], Any], command: Callable[..., Any]
) -> None:
    host.write(host.event("enf.decision.made", 1_001, **PERSONAL))
    broken()
    result = command()
    assert result.exit_code == 0, result.output
    (body,) = bodies(host)
    assert outcomes(body)["E08"] == "hit"
    assert attrs(body)["a.band_min"] == "CNY:50000"
    ((name, text),) = [
        disclosure.read(each) for each in disclosure.split(one(host, "entry")["disc"])
    ]
    assert (name, text) == ("statement", "the awning is the landlord's")
    assert one(host, "finding")["rule_id"] == "E08"


@pytest.mark.parametrize("state", ["at work", "inert"])
def test_so_does_a_tick_that_takes_the_spool(
    host: SmallHost,
    make_host: MakeHost,
    monkeypatch: pytest.MonkeyPatch,
    command: Callable[..., Any],
    state: str,
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    with monkeypatch.context() as disturbed:
        disturbed.setattr("cleangov_plugin.store.entries.append", fail)
        disturbed.setattr("cleangov_plugin.store.gaps.add", fail)
        if state == "inert":
            disturbed.setattr("cleangov_plugin.plugin.open_desk", fail)
            host = make_host()
            host.start()
        host.write(host.event("enf.decision.made", 1_001, **PERSONAL))
    result = command("--spool")
    assert result.exit_code == 0, result.output
    (body,) = bodies(host)
    assert outcomes(body)["E08"] == "hit"
    assert one(host, "entry")["disc"]
