"""Which entries disclose all that their bodies list, and nothing else."""

from binascii import b2a_base64
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

#: From base64 to base64url.
_URL_SAFE: Final = bytes.maketrans(b"+/", b"-_")
#: Characters of a digest, and of the four that 33 bytes make of it and a zero byte.
_DIGEST, _PADDED = 43, 44


def differing(discs: Sequence[str | None], digests: Sequence[bytes | None]) -> set[int]:
    """Answer the entries that disclose something else than their bodies list.

    :param discs: disclosures of each, as they are stored; hostile.
    :param digests: what stands between the brackets of ``_sd`` in its body; None where it has none.
    :return: places, counted from 0.
    """
    if discs.count(None) == digests.count(None) == len(discs):
        return set()
    pairs = [*enumerate(zip(discs, digests, strict=True))]
    both = [n for n, (disc, listed) in pairs if disc and listed is not None]
    agreeing = _agree([discs[n] or "" for n in both], [digests[n] for n in both])
    found = {n for n, pair in pairs if pair != (None, None)}
    return found - {n for n, is_so in zip(both, agreeing, strict=True) if is_so}


def digests_in_order(disc: str) -> list[bytes]:
    """Work out the digests of disclosures in their order.

    A million entries come through here: SHA-256 of each, and base64 of all together. A zero byte
    behind each hash fills it up to 33 bytes, which are 44 characters.

    :param disc: disclosures, with ``~`` between them; hostile.
    :return: digests as bodies have them; none where one of the disclosures is no text.
    """
    try:
        hashes = [sha256(text).digest() for text in disc.encode("ascii").split(b"~")]
    except UnicodeEncodeError:
        return []
    hashes.append(b"")
    text = b2a_base64(b"\x00".join(hashes), newline=False).translate(_URL_SAFE)
    return [text[at : at + _DIGEST] for at in range(0, len(text), _PADDED)]


def _agree(discs: Sequence[str], listed: Sequence[bytes | None]) -> Iterator[bool]:
    """Tell for each text of disclosures whether its digests are those that a body lists."""
    found = digests_in_order("~".join(discs))
    at = 0
    for disc, digests in zip(discs, listed, strict=True):
        until = at + disc.count("~") + 1
        of_it = sorted(found[at:until])
        yield bool(of_it) and b'"%b"' % b'","'.join(of_it) == digests
        at = until
