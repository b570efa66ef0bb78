"""The ledger's tree: node hashes, roots, and roots that grow (RFC 6962 section 2.1)."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from .strict import Refused, is_hash, is_number, shown

#: Root of a tree without leaves: SHA-256 of no bytes.
EMPTY_ROOT: Final = sha256(b"").digest()

_NODE: Final = b"\x01"


def node_hash(left: bytes, right: bytes) -> bytes:
    """Answer the hash of an inner node: SHA-256 over 0x01, the left and the right hash.

    :param left: hash of the left half.
    :param right: hash of the right half.
    :return: 32 bytes.
    """
    return sha256(_NODE + left + right).digest()


def parents(row: list[bytes]) -> list[bytes]:
    """Answer the hashes one level up; a last one without a partner is left out.

    :param row: hashes of one level, from an even index on.
    :return: half as many.
    """
    # No call for each pair: a million leaves come through here.
    pairs = zip(row[::2], row[1::2], strict=False)
    return [sha256(b"\x01" + left + right).digest() for left, right in pairs]


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Answer the root over leaf hashes.

    :param leaves: leaf hashes in their order.
    :return: 32 bytes.
    """
    tree = CompactRange()
    tree.extend(leaves)
    return tree.root()


class CompactRange:
    """A tree that grows leaf by leaf and keeps one hash for each bit of its size.

    :param size: leaves it has already.
    :param hashes: what `hashes` answered at that size.
    :param kept_level: level of which every hash is kept in `kept`; None keeps none.
    :raises Refused: where these cannot be the hashes of a tree of that size.
    """

    __slots__ = ("_kept_level", "_size", "_waiting", "kept")

    def __init__(
        self, size: int = 0, hashes: Iterable[bytes] = (), *, kept_level: int | None = None
    ) -> None:
        given = list(hashes)
        told = f"these are not the hashes of a tree of {shown(size)} leaves."
        if not is_number(size) or len(given) != size.bit_count() or not all(map(is_hash, given)):
            raise Refused("range.hashes", told)
        self._size = size
        self._kept_level = kept_level
        #: Hashes of the full subtrees of the level that is kept, as far as they came since.
        self.kept: list[bytes] = []
        #: At level n the full subtree of 2^n leaves that waits for its right neighbour.
        self._waiting: list[bytes | None] = [
            given.pop() if size >> level & 1 else None for level in range(size.bit_length())
        ]

    @property
    def size(self) -> int:
        """Leaves so far."""
        return self._size

    def hashes(self) -> tuple[bytes, ...]:
        """Answer the roots of the full subtrees, left to right: all that has to be kept.

        :return: as many hashes as the size has bits that are set.
        """
        return tuple(waiting for waiting in reversed(self._waiting) if waiting is not None)

    def append(self, leaf: bytes) -> None:
        """Add one leaf.

        :param leaf: its leaf hash.
        """
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Add leaves. A few thousand at a time are quickest; the result is the same.

        :param leaves: leaf hashes in their order.
        """
        row = list(leaves)
        self._size += len(row)
        self._add(0, row)

    def append_full(self, level: int, root: bytes) -> None:
        """Add 2^level leaves of which only the root is at hand.

        :param level: how many.
        :param root: root over them.
        :raises Refused: where no full subtree of so many leaves begins here, or hashes of a lower
            level are kept.
        """
        kept = self._kept_level
        if self._size % (1 << level) or (kept is not None and kept < level):
            raise Refused("range.level", f"no subtree of 2^{level} leaves begins here.")
        self._size += 1 << level
        self._waiting += [None] * (level - len(self._waiting))
        self._add(level, [root])

    def _add(self, level: int, row: list[bytes]) -> None:
        while row:
            if level == self._kept_level:
                self.kept.extend(row)
            if level == len(self._waiting):
                self._waiting.append(None)
            waiting = self._waiting[level]
            if waiting is not None:
                row.insert(0, waiting)
            self._waiting[level] = row.pop() if len(row) % 2 else None
            row = parents(row)
            level += 1

    def root(self) -> bytes:
        """Answer the root of the leaves so far.

        :return: 32 bytes.
        """
        root: bytes | None = None
        for waiting in self._waiting:
            if waiting is not None:
                root = waiting if root is None else node_hash(waiting, root)
        return EMPTY_ROOT if root is None else root
