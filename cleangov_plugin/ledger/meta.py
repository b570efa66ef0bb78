"""Leaves of the ledger's own: what is said of the log and not of an event, in the same tree.

Such a leaf is canonical JSON with the keys ``v`` 1, ``meta`` its kind, ``log_id``, ``at`` UTC, and
what its kind says besides. No body of an entry has the key ``meta``, and no such leaf has ``kind``.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from . import canonical
from .canonical import ProfileError
from .instants import instant, stamp
from .leaf import LONGEST

VERSION: Final = 1


class MetaKind(StrEnum):
    """What a leaf of the ledger's own says."""

    #: The first leaf: the key that signs, and the longest time until an entry is sealed.
    GENESIS = "genesis"
    #: After each batch: how many entries every case has, as one hash.
    INDEX = "index"
    #: Tables, columns, triggers, rules and rights, where they changed.
    SCHEMA = "schema"
    #: Rules and bindings that came, or went out of force.
    RULES = "rules"
    #: Another key signs from here on.
    KEY = "key"
    #: The database was put back, and what was lost of it.
    INCARNATION = "incarnation"
    #: An entry that was not as it should be when it was sealed.
    ALARM = "alarm"


def encode_meta(kind: MetaKind, log_id: str, at: datetime, **values: Any) -> str:
    """Write a leaf of the ledger's own.

    :param kind: what it says.
    :param log_id: the ledger.
    :param at: when it is said, aware.
    :param values: what it says besides; nothing that is personal.
    :return: its exact text.
    :raises ProfileError: where a value has no canonical form, or the whole is too long.
    """
    document = {"v": VERSION, "meta": kind.value, "log_id": log_id, "at": stamp(at), **values}
    written = canonical.encode(document)
    if len(written) > LONGEST:
        raise ProfileError(
            f"a leaf has at most {LONGEST} bytes, not {len(written)}.",
            where="meta",
            rule="body.length",
        )
    return written.decode()


def decode_meta(text: str | bytes) -> Mapping[str, Any]:
    """Read a leaf of the ledger's own.

    :param text: its text; hostile.
    :return: what it says.
    :raises ProfileError: where it is none, or of a version this code does not read.
    """
    data = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    document = canonical.decode(data)
    if not isinstance(document, dict) or not _is_version(document.get("v")) or "kind" in document:
        raise ProfileError("this is no leaf of the ledger's own.", where="meta")
    try:
        MetaKind(document["meta"])
        instant(document["at"])
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        what = f"this is no leaf of the ledger's own ({type(problem).__name__})."
        raise ProfileError(what, where="meta") from None
    if not isinstance(document.get("log_id"), str):
        raise ProfileError("a leaf of the ledger's own names its ledger.", where="log_id")
    return document


def _is_version(value: Any) -> bool:
    return type(value) is int and value == VERSION  # true is 1 to Python, and to no other reader


def is_meta(data: bytes) -> bool:
    """Answer whether the bytes of a leaf say something of the log and not of an event.

    :param data: bytes of a leaf.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(document, dict) and "meta" in document and "kind" not in document
