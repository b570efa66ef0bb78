"""Named signature suites of signed notes: which byte stands for which way of signing."""

from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Final, Protocol

from .strict import LARGEST, Refused


class Suite(Protocol):
    """A way to sign a note. A second one is an object with these members, under a byte of its own.

    The key's name comes along, for some suites sign it too (C2SP tlog-cosignature, ML-DSA-44).
    """

    @property
    def name(self) -> str:
        """What the suite is called in messages."""
        ...

    @property
    def byte(self) -> int:
        """Signature type identifier byte (C2SP signed-note, "Signature types")."""
        ...

    @property
    def is_cosignature(self) -> bool:
        """Whether it is a witness's statement about a tree head, with a time."""
        ...

    @property
    def public_bytes(self) -> int:
        """Length of a public key."""
        ...

    @property
    def secret_bytes(self) -> int:
        """Length of a secret key."""
        ...

    def public_of(self, secret: bytes) -> bytes:
        """Answer the public key of a secret one.

        :param secret: `secret_bytes` bytes.
        :return: `public_bytes` bytes.
        """
        ...

    def sign(self, name: str, secret: bytes, text: bytes, at: int | None) -> bytes:
        """Sign a note's text.

        :param name: the key's name.
        :param secret: the secret key.
        :param text: text of the note, with its last newline.
        :param at: seconds since 1970, for suites that state a time.
        :return: the signature, without the key's id.
        """
        ...

    def verify(self, name: str, public: bytes, text: bytes, signature: bytes) -> bool:
        """Tell whether a signature is one of this key over this text.

        :param name: the key's name.
        :param public: the public key.
        :param text: text of the note, with its last newline.
        :param signature: hostile, of any length.
        :return: whether it is.
        """
        ...


Suites = Mapping[int, Suite]


class Ed25519:
    """Ed25519 over the note's text (RFC 8032; C2SP signed-note, type 0x01): how the log signs."""

    name = "ed25519"
    byte = 0x01
    is_cosignature = False
    public_bytes = 32
    secret_bytes = 32

    def public_of(self, secret: bytes) -> bytes:
        """Answer the public key of a seed.

        :param secret: 32 bytes.
        :return: 32 bytes.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()

    def sign(self, name: str, secret: bytes, text: bytes, at: int | None) -> bytes:  # noqa: ARG002
        """Sign a text; the same text and seed give the same bytes.

        :param name: the key's name, which is not signed.
        :param secret: the seed.
        :param text: what is signed.
        :param at: not signed.
        :return: 64 bytes.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(secret).sign(text)

    def verify(self, name: str, public: bytes, text: bytes, signature: bytes) -> bool:  # noqa: ARG002
        """Tell whether a signature is one of this key over this text.

        :param name: the key's name, which is not signed.
        :param public: 32 bytes.
        :param text: what was signed.
        :param signature: hostile.
        :return: whether it is.
        """
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


class Ed25519Cosignature(Ed25519):
    """A witness's cosignature/v1 (C2SP tlog-cosignature, type 0x04): eight bytes of time first."""

    name = "ed25519-cosignature"
    byte = 0x04
    is_cosignature = True

    def sign(self, name: str, secret: bytes, text: bytes, at: int | None) -> bytes:
        """State that the text is the largest consistent tree head seen by then.

        :param name: the witness's name, which is not signed.
        :param secret: the seed.
        :param text: text of the tree head.
        :param at: seconds since 1970.
        :return: 72 bytes: time and signature.
        :raises Refused: where the time is missing or none.
        """
        if at is None or not 0 <= at <= LARGEST:
            raise Refused("cosignature.time", "a cosignature states seconds since 1970.")
        return at.to_bytes(8, "big") + super().sign(name, secret, _cosigned(at, text), at)

    def verify(self, name: str, public: bytes, text: bytes, signature: bytes) -> bool:
        """Tell whether it is a cosignature of this witness over this tree head at its time.

        :param name: the witness's name, which is not signed.
        :param public: 32 bytes.
        :param text: text of the tree head.
        :param signature: hostile.
        :return: whether it is.
        """
        at = cosigned_at(signature)
        return at <= LARGEST and super().verify(name, public, _cosigned(at, text), signature[8:])


#: What this release reads and writes. For a second suite, hand `{**SUITES, byte: suite}` on.
SUITES: Final[Suites] = MappingProxyType(
    {suite.byte: suite for suite in (Ed25519(), Ed25519Cosignature())}
)


def cosigned_at(signature: bytes) -> int:
    """Answer when a cosignature says it was made.

    :param signature: a cosignature that was verified.
    :return: seconds since 1970.
    """
    return int.from_bytes(signature[:8], "big")


def key_id(name: str, byte: int, public: bytes) -> int:
    """Answer the id of a key: the first four bytes of a SHA-256 (C2SP signed-note, "Signatures").

    It only tells keys apart. Anybody can make a key with a given id.

    :param name: the key's name.
    :param byte: byte of its suite.
    :param public: the public key.
    :return: 0 to 2^32-1.
    """
    digest = sha256(name.encode("utf-8") + b"\n" + bytes([byte]) + public).digest()
    return int.from_bytes(digest[:4], "big")


def _cosigned(at: int, text: bytes) -> bytes:
    return b"cosignature/v1\ntime %d\n" % at + text
