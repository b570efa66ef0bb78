"""Sealed boxes: bytes for oversight only, which whoever sealed them cannot open again.

Version 1 is X25519 with a new key for every box, HKDF-SHA256 (RFC 5869) and ChaCha20-Poly1305
(RFC 8439). A box is, in this order: the line `FIRST`, the receiver's key id (8 bytes), the public
half of the box's own key (32 bytes), and the encrypted content with its tag. The content is its
length in four bytes, the bytes, and zeros up to a multiple of 256, so that a length says little.
What stands before the encrypted content, and the purpose, are authenticated with it.
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .strict import Refused, in_base64, unbase64

#: First line of every box; it names what the box is made with.
FIRST: Final = b"cleangov-sealed-box/v1\n"
#: Most bytes that one box holds.
LONGEST: Final = 1_000_000

_PUBLIC: Final = "cleangov-oversight-key/v1 "
_SECRET: Final = "cleangov-oversight-secret-key/v1 "
_KEY_BYTES: Final = 32
_ID_BYTES: Final = 8
_TAG_BYTES: Final = 16
_LENGTH_BYTES: Final = 4
_STEP: Final = 256
#: Every box has a key of its own, which encrypts once.
_NONCE: Final = bytes(12)
_HEADER: Final = len(FIRST) + _ID_BYTES + _KEY_BYTES


@dataclass(frozen=True, slots=True)
class BoxKey:
    """The public key of oversight: whoever has it can seal, and nothing more.

    :param public: 32 bytes.
    """

    public: bytes

    @property
    def id(self) -> bytes:
        """Its id, which stands in every box: 8 bytes of a SHA-256."""
        return sha256(_PUBLIC.encode() + self.public).digest()[:_ID_BYTES]

    @property
    def text(self) -> str:
        """Its text, which is public."""
        return _PUBLIC + in_base64(self.public)


@dataclass(frozen=True, slots=True)
class OpeningKey:
    """The secret key of oversight. Its `repr` leaves the key out.

    :param secret: 32 bytes.
    """

    secret: bytes = field(repr=False)

    @property
    def public(self) -> BoxKey:
        """Its public half."""
        return BoxKey(
            X25519PrivateKey.from_private_bytes(self.secret).public_key().public_bytes_raw()
        )

    @property
    def text(self) -> str:
        """Its text, which is secret."""
        return _SECRET + in_base64(self.secret)


def new_opening_key() -> OpeningKey:
    """Make a key of oversight, from the system's random bytes."""
    return OpeningKey(X25519PrivateKey.generate().private_bytes_raw())


def read_box_key(text: str) -> BoxKey:
    """Read a public key.

    :param text: hostile.
    :raises Refused: where it is none.
    """
    return BoxKey(_key_bytes(text, _PUBLIC))


def read_opening_key(text: str) -> OpeningKey:
    """Read a secret key. What it says when it refuses does not repeat the text.

    :param text: hostile.
    :raises Refused: where it is none.
    """
    try:
        return OpeningKey(_key_bytes(text, _SECRET))
    except Refused as problem:
        raise Refused(problem.rule, "this is no secret key of oversight.") from None


def seal_box(data: bytes, key: BoxKey, purpose: str) -> bytes:
    """Seal bytes to oversight.

    :param data: what is for oversight only.
    :param key: oversight's public key.
    :param purpose: what it is for; a box of one purpose opens for no other.
    :return: the box. Its own key is forgotten: the caller cannot open it.
    :raises Refused: where it is too long, or the key is none that a secret could be agreed with.
    """
    if len(data) > LONGEST:
        raise Refused("box.length", f"a box holds at most {LONGEST} bytes.")
    own = X25519PrivateKey.generate()
    header = FIRST + key.id + own.public_key().public_bytes_raw()
    content = len(data).to_bytes(_LENGTH_BYTES, "big") + data
    content += bytes(-len(content) % _STEP)
    cipher = ChaCha20Poly1305(_agreed(own, key.public, header, key))
    return header + cipher.encrypt(_NONCE, content, _bound(header, purpose))


def open_box(box: bytes, key: OpeningKey, purpose: str) -> bytes:
    """Open a box.

    :param box: hostile.
    :param key: oversight's secret key.
    :param purpose: what it has to be for.
    :return: what was sealed.
    :raises Refused: where it is no box, for another key or purpose, or was changed.
    """
    header, sealed = box[:_HEADER], box[_HEADER:]
    content_bytes = len(sealed) - _TAG_BYTES
    if not box.startswith(FIRST) or content_bytes <= 0 or content_bytes % _STEP:
        raise Refused("box.form", "this is no sealed box of version 1.")
    if content_bytes > LONGEST + _LENGTH_BYTES + _STEP:
        raise Refused("box.length", f"a box holds at most {LONGEST} bytes.")
    if header[len(FIRST) : len(FIRST) + _ID_BYTES] != key.public.id:
        raise Refused("box.key", "this box is sealed to another key.")
    own = X25519PrivateKey.from_private_bytes(key.secret)
    secret = _agreed(own, header[-_KEY_BYTES:], header, key.public)
    try:
        content = ChaCha20Poly1305(secret).decrypt(_NONCE, sealed, _bound(header, purpose))
    except InvalidTag:
        raise Refused("box.changed", "this box was changed, or is for another purpose.") from None
    end = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "big")
    if end > len(content) or len(content) - end >= _STEP or any(content[end:]):
        raise Refused("box.padding", "the content of this box does not end as one does.")
    return content[_LENGTH_BYTES:end]


def _agreed(own: X25519PrivateKey, other: bytes, header: bytes, receiver: BoxKey) -> bytes:
    """Agree on the secret of one box; both public keys and the receiver's are bound to it."""
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(other))
    except ValueError:  # a point of small order, with which everybody agrees
        raise Refused("box.key", "no secret can be agreed on with this key.") from None
    salt = sha256(header + receiver.public).digest()
    return HKDF(SHA256(), _KEY_BYTES, salt, FIRST.strip()).derive(shared)


def _bound(header: bytes, purpose: str) -> bytes:
    return header + purpose.encode("utf-8")


def _key_bytes(text: str, first: str) -> bytes:
    if len(text) > 200 or not text.startswith(first):
        raise Refused("box.key", f"a key is written as {first}and base64.")
    data = unbase64(text.removeprefix(first), "box.key")
    if len(data) != _KEY_BYTES:
        raise Refused("box.key", f"a key has {_KEY_BYTES} bytes, not {len(data)}.")
    return data
