"""Signed notes: a text, and under it one line for each signature (C2SP signed-note)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from .note_key import SignerKey, VerifierKey, check_name
from .strict import Refused, in_base64, unbase64

#: Longest note, and most signatures, that are read: as Go's reader has it.
LONGEST_NOTE: Final = 1_000_000
MOST_SIGNATURES: Final = 100

_MARK: Final = "— "
_CONTROLS: Final = frozenset(map(chr, range(0x20))) - {"\n"}


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note.

    :param name: name of the key it claims.
    :param key_id: id of the key it claims.
    :param data: the signature itself.
    """

    name: str
    key_id: int
    data: bytes

    @property
    def line(self) -> str:
        """The line, with its newline."""
        return f"{_MARK}{self.name} {in_base64(self.key_id.to_bytes(4, 'big') + self.data)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A note that was opened.

    :param text: its text, with the last newline.
    :param verified: keys that signed it and their signatures, each checked; at least one.
    :param unverified: signatures of keys that are not known, which say nothing.
    """

    text: bytes
    verified: tuple[tuple[VerifierKey, Signature], ...]
    unverified: tuple[Signature, ...]


def split_note(data: bytes) -> tuple[bytes, tuple[Signature, ...]]:
    """Take a note apart. Nothing is checked but its form: the text is not to be used yet.

    :param data: hostile.
    :return: text with its last newline, and the signatures, each line once.
    :raises Refused: where it is no signed note.
    """
    text, blank, lines = check_text(data, "note").rpartition("\n\n")
    if not blank or not lines:
        raise Refused("note.signatures", "a note has a blank line and signatures under its text.")
    found = lines.removesuffix("\n").split("\n")
    if len(found) > MOST_SIGNATURES:
        raise Refused("note.limit", f"a note has at most {MOST_SIGNATURES} signatures.")
    signatures = tuple(_signature(line) for line in dict.fromkeys(found))
    return (text + "\n").encode("utf-8"), signatures


def open_note(data: bytes, keys: Iterable[VerifierKey]) -> Note:
    """Open a note with the keys that are believed.

    Signatures of other keys are left aside. One of a known key that does not verify refuses the
    whole note, as does a name and id that two of the keys share.

    :param data: hostile.
    :param keys: keys that are believed; never taken from where the note was.
    :return: the note, signed by one of these keys at least.
    :raises Refused: with the rule that was broken, ``"note.unverified"`` where no key is known.
    """
    text, signatures = split_note(data)
    known: dict[tuple[str, int], list[VerifierKey]] = {}
    for key in keys:
        known.setdefault((key.name, key.id), []).append(key)
    verified, unverified = [], []
    for signature in signatures:
        named = known.get((signature.name, signature.key_id))
        if named is None:
            unverified.append(signature)
        else:
            verified.append((_verified(text, signature, named), signature))
    if not verified:
        raise Refused("note.unverified", "none of the keys that are believed signed this note.")
    return Note(text, tuple(verified), tuple(unverified))


def sign_note(
    text: bytes,
    signers: Sequence[SignerKey],
    *,
    at: int | None = None,
    signatures: Sequence[Signature] = (),
) -> bytes:
    """Sign a text, or add signatures to one that has some.

    :param text: the text, with a newline at its end.
    :param signers: keys to sign with.
    :param at: seconds since 1970, for witnesses, whose signatures state a time.
    :param signatures: signatures there are already; they stay first.
    :return: the note.
    :raises Refused: where the text cannot be a note's, or nobody signs it.
    """
    check_text(text, "note")
    added = [
        Signature(
            signer.name,
            signer.verifier.id,
            signer.suite.sign(signer.name, signer.secret, text, at),
        )
        for signer in signers
    ]
    lines = [signature.line for signature in (*signatures, *added)]
    if not 0 < len(lines) <= MOST_SIGNATURES:
        raise Refused("note.limit", f"a note has 1 to {MOST_SIGNATURES} signatures.")
    return text + b"\n" + "".join(lines).encode("utf-8")


def check_text(data: bytes, where: str) -> str:
    """Check bytes that are signed: UTF-8, no control character but newline, a newline at the end.

    :param data: hostile.
    :param where: what they are.
    :return: the text.
    :raises Refused: where they break one of these rules, or are too long.
    """
    if len(data) > LONGEST_NOTE:
        raise Refused("note.limit", f"at most {LONGEST_NOTE} bytes are read.", where=where)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("note.utf-8", "these bytes are no UTF-8.", where=where) from None
    if not _CONTROLS.isdisjoint(text):
        raise Refused("note.control", "a control character other than newline.", where=where)
    if not text.endswith("\n"):
        raise Refused("note.newline", "the last line has no newline.", where=where)
    return text


def _signature(line: str) -> Signature:
    name, blank, coded = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or not blank:
        raise Refused("note.line", f"{line[:40]!r} is no line of a signature.")
    data = unbase64(coded, "note.base64", where=name[:60])
    if len(data) < 5:
        raise Refused("note.short", "a signature has more than its key's id.", where=name[:60])
    return Signature(check_name(name), int.from_bytes(data[:4], "big"), data[4:])


def _verified(text: bytes, signature: Signature, named: Sequence[VerifierKey]) -> VerifierKey:
    if len(named) > 1:
        raise Refused("note.ambiguous", "two of the keys share this name.", where=signature.name)
    (key,) = named
    if not key.suite.verify(key.name, key.public, text, signature.data):
        raise Refused("note.signature", "the signature is wrong.", where=signature.name)
    return key
