"""The case index as it grows: buckets that take entries, one after another or all in memory."""

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from .case_index import BUCKETS, ITEM_BYTES, NO_ENTRIES, bucket_of, case_key, case_keys, chain
from .index_tree import IndexTree
from .leaf import leaf_hash
from .strict import HASH_BYTES

#: How every body ends whose case's number has no escaped character.
_ENDING: Final = re.compile(r',"subject":"([^"\\]*)","v":[0-9]+\}\Z')
#: Characters of a body in which its ending is looked for first.
_TAIL: Final = 400
#: Half a character (lone surrogate): it has no UTF-8, and so no key.
_HALF: Final = re.compile("[\ud800-\udfff]")
_HEAD_AT: Final = ITEM_BYTES - HASH_BYTES


def subject_of(body: str) -> str | None:
    """Answer the case of an entry, as its body says it.

    Keys of a body are sorted, so that the case stands at its end: a million bodies are asked. In
    a text that is JSON at all the ending that is looked for can be nothing else.

    :param body: text of an entry as it is stored; hostile.
    :return: number of the case; None where the text names none that a case could have.
    """
    found = _ENDING.search(body, max(0, len(body) - _TAIL))
    subject = found.group(1) if found else _read_subject(body)
    is_text = subject is not None and (subject.isascii() or not _HALF.search(subject))
    return subject if is_text else None


def _read_subject(body: str) -> str | None:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return None
    subject = document.get("subject") if isinstance(document, dict) else None
    return subject if isinstance(subject, str) else None


def grown(bucket: bytes, cases: Mapping[bytes, Sequence[bytes]]) -> bytes:
    """Answer a bucket to which entries came.

    :param bucket: its bytes until now, believed.
    :param cases: by key of the case, leaf hashes of the entries that came, in their order.
    :return: its bytes.
    """
    for key, leaves in cases.items():
        at = item_place(bucket, key)
        until, entries, head = at, 0, NO_ENTRIES
        if bucket[at : at + HASH_BYTES] == key:
            until = at + ITEM_BYTES
            entries = int.from_bytes(bucket[at + HASH_BYTES : at + _HEAD_AT], "big")
            head = bucket[at + _HEAD_AT : until]
        counted = (entries + len(leaves)).to_bytes(8, "big")
        bucket = bucket[:at] + key + counted + chain(head, leaves) + bucket[until:]
    return bucket


def item_place(bucket: bytes, key: bytes) -> int:
    """Answer where the item of a case begins in a bucket, or would have to.

    :param bucket: bytes of a bucket, sorted.
    :param key: key of the case.
    :return: a multiple of an item's length.
    """
    at = bucket.find(key)
    if at >= 0 and not at % ITEM_BYTES:
        return at

    def key_at(number: int) -> bytes:
        return bucket[number * ITEM_BYTES : number * ITEM_BYTES + HASH_BYTES]

    return bisect_left(range(len(bucket) // ITEM_BYTES), key, key=key_at) * ITEM_BYTES


class CaseMap:
    """The whole index of a ledger, in memory: 72 bytes a case, and the tree.

    :param log_id: the ledger.
    """

    def __init__(self, log_id: str) -> None:
        self._log_id = log_id
        self._buckets: list[bytes] = [b""] * BUCKETS
        self._tree = IndexTree()
        self._waiting: dict[str, list[bytes]] = {}
        self._cases = 0
        #: Entries so far, those of no case as well.
        self.entries = 0

    def extend(self, entries: Iterable[tuple[str | None, bytes]]) -> None:
        """Take entries.

        :param entries: case and leaf hash of each, in the order of their leaves; an entry without
            a case is counted alone.
        """
        waiting = self._waiting
        for subject, leaf in entries:
            self.entries += 1
            if subject in waiting:
                waiting[subject].append(leaf)
            elif subject is not None:
                waiting[subject] = [leaf]

    def take(self, cases: Mapping[str | None, Sequence[bytes]]) -> None:
        """Take entries that are sorted by case already.

        :param cases: by number of the case, leaf hashes in their order; those without a case are
            counted alone.
        """
        waiting = self._waiting
        for subject, leaves in cases.items():
            self.entries += len(leaves)
            if subject in waiting:
                waiting[subject].extend(leaves)
            elif subject is not None:
                waiting[subject] = [*leaves]

    def cases(self) -> int:
        """Answer how many cases have entries."""
        self._settle()
        return self._cases

    def root(self) -> bytes:
        """Answer the root of the index."""
        self._settle()
        return self._tree.root()

    def bucket(self, number: int) -> bytes:
        """Answer the bytes of a bucket.

        :param number: its number.
        """
        self._settle()
        return self._buckets[number]

    def buckets(self) -> Sequence[bytes]:
        """Answer the bytes of all buckets."""
        self._settle()
        return self._buckets

    def tree(self) -> IndexTree:
        """Answer the tree over all buckets."""
        self._settle()
        return self._tree

    def proof(self, subject: str) -> tuple[bytes, list[bytes]]:
        """Answer what proves all entries of a case, or that it has none.

        :param subject: number of the case.
        :return: the bytes of its bucket, and 16 hashes.
        :raises ProfileError: where no case can have this number.
        """
        number = bucket_of(case_key(self._log_id, subject))
        return self.bucket(number), self._tree.path(number)

    def _settle(self) -> None:
        """Put what came since into buckets and tree."""
        if not self._waiting:
            return
        leaves = {}
        for number, cases in by_bucket(self._log_id, self._waiting).items():
            before = self._buckets[number]
            after = self._buckets[number] = grown(before, cases)
            self._cases += (len(after) - len(before)) // ITEM_BYTES
            leaves[number] = leaf_hash(after)
        self._tree.grow(leaves)
        self._waiting = {}


def by_bucket(
    log_id: str, cases: Mapping[str, Sequence[bytes]]
) -> dict[int, dict[bytes, Sequence[bytes]]]:
    """Sort cases into their buckets.

    :param log_id: the ledger.
    :param cases: by number of the case, leaf hashes of its entries in their order.
    :return: by number of the bucket, what `grown` takes.
    :raises ProfileError: where no case can have such a number.
    """
    found: dict[int, dict[bytes, Sequence[bytes]]] = {}
    key_of = case_keys(log_id)
    for subject, leaves in cases.items():
        key = key_of(subject)
        found.setdefault(bucket_of(key), {})[key] = leaves
    return found
