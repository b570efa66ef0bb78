"""Attacks on the case index, on both databases: its leaves, its tables, and cases left out."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from cleangov_plugin.desk.sealed import sealing
from cleangov_plugin.desk.sealed.case_tables import IndexChanged, index_leaf
from cleangov_plugin.desk.verified.alarms import Alarm
from cleangov_plugin.ledger.case_index import IndexLeaf, bucket_of, case_key
from cleangov_plugin.ledger.index_tree import IndexTree
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.meta import MetaKind
from cleangov_plugin.store import case_index
from cleangov_plugin.store.case_index import IndexState
from tests.desk.sealed.test_case_index import LATER, index_leaves, write
from tests.desk.sealed.test_sealing import Sealer, sealer
from tests.store.samples import LOG

__all__ = ("sealer",)

KEY = case_key(LOG, "a")
BUCKET = bucket_of(KEY)


@pytest.fixture
def sealed(sealer: Sealer) -> Sealer:
    write(sealer, "a", "b", "a")
    sealer.seal()
    assert sealer.verify().alarms == []
    return sealer


def alarms_of(sealer: Sealer) -> list[Alarm]:
    """Answer the alarms of the index; each has a sentence in both languages."""
    found = [alarm for alarm in sealer.verify().alarms if alarm.detector.value == "INDEX"]
    assert all(alarm.said("zh-CN") != alarm.said("en") for alarm in found)
    return found


def codes(sealer: Sealer) -> set[str]:
    return {alarm.code for alarm in alarms_of(sealer)}


def bucket(sealer: Sealer) -> bytes:
    with sealer.engine.connect() as connection:
        return case_index.buckets(connection, LOG, [BUCKET])[BUCKET]


def put(sealer: Sealer, buckets: Mapping[int, bytes]) -> None:
    with sealer.engine.begin() as connection:
        case_index.save_buckets(connection, LOG, buckets)


def refused(sealer: Sealer, case: str = "a") -> None:
    """Nothing is sealed on top of tables that were changed, and nothing is lost by that."""
    write(sealer, case)
    size = len(sealer.bodies())
    with pytest.raises(IndexChanged, match="not what was sealed"):
        sealer.seal()
    assert len(sealer.bodies()) == size
    with sealer.engine.begin() as connection:
        case_index.begin(connection, LOG)
    assert sealer.seal().added == 1, "made again from the leaves"
    assert alarms_of(sealer) == []


FEWER = KEY + (1).to_bytes(8, "big") + bytes(32)


@pytest.mark.parametrize(
    "change",
    [
        lambda items: items.replace((2).to_bytes(8, "big"), (3).to_bytes(8, "big")),
        lambda items: items[:-1] + bytes([items[-1] ^ 1]),
        lambda _: FEWER,
        lambda _: b"",
        lambda items: items[:-5],
    ],
)
def test_a_case_is_said_to_have_other_entries(
    sealed: Sealer, change: Callable[[bytes], bytes]
) -> None:
    changed = change(bucket(sealed))
    assert changed != bucket(sealed)
    put(sealed, {BUCKET: changed})
    assert KEY.hex() in {alarm.values.get("case") for alarm in alarms_of(sealed)}
    refused(sealed)


def test_a_case_that_is_nobodys_is_added(sealed: Sealer) -> None:
    nobody = case_key(LOG, "nobody")
    put(sealed, {bucket_of(nobody): nobody + (1).to_bytes(8, "big") + bytes(32)})
    (alarm,) = alarms_of(sealed)
    assert (alarm.code, alarm.values["case"]) == ("index_case", nobody.hex())
    refused(sealed, "nobody")


def test_a_case_stands_twice_in_its_bucket(sealed: Sealer) -> None:
    put(sealed, {BUCKET: bucket(sealed) * 2})
    assert [(alarm.code, alarm.values) for alarm in alarms_of(sealed)] == [
        ("index_bucket", {"number": BUCKET})
    ]
    refused(sealed)


def test_rows_that_no_index_has(sealed: Sealer) -> None:
    put(sealed, {70_000: FEWER, -1: FEWER})
    with sealed.engine.begin() as connection:
        case_index.save_tiles(connection, LOG, {(9, 0): bytes(512), (0, 70_000): b""})
    found = [(alarm.code, tuple(alarm.values.values())) for alarm in alarms_of(sealed)]
    assert found == [
        ("index_case", (KEY.hex(), -1)),
        ("index_case", (KEY.hex(), 70_000)),
        ("index_tile", (0, 70_000)),
        ("index_tile", (9, 0)),
    ]


@pytest.mark.parametrize("level", range(4))
@pytest.mark.parametrize("data", [bytes(512), b"", b"x" * 511])
def test_a_tile_is_changed(sealed: Sealer, level: int, data: bytes) -> None:
    with sealed.engine.begin() as connection:
        case_index.save_tiles(connection, LOG, {(level, BUCKET // 16 ** (level + 1)): data})
    assert codes(sealed) == {"index_tile"}
    refused(sealed)


def test_bucket_and_tiles_are_changed_so_that_they_fit_each_other(sealed: Sealer) -> None:
    put(sealed, {BUCKET: FEWER})
    with sealed.engine.begin() as connection:
        stored = {(level, n): data for level, n, data in case_index.all_tiles(connection, LOG)}
        tree = IndexTree()
        tree.read(tree.unread([BUCKET]), stored)
        case_index.save_tiles(connection, LOG, tree.put({BUCKET: leaf_hash(FEWER)}))
        case_index.save_state(connection, LOG, IndexState(len(sealed.bodies()), 2, 2))
    assert codes(sealed) == {"index_case", "index_tile", "index_state"}
    refused(sealed, "b")


@pytest.mark.parametrize("changed", [{"cases": 3}, {"entries": 2}, {"leaves": 99}])
def test_how_far_the_index_goes_is_changed(sealed: Sealer, changed: dict[str, int]) -> None:
    with sealed.engine.begin() as connection:
        reached = case_index.state(connection, LOG)
        assert reached is not None
        case_index.save_state(connection, LOG, reached._replace(**changed))
    if "leaves" not in changed or codes(sealed):
        assert codes(sealed) == {"index_state"}
    with sealed.engine.begin() as connection:
        case_index.save_state(connection, LOG, reached._replace(leaves=1))
    found = sealed.verify()
    assert [each.code for each in found.unchecked] == ["index_behind"]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (IndexLeaf(1, 4, bytes(32)), "cases, root"),
        (IndexLeaf(2, 3, bytes(32)), "entries, root"),
        (IndexLeaf(2, 4, bytes(32)), "root"),
    ],
)
def test_a_leaf_that_says_something_else_is_named_though_it_is_signed(
    sealed: Sealer, monkeypatch: pytest.MonkeyPatch, said: IndexLeaf, names: str
) -> None:
    write(sealed, "a")
    with monkeypatch.context() as patched:
        patched.setattr(sealing, "index_leaf", lambda _, log_id, now: index_leaf(said, log_id, now))
        sealed.seal()
    leaf = index_leaves(sealed)[-1][0]
    (alarm,) = alarms_of(sealed)
    assert (alarm.code, alarm.leaf, alarm.values["names"]) == ("index_leaf", leaf, names)
    write(sealed, "a")
    with sealed.engine.begin() as connection:  # else it would not be sealed upon
        case_index.begin(connection, LOG)
    sealed.seal()
    assert [alarm.leaf for alarm in alarms_of(sealed)] == [leaf], "later leaves are right again"


def test_a_leaf_of_the_index_that_cannot_be_read_is_named(
    sealed: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(sealed, "a")

    def made(*_: Any) -> Any:
        return sealing_leaf(MetaKind.INDEX, LOG, LATER, cases=2, entries=4, root="none")

    from cleangov_plugin.desk.sealed.own_leaves import own_leaf as sealing_leaf

    monkeypatch.setattr(sealing, "index_leaf", made)
    sealed.seal()
    assert [(a.code, a.leaf) for a in alarms_of(sealed)] == [
        ("index_unread", index_leaves(sealed)[-1][0])
    ]


def test_a_batch_without_its_leaf_is_named(sealed: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    write(sealed, "a")
    first = len(sealed.bodies())
    original = sealing.put_leaves
    added = sealing.tree.add_head
    monkeypatch.setattr(
        sealing,
        "put_leaves",
        lambda connection, log_id, before, leaves: original(
            connection, log_id, before, list(leaves)[: 1 if len(leaves) == 2 else len(leaves)]
        ),
    )
    monkeypatch.setattr(
        sealing.tree,
        "add_head",
        lambda connection, log_id, _, root, now: added(connection, log_id, first + 1, root, now),
    )
    sealing.seal(sealed.database, sealed.outside, sealed.signer, lambda: LATER, slices=1)
    found = [alarm for alarm in alarms_of(sealed) if alarm.code == "index_missing"]
    assert [(alarm.leaf, alarm.values["size"]) for alarm in found] == [(first, first + 1)]


def test_an_entry_is_given_to_another_case_with_all_its_hashes(sealed: Sealer) -> None:
    prefix = "" if sealed.engine.dialect.name == "sqlite" else "cleangov."
    at = next(n for n, body in enumerate(sealed.bodies()) if '"subject":"a"' in body)
    new = sealed.bodies()[at].replace('"subject":"a"', '"subject":"x"')
    hash_ = leaf_hash(new.encode()).hex()
    literal = f"x'{hash_}'" if not prefix else f"'\\x{hash_}'::bytea"
    with sealed.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE {prefix}cleangov_entry SET subject = 'x',"
            ' body = replace(body, \'"subject":"a"\', \'"subject":"x"\') WHERE no ='
            f" (SELECT no FROM {prefix}cleangov_leaf WHERE idx = {at})"
        )
        connection.exec_driver_sql(
            f"UPDATE {prefix}cleangov_leaf SET hash = {literal} WHERE idx = {at}"
        )
    found = {(alarm.code, alarm.values.get("case")) for alarm in alarms_of(sealed)}
    assert ("index_case", KEY.hex()) in found
    assert ("index_case", case_key(LOG, "x").hex()) in found
    assert "index_leaf" in {code for code, _ in found}


def test_where_an_entry_is_not_what_was_sealed_the_index_is_not_blamed(sealed: Sealer) -> None:
    prefix = "" if sealed.engine.dialect.name == "sqlite" else "cleangov."
    with sealed.engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM {prefix}cleangov_entry WHERE subject = 'b'")
    assert alarms_of(sealed) == []
    assert [each.code for each in sealed.verify().unchecked] == ["index_unsure"]


def test_who_changes_the_whole_index_is_not_told_without_end(sealed: Sealer) -> None:
    put(sealed, dict.fromkeys(range(0, 60_000, 7), b"x" * 72))
    assert len(alarms_of(sealed)) == 100


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE cleangov_case_index SET items = 'text'",
        "UPDATE cleangov_case_index SET bucket = 'text' WHERE rowid = 1",
        "UPDATE cleangov_index_tile SET data = 7",
        "UPDATE cleangov_index_tile SET level = 'text' WHERE level = 3",
        "UPDATE cleangov_index_state SET leaves = 'text'",
        "UPDATE cleangov_index_state SET entries = 2.5",
    ],
)
def test_sqlite_takes_anything_for_a_number_or_bytes(sealed: Sealer, change: str) -> None:
    if sealed.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL has types")
    with sealed.engine.begin() as connection:
        connection.exec_driver_sql(change)
    assert codes(sealed)
    write(sealed, "a", "b", "c")
    with pytest.raises(IndexChanged):
        sealed.seal()
