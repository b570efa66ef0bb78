"""What a verifier asks of every body, read without reading all of it: a million come through here.

The keys of a body are sorted and known, so that what stands before, between and behind its two
lists can be looked for. In the text of a JSON string a quote is escaped, so ``":`` stands behind
keys and escaped quotes alone: where there are as many as keys were matched, there is no other key
and no nested mapping, and the text says what JSON would say. Any other text is left to JSON.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

_BEGIN: Final = re.compile(
    r'\{(?:"_sd":\[((?:"[A-Za-z0-9_-]+",?)*)\],)?"at":"([^"\\]*)",'
    r'("att":\[(?:"[0-9a-f]+",?)*\],)?"attrs":\['
)
_MIDDLE: Final = re.compile(
    r'\],"calendar":[0-9]+,"contract":[0-9]+,"id":"(?:[^"\\]|\\.)*",'
    r'"kind":"([^"\\]*)","lane":(0|[1-9][0-9]*),"log_id":"([^"\\]*)","no":([1-9][0-9]*),'
    r'"outcomes":\['
)
_END: Final = re.compile(
    r'\],"prev":"([0-9a-f]*)","recorded":"([^"\\]*)","ruleset":[0-9]+,"subject":"([^"\\]*)",'
    r'"v":1\}\Z'
)
#: Keys of every body v1; `_sd` and `att` are left out where empty.
_KEYS: Final = 15
#: Numbers beyond 2^53 have no canonical form.
_DIGITS: Final = 15


def body_head(text: str) -> Mapping[str, Any] | None:
    """Read the keys of a body whose values are short.

    :param text: text of an entry as it is stored; hostile.
    :return: ``at``, ``kind``, ``lane``, ``log_id``, ``no``, ``prev``, ``recorded``, ``subject``,
        and ``_sd`` where there is one; None where JSON has to be asked. Lists are not looked
        into: of a text that is not JSON it may answer something all the same, and so it is asked
        only of one that equals what was sealed.
    """
    begin = _BEGIN.match(text)
    if begin is None:
        return None
    middle = _MIDDLE.match(text, text.find('],"calendar":', begin.end() - 1))
    if middle is None:
        return None
    end = _END.match(text, text.find('],"prev":"', middle.end() - 1))
    if end is None:
        return None
    digests, at, attachments = begin.groups()
    keys = _KEYS + (digests is not None) + (attachments is not None)
    kind, lane, log_id, no = middle.groups()
    if text.count('":') != keys or len(lane) > _DIGITS or len(no) > _DIGITS:
        return None
    prev, recorded, subject = end.groups()
    head = {
        "at": at,
        "kind": kind,
        "lane": int(lane),
        "log_id": log_id,
        "no": int(no),
        "prev": prev,
        "recorded": recorded,
        "subject": subject,
    }
    if digests is not None:
        head["_sd"] = digests[1:-1].split('","') if digests else []
    return head
