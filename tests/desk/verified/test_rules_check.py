"""Rules are sealed as they change: what the plugin changes is told, and nothing else passes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.sealed import rules_leaf, sealing
from cleangov_plugin.desk.verified import rules_check
from cleangov_plugin.ledger.meta import decode_meta
from cleangov_plugin.ledger.rule_lines import fold
from cleangov_plugin.store import rulebook
from cleangov_plugin.store.own_leaf_rows import all_rules
from tests.desk.verified.test_progress import Followed
from tests.store.samples import LOG, NOON


class Ruled(Followed):
    """A ledger with rules, that an auditor verifies again and again."""

    def bring(self, *documents: dict[str, Any]) -> None:
        with self.database.own_transaction() as connection:
            rulebook.sync(connection, LOG, documents, NOON)

    def leaves(self) -> list[Any]:
        with self.database.own_transaction(is_reading=True) as connection:
            return [decode_meta(text) for text in all_rules(connection, LOG)]

    def unchecked(self) -> list[str]:
        found = self.look()
        assert found.alarms == []
        return [what.code for what in found.unchecked if what.code.endswith(("rules", "moved"))]

    def alarms(self) -> list[tuple[str, object]]:
        return [(alarm.code, alarm.values.get("id")) for alarm in self.look().alarms]

    def edit(self, statement: str) -> None:
        with self.engine.begin() as connection:
            prefix = "" if connection.dialect.name == "sqlite" else "cleangov."
            connection.exec_driver_sql(statement.replace("{s}", prefix))


def rule(id_: str = "J10", limit: int = 10, **changes: Any) -> dict[str, Any]:
    bound = [{"id": f"{id_}-gate", "tier": 4, "parameters": {"limit": f"{limit} %"}}]
    return {"id": id_, "version": 1, "title": {"zh": "变更"}, "bindings": bound, **changes}


@pytest.fixture
def log(engine: sa.Engine, tmp_path: Path) -> Iterator[Ruled]:
    found = Ruled(engine, tmp_path)
    found.bring(rule())
    found.write(0, 4)
    found.seal()
    yield found
    found.database.dispose()


def test_what_came_and_went_is_told_by_a_leaf_of_each_change(log: Ruled) -> None:
    assert log.unchecked() == []
    (first,) = log.leaves()
    assert [line[:3] for line in first["lines"]] == [["binding", "J10-gate", 1], ["rule", "J10", 1]]
    size = log.seal().size
    assert log.seal().size == size, "nothing is said twice"
    log.bring(rule(limit=20))
    log.seal()
    found = log.look()
    assert found.alarms == []
    (change,) = found.rule_changes
    told = [(each["id"], each["number"], each["is_in_force"]) for each in change["editions"]]
    assert change["revision"] == 2
    assert told == [("J10-gate", 1, False), ("J10-gate", 2, True)]


def test_a_change_that_is_not_sealed_yet_is_unchecked_and_no_alarm(log: Ruled) -> None:
    for documents in ([rule(limit=20)], [rule(limit=20), rule("E07")], []):
        log.bring(*documents)
        assert log.unchecked() == ["rules_moved"]
    log.seal()
    assert log.unchecked() == []


def test_what_is_said_of_rules_stands_before_the_index_of_cases(log: Ruled) -> None:
    log.bring(rule(limit=20))
    size = log.seal().size
    with log.engine.connect() as connection:
        prefix = "" if connection.dialect.name == "sqlite" else "cleangov."
        text = connection.exec_driver_sql(
            f"SELECT meta FROM {prefix}cleangov_leaf WHERE idx = {size - 1}"
        ).scalar_one()
    assert decode_meta(text)["meta"] == "index"


@pytest.mark.parametrize("is_followed", [False, True], ids=["whole", "from where it ended"])
def test_an_edition_that_was_changed_is_named_and_not_sealed_over(
    log: Ruled, is_followed: bool
) -> None:
    if is_followed:
        assert log.unchecked() == []
    log.edit("UPDATE {s}cleangov_rule_version SET state = 'suspended'")
    assert log.alarms() == [("rule_changed", "J10")]
    log.bring(rule("E07"), rule())
    log.seal()
    assert log.alarms() == [("rule_changed", "J10")], "a later change does not hide it"
    log.edit("UPDATE {s}cleangov_rule_version SET state = 'in_force' WHERE state = 'suspended'")
    assert log.alarms() == []


def test_one_that_was_put_back_into_force_is_named(log: Ruled) -> None:
    log.bring(rule("E07"))
    log.seal()
    assert log.alarms() == []
    log.edit("UPDATE {s}cleangov_rule_version SET to_at = NULL WHERE rule_id = 'J10'")
    assert log.alarms() == [("rule_changed", "J10")]


def test_one_that_is_gone_or_came_without_a_revision_is_named(log: Ruled) -> None:
    log.edit("UPDATE {s}cleangov_rule_version SET rule_id = 'J99' WHERE rule_id = 'J10'")
    assert log.alarms() == [("rule_gone", "J10"), ("rule_added", "J99")]


def test_text_that_no_rule_can_hold_is_no_crash(log: Ruled) -> None:
    log.edit("UPDATE {s}cleangov_rule_version SET document = ''")
    assert log.alarms() == [("rule_changed", "J10")]


def test_rules_that_fill_more_than_one_leaf_are_all_told(log: Ruled) -> None:
    many = [rule(f"X{n:04d}") for n in range(400)]
    log.bring(rule(), *many)
    log.seal()
    assert log.unchecked() == []
    assert len(log.leaves()) > 2
    assert len(fold(log.leaves())) == 2 * 401


def test_a_leaf_that_the_sealer_cannot_find_is_read_all_the_same(log: Ruled) -> None:
    log.edit("UPDATE {s}cleangov_leaf SET no = NULL WHERE no = -2")
    assert log.unchecked() == []
    log.bring(rule(limit=20))
    log.seal()
    assert log.unchecked() == []


def test_a_ledger_whose_rules_were_never_sealed_says_so(
    engine: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "rules_leaves", lambda *_: [])
    log = Ruled(engine, tmp_path)
    log.write(0, 4)
    log.seal()
    assert log.unchecked() == [], "no rules, nothing to say"
    log.bring(rule())
    assert log.unchecked() == ["no_rules"]
    log.database.dispose()


def test_another_zone_of_the_platform_is_told_and_one_of_somebody_else_is_named(log: Ruled) -> None:
    def lives_in(zone: str) -> None:
        with log.database.own_transaction() as connection:
            rulebook.save_agency(connection, LOG, {"zh": "局"}, zone, "CN")

    lives_in("Asia/Shanghai")
    log.bring(rule(limit=20))
    log.seal()
    lives_in("Asia/Urumqi")
    assert log.unchecked() == ["rules_moved"]
    log.seal()
    found = log.look()
    assert (found.alarms, [each["zone"] for each in found.rule_changes]) == ([], ["Asia/Urumqi"])
    lives_in("Asia/Urumqi")
    assert log.unchecked() == [], "a start that changes nothing is silent"
    log.edit("UPDATE {s}cleangov_agency SET zone = 'UTC'")
    assert [alarm.code for alarm in log.look().alarms] == ["zone_changed"]
    lives_in("Asia/Urumqi")
    log.seal()
    assert log.unchecked() == [], "the platform puts it right with its next start"


def test_a_ledger_whose_leaves_name_no_zone_is_sealed_once_more(
    log: Ruled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules_check, "zone_in", lambda _: None)
    assert [what.code for what in log.look().unchecked if what.code == "no_zone"] == ["no_zone"]
    monkeypatch.undo()
    monkeypatch.setattr(rules_leaf, "zone_in", lambda _: None)
    before = log.leaves()
    log.seal()
    assert len(log.leaves()) == len(before) + 1
    assert [what.code for what in log.look().unchecked if what.code == "no_zone"] == []
