"""Rules, agencies, calendars and figures: kept by edition, and read as of a day."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_plugin.calendar.working import Calendar
from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.rules.knowledge import Statistic, StatisticKey
from cleangov_plugin.store import calendars, knowledge, rulebook, rules_in_force, statistics
from cleangov_plugin.store.database import Database
from cleangov_plugin.store.run import StoreError
from tests.store.samples import LOG, NOON, record, request, write


def _rule(threshold: int = 10, **changes: Any) -> dict[str, Any]:
    bindings = [{"id": "J10-gate", "tier": 4, "parameters": {"limit": f"{threshold} %"}}]
    return {"id": "J10", "version": 1, "title": {"zh": "变更"}, "bindings": bindings, **changes}


def test_rules_are_synced_once_and_a_changed_file_is_a_new_edition(ours: Database) -> None:
    with ours.own_transaction() as connection:
        assert rulebook.sync(connection, LOG, [_rule()], NOON).ruleset == 1
        again = rulebook.sync(connection, LOG, [_rule()], NOON)
        assert (again.ruleset, again.added, again.retired) == (1, (), ())
        changed = rulebook.sync(connection, LOG, [_rule(20)], NOON)
        assert (changed.ruleset, changed.added) == (2, ("J10-gate",))
        assert rules_in_force.load(connection, LOG) == (2, [_rule(20)])
        renamed = rulebook.sync(connection, LOG, [_rule(20, title={"zh": "别名"})], NOON)
        assert (renamed.ruleset, renamed.added) == (3, ("J10",))


def test_a_rule_whose_file_is_gone_is_retired_and_can_come_back(ours: Database) -> None:
    with ours.own_transaction() as connection:
        rulebook.sync(connection, LOG, [_rule()], NOON)
        gone = rulebook.sync(connection, LOG, [], NOON)
        assert (gone.ruleset, gone.retired) == (2, ("J10", "J10-gate"))
        assert rules_in_force.load(connection, LOG) == (2, [])
        assert rulebook.document(connection, LOG, "J10", 1)["title"] == {"zh": "变更"}
        rulebook.sync(connection, LOG, [_rule()], NOON)
        assert rules_in_force.load(connection, LOG) == (3, [_rule()])


def test_a_binding_never_takes_the_place_of_another_rules_binding(ours: Database) -> None:
    """Silently, the first rule would lose its gate."""
    bound = [{"id": "gate", "tier": 5}]
    documents = [_rule(), _rule(id="E07", bindings=bound), _rule(id="E08", bindings=bound)]
    with ours.own_transaction() as connection:
        with pytest.raises(StoreError, match="two bindings are called 'gate'"):
            rulebook.sync(connection, LOG, documents, NOON)
        with pytest.raises(StoreError, match="two rules are called 'J10'"):
            rulebook.sync(connection, LOG, [_rule(), _rule(bindings=[])], NOON)
        assert rules_in_force.load(connection, LOG) == (0, [])


@pytest.mark.postgres
def test_rules_are_read_of_one_revision_though_it_goes_up_meanwhile(
    pg_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(pg_database)
    with database.own_transaction() as connection:
        rulebook.sync(connection, LOG, [_rule(10)], NOON)
    asked = rulebook.revisions

    def meanwhile(connection: sa.Connection, log_id: str) -> tuple[int, int]:
        found = asked(connection, log_id)
        monkeypatch.setattr(rulebook, "revisions", asked)
        with database.own_transaction() as other:
            rulebook.sync(other, LOG, [_rule(20)], NOON)
        return found

    with database.own_transaction(is_reading=True) as connection:
        monkeypatch.setattr(rulebook, "revisions", meanwhile)
        assert rules_in_force.load(connection, LOG) == (2, [_rule(20)])
    database.dispose()


def test_the_order_of_a_rules_keys_is_kept(ours: Database) -> None:
    document = {"version": 1, "id": "Z", "facts": {"b": 1, "a": 2}, "bindings": []}
    with ours.own_transaction() as connection:
        rulebook.sync(connection, LOG, [document], NOON)
        assert list(rules_in_force.load(connection, LOG)[1][0]["facts"]) == ["b", "a"]


def test_an_agency_is_kept_and_changed(ours: Database) -> None:
    with ours.own_transaction() as connection:
        rulebook.save_agency(connection, LOG, {"zh": "甲"}, "Asia/Shanghai", "CN")
        rulebook.save_agency(connection, LOG, {"zh": "乙"}, "Asia/Shanghai", "CN")
        expected = {"log_id": LOG, "names": {"zh": "乙"}, "zone": "Asia/Shanghai", "country": "CN"}
        assert rulebook.agencies(connection) == [expected]


@dataclass(frozen=True)
class _Day:
    date: date
    is_working: bool
    is_provisional: bool = False
    label: str = ""


def _days() -> list[_Day]:
    first = date(2026, 2, 9)
    return [
        _Day(first + timedelta(days=n), n % 7 < 5, label="调休上班" if n == 3 else "")
        for n in range(21)
    ]


def test_a_calendar_comes_back_as_ordinals_and_is_versioned(ours: Database) -> None:
    days = _days()
    with ours.own_transaction() as connection:
        assert calendars.load(connection, LOG) is None
        assert calendars.store(connection, LOG, days, source="t", now=NOON) == 1
        assert calendars.store(connection, LOG, days, source="t", now=NOON) == 1
        made = replace(days[5], is_working=True)
        days[5] = made
        assert calendars.store(connection, LOG, days, source="t", now=NOON) == 2
        assert rulebook.revisions(connection, LOG) == (0, 2)
        old, new = calendars.load(connection, LOG, 1), calendars.load(connection, LOG)
        assert old is not None
        assert new is not None
        for stored, expected in ((old, 5), (new, 6)):
            calendar = Calendar(
                stored.version, stored.first, stored.ordinals, stored.provisional_years
            )
            assert calendar.working_days_between(date(2026, 2, 8), date(2026, 2, 15)) == expected
        assert calendars.labels(connection, LOG, 2, date(2026, 2, 1), date(2026, 3, 1)) == {
            date(2026, 2, 12): "调休上班"
        }


@pytest.mark.parametrize("days", [[], [_days()[0], _days()[2]]])
def test_a_calendar_with_a_hole_is_refused(ours: Database, days: list[_Day]) -> None:
    with ours.own_transaction() as connection, pytest.raises(CleanGovError):
        calendars.store(connection, LOG, days, source="t", now=NOON)


def test_figures_are_read_as_of_the_day(ours: Database) -> None:
    key, other = StatisticKey("E08.median", '["U2"]'), StatisticKey("E08.median", '["U3"]')
    with ours.own_transaction() as connection:
        for day, value in ((date(2026, 3, 1), 100), (date(2026, 3, 5), 200)):
            figures = {key: Statistic(value, 7)}
            statistics.write(connection, LOG, "E08.median", day, figures)
            statistics.write(connection, LOG, "E08.median", day, figures)
        for day, expected in (("2026-02-28", None), ("2026-03-04", 100), ("2026-03-05", 200)):
            asked = request(record(1), statistics=(key, other), day=day)
            found = knowledge.read(connection, asked).statistics
            assert found == ({} if expected is None else {key: Statistic(expected, 7)})
        assert statistics.newest_day(connection, LOG, "E08.median") == date(2026, 3, 5)


def test_figures_are_made_from_all_cases_without_corrected_events(ours: Database) -> None:
    with ours.own_transaction() as connection:
        for number in range(1, 5):
            write(connection, record(number, case_id=f"c{number}"))
        write(connection, record(9, case_id="c4", supersedes="E4"))
        found = statistics.records(
            connection, LOG, ["enf.decision.made"], since=NOON, until=NOON + timedelta(minutes=9)
        )
        assert [r.event_id for r in found] == ["E1", "E2", "E3"]
