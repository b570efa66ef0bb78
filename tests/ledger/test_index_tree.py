"""The tree over the buckets: in memory, and read from tiles that may lie."""

import pytest

from cleangov_plugin.ledger.case_index import BUCKETS
from cleangov_plugin.ledger.index_tree import EMPTY_BUCKET, IndexTree, tiles_above
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.merkle_proof import verify_inclusion
from cleangov_plugin.ledger.strict import Refused


def test_a_tree_of_buckets_grows_in_tiles_and_is_read_from_them_again() -> None:
    tree = IndexTree()
    empty = tree.root()
    assert tree.leaf(9) == EMPTY_BUCKET == leaf_hash(b"")
    tiles = tree.put({4: bytes(32), 65_535: bytes([1]) * 32})
    assert sorted(tiles) == [(0, 0), (0, 4095), (1, 0), (1, 255), (2, 0), (2, 15), (3, 0)]
    assert tiles_above([4, 65_535]) == [[0, 4095], [0, 255], [0, 15], [0]]
    assert tiles[0, 0] == EMPTY_BUCKET * 4 + bytes(32) + EMPTY_BUCKET * 11
    assert {at: tree.tile(*at) for at in tiles} == tiles
    again = IndexTree(lambda level, number: tiles.get((level, number)))
    for each in (tree, again):
        verify_inclusion(4, BUCKETS, tree.root(), bytes(32), each.path(4))
        verify_inclusion(5, BUCKETS, tree.root(), EMPTY_BUCKET, each.path(5))
        verify_inclusion(65_535, BUCKETS, tree.root(), bytes([1]) * 32, each.path(65_535))
        assert each.root() != empty
    for each in (tree, again):
        each.put({4: EMPTY_BUCKET, 65_535: EMPTY_BUCKET})
        assert each.root() == empty


@pytest.mark.parametrize("at", [(0, 0), (0, 7), (1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("data", [b"", bytes(511), bytes(512), bytes(513), None])
def test_a_tile_that_is_not_what_stands_above_it_is_refused(
    at: tuple[int, int], data: bytes | None
) -> None:
    tiles: dict[tuple[int, int], bytes | None] = dict(IndexTree().put({4: bytes(32)}))
    lies = IndexTree(lambda level, number: {**tiles, at: data}.get((level, number)))
    is_true = data is None and at == (0, 7)  # there is none, and none ever was
    if is_true:
        assert lies.leaf(7 * 16) == EMPTY_BUCKET
        return
    with pytest.raises(Refused, match=r"index\.tile"):
        lies.path(at[1] * 16 + 4)
