"""Keyed pseudonyms: how a person is named in records that can never be erased."""

import base64
import hmac
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class People:
    """Names people by a keyed digest; the mapping back is kept apart and can be erased.

    :param key: the key of purpose ``"pseudonym"``.
    """

    key: bytes

    def pseudonym(self, log_id: str, role: str, identity: str) -> str:
        """Answer the pseudonym of a person within one agency.

        :param log_id: the agency.
        :param role: ``"officer"`` or ``"party"``.
        :param identity: the host's id of the person.
        :return: 26 characters: 128 bits of HMAC-SHA256, base 32 without padding.
        """
        return _pseudonym(self.key, log_id, role, identity)


@lru_cache(maxsize=4_096)
def _pseudonym(key: bytes, log_id: str, role: str, identity: str) -> str:
    message = "\x1f".join((log_id, role, identity)).encode("utf-8", "backslashreplace")
    tag = hmac.digest(key, message, "sha256")[:16]
    return base64.b32encode(tag).decode("ascii").rstrip("=").lower()
