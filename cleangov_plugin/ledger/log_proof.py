"""Proofs in one file: index, path and tree head, checked without a network (C2SP tlog-proof)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .merkle_proof import verify_inclusion
from .note import check_text, open_note
from .policy import Policy
from .strict import Refused, in_base64, is_hash, is_number, unbase64, unhash, whole
from .suites import cosigned_at
from .tree_head import TreeHead, read_tree_head

_FIRST: Final = "c2sp.org/tlog-proof@v1"
#: A leaf of the largest tree has as many hashes in its proof.
_MOST_HASHES: Final = 63
_EXTRA: Final = "extra "
_INDEX: Final = "index "


@dataclass(frozen=True, slots=True)
class LogProof:
    """What a proof says. Until `verify_log_proof` has checked it, it is a claim.

    :param index: index of the leaf.
    :param hashes: the inclusion proof, from the leaf's sibling up.
    :param head: the signed note with the tree head, byte for byte.
    :param extra: further bytes, which nothing vouches for.
    """

    index: int
    hashes: tuple[bytes, ...]
    head: bytes
    extra: bytes | None = None


@dataclass(frozen=True, slots=True)
class Proven:
    """A tree head that a policy accepts.

    :param head: the head.
    :param cosigned: when the witnesses of the policy say they saw it, by their names: seconds since
        1970, the earliest where one has said it twice.
    """

    head: TreeHead
    cosigned: Mapping[str, int]


def read_log_proof(data: bytes) -> LogProof:
    """Read a proof.

    :param data: hostile.
    :return: the proof, unchecked.
    :raises Refused: where it breaks a rule of tlog-proof.
    """
    text = check_text(data, "proof")
    above, blank, head = text.partition("\n\n")
    if not blank or not head:
        raise Refused("proof.head", "a proof has an empty line and a tree head at its end.")
    lines = iter(above.split("\n"))
    if next(lines) != _FIRST:
        raise Refused("proof.first-line", f"a proof begins with {_FIRST}.")
    line = next(lines, "")
    extra = None
    if line.startswith(_EXTRA):
        extra = _extra(line.removeprefix(_EXTRA))
        line = next(lines, "")
    if not line.startswith(_INDEX):
        raise Refused("proof.index", "a proof has its line of index here.")
    index = whole(line.removeprefix(_INDEX), "proof.index", "index")
    hashes = list(lines)
    if len(hashes) > _MOST_HASHES:
        raise Refused("proof.length", f"no proof has more than {_MOST_HASHES} hashes.")
    path = tuple(unhash(line, "proof.hash", f"hash {n}") for n, line in enumerate(hashes))
    return LogProof(index, path, head.encode("utf-8"), extra)


def write_log_proof(proof: LogProof) -> bytes:
    """Write a proof.

    :param proof: the proof.
    :return: the text that `read_log_proof` reads back as the same proof.
    :raises Refused: where there is no such text.
    """
    if not is_number(proof.index) or not all(map(is_hash, proof.hashes)):
        raise Refused("proof.hash", "a proof has an index up to 2^63-1 and hashes of 32 bytes.")
    lines = [_FIRST]
    if proof.extra is not None:
        lines.append(_EXTRA + in_base64(proof.extra))
    lines += [f"{_INDEX}{proof.index}", *map(in_base64, proof.hashes), "", ""]
    data = "\n".join(lines).encode("ascii") + proof.head
    read_log_proof(data)
    return data


def verify_tree_head(note: bytes, policy: Policy) -> Proven:
    """Check a signed tree head against whom the verifier believes.

    :param note: the signed note; hostile.
    :param policy: the verifier's own.
    :return: the head and who cosigned it when.
    :raises Refused: with the rule that was broken.
    """
    opened = open_note(note, (*policy.logs, *policy.witnesses.values()))
    head = read_tree_head(opened.text)
    if not any(key in policy.logs and key.name == head.origin for key, _ in opened.verified):
        told = f"no log of the policy signed as {head.origin[:60]!r}."
        raise Refused("policy.log", told)
    names = {(key.name, key.id): name for name, key in policy.witnesses.items()}
    cosigned: dict[str, int] = {}
    for key, signature in opened.verified:
        name = names.get((key.name, key.id))
        if name is not None:
            at = cosigned_at(signature.data)
            cosigned[name] = min(at, cosigned.get(name, at))
    if not policy.is_met(cosigned):
        told = f"the quorum {policy.quorum} is not met by {sorted(cosigned)}."
        raise Refused("policy.quorum-unmet", told)
    return Proven(head, cosigned)


def verify_log_proof(data: bytes, leaf: bytes, policy: Policy) -> Proven:
    """Check that an entry is in a log, offline; to return is to be true.

    :param data: the proof's text; hostile.
    :param leaf: the entry's leaf hash, computed from its body by the verifier.
    :param policy: the verifier's own, never the proof's.
    :return: the head that covers the entry, and who cosigned it when.
    :raises Refused: with the rule that was broken.
    """
    proof = read_log_proof(data)
    proven = verify_tree_head(proof.head, policy)
    verify_inclusion(proof.index, proven.head.size, proven.head.root, leaf, proof.hashes)
    return proven


def _extra(text: str) -> bytes:
    if not text:
        raise Refused("proof.extra", "a line of extra data has some.")
    return unbase64(text, "proof.extra", "extra")
