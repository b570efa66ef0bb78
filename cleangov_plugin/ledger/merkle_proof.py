"""Inclusion and consistency proofs: made from stored nodes, checked without (RFC 6962, 9162)."""

from collections.abc import Callable, Sequence

from .strict import Refused, is_hash, is_number, shown
from .tree import node_hash

#: Answers the hash of the full subtree over leaves index * 2^level to (index + 1) * 2^level.
Node = Callable[[int, int], bytes]


def range_root(start: int, end: int, node: Node) -> bytes:
    """Answer the root over the leaves from `start` to `end`, from full subtrees.

    :param start: first leaf; a multiple of the smallest power of two that is not below the length.
    :param end: one past the last leaf; beyond `start`.
    :param node: answers stored hashes.
    :return: 32 bytes.
    """
    full = []
    while start < end:
        level = (end - start).bit_length() - 1
        full.append(node(level, start >> level))
        start += 1 << level
    root = full.pop()
    while full:
        root = node_hash(full.pop(), root)
    return root


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """Make the proof that a leaf is in the tree (RFC 6962 section 2.1.1).

    :param index: the leaf's index, from 0.
    :param size: leaves of the tree.
    :param node: answers stored hashes.
    :return: hashes from the leaf's sibling to the root's child.
    :raises Refused: where the tree has no such leaf.
    """
    _check_index(index, size)
    path = []
    start, end = 0, size
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            path.append(range_root(middle, end, node))
            end = middle
        else:
            path.append(range_root(start, middle, node))
            start = middle
    return path[::-1]


def consistency_proof(first: int, second: int, node: Node) -> list[bytes]:
    """Make the proof that one tree continues another (RFC 6962 section 2.1.2).

    :param first: leaves of the earlier tree, at least one.
    :param second: leaves of the later one.
    :param node: answers stored hashes of the later tree.
    :return: the hashes; none where the sizes are equal.
    :raises Refused: where the sizes are no two sizes of a growing tree.
    """
    _check_sizes(first, second)
    path = []
    start, end = 0, second
    while end != first:
        middle = _split(start, end)
        if first <= middle:
            path.append(range_root(middle, end, node))
            end = middle
        else:
            path.append(range_root(start, middle, node))
            start = middle
    if start:  # else the subtree that ends both ways is the first tree, whose root is known
        path.append(range_root(start, end, node))
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes]) -> bytes:
    """Answer the root that an inclusion proof leads to (RFC 9162 section 2.1.3.2).

    :param index: the leaf's index; hostile, as is everything here.
    :param size: leaves of the tree.
    :param leaf: the leaf's hash.
    :param proof: hashes from the leaf up.
    :return: 32 bytes, to be compared with a root that is believed.
    :raises Refused: where no proof of this length or form can lead there.
    """
    _check_index(index, size)
    _check_hashes("inclusion.hash", (leaf, *proof))
    inner, border = _lengths(index, size)
    if len(proof) != inner + border:
        told = f"leaf {index} of {size} has a proof of {inner + border} hashes, not {len(proof)}."
        raise Refused("inclusion.length", told)
    return _border(_inner(leaf, proof[:inner], index), proof[inner:])


def verify_inclusion(
    index: int, size: int, root: bytes, leaf: bytes, proof: Sequence[bytes]
) -> None:
    """Check that a leaf is in a tree; to return is to be true.

    :param index: the leaf's index; hostile, as is everything but the root.
    :param size: leaves of the tree.
    :param root: root of the tree, believed.
    :param leaf: the leaf's hash.
    :param proof: hashes from the leaf up.
    :raises Refused: with the rule that was broken, ``"inclusion.root"`` where it leads elsewhere.
    """
    _check_hashes("inclusion.hash", (root,))
    if root_from_inclusion(index, size, leaf, proof) != root:
        raise Refused("inclusion.root", f"the proof of leaf {index} leads to another root.")


def verify_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> None:
    """Check that one tree continues another (RFC 9162 section 2.1.4.2); to return is to be true.

    An empty first tree is continued by every tree. There is nothing to prove then, and so it is
    refused here: the caller has to mean it.

    :param first: leaves of the earlier tree; hostile.
    :param second: leaves of the later one; hostile.
    :param first_root: root of the earlier tree.
    :param second_root: root of the later one.
    :param proof: the hashes; hostile.
    :raises Refused: with the rule that was broken, ``"consistency.first-root"`` or
        ``"consistency.second-root"`` where it leads elsewhere.
    """
    _check_sizes(first, second)
    _check_hashes("consistency.hash", (first_root, second_root, *proof))
    if first == second:
        _check_length(0, proof)
        _check_roots(first_root == second_root, first_root == second_root)
        return
    shift = (first & -first).bit_length() - 1  # trailing zeros: the first tree's last full subtree
    inner, border = _lengths(first - 1, second)
    inner -= shift
    is_full = first == 1 << shift  # then its root is the seed, and is not sent
    _check_length(inner + border + (not is_full), proof)
    seed, path = (first_root, proof) if is_full else (proof[0], proof[1:])
    last = first - 1 >> shift
    left = [hash_ for level, hash_ in enumerate(path[:inner]) if last >> level & 1]
    old = _border(_border(seed, left), path[inner:])
    new = _border(_inner(seed, path[:inner], last), path[inner:])
    _check_roots(old == first_root, new == second_root)


def _split(start: int, end: int) -> int:
    """Answer where RFC 6962 splits a range: at the largest power of two below its length."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _lengths(index: int, size: int) -> tuple[int, int]:
    """Answer how many hashes of a proof lie below and above where leaf and last leaf part."""
    inner = (index ^ size - 1).bit_length()
    return inner, (index >> inner).bit_count()


def _inner(seed: bytes, hashes: Sequence[bytes], index: int) -> bytes:
    """Fold hashes from the left or the right, as the index's bits say."""
    for level, sibling in enumerate(hashes):
        seed = node_hash(sibling, seed) if index >> level & 1 else node_hash(seed, sibling)
    return seed


def _border(seed: bytes, hashes: Sequence[bytes]) -> bytes:
    """Fold hashes that all lie on the left."""
    for sibling in hashes:
        seed = node_hash(sibling, seed)
    return seed


def _check_index(index: int, size: int) -> None:
    if not is_number(index) or not is_number(size) or index >= size:
        raise Refused(
            "inclusion.index", f"there is no leaf {shown(index)} in a tree of {shown(size)}."
        )


def _check_sizes(first: int, second: int) -> None:
    if not is_number(first) or not is_number(second) or not 0 < first <= second:
        raise Refused(
            "consistency.sizes", f"no tree of {shown(second)} continues one of {shown(first)}."
        )


def _check_hashes(rule: str, hashes: Sequence[bytes]) -> None:
    if not all(map(is_hash, hashes)):
        raise Refused(rule, "a hash has 32 bytes.")


def _check_length(expected: int, proof: Sequence[bytes]) -> None:
    if len(proof) != expected:
        told = f"this proof has {expected} hashes, not {len(proof)}."
        raise Refused("consistency.length", told)


def _check_roots(is_first: bool, is_second: bool) -> None:
    if not is_first:
        raise Refused("consistency.first-root", "the proof leads to another earlier root.")
    if not is_second:
        raise Refused("consistency.second-root", "the proof leads to another later root.")
