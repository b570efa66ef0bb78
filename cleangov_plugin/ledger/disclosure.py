"""Erasable fields: salted disclosures and their digests (RFC 9901, SD-JWT, section 4.2)."""

import base64
import binascii
import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from .canonical import ProfileError

#: 128 bits, as RFC 9901 section 9.3 recommends.
SALT_BYTES: Final = 16
#: Stands between disclosures in one column; base64url never contains it (RFC 9901 section 4).
SEPARATOR: Final = "~"
#: From the alphabet of base64 to that of base64url (RFC 4648 section 5).
_FOR_URLS: Final = bytes.maketrans(b"+/", b"-_")
_WRITER: Final = json.JSONEncoder(ensure_ascii=False)


def make(name: str, value: str, salt: bytes) -> tuple[str, str]:
    """Make the disclosure of one field.

    :param name: the field's code.
    :param value: its text.
    :param salt: at least 16 fresh random bytes; while they are secret, so is the value.
    :return: the disclosure (kept where it can be erased) and its digest (kept in the body).
    :raises ProfileError: where the salt is too short.
    """
    if len(salt) < SALT_BYTES:
        raise ProfileError(
            f"a salt has at least {SALT_BYTES} bytes.", where=name, rule="disclosure.salt"
        )
    array = _WRITER.encode([_encode(salt), name, value])
    disclosure = _encode(array.encode("utf-8"))
    return disclosure, digest(disclosure)


def digest(disclosure: str) -> str:
    """Answer the digest of a disclosure (RFC 9901 section 4.2.3).

    :param disclosure: base64url text; hostile.
    :return: base64url of the SHA-256 over the disclosure's ASCII bytes.
    :raises ProfileError: where it is no ASCII text.
    """
    try:
        return _encode(sha256(disclosure.encode("ascii")).digest())
    except UnicodeEncodeError:
        raise ProfileError("this is no disclosure.", rule="disclosure.form") from None


def read(disclosure: str) -> tuple[str, str]:
    """Read name and value of a disclosure.

    :param disclosure: base64url text; hostile.
    :return: name and value.
    :raises ProfileError: where it is no disclosure of a named text.
    """
    try:
        padded = disclosure.encode("ascii") + b"=" * (-len(disclosure) % 4)
        array: Any = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, binascii.Error, RecursionError):
        raise ProfileError("this is no disclosure.", rule="disclosure.form") from None
    is_named = isinstance(array, list) and len(array) == 3
    if not is_named or not all(isinstance(part, str) for part in array):
        raise ProfileError("a disclosure holds salt, name and value.", rule="disclosure.form")
    return array[1], array[2]


def join(disclosures: Sequence[str]) -> str | None:
    """Write the disclosures of one entry as the text of its one erasable column.

    :param disclosures: in any order.
    :return: the text; None where there is none.
    """
    return SEPARATOR.join(disclosures) or None


def split(column: str | None) -> tuple[str, ...]:
    """Read what `join` wrote.

    :param column: text of the column.
    :return: the disclosures.
    """
    return tuple(column.split(SEPARATOR)) if column else ()


def _encode(data: bytes) -> str:
    # As `base64.urlsafe_b64encode`, in one call instead of four.
    text = binascii.b2a_base64(data, newline=False)
    return text.translate(_FOR_URLS).rstrip(b"=").decode("ascii")
