"""A proof is read in one look, however large the ledger is: the head, and the tiles it takes."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from cleangov_plugin.desk.evidence.proving import NotProven, prover
from cleangov_plugin.store import leaf_places, tables
from cleangov_plugin.store.run import run
from tests.desk.sealed.test_sealing import Sealer
from tests.store.samples import LOG

#: A tile of leaves and one more: the first tile of the next level has one full hash in it.
ENTRIES = 260


@pytest.fixture
def sealed(engine: sa.Engine, tmp_path: Path) -> Iterator[Sealer]:
    found = Sealer(engine, tmp_path)
    found.write(0, ENTRIES)
    found.seal()
    yield found
    found.database.dispose()


def hashes(sealer: Sealer) -> list[bytes]:
    leaf = tables.leaf
    with sealer.database.own_look() as connection:
        query = sa.select(leaf.c.hash).where(leaf.c.log_id == LOG).order_by(leaf.c.idx)
        return [bytes(hash_) for hash_ in run(connection, query).scalars()]


@pytest.mark.parametrize("is_outside", [False, True], ids=["head_inside", "head_outside"])
def test_one_statement_reads_what_a_proof_is_made_from(sealed: Sealer, is_outside: bool) -> None:
    leaves = hashes(sealed)
    outside = sealed.outside if is_outside else None
    unheard = {}
    for n in (0, 255, 256, len(leaves) - 1):
        with sealed.database.own_look() as connection:
            unheard[n] = prover(connection, outside, LOG, leaf=n).proof(n, leaves[n])
            assert prover(connection, outside, LOG).proof(n, leaves[n]) == unheard[n]
    said: list[str] = []
    sa.event.listen(
        sealed.database.engine, "before_cursor_execute", lambda *told: said.append(told[2])
    )
    for n, proof in unheard.items():
        with sealed.database.own_look() as connection:
            before = len(said)
            assert prover(connection, outside, LOG, leaf=n).proof(n, leaves[n]) == proof
            assert len(said) == before + 1, said[before:]


def test_no_more_than_two_tiles_of_a_level_are_read(sealed: Sealer) -> None:
    with sealed.database.own_look() as connection:
        head, tiles = leaf_places.signed_head_and_tiles(connection, LOG, None, 7)
        assert head == leaf_places.signed_head(connection, LOG)
        assert sorted(tiles) == [(0, 0), (0, 1), (1, 0)]
        assert leaf_places.tiles(connection, LOG, tiles) == tiles
        assert leaf_places.signed_head_and_tiles(connection, LOG, 9, 7) == (None, {})
        assert leaf_places.signed_head_and_tiles(connection, "other", None, 7) == (None, {})


@pytest.mark.parametrize("data", [b"", bytes(32)])
def test_a_tile_that_is_not_what_it_was_proves_nothing(sealed: Sealer, data: bytes) -> None:
    leaves = hashes(sealed)
    changed = sa.update(tables.tile).where(tables.tile.c.level == 0).values(data=data)
    with sealed.database.own_transaction() as connection:
        run(connection, changed)
    with sealed.database.own_look() as connection, pytest.raises(NotProven, match="not_in_tree"):
        prover(connection, None, LOG, leaf=3).proof(3, leaves[3])
