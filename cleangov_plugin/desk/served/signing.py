"""Signatures of machine callers: HMAC-SHA-256 (RFC 2104) over everything a request means."""

import hmac
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from cleangov_plugin.domain.errors import SettingsError

#: First line of what is signed: another way to sign would have another name.
SCHEME: Final = "CLEANGOV-HMAC-SHA256-1"
#: Seconds that a caller's clock may differ from ours, either way.
SKEW: Final = 120
#: What a nonce and a key id are made of.
TOKEN: Final = re.compile(r"[A-Za-z0-9._~-]{8,64}")
_KEY_FILE: Final = re.compile(r"(?P<id>[a-z0-9]{1,32}-[0-9]{1,6})\.key")
_HEX_KEY: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The parts of a request that are signed, each as it was sent.

    :param key_id: id of the caller's key, ``yunting-1``.
    :param method: ``POST``.
    :param target: path with query, as on the request line.
    :param body: the body's bytes.
    :param at: POSIX seconds by the caller's clock, in decimal digits.
    :param nonce: text that the caller uses once.
    :param officer: on behalf of whom, percent-encoded UTF-8; empty for nobody.
    :param once: the Idempotency-Key; empty where there is none.
    :param proof: the pass; empty where there is none.
    """

    key_id: str
    method: str
    target: str
    body: bytes
    at: str
    nonce: str
    officer: str = ""
    once: str = ""
    proof: str = ""


def message(request: Request) -> bytes:
    """Write what is signed: one line a part, none of which can hold a line break.

    :param request: the request.
    :return: bytes; what is not ASCII has bytes of its own: no two requests are alike.
    """
    digest = sha256(request.body).hexdigest()
    parts = (
        SCHEME,
        request.key_id,
        request.method,
        request.target,
        digest,
        request.at,
        request.nonce,
        request.officer,
        request.once,
        request.proof,
    )
    return "\n".join(parts).encode("utf-8", "backslashreplace")


def signature(key: bytes, request: Request) -> str:
    """Sign a request.

    :param key: the caller's key.
    :param request: the request.
    :return: 64 hexadecimal digits.
    """
    return hmac.new(key, message(request), sha256).hexdigest()


def is_signed(keys: dict[str, bytes], request: Request, given: str) -> bool:
    """Answer whether a request was signed with a key that we know.

    An unknown key takes as long as a wrong signature, so that nobody learns which keys there are.

    :param keys: key by id.
    :param request: the request; hostile.
    :param given: the signature; hostile.
    """
    key = keys.get(request.key_id)
    expected = signature(key or b"no such key", request)
    is_same = hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))
    return is_same and key is not None


def read_callers(folder: Path) -> dict[str, bytes]:
    """Read the keys of callers: files ``<caller>-<number>.key``, 64 hexadecimal digits each.

    Two numbers of one caller are both good, so that a key is changed without a pause: add the new
    file, let the caller change over, take the old one away; a restart reads the folder.

    :param folder: the folder.
    :return: key by id.
    :raises SettingsError: where there is no key, or a file is not one.
    """
    remedy = "Put 64 hexadecimal digits into <caller>-<number>.key, as 'openssl rand -hex 32' does."
    try:
        files = {path: _KEY_FILE.fullmatch(path.name) for path in sorted(folder.iterdir())}
        found = {m["id"]: path.read_bytes().strip() for path, m in files.items() if m}
    except OSError as problem:
        what = f"the keys of callers cannot be read ({type(problem).__name__})."
        raise SettingsError(what, where=str(folder), remedy=remedy) from None
    for id_, text in found.items():
        if not _HEX_KEY.fullmatch(text.decode("ascii", "replace")):
            raise SettingsError(
                "this is not a key.", where=str(folder / f"{id_}.key"), remedy=remedy
            )
    if not found:
        what = "nobody could call: there is no key of a caller."
        raise SettingsError(what, where=str(folder), remedy=remedy)
    return {id_: bytes.fromhex(text.decode("ascii")) for id_, text in found.items()}
