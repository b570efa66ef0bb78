"""The code of an event that waits: what shows that the plugin itself put it there.

Whoever holds the database alone could write that an entry is still owed, and so have a row without
one pass for a row that waits for it. The code is made as that of an entry, by the key of the day.
"""

import re
from hashlib import sha256
from typing import Final

_CODED: Final = re.compile(r', "code": "([0-9a-f]{40})"\}\Z')
_LABEL: Final = b"cleangov event that waits\0"


def digest_of_waiting(text: str) -> bytes:
    """Answer what the code of an event that waits is made of.

    :param text: JSON text of the event, without code.
    :return: 32 bytes.
    """
    return sha256(_LABEL + text.encode("utf-8", "surrogateescape")).digest()


def with_code(text: str, code: bytes) -> str:
    """Write a code into an event that waits.

    :param text: JSON text of the event: an object that is not empty.
    :param code: its code.
    """
    return f'{text[:-1]}, "code": "{code.hex()}"}}'


def parted(text: str) -> tuple[bytes, bytes] | None:
    """Part an event that waits from its code.

    :param text: what is kept of it; hostile.
    :return: what the code is made of, and the code; None where it has none.
    """
    found = _CODED.search(text)
    if found is None:
        return None
    return digest_of_waiting(f"{text[: found.start()]}}}"), bytes.fromhex(found.group(1))
