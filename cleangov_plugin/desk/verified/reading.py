"""Reading the body of one entry, as much of it as the checks ask for."""

import json
from collections.abc import Mapping
from hashlib import sha256
from operator import itemgetter
from typing import Any, Final

from cleangov_plugin.domain.our_kinds import FIELDS_ERASED, IDENTITY_ERASED
from cleangov_plugin.ledger.body_head import body_head

#: Keys of a body, in the order of the columns that repeat them.
_KEYS: Final = ("log_id", "kind", "subject", "lane", "no", "at", "recorded")
of_body: Final = itemgetter(*_KEYS)
#: Kinds whose attributes are asked, too.
WHOLE: Final = frozenset({FIELDS_ERASED, IDENTITY_ERASED})


def hash_of(body: bytes) -> bytes:
    """Answer the hash of a body, as `leaf_hash` does: a million come through here.

    :param body: text of an entry in UTF-8.
    """
    return sha256(b"\x00" + body).digest()


def said_by(body: bytes, *, is_sealed: bool) -> Mapping[str, Any] | None:
    """Read what is asked of a body; None where it has not what every body has.

    :param body: text of an entry in UTF-8; hostile.
    :param is_sealed: whether it equals what was sealed.
    """
    head = body_head(body) if is_sealed else None
    if head is not None and head["kind"] not in WHOLE:
        return head
    try:
        document = json.loads(body.decode())
        of_body(document)
        is_whole = isinstance(document["prev"], str)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return document if is_whole else None
