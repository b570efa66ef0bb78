"""Leaf hashes of the ledger's tree (RFC 6962 section 2.1)."""

from functools import lru_cache
from hashlib import sha256
from typing import Final

#: Longest body: entry bundles of C2SP tlog-tiles carry its length in 16 bits.
LONGEST: Final = 65_535
#: What the first entry of a lane names as its predecessor: 32 zero bytes.
NO_PREDECESSOR: Final = bytes(32)

_LEAF: Final = b"\x00"


def leaf_hash(body: bytes) -> bytes:
    """Answer the leaf hash of a body: SHA-256 over 0x00 and the body.

    The prefix keeps leaves apart from inner nodes (RFC 6962 section 2.1).

    :param body: the exact bytes that are stored.
    :return: 32 bytes.
    """
    return sha256(_LEAF + body).digest()


@lru_cache(maxsize=16)
def leaf_of(text: str) -> bytes:
    """Answer the leaf hash of a body as its column has it.

    The last ones are kept: on SQLite the next entry asks for the one that was just written.

    :param text: the body.
    :return: 32 bytes.
    """
    return leaf_hash(text.encode())
