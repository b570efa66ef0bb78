"""Do many bodies say what their columns do? Asked of all together: a million come through here.

A body is cut at every ``":``. That stands behind keys, and else behind a quote within a string,
where it is escaped: then there are more pieces than keys, and somebody else has to look. So each
piece is one value and the name of the key behind it, and the same key's pieces stand at the same
distance from each other: all of them are compared at once.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, repeat
from typing import Any, Final

#: Stands where a body was not seen to say what it should: it has to be read.
UNSEEN: Final = b"?"
#: Keys of every body v1, in their order.
_KEYS: Final = (
    *("at", "attrs", "calendar", "contract", "id", "kind", "lane", "log_id", "no", "outcomes"),
    *("prev", "recorded", "ruleset", "subject", "v"),
)
#: Those that are left out where empty: digests before all others, attachments behind the time.
_DIGESTS, _ATTACHED = "_sd", "att"
_WITH_DIGESTS: Final = b'{"_sd"'
_BEHIND_KEY: Final = b'":'
_NUMBERS: Final = frozenset({"lane", "no"})
#: What the values have to be that no column says, each with the key behind it.
_FORMS: Final = {
    _ATTACHED: re.compile(rb'\["[0-9a-f]+"(?:,"[0-9a-f]+")*\],"attrs'),
    "calendar": re.compile(rb'[0-9]+,"contract'),
    "contract": re.compile(rb'[0-9]+,"id'),
    "ruleset": re.compile(rb'[0-9]+,"subject'),
    "outcomes": re.compile(rb'\[\],"prev'),
}
_IDS: Final = re.compile(rb'"[^"\\\n]+","kind(?:\n"[^"\\\n]+","kind)*')
_BEHIND_ATTRIBUTES: Final = b'],"calendar'
_BEHIND_DIGESTS: Final = b'],"at'


def digests_said(
    bodies: Sequence[bytes], should: Sequence[Sequence[Any]], prevs: Sequence[str]
) -> list[bytes | None]:
    """Compare bodies with what they should say.

    :param bodies: texts of entries as they are stored, in UTF-8; each equals what was sealed.
    :param should: columns: ``log_id``, ``kind``, ``subject``, ``lane``, ``no``, ``at``,
        ``recorded``; such as `are_plain` answers for.
    :param prevs: hashes that should stand in them, 64 hexadecimal digits.
    :return: for each that says just that, what stands between the brackets of its ``_sd``; None
        where it has none, and `UNSEEN` where it may say something else.
    """
    found: list[bytes | None] = [UNSEEN] * len(bodies)
    if b"\n" in b"".join(bodies):
        return found
    comparing = _Comparing(bodies, should, prevs, found)
    longs = [*map(bytes.startswith, bodies, repeat(_WITH_DIGESTS))]
    for is_long in {*longs}:
        places: Sequence[int] = range(len(bodies))
        if longs.count(is_long) < len(bodies):
            places = [n for n, each in enumerate(longs) if each is is_long]
        keys = (_DIGESTS, *_KEYS) if is_long else _KEYS
        if not comparing.are_said(places, keys):
            # Those with attachments have one key more.
            more = (*keys[: is_long + 1], _ATTACHED, *keys[is_long + 1 :])
            counts = [(n, bodies[n].count(_BEHIND_KEY)) for n in places]
            for each in (keys, more):
                comparing.are_said([n for n, count in counts if count == len(each)], each)
    return found


def are_plain(should: Sequence[Sequence[Any]]) -> bool:
    """Answer whether all values are such that they stand in JSON as they are, on one line.

    :param should: columns as `digests_said` takes them; hostile.
    """
    *texts, lanes, numbers = (should[n] for n in (0, 1, 2, 5, 6, 3, 4))
    if not {*map(type, lanes), *map(type, numbers)} <= {int}:
        return False
    try:
        joined = "".join(["".join(column) for column in texts])
        joined.encode()
    except (TypeError, UnicodeEncodeError):
        return False
    return not any(sign in joined for sign in '"\\\n')


class _Comparing:
    """Compares some of the bodies at a time; what those say is put where it is asked for."""

    def __init__(
        self,
        bodies: Sequence[bytes],
        should: Sequence[Sequence[Any]],
        prevs: Sequence[str],
        found: list[bytes | None],
    ) -> None:
        self._bodies, self._found = bodies, found
        log_ids, kinds, subjects, lanes, numbers, at, recorded = should
        self._should: dict[str, Sequence[Any]] = {
            "prev": prevs,
            "no": numbers,
            "lane": lanes,
            "kind": kinds,
            "subject": subjects,
            "at": at,
            "recorded": recorded,
            "log_id": log_ids,
        }

    def are_said(self, places: Sequence[int], keys: Sequence[str]) -> bool:
        """Answer whether bodies have these keys and no other, and say what their columns do."""
        if not places:
            return True
        step, begin = len(keys), b'{"' + keys[0].encode()
        pieces = b"\n".join(_those(self._bodies, places)).split(_BEHIND_KEY)
        if len(pieces) != step * len(places) + 1 or (pieces[0], pieces[-1]) != (begin, b"1}"):
            return False
        if {*pieces[step:-1:step]} - {b"1}\n" + begin}:
            return False
        of = {key: pieces[place::step] for place, key in enumerate(keys[:-1], 1)}
        if not _are_formed(of) or not all(
            b"\n".join(of[key]) == self._joined(key, places, follower)
            for key, follower in pairwise(keys)
            if key in self._should
        ):
            return False
        if _DIGESTS not in of:
            said: Iterable[bytes | None] = repeat(None)
        else:
            said = [piece[1 : -len(_BEHIND_DIGESTS)] for piece in of[_DIGESTS]]
        for n, each in zip(places, said, strict=False):
            self._found[n] = each
        return True

    def _joined(self, key: str, places: Sequence[int], follower: str) -> bytes:
        """Write the pieces of a key as its column has them."""
        values = _those(self._should[key], places)
        quote = "" if key in _NUMBERS else '"'
        end = f'{quote},"{follower}'
        texts = map(str, values) if key in _NUMBERS else values
        return (quote + f"{end}\n{quote}".join(texts) + end).encode()


def _those(column: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
    return column if len(places) == len(column) else [column[n] for n in places]


def _are_formed(of: Mapping[str, Sequence[bytes]]) -> bool:
    """Answer whether what no column says has the form that it must have."""
    if not _IDS.fullmatch(b"\n".join(of["id"])):
        return False
    for key, form in _FORMS.items():
        if not all(map(form.fullmatch, {*of.get(key, ())})):
            return False
    return all(
        all(map(bytes.startswith, of[key], repeat(b"[")))
        and all(map(bytes.endswith, of[key], repeat(end)))
        for key, end in (("attrs", _BEHIND_ATTRIBUTES), (_DIGESTS, _BEHIND_DIGESTS))
        if key in of
    )
