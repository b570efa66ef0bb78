"""Proofs: every vector, every size up to 70, every byte changed, and what naive ones let pass."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleangov_plugin.ledger.leaf import leaf_hash
from cleangov_plugin.ledger.merkle_proof import (
    consistency_proof,
    inclusion_proof,
    range_root,
    root_from_inclusion,
    verify_consistency,
    verify_inclusion,
)
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tree import EMPTY_ROOT, node_hash, root_of
from tests.ledger.naive_verifiers import naive_consistency, naive_inclusion
from tests.ledger.vector_sets import load, rule_of, unb64
from tests.support.shared_vectors import shared_vectors

PACKED: dict[str, dict[str, Any]] = load("merkle-proofs/packed.json")
LEAVES = [leaf_hash(b"%d" % number) for number in range(70)]
ROOTS = [root_of(LEAVES[:size]) for size in range(71)]


def node(level: int, index: int) -> bytes:
    """Answer a full node of the tree of 70 leaves, and no other."""
    leaves = LEAVES[index << level : index + 1 << level]
    assert len(leaves) == 1 << level
    return root_of(leaves)


def parts(vector: dict[str, Any]) -> tuple[int, int, bytes, bytes, list[bytes]]:
    proof = [unb64(hash_) for hash_ in vector["proof"] or []]
    if "leafIdx" in vector:
        root, leaf = unb64(vector["root"]), unb64(vector["leafHash"])
        return vector["leafIdx"], vector["treeSize"], root, leaf, proof
    roots = unb64(vector["root1"]), unb64(vector["root2"])
    return vector["size1"], vector["size2"], *roots, proof


def is_refused(vector: dict[str, Any]) -> bool:
    verify = verify_inclusion if "leafIdx" in vector else verify_consistency
    return rule_of(lambda: verify(*parts(vector))) is not None


@pytest.mark.parametrize("path", PACKED)
def test_a_vector_is_refused_exactly_where_it_says(path: str) -> None:
    assert is_refused(PACKED[path]) == PACKED[path]["wantErr"]


def test_every_vector_of_the_whole_set_is_refused_exactly_where_it_says() -> None:
    folder = shared_vectors("merkle-proofs")
    kinds = ("inclusion", "consistency")
    paths = [path for kind in kinds for path in (folder / kind).rglob("*.json")]
    assert len(paths) >= len(PACKED)
    vectors = {path: json.loads(path.read_text(encoding="utf-8")) for path in paths}
    assert [p for p, vector in vectors.items() if is_refused(vector) != vector["wantErr"]] == []


def naive_passes(vector: dict[str, Any]) -> bool:
    verify = naive_inclusion if "leafIdx" in vector else naive_consistency
    return verify(*parts(vector))


def test_naive_verifiers_pass_wrong_vectors_that_ours_refuse() -> None:
    good = [vector for vector in PACKED.values() if not vector["wantErr"]]
    assert any(map(naive_passes, good))  # they are no straw men: they know true proofs
    fooled = [path for path, vector in PACKED.items() if vector["wantErr"] and naive_passes(vector)]
    assert any(path.startswith("inclusion/") for path in fooled)
    assert all(is_refused(PACKED[path]) for path in fooled)


def test_a_naive_verifier_takes_an_inner_node_and_junk_of_equal_sizes_and_ours_does_not() -> None:
    inner, root = node(1, 0), ROOTS[4]
    proof = [node(1, 1)]
    assert naive_inclusion(0, 4, root, inner, proof)  # a node offered as a leaf
    assert rule_of(lambda: verify_inclusion(0, 4, root, inner, proof)) == "inclusion.length"
    assert naive_consistency(4, 4, root, root, [bytes(32)])  # a proof where there is none
    refused = rule_of(lambda: verify_consistency(4, 4, root, root, [bytes(32)]))
    assert refused == "consistency.length"


@pytest.mark.thorough
def test_every_proof_up_to_70_leaves_is_made_and_verified() -> None:
    for size in range(1, 71):
        for number in range(1, size + 1):
            proof = inclusion_proof(number - 1, size, node)
            verify_inclusion(number - 1, size, ROOTS[size], LEAVES[number - 1], proof)
            assert len(proof) <= 7
            proof = consistency_proof(number, size, node)
            verify_consistency(number, size, ROOTS[number], ROOTS[size], proof)


@pytest.mark.parametrize(("index", "size"), [(0, 2), (6, 7), (68, 69), (31, 70), (64, 70)])
def test_every_changed_byte_of_an_inclusion_proof_is_refused(index: int, size: int) -> None:
    proof = inclusion_proof(index, size, node)
    leaf, root = LEAVES[index], ROOTS[size]
    flat = b"".join((root, leaf, *proof))
    for at in range(len(flat)):
        changed = flat[:at] + bytes([flat[at] ^ 1]) + flat[at + 1 :]
        new_root, new_leaf, *path = (changed[n : n + 32] for n in range(0, len(changed), 32))
        with pytest.raises(Refused, match=r"inclusion\.root"):
            verify_inclusion(index, size, new_root, new_leaf, path)


@pytest.mark.parametrize(("first", "second"), [(1, 2), (6, 7), (7, 8), (48, 70), (64, 65)])
def test_every_changed_byte_of_a_consistency_proof_is_refused(first: int, second: int) -> None:
    proof = consistency_proof(first, second, node)
    flat = b"".join((ROOTS[first], ROOTS[second], *proof))
    for at in range(len(flat)):
        changed = flat[:at] + bytes([flat[at] ^ 0x80]) + flat[at + 1 :]
        one, two, *path = (changed[n : n + 32] for n in range(0, len(changed), 32))
        with pytest.raises(Refused, match="root"):
            verify_consistency(first, second, one, two, path)


@given(st.integers(1, 70), st.data())
def test_a_proof_for_another_place_size_or_length_is_refused(
    size: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(index, size, node)
    other = data.draw(
        st.integers(0, size - 1).filter(lambda n: n != index) if size > 1 else st.none()
    )
    args = (ROOTS[size], LEAVES[index])
    if other is not None:
        assert rule_of(lambda: verify_inclusion(other, size, *args, proof))
    assert rule_of(lambda: verify_inclusion(index, size, *args, [*proof, bytes(32)]))
    if proof:
        assert rule_of(lambda: verify_inclusion(index, size, *args, proof[:-1]))


NUMBERS: list[Any] = [-1, True, 1.0, "1", None, 2**63, 2**64, 10**5000]
HASHES: list[Any] = [b"", bytes(31), bytes(33), "a" * 32, None, 7, bytearray(32)]


@pytest.mark.parametrize(
    "number",
    NUMBERS,
    ids=lambda number: f"{number}" if number is not NUMBERS[-1] else "5000 digits",
)
def test_no_number_but_an_index_or_size_is_taken(number: Any) -> None:
    root = ROOTS[1]
    assert rule_of(lambda: verify_inclusion(number, 2, root, root, [root])) == "inclusion.index"
    assert rule_of(lambda: verify_inclusion(0, number, root, root, [root])) == "inclusion.index"
    for sizes in ((number, 3), (1, number), (number, number)):
        assert rule_of(lambda sizes=sizes: verify_consistency(*sizes, root, root, [root])) == (
            "consistency.sizes"
        )


@pytest.mark.parametrize("wrong", HASHES, ids=repr)
def test_nothing_but_32_bytes_is_a_hash(wrong: Any) -> None:
    good = ROOTS[1]
    for triple in ((wrong, good, good), (good, wrong, good), (good, good, wrong)):
        root, leaf, sibling = triple
        act = lambda r=root, n=leaf, s=sibling: verify_inclusion(0, 2, r, n, [s])  # noqa: E731
        assert rule_of(act) == "inclusion.hash"
        act = lambda r=root, n=leaf, s=sibling: verify_consistency(1, 2, r, n, [s])  # noqa: E731
        assert rule_of(act) == "consistency.hash"


def test_an_empty_tree_is_nothing_to_prove_from() -> None:
    assert rule_of(lambda: verify_consistency(0, 0, EMPTY_ROOT, EMPTY_ROOT, [])) == (
        "consistency.sizes"
    )
    assert rule_of(lambda: consistency_proof(0, 5, node)) == "consistency.sizes"
    assert rule_of(lambda: consistency_proof(6, 5, node)) == "consistency.sizes"
    assert rule_of(lambda: inclusion_proof(0, 0, node)) == "inclusion.index"
    assert rule_of(lambda: inclusion_proof(5, 5, node)) == "inclusion.index"


def test_trees_as_large_as_a_number_can_say_are_verified_too() -> None:
    size = 2**63 - 1

    def same(level: int, index: int) -> bytes:
        value = LEAVES[0]
        for _ in range(level):
            value = node_hash(value, value)
        return value

    root = range_root(0, size, same)
    for index in (0, 2**62, size - 1):
        proof = inclusion_proof(index, size, same)
        assert root_from_inclusion(index, size, LEAVES[0], proof) == root
    first = 2**62 + 5
    proof = consistency_proof(first, size, same)
    verify_consistency(first, size, range_root(0, first, same), root, proof)
