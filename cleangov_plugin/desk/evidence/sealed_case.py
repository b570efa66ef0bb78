"""What is proven of a case: every entry, that these are all, and that nothing newer is left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cleangov_plugin.desk.sealed.outside import origin_of
from cleangov_plugin.ledger import canonical
from cleangov_plugin.ledger.body import record_of
from cleangov_plugin.ledger.canonical import ProfileError
from cleangov_plugin.ledger.case_index import DEPTH, check_entries, read_index_leaf, verify_case
from cleangov_plugin.ledger.leaf import LONGEST, leaf_hash
from cleangov_plugin.ledger.log_proof import Proven, read_log_proof
from cleangov_plugin.ledger.merkle_proof import verify_inclusion
from cleangov_plugin.ledger.meta import MetaKind, decode_meta
from cleangov_plugin.ledger.strict import Refused, unbase64, unhash

from . import parts
from .parts import Files


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedEntry:
    """An entry of a bundle that was proven.

    :param number: number in the bundle.
    :param leaf: place of its leaf.
    :param hash: its leaf hash.
    :param body: what it says.
    """

    number: int
    leaf: int
    hash: bytes
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedCase:
    """A case of which all entries were proven.

    :param log_id: the ledger.
    :param subject: the case.
    :param entries: all its entries up to the head, in the order of their leaves.
    :param proven: the head, and who cosigned it.
    """

    log_id: str
    subject: str
    entries: tuple[SealedEntry, ...]
    proven: Proven


def sealed_case(files: Files, count: int, proven: Proven) -> SealedCase:
    """Check what is proven in a bundle; to return is to be true.

    :param files: bytes by name; hostile.
    :param count: entries of the bundle.
    :param proven: the head, whose signature was checked.
    :raises Refused: with the rule that was broken.
    """
    case = _case(files)
    log_id, subject = case["of"]
    if proven.head.origin != origin_of(log_id):
        raise Refused("evidence.head", "the head is of another ledger than the case.")
    entries = tuple(_entry(files, n, log_id, subject, proven) for n in range(1, count + 1))
    _check_order(entries)
    leaves = [entry.hash for entry in entries]
    if case["count"] != len(entries):
        raise Refused("evidence.case", "it counts other entries than there are.", where=parts.CASE)
    root = _index_root(files, log_id, proven)
    bucket = unbase64(case["bucket"], "evidence.document", f"{parts.CASE} bucket")
    path = [unhash(text, "evidence.document", f"{parts.CASE} path") for text in case["path"]]
    check_entries(verify_case(root, log_id, subject, bucket, path), leaves)
    return SealedCase(log_id=log_id, subject=subject, entries=entries, proven=proven)


def _case(files: Files) -> Mapping[str, Any]:
    texts = parts.list_of(parts.is_text)
    return parts.document(
        files,
        parts.CASE,
        {
            "bucket": parts.is_text,
            "count": parts.is_count,
            "of": lambda value: texts(value) and len(value) == 2,
            "path": lambda value: texts(value) and len(value) == DEPTH,
        },
    )


def _entry(files: Files, number: int, log_id: str, subject: str, proven: Proven) -> SealedEntry:
    name = parts.entry_name(number)
    data = files[name]
    if len(data) > LONGEST:
        raise Refused("evidence.entry", f"an entry has at most {LONGEST} bytes.", where=name)
    try:
        body = canonical.decode(data)
        record = record_of(body)
    except ProfileError as problem:
        raise Refused("evidence.entry", f"this is no body: {problem}", where=name) from problem
    if not _is_whole(body):
        raise Refused("evidence.entry", "a part of the body is not what it is.", where=name)
    if (record.log_id, record.case_id) != (log_id, subject):
        raise Refused("evidence.case", "it is of another ledger or another case.", where=name)
    leaf = leaf_hash(data)
    return SealedEntry(
        number=number,
        leaf=_proven(files, parts.proof_name(number), leaf, proven),
        hash=leaf,
        body=body,
    )


def _is_whole(body: Mapping[str, Any]) -> bool:
    """Tell whether the parts of a body that are read later are what they are."""
    texts = parts.list_of(parts.is_text)
    return (
        all(parts.is_count(body.get(name)) for name in ("lane", "no"))
        and all(parts.is_text(body.get(name)) for name in ("prev", "kind", "at", "recorded"))
        and parts.list_of(_is_outcome)(body.get("outcomes"))
        and parts.list_of(texts)(body["attrs"])
        and texts(body.get("_sd", []))
    )


def _is_outcome(value: Any) -> bool:
    if not isinstance(value, list) or len(value) < 4 or not parts.is_count(value[1]):
        return False
    return all(map(parts.is_text, (value[0], *value[2:])))


def _proven(files: Files, name: str, leaf: bytes, proven: Proven) -> int:
    """Check a proof under the one head of the bundle; answer the place of the leaf."""
    proof = read_log_proof(files[name])
    if proof.head != parts.head(files):
        raise Refused("evidence.head", "this proof is under another head.", where=name)
    if proof.extra is not None:
        raise Refused("evidence.head", "nothing vouches for extra data.", where=name)
    head = proven.head
    verify_inclusion(proof.index, head.size, head.root, leaf, proof.hashes)
    return proof.index


def _check_order(entries: Sequence[SealedEntry]) -> None:
    if not parts.is_ascending([entry.leaf for entry in entries]):
        raise Refused("evidence.order", "entries stand in the order of their leaves.")
    last: dict[int, SealedEntry] = {}
    for entry in entries:
        lane, no = entry.body["lane"], entry.body["no"]
        before = last.get(lane)
        if before is not None:
            is_next = no == before.body["no"] + 1
            is_named = entry.body["prev"] == before.hash.hex()
            if no <= before.body["no"] or (is_next and not is_named):
                told = "it does not follow the entry of its lane before it."
                raise Refused("evidence.order", told, where=parts.entry_name(entry.number))
        last[lane] = entry


def _index_root(files: Files, log_id: str, proven: Proven) -> bytes:
    """Check the index of cases, and that no entry is newer: an older one would leave it out."""
    leaf = _proven(files, parts.INDEX_PROOF, leaf_hash(files[parts.INDEX]), proven)
    document = _own(files, parts.INDEX, log_id)
    behind = 0
    while (name := parts.own_name(behind + 1)) in files:
        behind += 1
        own = _proven(files, parts.own_proof_name(behind), leaf_hash(files[name]), proven)
        is_index = _own(files, name, log_id)["meta"] == MetaKind.INDEX
        if own != leaf + behind or is_index:
            raise Refused("evidence.index", "it is not the next leaf, or an index.", where=name)
    if leaf + behind != proven.head.size - 1:
        told = "there are newer leaves under the head, which may be entries."
        raise Refused("evidence.index", told, where=parts.INDEX)
    return read_index_leaf(document).root


def _own(files: Files, name: str, log_id: str) -> Mapping[str, Any]:
    """Read a leaf of the ledger's own: it is no entry."""
    try:
        document = decode_meta(files[name])
    except ProfileError as problem:
        raise Refused("evidence.index", f"it is no such leaf: {problem}", where=name) from problem
    if document["log_id"] != log_id:
        raise Refused("evidence.index", "it is of another ledger.", where=name)
    return document
