"""Verifiers as one writes them in an afternoon. They accept what ours refuse: that is their use."""

import base64

from cleangov_plugin.ledger.tree import node_hash


def naive_inclusion(index: int, size: int, root: bytes, leaf: bytes, proof: list[bytes]) -> bool:
    """Fold by the bits of the index until the proof ends: the size is never looked at."""
    computed = leaf
    for sibling in proof:
        computed = node_hash(sibling, computed) if index & 1 else node_hash(computed, sibling)
        index >>= 1
    return computed == root


def naive_consistency(
    first: int, second: int, first_root: bytes, second_root: bytes, proof: list[bytes]
) -> bool:
    """RFC 9162 section 2.1.4.2 from step 2 on, word by word; what goes before it is left out."""
    if first == second:
        return first_root == second_root  # and the proof is not looked at
    if first == 0:
        return True  # for nothing is the beginning of everything
    path = list(proof)
    if first & (first - 1) == 0:
        path.insert(0, first_root)
    if not path:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for sibling in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node_hash(sibling, fr), node_hash(sibling, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, sibling)
        fn, sn = fn >> 1, sn >> 1
    return fr == first_root and sr == second_root


def naive_tree_head(text: bytes) -> tuple[str, int, bytes]:
    """Split into lines and let the standard library read numbers and base64."""
    origin, size, root, *_ = text.decode("utf-8").splitlines()
    return origin, int(size), base64.b64decode(root)
