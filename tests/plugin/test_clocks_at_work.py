"""Terms of law at work: found by a tick without an event, taken back by what is known later."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from cleangov_plugin.desk.clocks import ticking
from cleangov_plugin.desk.clocks.ticking import tick_clocks
from tests.plugin.conftest import MakeHost
from tests.plugin.inside import rows
from tests.plugin.steps import opened
from tests.support.small_city import ZONE
from tests.support.small_host import SmallHost

#: Accepted on Tuesday 10 March 2026; twenty working days later is Wednesday 8 April. Qingming is
#: on Monday the 6th. Of twenty, the fourteenth is 30 March and the eighteenth 3 April.
DUE = "2026-04-08"


def at(host: SmallHost, day: str, hour: str = "10:00:00") -> None:
    host.clock = datetime.fromisoformat(f"{day}T{hour}").replace(tzinfo=ZONE)


def tick(host: SmallHost) -> int:
    desk = host.plugin.desk
    with desk.database.own_transaction(is_reading=True) as connection:
        ledger = desk.shelf.ledger(connection, "cg")
    return tick_clocks(desk, ledger)


def found(host: SmallHost) -> dict[str, tuple[str, str | None, str | None]]:
    """Answer the findings of terms: state, what became of it, due day, by case, clock and part."""
    return {
        f"{row['subject']} {row['rule_id']} {row['part']}": (
            row["state"],
            row["disposition"],
            row["due_on"],
        )
        for row in rows(host, "finding")
        if row["rule_id"].startswith("C")
    }


def accepted(host: SmallHost, **changes: Any) -> None:
    host.write(host.event("prm.accepted", **changes))


def test_a_term_is_found_nearly_over_and_over_without_an_event(host: SmallHost) -> None:
    accepted(host)
    assert tick(host) == 0
    (running,) = rows(host, "running_clock")
    assert (running["clock_id"], running["state"], running["used"]) == ("C03", "running", 0)
    assert running["due_at"] == running["due_to"] == "2026-04-08T16:00:00.000000Z"
    assert running["look_at"] == "2026-03-29T16:00:00.000000Z"
    at(host, "2026-03-29", "23:59:59")
    assert tick(host) == 0
    at(host, "2026-03-30", "00:00:00")
    assert tick(host) == 1
    assert found(host) == {"C-1 C03 1.due_soon": ("open", None, DUE)}
    assert tick(host) == 0
    at(host, "2026-04-03")
    assert tick(host) == 1  # ninety percent is told in the same finding
    (row,) = [row for row in rows(host, "finding") if row["rule_id"] == "C03"]
    assert json.loads(row["shown_values"])["warning"] == 90
    assert (row["owner"], row["severity"], row["visibility"]) == (
        "supervision",
        "signal",
        "officer",
    )
    at(host, "2026-04-08", "23:59:59")
    assert tick(host) == 0
    at(host, "2026-04-09", "00:00:00")
    assert tick(host) == 2
    assert found(host) == {
        "C-1 C03 1.due_soon": ("closed", "superseded", DUE),
        "C-1 C03 1.overdue": ("open", None, "2026-04-23"),
    }
    (row,) = [row for row in rows(host, "finding") if row["part"] == "1.overdue"]
    assert (row["severity"], row["visibility"], row["actor"]) == ("minor", "lead", None)
    assert row["found_at"] == "2026-04-08T16:00:00.000000Z"
    # nothing more will be said of it until the step comes; late is late
    (running,) = rows(host, "running_clock")
    assert running["look_at"] is None
    at(host, "2026-04-10")
    host.write(host.event("prm.decided"))
    assert tick(host) == 1
    (row,) = [row for row in rows(host, "finding") if row["part"] == "1.overdue"]
    assert row["state"] == "open"
    assert "ended" in json.loads(row["shown_values"])


def test_a_step_in_time_takes_the_reminder_back(host: SmallHost) -> None:
    accepted(host)
    at(host, "2026-04-07")
    tick(host)
    host.write(host.event("prm.decided", at=host.clock))
    assert tick(host) == 1
    assert found(host) == {"C-1 C03 1.due_soon": ("closed", "in_time", DUE)}
    # of C03 nothing runs any more; the decision has begun the term of delivery
    assert [row["clock_id"] for row in rows(host, "running_clock")] == ["C05"]


def test_an_event_that_comes_late_clears_and_a_correction_opens_again(host: SmallHost) -> None:
    accepted(host)
    at(host, "2026-04-09")
    tick(host)
    assert found(host)["C-1 C03 1.overdue"][0] == "open"
    # it was decided on the last day, and the record was synced later
    decided = host.event("prm.decided", at=host.clock - timedelta(days=1), id="late")
    host.write(decided)
    tick(host)
    assert found(host)["C-1 C03 1.overdue"][:2] == ("closed", "cleared")
    # and that was wrong, too: it was decided this very day
    host.write(host.event("prm.decided", at=host.clock, id="right", supersedes="late"))
    tick(host)
    assert found(host)["C-1 C03 1.overdue"][:2] == ("open", None)
    # what a person has closed stays closed
    prefix = "" if host.engine.dialect.name == "sqlite" else "cleangov."
    with host.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE {prefix}cleangov_finding SET state = 'closed', disposition = 'warned'"
        )
    host.write(host.event("prm.decided", at=host.clock, id="again", supersedes="right"))
    tick(host)
    assert found(host)["C-1 C03 1.overdue"][:2] == ("closed", "warned")


def test_a_start_that_is_put_right_takes_everything_back(host: SmallHost) -> None:
    accepted(host, id="first")
    at(host, "2026-04-07")
    tick(host)
    at(host, "2026-04-09")
    tick(host)
    host.write(host.event("prm.decided", at=host.clock, id="no-start", supersedes="first"))
    tick(host)
    assert found(host)["C-1 C03 1.overdue"][:2] == ("closed", "cleared")
    assert found(host)["C-1 C03 1.due_soon"][:2] == ("closed", "superseded")


def test_a_pause_stops_the_clock_and_the_reminder(host: SmallHost) -> None:
    accepted(host)
    at(host, "2026-03-31")
    tick(host)
    host.write(host.event("prm.clock.paused"))
    tick(host)
    assert found(host)["C-1 C03 1.due_soon"][:2] == ("closed", "no_longer")
    (running,) = rows(host, "running_clock")
    assert (running["state"], running["due_at"], running["look_at"]) == ("paused", None, None)
    at(host, "2026-05-29")
    assert tick(host) == 0
    host.write(host.event("prm.clock.resumed"))
    tick(host)
    # fifteen days were used; five more from 1 June on
    assert found(host) == {"C-1 C03 1.due_soon": ("open", None, "2026-06-05")}
    at(host, "2026-06-06")
    tick(host)
    assert found(host)["C-1 C03 1.overdue"][0] == "open"


def test_a_year_without_a_notice_is_a_range_and_not_over_before_its_later_end(
    host: SmallHost,
) -> None:
    at(host, "2026-12-14")
    accepted(host)
    tick(host)
    (running,) = rows(host, "running_clock")
    assert running["due_at"] < running["due_to"]
    earlier, later = (datetime.fromisoformat(running[n]) for n in ("due_at", "due_to"))
    host.clock = later - timedelta(seconds=1)
    assert host.clock > earlier
    tick(host)
    assert {key: value[0] for key, value in found(host).items()} == {"C-1 C03 1.due_soon": "open"}
    (row,) = [row for row in rows(host, "finding") if row["rule_id"] == "C03"]
    assert json.loads(row["shown_values"])["missing"] == ["calendar 2027"]
    host.clock = later
    tick(host)
    assert found(host)["C-1 C03 1.overdue"][0] == "open"


def test_what_an_old_archive_tells_is_a_signal_of_nobody(host: SmallHost) -> None:
    from cleangov_hooks import Origin

    accepted(host, origin=Origin.IMPORT)
    at(host, "2026-04-09")
    tick(host)
    (row,) = [row for row in rows(host, "finding") if row["part"] == "1.overdue"]
    assert (row["is_signal"], row["owner"], row["due_on"]) == (True, None, None)


def test_a_tick_is_bounded_and_the_next_goes_on(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ticking, "_ENTRIES", 3)
    monkeypatch.setattr(ticking, "_CASES", 2)
    monkeypatch.setattr(ticking, "_MOST", 1)
    monkeypatch.setattr(ticking, "_SLICE_MS", 60_000)
    for number in range(7):
        host.write(host.event("prm.accepted", case_id=f"C-{number}"))
    tick(host)
    assert len(rows(host, "running_clock")) == 3
    tick(host)
    tick(host)
    assert len(rows(host, "running_clock")) == 7
    at(host, "2026-04-09")
    numbers = [tick(host) for _ in range(5)]
    assert numbers == [2, 2, 2, 1, 0]


def test_a_tick_that_breaks_off_goes_on_where_it_was(
    host: SmallHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    host.write(host.event("prm.accepted", case_id="C-1"))
    host.write(host.event("prm.accepted", case_id="C-2"))
    at(host, "2026-04-09")

    def fails(*_: Any, **__: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("cleangov_plugin.store.running_clocks.save_state", fails)
        with pytest.raises(RuntimeError):
            tick(host)
    assert found(host) == {}
    assert tick(host) == 2
    assert sorted(found(host)) == ["C-1 C03 1.overdue", "C-2 C03 1.overdue"]
    assert tick(host) == 0


def test_a_case_that_somebody_spoilt_stops_no_other_clock(host: SmallHost) -> None:
    host.write(host.event("prm.accepted", case_id="C-1"))
    host.write(host.event("prm.accepted", case_id="C-2"))
    prefix = "" if host.engine.dialect.name == "sqlite" else "cleangov."
    with host.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE {prefix}cleangov_entry SET body = '[]' WHERE subject = 'C-1'"
        )
    at(host, "2026-04-09")
    tick(host)
    assert sorted(found(host)) == ["C-2 C03 1.overdue"]


def test_the_platform_looks_by_itself_between_two_requests(
    host: SmallHost, make_host: MakeHost
) -> None:
    accepted(host)
    at(host, "2026-04-09")
    again = make_host()
    again.clock = host.clock
    again.start()
    opened(again)
    assert sorted(found(again)) == ["C-1 C03 1.overdue"]
