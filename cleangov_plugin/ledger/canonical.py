"""Canonical JSON: one value, one byte string (a profile of RFC 8785, JSON Canonicalization)."""

import json
from itertools import chain
from json.encoder import encode_basestring
from typing import Any, Final

from cleangov_plugin.domain.errors import CleanGovError

#: Largest whole number that every JSON reader keeps exactly (RFC 8785 section 3.2.2.3).
LARGEST: Final = 2**53 - 1
#: Deepest nesting of lists and mappings; bodies need three.
_DEEPEST: Final = 16
#: Made once: the module's own `dumps` would make one for every body.
#: What is nested in itself is refused before, as what is nested too deep.
_WRITER: Final = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False
)
_TEXTS: Final = frozenset({str})
_TUPLES: Final = frozenset({tuple})


class ProfileError(CleanGovError):
    """A value or a text outside the profile: it has no single byte string.

    :param what: what is wrong, one sentence.
    :param where: part of the value; empty where there is none.
    :param remedy: what to do.
    :param rule: short name of the rule that was broken, as ``"canonical.key"``; it stays.
    """

    def __init__(
        self, what: str, *, where: str = "", remedy: str = "", rule: str = "body.form"
    ) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.rule = rule


def encode(value: Any) -> bytes:
    """Write a value as its one canonical byte string.

    The profile: ASCII keys, no floats, whole numbers within ±(2^53-1), text that UTF-8 can write.
    Inside it the standard library's output equals RFC 8785: keys of ASCII sort alike by code
    point and by UTF-16 unit, and only floats and larger numbers are written differently.

    :param value: mappings, lists, tuples, texts, whole numbers, booleans and None.
    :return: UTF-8 bytes without blanks, keys sorted.
    :raises ProfileError: where a part of the value is outside the profile.
    """
    _check(value, "$", 0)
    try:
        return _WRITER.encode(value).encode("utf-8")
    except UnicodeEncodeError:
        raise ProfileError(
            "a text holds half a character (lone surrogate).", where="$", rule="canonical.text"
        ) from None


def encode_text(text: str) -> bytes:
    """Write one text as `encode` does, in less time: a million cases are asked for.

    :param text: the text.
    :return: canonical bytes.
    :raises ProfileError: where it holds half a character (lone surrogate).
    """
    try:
        return encode_basestring(text).encode("utf-8")
    except UnicodeEncodeError:
        raise ProfileError(
            "a text holds half a character (lone surrogate).", where="$", rule="canonical.text"
        ) from None


def decode(data: bytes) -> Any:
    """Read canonical bytes; anything that is not canonical is refused.

    :param data: the bytes; hostile.
    :return: the value, lists for arrays.
    :raises ProfileError: where the bytes are no JSON, or not the canonical ones of their value.
    """
    try:
        value = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ProfileError(
            "these bytes are no JSON in UTF-8.", where="$", rule="canonical.json"
        ) from None
    if encode(value) != data:
        raise ProfileError(
            "these bytes are not the canonical ones of their value.",
            where="$",
            rule="canonical.bytes",
        )
    return value


def _check(value: Any, path: str, depth: int) -> None:
    if isinstance(value, tuple | list):  # first, for most of a body are lists of texts
        _check_depth(path, depth)
        if not _is_table_of_texts(value, depth + 1):
            for item in value:  # a call costs more than a look
                if type(item) is not str:
                    _check(item, path, depth + 1)
    elif isinstance(value, dict):
        _check_depth(path, depth)
        _check_mapping(value, path, depth)
    elif type(value) is int:
        if abs(value) > LARGEST:
            raise ProfileError("a whole number beyond 2^53-1.", where=path, rule="canonical.number")
    elif value is not None and not isinstance(value, str | bool):
        raise ProfileError(
            f"{type(value).__name__} is not in the profile.", where=path, rule="canonical.kind"
        )


def _is_table_of_texts(rows: Any, depth: int) -> bool:
    """Answer whether all are tuples of texts, as attributes are: seen without a call for each."""
    return (
        depth < _DEEPEST
        and set(map(type, rows)) == _TUPLES
        and set(map(type, chain.from_iterable(rows))) <= _TEXTS
    )


def _check_depth(path: str, depth: int) -> None:
    if depth == _DEEPEST:
        raise ProfileError(f"nested deeper than {_DEEPEST}.", where=path, rule="canonical.depth")


def _check_mapping(value: dict[Any, Any], path: str, depth: int) -> None:
    are_plain = set(map(type, value)) <= _TEXTS and "".join(value).isascii()
    for key, item in value.items():
        if not are_plain and not (isinstance(key, str) and key.isascii()):
            raise ProfileError("a key that is no ASCII text.", where=path, rule="canonical.key")
        if type(item) is not str and not (type(item) is int and -LARGEST <= item <= LARGEST):
            _check(item, f"{path}.{key}", depth + 1)
