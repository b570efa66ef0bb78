"""The case index of a ledger on both databases: built with every batch, caught up with, proven."""

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

import cleangov_migrations
from cleangov_plugin.desk.sealed import case_tables, sealing
from cleangov_plugin.desk.sealed.case_tables import (
    CaseProof,
    IndexChanged,
    case_proof,
    index_leaf_covering,
)
from cleangov_plugin.ledger.case_index import CaseItem, check_entries, verify_case
from cleangov_plugin.ledger.case_map import CaseMap
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.store import case_index
from cleangov_plugin.store.database import Database
from tests.desk.sealed.test_sealing import Sealer, sealer
from tests.store.samples import LOG, NOON, write_entry

__all__ = ("sealer",)


LATER = NOON + timedelta(minutes=999)


def write(sealer: Sealer, *cases: str) -> None:
    """Write an entry of each case, one after another."""
    prefix = "" if sealer.engine.dialect.name == "sqlite" else "cleangov."
    count = f"SELECT count(*) FROM {prefix}cleangov_entry"
    with sealer.engine.begin() as connection:
        first = connection.exec_driver_sql(count).scalar_one()
        for number, case in enumerate(cases, first):
            write_entry(connection, number, case_id=case)
        connection.exec_driver_sql(f"UPDATE {prefix}cleangov_entry SET ingested_at = recorded_at")


def leaves_of(sealer: Sealer, case: str) -> list[bytes]:
    """Answer the leaf hashes of a case, in the order of their leaves."""
    found = [body for body in sealer.bodies() if json.loads(body).get("subject") == case]
    return [leaf_hash(body.encode()) for body in found]


def proof(sealer: Sealer, case: str) -> CaseProof:
    with sealer.database.own_transaction(is_reading=True) as connection:
        found = case_proof(connection, LOG, case, len(sealer.bodies()))
    assert found is not None
    return found


def proven(sealer: Sealer, case: str) -> CaseItem | None:
    """Answer what is proven of a case; its entries are checked, and that the leaf is a leaf."""
    found = proof(sealer, case)
    assert sealer.bodies()[found.covering.leaf] == found.covering.text
    root = bytes.fromhex(json.loads(found.covering.text)["root"])
    item = verify_case(root, LOG, case, found.bucket, found.path)
    check_entries(item, leaves_of(sealer, case))
    return item


def index_leaves(sealer: Sealer) -> list[tuple[int, dict[str, Any]]]:
    """Answer the leaves behind batches of entries; behind another own leaf it may be repeated."""
    documents = [json.loads(body) for body in sealer.bodies()]
    return [
        (at, it)
        for at, it in enumerate(documents)
        if it.get("meta") == "index" and documents[at - 1].get("meta") != "schema"
    ]


def recomputed(sealer: Sealer) -> CaseMap:
    found = CaseMap(LOG)
    for body in sealer.bodies():
        if subject := json.loads(body).get("subject"):
            found.extend([(subject, leaf_hash(body.encode()))])
    return found


def test_the_last_leaf_of_a_batch_says_how_many_entries_every_case_has(sealer: Sealer) -> None:
    write(sealer, "a", "b", "a")
    sealer.seal()
    ((first, said),) = index_leaves(sealer)
    assert (said["cases"], said["entries"], said["log_id"]) == (2, 3, LOG)
    assert said["root"] == recomputed(sealer).root().hex()
    assert [json.loads(body).get("subject") for body in sealer.bodies()[first - 3 : first]] == [
        "a",
        "b",
        "a",
    ]
    write(sealer, "c", "a")
    sealer.seal()
    said = index_leaves(sealer)[-1][1]
    assert (said["cases"], said["entries"]) == (3, 5)
    assert said["root"] == recomputed(sealer).root().hex()
    for case, entries in (("a", 3), ("b", 1), ("c", 1)):
        item = proven(sealer, case)
        assert item is not None
        assert item.entries == entries
    assert proven(sealer, "nobody") is None
    assert sealer.verify().alarms == []


def test_many_cases_over_many_batches(sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "SLICE", 50)
    write(sealer, *(f"案-{number * number % 61}" for number in range(240)))
    sealer.seal()
    leaves = index_leaves(sealer)
    assert [said["entries"] for _, said in leaves] == [50, 100, 150, 200, 240]
    assert leaves[-1][1]["root"] == recomputed(sealer).root().hex()
    assert leaves[-1][1]["cases"] == recomputed(sealer).cases()
    for case in ("案-0", "案-1", "案-60"):
        proven(sealer, case)
    found = sealer.verify()
    assert (found.alarms, found.unchecked) == ([], [])


def test_the_case_is_that_of_the_body_and_not_that_of_the_column(sealer: Sealer) -> None:
    write(sealer, "a", "b")
    prefix = "" if sealer.engine.dialect.name == "sqlite" else "cleangov."
    with sealer.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {prefix}cleangov_entry SET subject = 'x'")
    sealer.seal()
    assert proven(sealer, "x") is None
    item = proven(sealer, "a")
    assert item is not None
    assert item.entries == 1


def test_the_leaf_that_covers_a_size_is_found_from_its_end(sealer: Sealer) -> None:
    write(sealer, "a")
    sealer.seal()
    write(sealer, "b")
    sealer.seal()
    (first, _), (second, _) = index_leaves(sealer)
    with sealer.engine.connect() as connection:
        for size, wanted in ((first, None), (first + 1, first), (99, second)):
            found = index_leaf_covering(connection, LOG, size)
            assert (found.leaf if found else None) == wanted
        before = index_leaf_covering(connection, LOG, second)
        assert before is not None
        assert (before.index.entries, before.leaf >= first) == (1, True)
        assert case_proof(connection, LOG, "a", first) is None
        with pytest.raises(IndexChanged, match="says another"):
            case_proof(connection, LOG, "a", first + 1)


