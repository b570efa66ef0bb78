"""Making runs: what is worked out of many entries at once, wherever they are looked at.

Nothing here depends on what was looked at before. So a second process can do it for entries far
ahead, and the checks go on along the ledger with what it found.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from cleangov_plugin.domain.our_kinds import ASKED_KINDS, FINDING_CHANGED, LETTER_KINDS
from cleangov_plugin.ledger.body_beside import Beside, are_right
from cleangov_plugin.ledger.body_beside import differing as columns_differing
from cleangov_plugin.ledger.case_map import subject_of
from cleangov_plugin.ledger.erasure import KINDS
from cleangov_plugin.store.leaf_reader import Leaves

from .checks import Lane, Run, seen_in
from .code_days import Coders
from .disclosed import differing

#: Kinds whose entries are compared with other tables.
_BESIDE: Final = ASKED_KINDS | LETTER_KINDS | {FINDING_CHANGED}

#: How a body says that a rule hit.
_HIT: Final = b'"hit"'


def run_of(
    leaves: Leaves,
    prevs: Sequence[str],
    hexes: Sequence[str],
    digests: Sequence[bytes | None],
    coders: Coders | None,
    read: Sequence[int] = (),
) -> Run | None:
    """Work out what there is to know of entries that are plain.

    :param leaves: leaves without a gap between them, and the entries they stand for; each equals
        what was sealed, and its columns what its body says.
    :param prevs: hashes of the entries before them, as the bodies say; hexadecimal.
    :param hexes: hashes of the entries, hexadecimal.
    :param digests: what stands between the brackets of ``_sd`` in a body; None where it has none.
    :param coders: makes their codes; None where nobody has the key.
    :param read: places of the bodies that had to be read; in no other one did a rule say anything.
    :return: the run; None where a column has what nobody would write there.
    """
    if not _are_typed(leaves):
        return None
    lanes, is_followed, is_forward = _lanes(leaves, prevs, hexes)
    told = {n for kind in KINDS for n in _places_of(leaves, kind)}
    doubtful = sorted(told | differing(leaves.disc, digests))
    beside = [] if _BESIDE.isdisjoint(leaves.kind) else leaves.kind
    answered = [n for n, kind in enumerate(beside) if kind in _BESIDE]
    hit = [n for n in read if _HIT in leaves.body[n]]
    is_coded = any(leaves.mac)
    return Run(
        first=leaves.idx[0],
        hashes=leaves.hash,
        lanes=lanes,
        is_followed=is_followed,
        is_forward=is_forward,
        written=(min(leaves.ingested_at), max(leaves.ingested_at)),
        is_coded=is_coded,
        days=coders.days_of(leaves) if coders and is_coded else None,
        cases=_cases(leaves),
        doubtful=doubtful,
        answered=answered,
        hit=hit,
        picked={n: seen_in(leaves, n) for n in {*doubtful, *answered, *hit}},
        is_beside=_are_beside(leaves, read),
        leaves=leaves,
    )


def _are_beside(leaves: Leaves, read: Sequence[int]) -> bool:
    """Answer whether what stands beside the bodies is what they allow."""
    beside = leaves.beside()
    if not are_right(leaves.kind, leaves.ingested_at, beside, read):
        return False
    try:
        return not any(
            columns_differing(
                json.loads(leaves.body[n].decode()),
                leaves.ingested_at[n],
                Beside(*(column[n] for column in beside)),
            )
            for n in read
        )
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return False


def _are_typed(leaves: Leaves) -> bool:
    """Answer whether columns that no body repeats have their types: SQLite keeps any value."""
    return (
        {*map(type, leaves.of_lane), *map(type, leaves.of_no)} == {int}
        and {*map(type, leaves.ingested_at)} == {str}
        and {*map(type, leaves.disc)} <= {str, type(None)}
        and {*map(type, leaves.mac)} <= {bytes, type(None)}
    )


def _places_of(leaves: Leaves, kind: str) -> list[int]:
    kinds = leaves.kind
    return [n for n, each in enumerate(kinds) if each == kind] if kind in kinds else []


def _lanes(
    leaves: Leaves, prevs: Sequence[str], hexes: Sequence[str]
) -> tuple[Mapping[int, Lane], bool, bool]:
    """Look along each lane.

    :return: the lanes; whether each has its numbers and names; whether the times go forward.
    """
    of_lane = leaves.of_lane
    if of_lane.count(of_lane[0]) == len(of_lane):
        columns = (leaves.of_no, prevs, hexes, leaves.ingested_at, leaves.hash)
        lane, *said = _lane(*columns)
        return {of_lane[0]: lane}, said[0], said[1]
    places = defaultdict(list)
    for n, number in enumerate(of_lane):
        places[number].append(n)
    found, is_followed, is_forward = {}, True, True
    for number, some in places.items():
        found[number], follows, goes = _lane(
            [leaves.of_no[n] for n in some],
            [prevs[n] for n in some],
            [hexes[n] for n in some],
            [leaves.ingested_at[n] for n in some],
            [leaves.hash[n] for n in some],
        )
        is_followed, is_forward = is_followed and follows, is_forward and goes
    return found, is_followed, is_forward


def _lane(
    numbers: Sequence[int],
    prevs: Sequence[str],
    hexes: Sequence[str],
    written: Sequence[str],
    hashes: Sequence[bytes],
) -> tuple[Lane, bool, bool]:
    lane = Lane(numbers[0], prevs[0], numbers[-1], hashes[-1], written[0], written[-1])
    following = range(numbers[0], numbers[0] + len(numbers))
    is_followed = [*numbers] == [*following] and [*prevs[1:]] == [*hexes[:-1]]
    return lane, is_followed, sorted(written) == [*written]


def _cases(leaves: Leaves) -> dict[str | None, list[bytes]]:
    """Sort the hashes of entries by their cases: the columns say what the bodies do."""
    subjects: Sequence[str | None] = leaves.subject
    try:
        "".join(leaves.subject).encode()
    except (TypeError, UnicodeEncodeError):
        subjects = [subject_of(body.decode("utf-8", "surrogateescape")) for body in leaves.body]
    found: dict[str | None, list[bytes]] = {}
    for subject, hash_ in zip(subjects, leaves.hash, strict=True):
        if subject in found:
            found[subject].append(hash_)
        else:
            found[subject] = [hash_]
    return found
