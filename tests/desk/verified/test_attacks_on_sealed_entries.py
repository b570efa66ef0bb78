"""Attacks on sealed entries, each by raw SQL or by editing a file, and what finds it.

The numbers are those of the catalogue in the threat model. The same ledger without the edit is
clean; with an edit the detector that is named finds it, and names the entry where there is one.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import LOG


@pytest.fixture
def sealed(engine: sa.Engine, tmp_path: Path) -> Iterator[Sealer]:
    found = Sealer(engine, tmp_path)
    found.write(0, 12)
    found.first_size = found.seal().size
    found.write(12, 20)
    found.size = found.seal().size
    assert found.verify().alarms == []
    yield found
    found.database.dispose()


def edit(sealed: Sealer, *statements: str) -> None:
    prefix = "" if sealed.engine.dialect.name == "sqlite" else "cleangov."
    with sealed.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement.format(s=prefix))


def detectors(sealed: Sealer) -> set[str]:
    return {alarm.detector.value for alarm in sealed.verify().alarms}


def row_of(sealed: Sealer, idx: int) -> int:
    prefix = "" if sealed.engine.dialect.name == "sqlite" else "cleangov."
    query = (
        f"SELECT e.id FROM {prefix}cleangov_leaf f JOIN {prefix}cleangov_entry e"
        f" ON e.log_id = f.log_id AND e.lane = f.lane AND e.no = f.no WHERE f.idx = {idx}"
    )
    with sealed.engine.connect() as connection:
        return int(connection.exec_driver_sql(query).scalar_one())


@pytest.mark.parametrize(
    ("number", "change"),
    [
        (1, "replace(body, 'decide', 'decidE')"),
        (16, "replace(body, ',\"v\":1', ', \"v\":1')"),
        (18, "replace(body, '.000000Z', '.000001Z')"),
    ],
)
def test_a_changed_body_is_named(sealed: Sealer, number: int, change: str) -> None:
    row = row_of(sealed, 7)
    edit(sealed, f"UPDATE {{s}}cleangov_entry SET body = {change} WHERE id = {row}")
    alarms = sealed.verify().alarms
    assert ("LEAF", row, 7) in [(a.detector.value, a.entry, a.leaf) for a in alarms], number


def test_2_a_changed_body_with_its_leaf_hash_is_named_by_the_tile_and_the_root(
    sealed: Sealer,
) -> None:
    from cleangov_plugin.ledger.leaf import leaf_hash

    row = row_of(sealed, 7)
    edit(
        sealed, f"UPDATE {{s}}cleangov_entry SET body = replace(body, 'U2', 'U9') WHERE id = {row}"
    )
    new = leaf_hash(sealed.bodies()[7].encode()).hex()
    literal = f"x'{new}'" if sealed.engine.dialect.name == "sqlite" else f"'\\x{new}'::bytea"
    edit(sealed, f"UPDATE {{s}}cleangov_leaf SET hash = {literal} WHERE idx = 7")
    alarms = sealed.verify().alarms
    assert ("ROOT", row) in [(a.detector.value, a.entry) for a in alarms]
    assert "ANCH" in detectors(sealed), "the head outside is of other leaves"


def test_6_an_entry_that_is_gone_is_named_by_its_leaf(sealed: Sealer) -> None:
    edit(sealed, f"DELETE FROM {{s}}cleangov_entry WHERE id = {row_of(sealed, 4)}")
    (alarm,) = [a for a in sealed.verify().alarms if a.detector.value == "LEAF"]
    assert (alarm.leaf, alarm.entry) == (4, None)


def test_7_an_entry_and_its_leaf_are_gone(sealed: Sealer) -> None:
    row = row_of(sealed, 4)
    edit(
        sealed,
        f"DELETE FROM {{s}}cleangov_entry WHERE id = {row}",
        "DELETE FROM {s}cleangov_leaf WHERE idx = 4",
    )
    assert {"ROOT", "STRM", "ANCH"} <= detectors(sealed)
    gaps = [alarm.leaf for alarm in sealed.verify().alarms if alarm.code == "leaf_gap"]
    assert gaps == [4], "the leaves after it are as they were"


def test_8_the_newest_are_cut_off_with_all_their_traces_in_the_database(sealed: Sealer) -> None:
    edit(
        sealed,
        "DELETE FROM {s}cleangov_entry WHERE id IN (SELECT id FROM {s}cleangov_entry"
        " ORDER BY id DESC LIMIT 8)",
        f"DELETE FROM {{s}}cleangov_leaf WHERE idx >= {sealed.first_size}",
        f"DELETE FROM {{s}}cleangov_tree_head WHERE size > {sealed.first_size}",
    )
    assert "ANCH" in detectors(sealed)


def test_9_two_leaves_change_places(sealed: Sealer) -> None:
    edit(
        sealed,
        "UPDATE {s}cleangov_leaf SET idx = 99 WHERE idx = 3",
        "UPDATE {s}cleangov_leaf SET idx = 3 WHERE idx = 5",
        "UPDATE {s}cleangov_leaf SET idx = 5 WHERE idx = 99",
    )
    assert "ROOT" in detectors(sealed)


def test_11_a_forged_entry_among_the_old_ones_is_in_no_leaf(sealed: Sealer) -> None:
    prefix = "" if sealed.engine.dialect.name == "sqlite" else "cleangov."
    with sealed.engine.connect() as connection:
        found = sa.inspect(connection).get_columns(
            "cleangov_entry", schema=prefix.rstrip(".") or None
        )
    names = [column["name"] for column in found]
    changed = {"id": "90000", "lane": "77", "no": "1", "event_key": "'forged'"}
    values = ", ".join(changed.get(name, name) for name in names)
    row = row_of(sealed, 2)
    edit(
        sealed,
        f"INSERT INTO {{s}}cleangov_entry ({', '.join(names)}) SELECT {values}"
        f" FROM {{s}}cleangov_entry WHERE id = {row}",
    )
    alarms = [(a.detector.value, a.entry) for a in sealed.verify().alarms]
    assert ("MMD", 90000) in alarms
    assert ("COL", 90000) in alarms


@pytest.mark.parametrize("column", ["kind", "subject", "occurred_at", "recorded_at"])
def test_14_a_column_alone_is_changed(sealed: Sealer, column: str) -> None:
    row = row_of(sealed, 9)
    edit(
        sealed,
        f"UPDATE {{s}}cleangov_entry SET {column} = '2020-01-01T00:00:00.000000Z' WHERE id = {row}",
    )
    assert ("COL", row) in [(a.detector.value, a.entry) for a in sealed.verify().alarms]


def test_19_a_tile_alone_is_changed(sealed: Sealer) -> None:
    empty = "x''" if sealed.engine.dialect.name == "sqlite" else "''::bytea"
    edit(sealed, f"UPDATE {{s}}cleangov_tile SET data = {empty} WHERE level = 0")
    assert "ROOT" in detectors(sealed)


def test_21_a_head_and_its_note_are_changed(sealed: Sealer) -> None:
    size = sealed.size
    edit(
        sealed,
        "UPDATE {s}cleangov_tree_head"
        f" SET note = replace(note, '{size}', '{size + 1}') WHERE size = {size}",
    )
    assert "SIG" in detectors(sealed)
    edit(sealed, f"UPDATE {{s}}cleangov_tree_head SET size = {size - 1} WHERE size = {size}")
    assert "ROOT" in detectors(sealed)


def test_23_and_27_before_sealing_a_gap_and_a_changed_body_break_the_lane(sealed: Sealer) -> None:
    sealed.write(20, 24)
    assert sealed.verify().alarms == []
    with sealed.engine.connect() as connection:
        prefix = "" if connection.dialect.name == "sqlite" else "cleangov."
        rows = list(
            connection.exec_driver_sql(
                f"SELECT id FROM {prefix}cleangov_entry ORDER BY id DESC LIMIT 4"
            ).scalars()
        )
    edit(
        sealed,
        f"UPDATE {{s}}cleangov_entry SET body = replace(body, 'U2', 'U9') WHERE id = {rows[3]}",
    )
    assert ("STRM", rows[2]) in [(a.detector.value, a.entry) for a in sealed.verify().alarms]
    edit(sealed, f"DELETE FROM {{s}}cleangov_entry WHERE id = {rows[2]}")
    assert ("STRM", rows[1]) in [(a.detector.value, a.entry) for a in sealed.verify().alarms]


def test_35_the_whole_ledger_is_emptied(sealed: Sealer) -> None:
    for table in ("entry", "leaf", "tile", "tree_head"):
        edit(sealed, f"DELETE FROM {{s}}cleangov_{table}")
    assert detectors(sealed) == {"ANCH"}


def test_50_the_head_outside_is_edited(sealed: Sealer) -> None:
    path = sealed.outside.own / "checkpoint"
    path.write_bytes(path.read_bytes().replace(b"\n%d\n" % sealed.size, b"\n99\n"))
    assert "SIG" in detectors(sealed)


def test_without_a_head_outside_it_is_not_called_clean(sealed: Sealer) -> None:
    (sealed.outside.own / "checkpoint").unlink()
    found = sealed.verify()
    assert found.alarms == []
    assert [what.code for what in found.unchecked] == ["no_head"]


def test_every_alarm_is_of_this_ledger_alone(sealed: Sealer) -> None:
    """What another ledger holds raises none."""
    from tests.store.samples import write_entry

    with sealed.engine.begin() as connection:
        write_entry(connection, 1, log_id="other")
    assert sealed.verify().alarms == []
    assert LOG != "other"
