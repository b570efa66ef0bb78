"""The case index as rows, on both databases: written over, gone through, and taken away alone."""

import sqlalchemy as sa

from cleangov_plugin.store import case_index, tables
from cleangov_plugin.store.case_index import IndexState
from cleangov_plugin.store.run import run


def test_buckets_tiles_and_state_are_written_over_what_is_there(connection: sa.Connection) -> None:
    assert case_index.state(connection, "L") is None
    case_index.save_buckets(connection, "L", {7: b"a", 65_535: b"b"})
    case_index.save_buckets(connection, "L", {7: b"aa", 0: b"c"})
    case_index.save_buckets(connection, "L", {})
    assert case_index.buckets(connection, "L", [0, 7, 8, 65_535]) == {
        0: b"c",
        7: b"aa",
        65_535: b"b",
    }
    case_index.save_tiles(connection, "L", {(0, 3): b"x", (1, 0): b"y", (1, 3): b""})
    case_index.save_tiles(connection, "L", {(1, 0): b"z"})
    assert case_index.all_tiles(connection, "L") == [(0, 3, b"x"), (1, 0, b"z"), (1, 3, b"")]
    assert case_index.tiles(connection, "L", [[3, 4], [0]]) == {(0, 3): b"x", (1, 0): b"z"}
    assert case_index.tiles(connection, "L", [[], [], [], [0]]) == {}
    for reached in (IndexState(3, 1, 2), IndexState(9, 2, 7)):
        case_index.save_state(connection, "L", reached)
        assert case_index.state(connection, "L") == reached


def test_many_buckets_are_asked_for_and_gone_through(connection: sa.Connection) -> None:
    written = {number: b"%d" % number for number in range(0, 65_536, 31)}
    case_index.save_buckets(connection, "L", written)
    case_index.save_buckets(connection, "other", {5: b"5"})
    assert case_index.buckets(connection, "L", list(range(65_536))) == written
    gone_through = list(case_index.all_buckets(connection, "L"))
    assert gone_through == sorted(written.items())
    assert list(case_index.all_buckets(connection, "nobody")) == []


def test_the_index_of_one_ledger_is_taken_away_and_no_other(connection: sa.Connection) -> None:
    for log_id in ("L", "other"):
        case_index.save_buckets(connection, log_id, {1: b"a"})
        case_index.save_tiles(connection, log_id, {(0, 0): b"b"})
        case_index.save_state(connection, log_id, IndexState(1, 1, 1))
    case_index.begin(connection, "L")
    for table in (tables.case_index, tables.index_tile, tables.index_state):
        assert run(connection, sa.select(table.c.log_id)).scalars().all() == ["other"]


def test_going_back_through_the_ledgers_own_leaves_looks_at_some_thousand_places(
    connection: sa.Connection,
) -> None:
    rows = [
        {"log_id": log_id, "idx": idx, "hash": b"h", "meta": f"{log_id}{idx}"}
        for log_id in ("L", "other")
        for idx in (0, 3, 4_000, 9_000)
    ]
    run(connection, sa.insert(tables.leaf), rows)
    run(connection, sa.insert(tables.leaf), {"log_id": "L", "idx": 4, "hash": b"h", "lane": 0})

    def found(size: int) -> list[tuple[int, str]]:
        return list(case_index.own_before(connection, "L", size))

    assert found(4_001) == [(4_000, "L4000"), (3, "L3"), (0, "L0")]
    assert found(4_000) == [(3, "L3"), (0, "L0")]
    assert found(8_000) == [(4_000, "L4000")]
    assert found(9_000) == []
    rows_read = case_index.sealed_rows(connection, "L", 1, 2)
    assert [(row.idx, row.lane, row.body) for row in rows_read] == [(3, None, None), (4, 0, None)]
