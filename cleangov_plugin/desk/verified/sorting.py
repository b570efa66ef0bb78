"""Sorting what was read into what is plain, and so looked at by columns, and what is not."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from cleangov_plugin.ledger.body_columns import UNSEEN
from cleangov_plugin.ledger.body_derived import are_derived
from cleangov_plugin.ledger.body_head import Sayings, prev_in
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.meta import decode_meta
from cleangov_plugin.store.leaf_reader import Leaves

from .alarms import Verified
from .checks import Gone, Meta, Seen
from .code_days import Coders
from .reading import of_body, said_by
from .runs import run_of

_Part = Sequence[Seen | Gone | Meta]


class Sorter:
    """Sorts slices. What it makes of one does not depend on those before it.

    :param coders: makes the codes of entries; None where nobody has the key.
    """

    def __init__(self, coders: Coders | None = None) -> None:
        self._coders = coders
        self._sayings = Sayings()

    def parts(self, rows: Leaves, hashes: Sequence[bytes], found: Verified) -> list[_Part]:
        """Cut a slice into runs of plain entries, and what is between them.

        :param rows: the slice.
        :param hashes: what each leaf should be, worked out from what it stands for.
        :param found: what was found; alarms are added.
        """
        parts: list[_Part] = []
        begin = 0
        for n in [*others(rows), len(hashes)]:
            if begin < n:
                parts.append(self._entries(rows.part(begin, n), hashes[begin:n]))
            if n < len(hashes):
                parts.append([each for each in (_other(rows, n, found),) if each is not None])
            begin = n + 1
        return [part for part in parts if part]

    def _entries(self, rows: Leaves, hashes: Sequence[bytes]) -> _Part:
        """Answer entries as a run where they are plain, else one by one."""
        if tuple(hashes) == rows.hash and is_gapless(rows.idx):
            hexes = [hash_.hex() for hash_ in rows.hash]
            prevs = _prevs(rows, hexes)
            digests = self._sayings.look(rows.body, rows.repeated(), prevs)
            read = [n for n, each in enumerate(digests) if each is UNSEEN]
            is_read = not read or _are_read(rows, prevs, digests)
            if is_read and are_derived(rows.body, rows.occurred_at, rows.derived()):
                run = run_of(rows, prevs, hexes, digests, self._coders, read)
                if run is not None:
                    return run
        return list(one_by_one(rows, hashes))


def is_gapless(idx: Sequence[int]) -> bool:
    """Answer whether places follow each other without a gap.

    :param idx: places, in their order.
    """
    return [*idx] == [*range(idx[0], idx[0] + len(idx))]


def _prevs(rows: Leaves, hexes: Sequence[str]) -> list[str]:
    """Answer what should stand in each entry: the hash of the one before it in its lane.

    Of the first one of each lane here, what stands in its body; whether it is right, a check says
    that goes along the lanes.
    """
    of_lane = rows.of_lane
    if of_lane.count(of_lane[0]) == len(of_lane):
        return [prev_in(rows.body[0]), *hexes[:-1]]
    ends: dict[int, str] = {}
    prevs = []
    for lane, body, end in zip(of_lane, rows.body, hexes, strict=True):
        prevs.append(ends[lane] if lane in ends else prev_in(body))
        ends[lane] = end
    return prevs


def others(rows: Leaves) -> list[int]:
    """Answer the places of leaves that stand for no entry that is there.

    :param rows: a slice.
    :return: places in it, counted from 0.
    """
    number = len(rows.idx)
    if rows.meta.count(None) == number and None not in rows.row:
        return []
    return [n for n in range(number) if rows.meta[n] is not None or rows.row[n] is None]


def _other(rows: Leaves, n: int, found: Verified) -> Gone | Meta | None:
    text = rows.meta[n]
    if text is None:
        return Gone(rows.idx[n], rows.lane[n], rows.no[n], rows.hash[n])
    try:
        return Meta(rows.idx[n], decode_meta(text))
    except ProfileError as problem:
        found.raise_alarm("meta_unread", leaf=rows.idx[n], why=problem.where)
        return None


def _are_read(rows: Leaves, prevs: list[str], digests: list[bytes | None]) -> bool:
    """Read what was not seen to say what it should; False where one does not equal its columns."""
    for n, found in enumerate(digests):
        if found is not UNSEEN:
            continue
        body = said_by(rows.body[n], is_sealed=True)
        if body is None or of_body(body) != tuple(column[n] for column in rows.repeated()):
            return False
        prevs[n] = body["prev"]
        digests[n] = _listed(body.get("_sd"))
    return True


def _listed(digests: Any) -> bytes | None:
    """Write texts as they stand in a body; `UNSEEN` where they have to be looked at again."""
    if digests is None:
        return None
    if not isinstance(digests, list) or not all(map(_is_simple, digests)):
        return UNSEEN
    return json.dumps(digests, separators=(",", ":"))[1:-1].encode()


def _is_simple(digest: Any) -> bool:
    is_plain = isinstance(digest, str) and digest.isascii() and digest.isprintable()
    return is_plain and '"' not in digest and "\\" not in digest


def one_by_one(rows: Leaves, hashes: Sequence[bytes]) -> Iterator[Seen]:
    """Read entries one after the other.

    :param rows: leaves with the entries they stand for; all are there.
    :param hashes: what each leaf should be.
    """
    for n, (hash_, sealed) in enumerate(zip(hashes, rows.hash, strict=True)):
        entry = rows.entry(n)
        if entry is not None:
            body = said_by(entry.body, is_sealed=hash_ == sealed)
            yield Seen(entry, hash_, sealed, rows.idx[n], body)
