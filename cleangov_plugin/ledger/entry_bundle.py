"""Entry bundles: the bodies behind a tile of leaves, each after its length (C2SP tlog-tiles)."""

from collections.abc import Sequence

from .leaf import LONGEST
from .strict import Refused
from .tiles import WIDTH


def write_bundle(entries: Sequence[bytes]) -> bytes:
    """Write entries one after the other, each after its length in two bytes.

    :param entries: 1 to 256 bodies in the order of their leaves.
    :return: the bundle.
    :raises Refused: where there are none or too many, or one is too long.
    """
    if not 0 < len(entries) <= WIDTH:
        raise Refused("bundle.width", f"a bundle has 1 to {WIDTH} entries, not {len(entries)}.")
    if max(map(len, entries)) > LONGEST:
        raise Refused("bundle.length", f"an entry has at most {LONGEST} bytes.")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def read_bundle(data: bytes, width: int) -> list[bytes]:
    """Read a bundle.

    :param data: hostile.
    :param width: entries it has to have.
    :return: the entries.
    :raises Refused: where it ends too early, goes on, or has another number of entries.
    """
    entries: list[bytes] = []
    at = 0
    while at < len(data):
        start = at + 2
        at = start + int.from_bytes(data[at:start], "big")
        if start > len(data) or at > len(data):
            raise Refused("bundle.truncated", f"entry {len(entries)} of the bundle is cut off.")
        entries.append(data[start:at])
        if len(entries) > width:
            break
    if len(entries) != width:
        raise Refused("bundle.width", f"the bundle has not {width} entries.")
    return entries
