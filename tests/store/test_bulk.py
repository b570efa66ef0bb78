"""Many rows at once, on both databases: the same rows as one by one, and nothing but those."""

import pytest
import sqlalchemy as sa

from cleangov_plugin.store import tables
from cleangov_plugin.store.bulk import among, put_rows
from cleangov_plugin.store.run import run

LEAVES = [
    ("L", 2**40, 0, 2**40, b"\x00\xff", None),
    ("L", 1, None, None, b"", "城 {\"'%s?:x}"),
    ("other", 1, 2, 3, b"h", None),
]


def test_rows_stand_as_they_were_given(connection: sa.Connection) -> None:
    put_rows(connection, tables.leaf, LEAVES)
    put_rows(connection, tables.leaf, [])
    stands = {tuple(row) for row in run(connection, sa.select(tables.leaf))}
    assert stands == set(LEAVES)
    assert list(among(connection, tables.leaf, "L", "idx", [1, 7, 2**40])) == [
        row for row in sorted(LEAVES, key=lambda it: it[1]) if row[0] == "L"
    ]
    assert list(among(connection, tables.leaf, "L", "idx", [])) == []
    assert list(among(connection, tables.leaf, "L", "idx", [1, 2**40], {"lane": 0})) == LEAVES[:1]


def test_a_key_that_is_there_is_an_error_or_is_written_over(connection: sa.Connection) -> None:
    put_rows(connection, tables.case_index, [("L", 1, b"a"), ("L", 2, b"b")])
    with pytest.raises(sa.exc.IntegrityError), connection.begin_nested():
        put_rows(connection, tables.case_index, [("L", 2, b"c")])
    put_rows(connection, tables.case_index, [("L", 2, b"c"), ("L", 3, b"d")], over=True)
    found = [tuple(row) for row in run(connection, sa.select(tables.case_index))]
    assert sorted(found) == [("L", 1, b"a"), ("L", 2, b"c"), ("L", 3, b"d")]


@pytest.mark.parametrize("number", [1, 2, 3, 1_023, 1_024, 1_025, 5_000])
def test_any_number_of_rows_is_asked_for(connection: sa.Connection, number: int) -> None:
    rows = [("L", n, b"%d" % n) for n in range(5_001)]
    put_rows(connection, tables.case_index, rows)
    found = list(among(connection, tables.case_index, "L", "bucket", range(number)))
    assert sorted(found) == rows[:number]
