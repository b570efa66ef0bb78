"""Strict readers: one number and one byte string have one text each, or they are refused."""

import base64
import re
from typing import Final

from cleangov_plugin.domain.errors import CleanGovError

#: Largest size of a tree and largest index: what a signed word of 64 bits holds.
LARGEST: Final = 2**63 - 1
#: Bytes of a hash: SHA-256.
HASH_BYTES: Final = 32

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class Refused(CleanGovError):
    """Bytes from outside that break a rule of their format, or prove nothing.

    :param rule: short name of the rule that was broken, as ``"inclusion.length"``; it stays.
    :param what: what is wrong, one sentence.
    :param where: line, field or file; empty where there is none.
    """

    def __init__(self, rule: str, what: str, *, where: str = "") -> None:
        super().__init__(what, where=where)
        self.rule = rule

    def __str__(self) -> str:
        return f"{super().__str__()} [{self.rule}]"


def whole(text: str, rule: str, where: str = "") -> int:
    """Read a whole number: ASCII digits without sign, blank or leading zero.

    :param text: hostile.
    :param rule: name of the rule it is refused by.
    :param where: which number it is.
    :return: 0 to 2^63-1.
    :raises Refused: where it is none.
    """
    if not _DECIMAL.fullmatch(text) or int(text) > LARGEST:
        told = f"a whole number up to 2^63-1 without leading zeros is wanted, not {text[:24]!r}."
        raise Refused(rule, told, where=where)
    return int(text)


def is_number(value: object) -> bool:
    """Tell whether a value can be an index or a size: a whole number, and no truth value.

    :param value: anything.
    :return: whether it is an int from 0 to 2^63-1.
    """
    return type(value) is int and 0 <= value <= LARGEST


def shown(value: object) -> str:
    """Write an index or a size for a message; of anything else its kind alone.

    :param value: anything; Python refuses to write whole numbers of thousands of digits.
    :return: a few characters.
    """
    return str(value) if is_number(value) else f"({type(value).__name__} out of range)"


def is_hash(value: object) -> bool:
    """Tell whether a value can be a hash.

    :param value: anything.
    :return: whether it is 32 bytes.
    """
    return isinstance(value, bytes) and len(value) == HASH_BYTES


def unbase64(text: str, rule: str, where: str = "") -> bytes:
    """Read standard base64 (RFC 4648 section 4) in its one canonical form.

    Two texts for one byte string would let a proof be altered unnoticed, so bits that stand for
    nothing have to be zero, and padding, blanks and the other alphabet are not forgiven.

    :param text: hostile.
    :param rule: name of the rule it is refused by.
    :param where: which text it is.
    :return: the bytes.
    :raises Refused: where the text is not the one that `base64` writes.
    """
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except ValueError:
        data = b""
    if in_base64(data) != text:
        raise Refused(rule, f"{text[:24]!r} is no canonical base64.", where=where)
    return data


def unhash(text: str, rule: str, where: str = "") -> bytes:
    """Read a hash in base64.

    :param text: hostile.
    :param rule: name of the rule it is refused by.
    :param where: which hash it is.
    :return: 32 bytes.
    :raises Refused: where it is no canonical base64 or not of 32 bytes.
    """
    data = unbase64(text, rule, where)
    if len(data) != HASH_BYTES:
        raise Refused(rule, f"a hash has {HASH_BYTES} bytes, not {len(data)}.", where=where)
    return data


def in_base64(data: bytes) -> str:
    """Write bytes in standard base64 (RFC 4648 section 4).

    :param data: the bytes.
    :return: its text.
    """
    return base64.b64encode(data).decode("ascii")
