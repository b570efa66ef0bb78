"""Tiles are as wide as the tree has them, and each level follows from the one below (attack 20)."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.sealed.sealing import put_leaves
from cleangov_plugin.store import tree
from cleangov_plugin.store.tree import Leaf
from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import LOG, NOON

SIZE = 600


@pytest.fixture
def sealed(engine: sa.Engine, tmp_path: Path) -> Iterator[Sealer]:
    """A tree of two full tiles and a partial one; its leaves stand for no entries."""
    found = Sealer(engine, tmp_path)
    leaves = [Leaf(sha256(bytes([n % 256, n // 256])).digest()) for n in range(SIZE)]
    with found.database.own_transaction() as connection:
        put_leaves(connection, LOG, 0, leaves[:300])
        root = put_leaves(connection, LOG, 300, leaves[300:])
        tree.add_head(connection, LOG, SIZE, root, NOON)
    yield found
    found.database.dispose()


def tile_alarms(sealed: Sealer) -> set[str]:
    return {alarm.code for alarm in sealed.verify().alarms if alarm.code.startswith("tile_")}


def edit(sealed: Sealer, statement: str) -> None:
    """Edit tiles: ``[44]`` is a tile's first 44 hashes, ``[more]`` one hash more than it has."""
    is_sqlite = sealed.engine.dialect.name == "sqlite"
    zeros = "zeroblob(32)" if is_sqlite else "decode(repeat('00', 32), 'hex')"
    longer = f"CAST(data || {zeros} AS BLOB)" if is_sqlite else f"data || {zeros}"
    statement = re.sub(
        r"\[(\d+)\]", lambda found: f"substr(data, 1, {int(found[1]) * 32})", statement
    )
    statement = statement.replace("[more]", longer)
    with sealed.engine.begin() as connection:
        connection.exec_driver_sql(statement.replace("{s}", "" if is_sqlite else "cleangov."))


def test_the_tiles_of_the_sealer_are_right(sealed: Sealer) -> None:
    assert tile_alarms(sealed) == set()
    assert "leaf_unnamed" in {alarm.code for alarm in sealed.verify().alarms}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE {s}cleangov_tile SET data = [255] WHERE level = 0 AND n = 0", "tile_width"),
        ("UPDATE {s}cleangov_tile SET data = [44] WHERE level = 0 AND n = 2", "tile_width"),
        ("UPDATE {s}cleangov_tile SET data = [more] WHERE level = 0 AND n = 2", "tile_width"),
        ("UPDATE {s}cleangov_tile SET data = [more] WHERE level = 0 AND n = 1", "tile_width"),
        ("UPDATE {s}cleangov_tile SET n = 7 WHERE level = 0 AND n = 2", "tile_width"),
        ("DELETE FROM {s}cleangov_tile WHERE level = 0 AND n = 2", "tile_gone"),
        ("DELETE FROM {s}cleangov_tile WHERE level = 1", "tile_gone"),
        ("DELETE FROM {s}cleangov_tile", "tile_gone"),
        ("UPDATE {s}cleangov_tile SET level = 5 WHERE level = 1", "tile_strange"),
        (
            (
                "INSERT INTO {s}cleangov_tile SELECT log_id, 2, 0, [more] FROM {s}cleangov_tile"
                " WHERE level = 1"
            ),
            "tile_strange",
        ),
    ],
)
def test_20_a_tile_of_another_width_is_named(sealed: Sealer, change: str, code: str) -> None:
    edit(sealed, change)
    assert code in tile_alarms(sealed)


def test_19_a_row_above_the_leaves_that_follows_from_nothing_is_named(sealed: Sealer) -> None:
    """The proof service would lie, and the next batch would be put upon it."""
    other = "(SELECT [88] FROM {s}cleangov_tile AS t WHERE t.level = 0 AND t.n = 2)"
    edit(
        sealed,
        f"UPDATE {{s}}cleangov_tile SET data = substr({other}, 1, 64) WHERE level = 1",
    )
    assert tile_alarms(sealed) == {"tile_row"}
