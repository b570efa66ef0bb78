"""Leaf hashes of RFC 6962, against the reference tree of certificate transparency."""

from hashlib import sha256

import pytest

from cleangov_plugin.ledger.leaf import LONGEST, NO_PREDECESSOR, leaf_hash

#: Leaves and their hashes: github.com/google/certificate-transparency, merkle_tree_test.cc, and
#: the first one in RFC 6962 section 2.1: the hash of a list with one entry is its leaf hash.
REFERENCE = {
    "": "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "00": "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "10": "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7",
    "2021": "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7",
    "3031": "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "40414243": "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658",
    "5051525354555657": "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
    "606162636465666768696a6b6c6d6e6f": (
        "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1"
    ),
}


@pytest.mark.parametrize(("body", "expected"), list(REFERENCE.items()))
def test_a_leaf_has_the_hash_of_the_reference_tree(body: str, expected: str) -> None:
    assert leaf_hash(bytes.fromhex(body)).hex() == expected


def test_the_leaves_make_the_root_of_the_reference_tree() -> None:
    level = [leaf_hash(bytes.fromhex(body)) for body in REFERENCE]
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    assert level[0].hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_a_leaf_can_never_be_taken_for_an_inner_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != sha256(b"\x01" + left + right).digest()
    assert leaf_hash(b"a") != sha256(b"a").digest()


def test_the_constants_are_those_of_the_specifications() -> None:
    assert LONGEST == 2**16 - 1  # the length of an entry has 16 bits in an entry bundle
    assert NO_PREDECESSOR == b"\x00" * 32
