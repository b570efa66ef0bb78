"""The case index: one hash over how many entries every case has, and which.

A case is an item of 72 bytes: its key, how many entries it has, and a hash chained over their leaf
hashes in the order in which they were sealed. Items stand in 65,536 buckets by the first 16 bits of
the key, and the buckets are the leaves of a tree of their own (RFC 6962 section 2.1), whose root
stands in the ledger as a leaf after every batch. A bucket with its path proves that entries are all
entries of a case, or that a case has none: there is one place only where its key could stand.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple

from . import canonical
from .canonical import ProfileError
from .leaf import leaf_hash
from .merkle_proof import verify_inclusion
from .meta import MetaKind
from .strict import HASH_BYTES, Refused, is_number

#: Levels of the tree over the buckets, and so hashes of a path.
DEPTH: Final = 16
#: Buckets: leaves of that tree.
BUCKETS: Final = 1 << DEPTH
#: Bytes of an item: key, number of entries, chained hash.
ITEM_BYTES: Final = HASH_BYTES + 8 + HASH_BYTES
#: What the chain of a case begins with.
NO_ENTRIES: Final = bytes(32)

_KEY: Final = b"cleangov case\x00"
_CHAIN: Final = b"cleangov chain\x00"
_HEXADECIMAL: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class CaseItem(NamedTuple):
    """What the index says of a case.

    :param key: the case, as `case_key` has it.
    :param entries: how many entries of it are sealed; at least one.
    :param head: hash chained over their leaf hashes, in the order of their leaves.
    """

    key: bytes
    entries: int
    head: bytes


class IndexLeaf(NamedTuple):
    """What a leaf says of the whole index.

    :param cases: how many cases have entries.
    :param entries: how many entries are sealed.
    :param root: root of the tree over the buckets.
    """

    cases: int
    entries: int
    root: bytes


def case_key(log_id: str, subject: str) -> bytes:
    """Answer the key of a case.

    :param log_id: the ledger.
    :param subject: the case's number, as the bodies of its entries have it.
    :return: 32 bytes.
    :raises ProfileError: where a text has no UTF-8 (half a character).
    """
    return sha256(_KEY + canonical.encode([log_id, subject])).digest()


def case_keys(log_id: str) -> Callable[[str], bytes]:
    """Answer what answers the keys of many cases of a ledger, as `case_key` does.

    :param log_id: the ledger.
    :return: takes the number of a case; raises as `case_key`.
    :raises ProfileError: where a text has no UTF-8 (half a character).
    """
    begun = _KEY + canonical.encode([log_id])[:-1] + b","

    def key_of(subject: str) -> bytes:
        return sha256(begun + canonical.encode_text(subject) + b"]").digest()

    return key_of


def chain(head: bytes, leaves: Iterable[bytes]) -> bytes:
    """Go on along the chain of a case.

    :param head: hash chained so far; `NO_ENTRIES` at the beginning.
    :param leaves: leaf hashes of the entries that follow, in the order of their leaves.
    :return: 32 bytes.
    """
    for leaf in leaves:
        head = sha256(_CHAIN + head + leaf).digest()
    return head


def bucket_of(key: bytes) -> int:
    """Answer the number of the bucket of a case: the first 16 bits of its key.

    :param key: the key.
    """
    return int.from_bytes(key[:2], "big")


def write_item(item: CaseItem) -> bytes:
    """Write what the index says of a case.

    :param item: the case.
    :return: 72 bytes.
    """
    return item.key + item.entries.to_bytes(8, "big") + item.head


def write_bucket(items: Iterable[CaseItem]) -> bytes:
    """Write a bucket.

    :param items: its cases, in any order.
    :return: its bytes.
    """
    return b"".join(sorted(map(write_item, items)))


def read_bucket(number: int, data: bytes) -> list[CaseItem]:
    """Read a bucket.

    :param number: which one it is said to be, from 0.
    :param data: its bytes; hostile.
    :return: its cases, by key.
    :raises Refused: where they are not the one way to write a bucket of that number:
        ``"bucket.number"``, ``"bucket.length"``, ``"bucket.prefix"``, ``"bucket.order"``,
        ``"bucket.entries"``.
    """
    if not is_number(number) or number >= BUCKETS:
        raise Refused("bucket.number", f"buckets have the numbers 0 to {BUCKETS - 1}.")
    where = f"bucket {number}"
    if not isinstance(data, bytes) or len(data) % ITEM_BYTES:
        raise Refused("bucket.length", f"an item has {ITEM_BYTES} bytes.", where=where)
    items: list[CaseItem] = []
    before = b""
    for at in range(0, len(data), ITEM_BYTES):
        item = _item(data[at : at + ITEM_BYTES])
        if bucket_of(item.key) != number:
            told = f"{item.key.hex()} stands in the bucket of other cases."
            raise Refused("bucket.prefix", told, where=where)
        if item.key <= before:
            told = f"{item.key.hex()} is not behind the case before it."
            raise Refused("bucket.order", told, where=where)
        if not item.entries or not is_number(item.entries):
            told = f"a case has 1 to 2^63-1 entries: {item.key.hex()}."
            raise Refused("bucket.entries", told, where=where)
        before = item.key
        items.append(item)
    return items


def read_index_leaf(document: Mapping[str, Any]) -> IndexLeaf:
    """Read what a leaf says of the index.

    :param document: what `decode_meta` answered; hostile.
    :return: its numbers and its root.
    :raises Refused: where it says nothing of the index, ``"index.leaf"``.
    """
    cases, entries, root = (document.get(name) for name in ("cases", "entries", "root"))
    is_one = document.get("meta") == MetaKind.INDEX and is_number(cases) and is_number(entries)
    if not is_one or not isinstance(root, str) or not _HEXADECIMAL.fullmatch(root):
        raise Refused("index.leaf", "this leaf does not say how many entries every case has.")
    return IndexLeaf(int(cases or 0), int(entries or 0), bytes.fromhex(root))


def verify_case(
    index_root: bytes, log_id: str, subject: str, bucket: bytes, proof: Sequence[bytes]
) -> CaseItem | None:
    """Check what the index says of a case; to return is to be true.

    :param index_root: root of the index, believed: from a leaf that was proven.
    :param log_id: the ledger, and the number of the case there; as they were asked for.
    :param subject: number of the case.
    :param bucket: bytes of the case's bucket; hostile.
    :param proof: hashes from the bucket up to the root, 16; hostile.
    :return: what the index says; None where it proves that the case has no entry.
    :raises Refused: with the rule that was broken: those of `read_bucket` and of
        `verify_inclusion`, or ``"case.text"`` where no case can have this number.
    """
    try:
        key = case_key(log_id, subject)
    except ProfileError as problem:
        raise Refused("case.text", f"no case has this number: {problem}") from problem
    number = bucket_of(key)
    items = read_bucket(number, bucket)
    verify_inclusion(number, BUCKETS, index_root, leaf_hash(bucket), proof)
    return next((item for item in items if item.key == key), None)


def check_entries(item: CaseItem | None, leaves: Sequence[bytes]) -> None:
    """Check that entries are all entries of a case; to return is to be true.

    :param item: what `verify_case` answered.
    :param leaves: leaf hashes of the entries that are said to be all, in the order of their leaves.
    :raises Refused: ``"case.entries"`` where there are more or fewer, ``"case.chain"`` where these
        are others or stand in another order.
    """
    entries, head = (0, NO_ENTRIES) if item is None else (item.entries, item.head)
    if len(leaves) != entries:
        raise Refused("case.entries", f"the case has {entries} entries, not {len(leaves)}.")
    if chain(NO_ENTRIES, leaves) != head:
        raise Refused("case.chain", "the case has other entries, or they are in another order.")


def _item(data: bytes) -> CaseItem:
    key, entries, head = data[:HASH_BYTES], data[HASH_BYTES:-HASH_BYTES], data[-HASH_BYTES:]
    return CaseItem(key, int.from_bytes(entries, "big"), head)
