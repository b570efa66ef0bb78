"""The tree over the buckets: in memory, and read from tiles that may lie."""

import pytest

from cleangov_plugin.ledger.case_index import BUCKETS
from cleangov_plugin.ledger.index_tree import EMPTY_BUCKET, IndexTree
from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.merkle_proof import verify_inclusion
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tree import root_of


def test_a_tree_of_buckets_grows_in_tiles_and_is_read_from_them_again() -> None:
    tree = IndexTree()
    empty = tree.root()
    assert tree.leaf(9) == EMPTY_BUCKET == leaf_hash(b"")
    tiles = tree.put({4: bytes(32), 65_535: bytes([1]) * 32})
    assert sorted(tiles) == [(0, 0), (0, 4095), (1, 0), (1, 255), (2, 0), (2, 15), (3, 0)]
    assert tiles[0, 0] == EMPTY_BUCKET * 4 + bytes(32) + EMPTY_BUCKET * 11
    assert {at: tree.tile(*at) for at in tiles} == tiles
    again = IndexTree()
    unread = again.unread([4, 5, 65_535])
    assert unread == [[0, 4095], [0, 255], [0, 15], [0]]
    again.read(unread, tiles)
    assert again.unread([5, 15]) == [[], [], [], []]
    assert again.unread([]) == [[], [], [], []]
    assert IndexTree().unread([]) == [[], [], [], [0]]
    for each in (tree, again):
        verify_inclusion(4, BUCKETS, tree.root(), bytes(32), each.path(4))
        verify_inclusion(5, BUCKETS, tree.root(), EMPTY_BUCKET, each.path(5))
        verify_inclusion(65_535, BUCKETS, tree.root(), bytes([1]) * 32, each.path(65_535))
        assert each.root() != empty
    for each in (tree, again):
        each.put({4: EMPTY_BUCKET, 65_535: EMPTY_BUCKET})
        assert each.root() == empty


def test_what_is_read_in_parts_is_what_is_read_at_once() -> None:
    tree = IndexTree()
    leaves = {number * number % BUCKETS: bytes([number % 256]) * 32 for number in range(900)}
    tiles = tree.put(leaves)
    parts = IndexTree()
    for number in leaves:
        parts.read(parts.unread([number]), tiles)
        assert parts.leaf(number) == tree.leaf(number)
        assert parts.path(number) == tree.path(number)
    changed = {number: bytes(32) for number in list(leaves)[::3]}
    assert parts.put(changed) == tree.put(changed)
    assert parts.root() == tree.root()
    row = [tree.leaf(number) for number in range(BUCKETS)]
    assert tree.root() == root_of(row)


@pytest.mark.parametrize("at", [(0, 0), (0, 7), (1, 0), (2, 0), (3, 0)])
@pytest.mark.parametrize("data", [b"", bytes(511), bytes(512), bytes(513), None])
def test_a_tile_that_is_not_what_stands_above_it_is_refused(
    at: tuple[int, int], data: bytes | None
) -> None:
    tiles = IndexTree().put({4: bytes(32)})
    if data is None:
        tiles.pop(at, None)
    else:
        tiles[at] = data
    lies = IndexTree()
    unread = lies.unread([at[1] * 16 + 4])
    if data is None and at == (0, 7):  # there is none, and none ever was
        lies.read(unread, tiles)
        assert lies.leaf(7 * 16) == EMPTY_BUCKET
        return
    with pytest.raises(Refused, match=r"index\.tile"):
        lies.read(unread, tiles)
