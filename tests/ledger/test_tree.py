"""Roots: the reference tree, and the compact range against the definition of RFC 6962."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tree import EMPTY_ROOT, CompactRange, node_hash, parents, root_of

#: Roots of the reference tree's first leaves: github.com/google/certificate-transparency,
#: merkle_tree_test.cc; the leaves are in `test_leaf.py`.
LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")
LAST = "606162636465666768696a6b6c6d6e6f"
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
hashes = st.lists(st.binary(min_size=32, max_size=32), max_size=80)


def by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, as it stands there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01" + by_definition(leaves[:split]) + by_definition(leaves[split:])).digest()


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_the_roots_of_the_reference_tree(size: int, root: str) -> None:
    leaves = [leaf_hash(bytes.fromhex(body)) for body in (*LEAVES, LAST)[:size]]
    assert root_of(leaves).hex() == root


@given(hashes)
def test_the_root_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert root_of(leaves) == by_definition(leaves)


@given(hashes, st.lists(st.integers(0, 80), max_size=5))
def test_a_tree_may_grow_in_any_steps(leaves: list[bytes], cuts: list[int]) -> None:
    tree = CompactRange()
    at = 0
    for cut in [*sorted(cuts), len(leaves)]:
        tree.extend(leaves[at:cut])
        at = max(at, min(cut, len(leaves)))
        assert tree.root() == by_definition(leaves[:at])
        assert tree.size == at


@given(hashes)
def test_a_tree_is_kept_as_one_hash_for_each_bit_of_its_size(leaves: list[bytes]) -> None:
    tree = CompactRange()
    for leaf in leaves:
        tree.append(leaf)
        tree = CompactRange(tree.size, tree.hashes())
        assert len(tree.hashes()) == tree.size.bit_count()
    assert tree.root() == by_definition(leaves)


def test_a_large_tree_is_kept_small_and_has_the_root_of_its_halves() -> None:
    tree = CompactRange()
    half = [leaf_hash(b"%d" % number) for number in range(4096)]
    tree.extend(half)
    left = tree.root()
    tree.extend(half)
    assert tree.root() == node_hash(left, left)
    assert tree.hashes() == (tree.root(),)


def test_a_node_left_over_has_no_parent_yet() -> None:
    one, two, three = (leaf_hash(b"%d" % number) for number in range(3))
    assert parents([one, two, three]) == [node_hash(one, two)]
    assert parents([one]) == parents([]) == []


def test_a_tree_without_leaves_has_the_hash_of_nothing() -> None:
    assert CompactRange().root() == EMPTY_ROOT == sha256(b"").digest()


@pytest.mark.parametrize(
    ("size", "kept"),
    [
        (1, []),
        (2, [bytes(32)] * 2),
        (3, [bytes(32)]),
        (0, [bytes(32)]),
        (-1, []),
        (True, [bytes(32)]),
        (1, [bytes(31)]),
        (1, ["a" * 32]),
        (2**63, [bytes(32)]),
    ],
)
def test_hashes_that_do_not_fit_a_size_are_refused(size: int, kept: list[bytes]) -> None:
    with pytest.raises(Refused, match="not the hashes") as refused:
        CompactRange(size, kept)
    assert refused.value.rule == "range.hashes"
