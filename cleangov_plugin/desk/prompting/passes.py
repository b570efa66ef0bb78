"""Passes: the signed permission that a good answer earns, bound to the digest of what was asked."""

import base64
import binascii
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from cleangov_plugin.desk.keys import Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class PassClaim:
    """What a pass says.

    :param attempt_id: the attempt it was earned in.
    :param digest: payload digest it is bound to, hexadecimal.
    :param prompt_id: the prompt answered.
    :param expires_at: when it ends, aware.
    """

    attempt_id: str
    digest: str
    prompt_id: str
    expires_at: datetime


def sign(keys: Keys, claim: PassClaim) -> str:
    """Write a pass as a token for the host's form.

    :param keys: the key ring; purpose ``"pass"``.
    :param claim: what it says.
    :return: URL-safe text.
    """
    document = {
        "a": claim.attempt_id,
        "d": claim.digest,
        "p": claim.prompt_id,
        "x": claim.expires_at.isoformat(),
        "k": keys.newest["pass"],
    }
    body = _encode(json.dumps(document, sort_keys=True, ensure_ascii=True).encode())
    return f"{body}.{_encode(keys.tag('pass', body.encode()))}"


def read(keys: Keys, token: str, now: datetime) -> PassClaim | None:
    """Read a token; None where it was not signed by us, was altered or has expired.

    :param keys: the key ring; older key ids are still good.
    :param token: text from a form or header; hostile.
    :param now: the present time, aware.
    :return: the claim.
    """
    body, _, tag = token.partition(".")
    try:
        document: dict[str, Any] = json.loads(_decode(body))
        key = keys.by_id["pass", document["k"]]
        claim = PassClaim(
            attempt_id=str(document["a"]),
            digest=str(document["d"]),
            prompt_id=str(document["p"]),
            expires_at=datetime.fromisoformat(document["x"]),
        )
        # As text, not as bytes: the last character of a tag has bits that stand for nothing.
        expected = _encode(hmac.new(key, body.encode(), sha256).digest())
        is_ours = hmac.compare_digest(expected.encode(), tag.encode())
        return claim if is_ours and now <= claim.expires_at else None
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        return None


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
