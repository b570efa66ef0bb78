"""SQLite keeps any value in any column: verifying names it, and never breaks off without a word."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing

import pytest

from tests.attacks.scene import LOG, Scene

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
#: Tables that verifying reads; what stands in them is no longer what anybody would write.
_READ = (
    *("agency", "binding", "entry", "lane", "leaf", "revision", "rule_version", "tile"),
    *("tree_head", "case_index", "index_state", "index_tile", "alembic_version", "pseudonym"),
)
_VALUES = (b"\xff\x00", "[[", 2**63 - 1)


def _columns(scene: Scene, table: str) -> Sequence[tuple[str, str]]:
    with closing(sqlite3.connect(scene.folder / "city.db")) as connection:
        found = connection.execute(f"PRAGMA table_info(cleangov_{table})").fetchall()
    return [(table, row[1]) for row in found]


def _put(scene: Scene, table: str, column: str, value: object) -> bool:
    """Put a value into one row as somebody who may do anything; False where none can be put."""
    with closing(sqlite3.connect(scene.folder / "city.db")) as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for (name,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        last = f"(SELECT max(rowid) FROM cleangov_{table})"
        try:
            with connection:
                put = f"UPDATE cleangov_{table} SET {column} = ? WHERE rowid = {last}"
                return connection.execute(put, (value,)).rowcount == 1
        except sqlite3.Error:
            return False


@pytest.mark.parametrize("value", _VALUES, ids=["bytes", "text", "number"])
@pytest.mark.slow
def test_verifying_ends_with_words_whatever_stands_in_a_column(scene: Scene, value: object) -> None:
    whole = (scene.folder / "city.db").read_bytes()
    tried = 0
    for table in _READ:
        for _, column in _columns(scene, table):
            (scene.folder / "city.db").write_bytes(whole)
            if _put(scene, table, column, value):
                done = scene.run("verify", "--json")
                assert done.exit_code in (0, 1, 2), (table, column, done.exception)
                assert isinstance(done.exception, SystemExit | None), (table, column)
                tried += 1
    assert tried > 40


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("leaf", "idx"),
        ("binding", "version"),
        ("rule_version", "edition"),
        ("revision", "ruleset"),
        ("entry", "lane"),
    ],
)
def test_a_value_of_another_type_is_named(scene: Scene, table: str, column: str) -> None:
    assert _put(scene, table, column, b"\xff\x00")
    status, alarms = scene.verify()
    assert status == 1
    named = [each["values"] for each in alarms if each["code"] == "value_type"]
    if any(each["code"] == "broken_off" for each in alarms):
        place = {"table": f"cleangov_{table}", "column": column, "found": "blob"}
        assert any(place.items() <= each.items() for each in named), alarms


def test_a_ledger_whose_authority_is_gone_is_verified_all_the_same(scene: Scene) -> None:
    """Without the journal, too: heads in the database and outside know of it."""
    scene.given["receipts"] = ""
    assert _put(scene, "agency", "log_id", "another")
    assert [each["code"] for each in scene.verify()[1]] == [
        "zone_changed"
    ]  # nobody has it any more
    assert LOG in _ledgers(scene)
    (row,) = scene.tail()[-1:]
    scene.edit("UPDATE {s}cleangov_entry SET kind = 'x' WHERE id = :row", row=row)
    assert row in [each["entry"] for each in scene.verify()[1]]


def _ledgers(scene: Scene) -> set[str]:
    """Answer the ledgers that were verified."""
    return {*scene.told}
