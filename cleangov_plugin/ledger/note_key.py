"""Keys of signed notes and their texts (C2SP signed-note, "Verifier keys"; Go sumdb/note)."""

import re
from dataclasses import dataclass, field
from typing import Final

from .strict import Refused, in_base64, unbase64
from .suites import SUITES, Suite, Suites, key_id

_SECRET: Final = "PRIVATE+KEY+"
_ID: Final = re.compile(r"[0-9a-f]{8}", re.ASCII)
#: Longest text of a key that is read: post-quantum keys have a few thousand bytes.
_LONGEST: Final = 16_384


def check_name(name: str) -> str:
    """Check the name of a key: not empty, without blanks, plus signs and control characters.

    :param name: hostile.
    :return: the name.
    :raises Refused: where it cannot stand in a note or in a key's text.
    """
    is_blank = any(char.isspace() or char < " " or char == "+" for char in name)
    if not name or is_blank or not _is_text(name):
        told = f"{name[:60]!r} cannot name a key: no blanks, no plus, no control characters."
        raise Refused("key.name", told)
    return name


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key and whose it is.

    :param name: name of the key; of a log, its origin.
    :param suite: how it signs.
    :param public: the public key's bytes.
    """

    name: str
    suite: Suite
    public: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        _check_length(self.public, self.suite.public_bytes)

    @property
    def id(self) -> int:
        """What stands before its signatures: four bytes as a number."""
        return key_id(self.name, self.suite.byte, self.public)

    @property
    def text(self) -> str:
        """Its text, which is public: ``name+id+base64``."""
        return _text(self.name, self.id, self.suite, self.public)


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A secret key and whose it is. It is never shown by accident: its `repr` leaves the key out.

    :param name: name of the key.
    :param suite: how it signs.
    :param secret: the secret key's bytes.
    """

    name: str
    suite: Suite
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_name(self.name)
        _check_length(self.secret, self.suite.secret_bytes)

    @property
    def verifier(self) -> VerifierKey:
        """Its public half."""
        return VerifierKey(self.name, self.suite, self.suite.public_of(self.secret))

    @property
    def text(self) -> str:
        """Its text, which is secret: ``PRIVATE+KEY+name+id+base64``."""
        return _SECRET + _text(self.name, self.verifier.id, self.suite, self.secret)


def read_verifier_key(text: str, suites: Suites = SUITES) -> VerifierKey:
    """Read a public key's text.

    :param text: ``name+id+base64``; hostile.
    :param suites: suites that are known.
    :return: the key.
    :raises Refused: where it is no key, of an unknown suite, or does not have its id.
    """
    name, id_, suite, public = _parts(text, suites)
    key = VerifierKey(name, suite, public)
    _check_id(id_, key.id)
    return key


def read_signer_key(text: str, suites: Suites = SUITES) -> SignerKey:
    """Read a secret key's text. What it says when it refuses does not repeat the text.

    :param text: ``PRIVATE+KEY+name+id+base64``; hostile.
    :param suites: suites that are known.
    :return: the key.
    :raises Refused: where it is no key, of an unknown suite, or does not have its id.
    """
    if not text.startswith(_SECRET):
        raise Refused("key.form", f"a secret key begins with {_SECRET}.")
    try:
        name, id_, suite, secret = _parts(text.removeprefix(_SECRET), suites)
    except Refused as problem:
        raise Refused(problem.rule, "this is no secret key.") from None
    key = SignerKey(name, suite, secret)
    _check_id(id_, key.verifier.id)
    return key


def _text(name: str, id_: int, suite: Suite, key: bytes) -> str:
    return f"{name}+{id_:08x}+{in_base64(bytes([suite.byte]) + key)}"


def _parts(text: str, suites: Suites) -> tuple[str, str, Suite, bytes]:
    """Take a key's text apart; base64 may hold plus signs, a name may not."""
    if len(text) > _LONGEST or text.count("+") < 2:
        raise Refused("key.form", "a key is written as name+id+base64.")
    name, id_, coded = text.split("+", 2)
    if not _ID.fullmatch(id_):
        raise Refused("key.id", "a key's id is eight hexadecimal digits.")
    data = unbase64(coded, "key.base64")
    if not data or data[0] not in suites:
        known = ", ".join(f"0x{byte:02x} {suite.name}" for byte, suite in suites.items())
        raise Refused("key.suite", f"a key of a suite that is not known here ({known}).")
    return check_name(name), id_, suites[data[0]], data[1:]


def _check_length(key: bytes, expected: int) -> None:
    if len(key) != expected:
        raise Refused("key.length", f"a key of this suite has {expected} bytes, not {len(key)}.")


def _check_id(given: str, computed: int) -> None:
    if given != f"{computed:08x}":
        raise Refused("key.id", f"this key has the id {computed:08x}, not {given}.")


def _is_text(name: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in name)