STEPS = ["save_buckets", "save_tiles", "save_state"]


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_index_and_tree_stay_together(
    sealer: Sealer, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    write(sealer, "a", "b")
    sealer.seal()
    write(sealer, "a", "c")

    def dies(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(case_tables.case_index, step, dies)
        with pytest.raises(KeyboardInterrupt):
            sealer.seal()
    assert proven(sealer, "a") is not None
    sealer.seal()
    item = proven(sealer, "a")
    assert item is not None
    assert item.entries == 2
    assert sealer.verify().alarms == []


def without_index(sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal as the release before did: no leaf of the index, and no tables of it."""

    def first_half(leaves: list[Any], *_: Any) -> list[Any]:
        return [leaf for leaf in leaves if '"meta":"index"' not in (leaf.meta or "")]

    put = sealing.put_leaves
    add_head = sealing.tree.add_head
    with monkeypatch.context() as patched:
        patched.setattr(
            sealing,
            "put_leaves",
            lambda connection, log_id, before, leaves: put(
                connection, log_id, before, first_half(leaves)
            ),
        )
        patched.setattr(
            sealing.tree,
            "add_head",
            lambda connection, log_id, size, root, now: add_head(
                connection, log_id, size - 1, root, now
            ),
        )
        patched.setattr(sealing, "_put_own", lambda *_: None, raising=False)
        sealing.seal(sealer.database, sealer.outside, sealer.signer, lambda: LATER, slices=1)
    with sealer.engine.begin() as connection:
        cleangov_migrations.downgrade(connection, "0003")
        cleangov_migrations.upgrade(connection)


def test_a_ledger_sealed_before_there_was_an_index_catches_up_in_slices(
    sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "SLICE", 300)
    write(sealer, *(f"c{number % 7}" for number in range(90)))
    without_index(sealer, monkeypatch)
    assert index_leaves(sealer) == []
    found = sealer.verify()
    assert found.alarms == []
    assert "no_index" in [each.code for each in found.unchecked]
    monkeypatch.setattr(sealing, "SLICE", 20)
    slices: list[int] = []
    original = case_index.save_state

    def told(connection: sa.Connection, log_id: str, reached: case_index.IndexState) -> None:
        slices.append(reached.entries)
        if len(slices) == 3:
            raise KeyboardInterrupt
        original(connection, log_id, reached)

    monkeypatch.setattr(case_index, "save_state", told)
    with pytest.raises(KeyboardInterrupt):
        sealer.seal()
    assert index_leaves(sealer) == []
    write(sealer, "c1", "new")
    sealer.seal()
    assert slices[:2] == [19, 39], "the first leaf of all is the ledger's own"
    assert slices[2] == slices[3], "what was killed was begun again where it was"
    said = [said["entries"] for _, said in index_leaves(sealer)]
    assert said == [90, 92]
    item = proven(sealer, "c1")
    assert item is not None
    assert item.entries == 14
    found = sealer.verify()
    assert (found.alarms, found.unchecked) == ([], [])


def test_without_new_entries_an_old_ledger_has_its_index_after_the_next_sealing(
    sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(sealer, "a", "b")
    without_index(sealer, monkeypatch)
    done = sealer.seal()
    assert (done.added, done.is_done) == (0, True)
    assert [said["entries"] for _, said in index_leaves(sealer)] == [2]
    assert proven(sealer, "a") is not None
    size = len(sealer.bodies())
    sealer.seal()
    assert len(sealer.bodies()) == size, "and there is nothing to add again"
    assert sealer.verify().alarms == []


def test_tables_that_were_emptied_are_made_again_from_the_leaves(sealer: Sealer) -> None:
    write(sealer, "a", "b", "a")
    sealer.seal()
    prefix = "" if sealer.engine.dialect.name == "sqlite" else "cleangov."
    with sealer.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM {prefix}cleangov_index_state")
    found = sealer.verify()
    assert found.alarms == []
    assert [each.code for each in found.unchecked] == ["index_behind"]
    before = len(index_leaves(sealer))
    sealer.seal()
    assert len(index_leaves(sealer)) == before, "a leaf that says it is there already"
    assert proven(sealer, "a") is not None
    found = sealer.verify()
    assert (found.alarms, found.unchecked) == ([], [])


def test_a_batch_asks_for_what_it_touches_and_for_nothing_else(
    sealer: Sealer, engine: sa.Engine
) -> None:
    """The number of statements does not grow with the ledger, nor do the rows they read."""
    counted: list[int] = []
    for size in (5, 200):
        write(sealer, *(f"{size}-{number}" for number in range(size)))
        sealer.seal()
        write(sealer, "one")
        found: list[str] = []
        database = Database(engine.url, patience_ms=2_000)
        with database.own_transaction() as connection:
            sa.event.listen(
                connection, "before_cursor_execute", lambda *it, found=found: found.append(it[2])
            )
            tables = case_tables.CaseTables(connection, LOG)
            tables.grow([("one", bytes(32))], 10_000)
            connection.rollback()
        database.dispose()
        counted.append(len(found))
    assert counted[0] == counted[1]
