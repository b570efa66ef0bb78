"""What a verifier asks of every body, read without reading all of it: a million come through here.

The keys of a body are sorted and known, so that what stands before, between and behind its two
lists can be looked for. In the text of a JSON string a quote is escaped, so ``":`` stands behind
keys and escaped quotes alone: where there are as many as keys were matched, there is no other key
and no nested mapping, and the text says what JSON would say. Any other text is left to JSON.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from .body_columns import UNSEEN, are_plain, digests_said

_BEGIN: Final = re.compile(
    rb'\{(?:"_sd":\[((?:"[A-Za-z0-9_-]+",?)*)\],)?"at":"([^"\\]*)",'
    rb'("att":\[(?:"[0-9a-f]+",?)*\],)?"attrs":\['
)
_MIDDLE: Final = re.compile(
    rb'(\],"calendar":[0-9]+,"contract":[0-9]+,"id":")(?:[^"\\]|\\.)*",'
    rb'"kind":"([^"\\]*)","lane":(0|[1-9][0-9]*),"log_id":"([^"\\]*)","no":([1-9][0-9]*),'
    rb'"outcomes":\['
)
_END: Final = re.compile(
    rb'\],"prev":"([0-9a-f]*)","recorded":"([^"\\]*)","ruleset":([0-9]+),"subject":"([^"\\]*)",'
    rb'"v":1\}\Z'
)
#: Keys of every body v1; `_sd` and `att` are left out where empty.
_KEYS: Final = 15
#: Numbers beyond 2^53 have no canonical form.
_DIGITS: Final = 15
_DIGESTS: Final = b'{"_sd":['
_PREV: Final = b'"prev":"'
_HEX: Final = 64
_HEXADECIMAL: Final = b"0123456789abcdef"


def body_head(data: bytes) -> Mapping[str, Any] | None:
    """Read the keys of a body whose values are short.

    :param data: text of an entry as it is stored, in UTF-8; hostile.
    :return: ``at``, ``kind``, ``lane``, ``log_id``, ``no``, ``prev``, ``recorded``, ``subject``,
        and ``_sd`` where there is one; None where JSON has to be asked. Lists are not looked
        into: of a text that is not JSON it may answer something all the same, and so it is asked
        only of one that equals what was sealed.
    """
    begin = _BEGIN.match(data)
    if begin is None:
        return None
    middle = _MIDDLE.match(data, data.find(b'],"calendar":', begin.end() - 1))
    if middle is None:
        return None
    end = _END.match(data, data.find(b'],"prev":"', middle.end() - 1))
    if end is None:
        return None
    digests, at, attachments = begin.groups()
    keys = _KEYS + (digests is not None) + (attachments is not None)
    _, kind, lane, log_id, no = middle.groups()
    if data.count(b'":') != keys or len(lane) > _DIGITS or len(no) > _DIGITS:
        return None
    prev, recorded, _, subject = end.groups()
    head = {
        "at": _text(at),
        "kind": _text(kind),
        "lane": int(lane),
        "log_id": _text(log_id),
        "no": int(no),
        "prev": _text(prev),
        "recorded": _text(recorded),
        "subject": _text(subject),
    }
    if digests is not None:
        head["_sd"] = _text(digests)[1:-1].split('","') if digests else []
    return head


def prev_in(data: bytes) -> str:
    """Answer what seems to stand in a body as the hash of the entry before it.

    :param data: text of an entry in UTF-8; hostile.
    :return: 64 hexadecimal digits, which have to be compared with it; nothing where there are none.
    """
    at = data.rfind(_PREV) + len(_PREV)
    found = data[at : at + _HEX]
    return "" if len(found) < _HEX or found.strip(_HEXADECIMAL) else found.decode()


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


class Sayings:
    """Looks whether bodies say what they should, faster than they could be read.

    What a body says besides is mostly what the last one of its kind said; it is kept in mind.
    """

    def __init__(self) -> None:
        #: By kind: what stands before the id, and the revision of rules.
        self._known: dict[str, tuple[str, str]] = {}

    def look(
        self, bodies: Sequence[bytes], should: Sequence[Sequence[Any]], prevs: Iterable[str]
    ) -> list[bytes | None]:
        """Compare bodies with what they should say.

        :param bodies: texts of entries as they are stored, in UTF-8; each equals what was sealed.
        :param should: columns: ``log_id``, ``kind``, ``subject``, ``lane``, ``no``, ``at``,
            ``recorded``; hostile.
        :param prevs: hashes that should stand in them, 64 hexadecimal digits.
        :return: for each that says just that, what stands between the brackets of its ``_sd``;
            None where it has none, and `UNSEEN` where it may say something else.
        """
        kinds, prevs = should[1], list(prevs)
        if not are_plain(should):
            return [UNSEEN] * len(bodies)
        said = digests_said(bodies, should, prevs)
        if UNSEEN not in said:
            return said
        if not self._learn({*kinds} - self._known.keys(), bodies, kinds):
            return said
        texts = self._texts(should, prevs)
        found = list(map(_digests, bodies, texts[::3], texts[1::3], texts[2::3]))
        if UNSEEN in found:
            self._learn({kinds[n] for n, each in enumerate(found) if each == UNSEEN}, bodies, kinds)
        return found

    def _learn(self, unknown: set[str], bodies: Sequence[bytes], kinds: Sequence[str]) -> bool:
        """Read what the last body of each kind says besides; False where one cannot be read."""
        last = dict(zip(kinds, bodies, strict=True)) if unknown else {}
        for kind in unknown:
            beside = _beside(last[kind])
            if beside is not None:
                self._known[kind] = beside
        return unknown <= self._known.keys()

    def _texts(self, should: Sequence[Sequence[Any]], prevs: Iterable[str]) -> list[bytes]:
        """Write what stands before each body's list of attributes, before its id and behind it."""
        known = self._known
        made = [
            f'"at":"{at}","attrs":[\n{known[kind][0]}\n","kind":"{kind}","lane":{lane},'
            f'"log_id":"{log_id}","no":{no},"outcomes":[],"prev":"{prev}","recorded":"{recorded}",'
            f'"ruleset":{known[kind][1]},"subject":"{subject}","v":1}}'
            for prev, (log_id, kind, subject, lane, no, at, recorded) in zip(
                prevs, zip(*should, strict=True), strict=True
            )
        ]
        return "\n".join(made).encode().split(b"\n")


def _digests(data: bytes, begin: bytes, before: bytes, end: bytes) -> bytes | None:
    """Answer the digests of a body that begins and ends so, with `before` before its id."""
    if not data.endswith(end):
        return UNSEEN
    digests, at = None, 1
    if data.startswith(_DIGESTS):
        at = data.find(b'],"at":"') + 2
        digests = data[len(_DIGESTS) : at - 2]
    elif not data.startswith(b"{"):
        return UNSEEN
    list_at, id_end = at + len(begin), len(data) - len(end)
    id_at = data.rfind(before, list_at, id_end)
    # No key stands in the list or behind it: those before the id and after it are all there are.
    if id_at < 0 or not data.startswith(begin, at) or data.find(b'":', list_at, id_at) >= 0:
        return UNSEEN
    id_ = data[id_at + len(before) : id_end]
    return UNSEEN if not id_ or b'"' in id_ or b"\\" in id_ else digests


def _beside(data: bytes) -> tuple[str, str] | None:
    """Read what stands before the id, and the revision of rules."""
    middle = _MIDDLE.match(data, max(0, data.find(b'],"calendar":')))
    end = _END.match(data, max(0, data.find(b'],"prev":"')))
    return (_text(middle.group(1)), _text(end.group(3))) if middle and end else None
