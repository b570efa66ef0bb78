"""Tiles: paths and counts of the specification, tiles that grow, and proofs read out of them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.merkle_proof import (
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tiles import (
    ENTRIES,
    Tile,
    TileNodes,
    next_tiles,
    read_path,
    split_tile,
    tile_at,
    tile_rows,
    tiles_of,
)
from cleangov_plugin.ledger.tree import CompactRange, root_of
from tests.ledger.vector_sets import load, rule_of

FACTS: dict[str, Any] = load("tlog-tiles/go_tile_paths.json")
#: Where partial tiles become full ones (Tessera #364, #382).
EDGES = (1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537)
LEAVES = [leaf_hash(b"%d" % number) for number in range(65_600)]


def grown(*sizes: int) -> dict[Tile, bytes]:
    """Answer all tiles there ever were of a tree that grew over these sizes."""
    stored: dict[Tile, bytes] = {}
    size = 0
    for target in sizes:
        added = dict(next_tiles(size, LEAVES[size:target], stored.__getitem__))
        assert list(added) == list(tiles_of(target, since=size))
        stored |= added
        size = target
    return stored


@pytest.mark.parametrize("fact", FACTS["spec_examples"], ids=lambda fact: fact["path"])
def test_the_paths_of_the_specification(fact: dict[str, Any]) -> None:
    tile = Tile(0, fact["n"])
    assert tile.path == f"tile/0/{fact['path']}"
    assert read_path(tile.path) == tile
    assert Tile(ENTRIES, fact["n"], 7).path == f"tile/entries/{fact['path']}.p/7"


@pytest.mark.parametrize("size", [70_000, 256])
def test_the_tiles_of_the_specifications_trees(size: int) -> None:
    counted: dict[str, int] = {"size": size}
    for tile in tiles_of(size):
        if tile.width == 256:
            counted[f"full_l{tile.level}"] = counted.get(f"full_l{tile.level}", 0) + 1
        else:
            counted[f"partial_l{tile.level}"] = tile.width
    assert counted == FACTS[f"spec_{size}"]


@pytest.mark.thorough
@pytest.mark.parametrize("fact", FACTS["new_tiles_for_size_h10"], ids=str)
def test_the_new_tiles_are_those_that_were_not_there_before(fact: dict[str, int]) -> None:
    # Go's sizes; its counts are for tiles of ten levels, and C2SP has fixed eight.
    old, new = fact["old"], fact["new"]
    assert set(tiles_of(new, since=old)) == set(tiles_of(new)) - set(tiles_of(old))


@pytest.mark.parametrize("seed", FACTS["fuzz_seeds"])
def test_a_path_of_gos_other_layout_is_no_path_here(seed: str) -> None:
    assert rule_of(lambda: read_path(seed)) == "tile.path"


@given(st.integers(-1, 63), st.integers(0, 2**63 - 1), st.integers(1, 256))
def test_a_path_is_read_back(level: int, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert read_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001/x002",
        "tile/0/x001",
        "tile/64/000",
        "tile/00/000",
        "tile/-1/000",
        "tile/+1/000",
        "tile/data/000",
        "tile/entries/x000/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/257",
        "tile/entries/000.p/999",
        "tile/0/000.p/007",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/000\n",
        " tile/0/000",
        "/tile/0/000",
        "tile//000",
        "tile/0/../000",
        "tile/0/x009/x223/x372/x036/x854/x775/808",
        "tile/0/x001/x009/x223/x372/x036/x854/x775/808",
        "tile/0/٠٠١",
        "tile/٠/000",
        "TILE/0/000",
        "checkpoint",
    ],
)
def test_any_other_path_is_refused(path: str) -> None:
    assert rule_of(lambda: read_path(path)) == "tile.path"


@given(st.text(max_size=30))
def test_no_text_is_a_second_path_of_a_tile(text: str) -> None:
    try:
        tile = read_path(text)
    except Refused:
        return
    assert tile.path == text


@pytest.mark.parametrize("size", EDGES)
def test_tiles_that_grew_are_those_made_at_once(size: int) -> None:
    stored = grown(*(edge for edge in EDGES if edge < size), size)
    made = grown(size)
    assert set(made) == set(tiles_of(size))
    assert {tile: stored[tile] for tile in made} == made


@pytest.mark.thorough
@given(st.lists(st.integers(1, 1300), min_size=1, max_size=6))
def test_tiles_may_grow_in_any_steps(sizes: list[int]) -> None:
    steps = sorted(set(sizes))
    stored = grown(*steps)
    nodes = TileNodes(steps[-1], stored.__getitem__)
    for size in steps:
        proof = consistency_proof(size, steps[-1], nodes)
        verify_consistency(
            size, steps[-1], root_of(LEAVES[:size]), root_of(LEAVES[: steps[-1]]), proof
        )


@pytest.mark.parametrize("size", EDGES)
def test_proofs_are_made_out_of_tiles_at_every_edge(size: int) -> None:
    tree = CompactRange()
    tree.extend(LEAVES[:size])
    nodes = TileNodes(size, grown(size).__getitem__)
    for index in {0, size // 2, max(0, size - 2), size - 1}:
        proof = inclusion_proof(index, size, nodes)
        verify_inclusion(index, size, tree.root(), LEAVES[index], proof)


def test_a_tile_is_fetched_once() -> None:
    stored, fetched = grown(65_537), []

    def fetch(tile: Tile) -> bytes:
        fetched.append(tile)
        return stored[tile]

    nodes = TileNodes(65_537, fetch)
    for index in range(3):
        inclusion_proof(index, 65_537, nodes)
    assert len(fetched) == len(set(fetched)) <= 4


def test_a_tile_that_lies_makes_a_proof_that_is_refused() -> None:
    stored = grown(300)
    tile = Tile(0, 0)
    stored[tile] = stored[tile][:40] + b"?" + stored[tile][41:]
    proof = inclusion_proof(0, 300, TileNodes(300, stored.__getitem__))
    act = lambda: verify_inclusion(0, 300, root_of(LEAVES[:300]), LEAVES[0], proof)  # noqa: E731
    assert rule_of(act) == "inclusion.root"


@pytest.mark.parametrize("bytes_", [0, 1, 31, 44 * 32 - 1, 44 * 32 + 1, 43 * 32, 45 * 32, 8192])
def test_a_tile_of_another_width_is_refused(bytes_: int) -> None:
    tile = tile_at(0, 1, 300)
    assert tile.width == 44
    assert rule_of(lambda: split_tile(tile, bytes(bytes_))) == "tile.width"


def test_a_partial_tile_in_place_of_a_full_one_is_refused_where_it_is_read() -> None:
    nodes = TileNodes(256, lambda _tile: bytes(255 * 32))
    assert rule_of(lambda: nodes(0, 0)) == "tile.width"


def test_the_rows_of_a_tile_end_in_its_own_hash() -> None:
    rows = tile_rows(LEAVES[:256])
    assert [len(row) for row in rows] == [256, 128, 64, 32, 16, 8, 4, 2, 1]
    assert rows[-1] == [root_of(LEAVES[:256])]
    assert [len(row) for row in tile_rows(LEAVES[:5])] == [5, 2, 1]


@pytest.mark.parametrize(("level", "index"), [(0, 300), (1, 150), (8, 1), (9, 0), (-1, 0), (0, -1)])
def test_a_node_the_tree_does_not_have_is_refused(level: int, index: int) -> None:
    nodes = TileNodes(300, grown(300).__getitem__)
    assert rule_of(lambda: nodes(level, index)) == "tile.outside"


def test_a_tile_the_tree_does_not_have_is_refused() -> None:
    assert list(tiles_of(0)) == []
    assert tile_at(ENTRIES, 1, 300) == Tile(ENTRIES, 1, 44)
    for level, index, size in ((0, 2, 300), (1, 0, 255), (0, 0, 0), (0, -1, 5), (-2, 0, 5)):
        assert rule_of(lambda c=(level, index, size): tile_at(*c)) == "tile.outside"
    assert rule_of(lambda: list(tiles_of(-1))) == "tile.size"
