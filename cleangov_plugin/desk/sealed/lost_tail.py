"""The tail that was lost with a database: entries that nobody had sealed yet.

No leaf stands for them. What the journal of receipts says of them is all that is left: so it is
what the declaration names.
"""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any, Final

from cleangov_plugin.ledger.receipt_line import Receipt

#: Hashes that a declaration lists; of more, their digest alone. A leaf has at most 65,535 bytes.
_MOST_HASHES: Final = 400
_MOST_LANES: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class LostTail:
    """Entries that were lost before they were sealed.

    :param entries: how many.
    :param lanes: lane, its first and its last number that is lost, and how many are; at most 400.
    :param since: when the first one was written, fixed-width UTC text.
    :param until: when the last one was.
    :param digest: SHA-256 of their leaf hashes, in order of the hashes; hexadecimal.
    :param hashes: the leaf hashes, hexadecimal; empty where there are more than 400.
    """

    entries: int
    lanes: tuple[tuple[int, int, int, int], ...]
    since: str
    until: str
    digest: str
    hashes: tuple[str, ...] = ()

    def said(self) -> dict[str, Any]:
        """Answer it as a leaf of the ledger's own says it."""
        told = asdict(self)
        return {**told, "lanes": [*map(list, self.lanes)], "hashes": [*self.hashes]}


def tail_of(receipts: Iterable[Receipt], sealed: Collection[bytes]) -> LostTail | None:
    """Answer what receipts say of entries that are not there, and were not sealed.

    :param receipts: receipts of entries that are not there.
    :param sealed: hashes of the leaves that were lost: these were.
    :return: None where there are none.
    """
    lost = {receipt.leaf: receipt for receipt in receipts if receipt.leaf not in sealed}
    if not lost:
        return None
    numbers: dict[int, list[int]] = {}
    for receipt in lost.values():
        numbers.setdefault(receipt.lane, []).append(receipt.no)
    lanes = [(lane, min(nos), max(nos), len(nos)) for lane, nos in sorted(numbers.items())]
    in_order = sorted(lost)
    return LostTail(
        entries=len(lost),
        lanes=tuple(lanes[:_MOST_LANES]),
        since=min(receipt.at for receipt in lost.values()),
        until=max(receipt.at for receipt in lost.values()),
        digest=sha256(b"".join(in_order)).hexdigest(),
        hashes=tuple(hash_.hex() for hash_ in in_order) if len(lost) <= _MOST_HASHES else (),
    )
