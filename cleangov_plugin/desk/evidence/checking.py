"""Checking a receipt for anybody, against the newest head that stands outside the database."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from cleangov_plugin.desk.sealed.outside import Outside, origin_of
from cleangov_plugin.ledger.leaf import LONGEST, leaf_hash
from cleangov_plugin.ledger.log_proof import LogProof, read_log_proof, verify_tree_head
from cleangov_plugin.ledger.merkle_proof import (
    consistency_proof,
    inclusion_proof,
    verify_consistency,
    verify_inclusion,
)
from cleangov_plugin.ledger.note_key import VerifierKey
from cleangov_plugin.ledger.policy import NONE, Policy
from cleangov_plugin.ledger.strict import Refused
from cleangov_plugin.ledger.tiles import TileNodes
from cleangov_plugin.ledger.tree_head import TreeHead
from cleangov_plugin.store import leaf_places, rulebook
from cleangov_plugin.store.database import Database

from .proving import NotProven, head_of, key_of, known_keys, outside_nodes
from .receipts import read_paper

_HEXADECIMAL: Final = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadView:
    """A head as it is shown.

    :param head: the head.
    :param at: when it was published, fixed-width UTC text; empty where that is not known.
    """

    head: TreeHead
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of checking a receipt.

    :param code: ``"good"``, or why it is not, or why it cannot be checked here.
    :param rule: the rule of its format that it broke; empty where it broke none.
    :param index: place of the entry; None where nothing was proven.
    :param hash: hash of the entry as it was brought; empty where none was.
    :param is_of_body: whether the visitor brought the entry itself.
    :param receipt: the head of the receipt; None where it was not believed.
    :param newest: the newest head outside; None where there is none to be believed.
    :param key: text of the public key; empty where it is not known here.
    """

    code: str
    rule: str = ""
    index: int | None = None
    hash: str = ""
    is_of_body: bool = False
    receipt: HeadView | None = None
    newest: HeadView | None = None
    key: str = ""

    @property
    def is_good(self) -> bool:
        """Answer whether it is genuine."""
        return self.code == "good"

    @property
    def is_unchecked(self) -> bool:
        """Answer whether it could be neither checked nor refused here."""
        return self.code in UNCHECKED


#: Codes of what keeps a receipt from being checked here: nothing is said against it.
UNCHECKED: Final = frozenset({"no_receipt", "no_brought", "no_folder", "no_key", "no_newest"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What is known here of the log that a receipt names.

    :param log_id: its ledger.
    :param keys: its public keys, the newest first; none where they are not known.
    :param outside: its folder.
    """

    log_id: str
    keys: tuple[VerifierKey, ...]
    outside: Outside

    @property
    def policy(self) -> Policy:
        """Answer whom this page believes: the log's own keys."""
        return Policy(self.keys, {}, {}, NONE)


def check(
    database: Database, heads: Path | None, keys: Path | None, receipt: str, brought: str
) -> Checked:
    """Check a receipt.

    :param database: names the ledgers; it is asked for nothing of an entry.
    :param heads: folder of heads and tiles; None where none is known.
    :param keys: folder of the keys; None where none is known.
    :param receipt: the paper or the proof; hostile.
    :param brought: the entry or its hash, where the paper does not name it; hostile.
    """
    proof_text, hash_ = read_paper(receipt)
    if proof_text is None:
        return Checked(code="no_receipt")
    own, is_of_body = _brought(brought)
    leaf = own or hash_
    if leaf is None:
        return Checked(code="no_brought")
    if heads is None:
        return Checked(code="no_folder")
    try:
        proof = read_log_proof(proof_text)
        head = head_of(proof.head)
    except Refused as problem:
        return Checked(code="not_genuine", rule=problem.rule)
    except NotProven as problem:
        return Checked(code="not_genuine", rule=str(problem.values.get("why", "")))
    log = _log(database, heads, keys, head.origin)
    if log is None:
        return Checked(code="other_log")
    moment = _moments(database, log.log_id)
    return _checked(log, proof, leaf, is_of_body, moment)


def newest(
    database: Database, heads: Path | None, keys: Path | None, log_id: str
) -> tuple[HeadView | None, str]:
    """Answer the newest head of a ledger that stands outside, and the key that signed it.

    :param database: names the key where no key file does.
    :param heads: folder of heads; None where none is known.
    :param keys: folder of the keys; None where none is known.
    :param log_id: the ledger.
    :return: the head, None where there is none to be believed; and the key's text.
    """
    if heads is None:
        return None, ""
    with database.own_transaction(is_reading=True) as connection:
        known = tuple(known_keys(connection, keys, log_id))
    log = Log(log_id=log_id, keys=known, outside=Outside(heads, log_id))
    note = log.outside.head() or b""
    key = key_of(note, known)
    if key is None:
        return None, ""
    try:
        head = verify_tree_head(note, log.policy).head
    except Refused:
        return None, ""
    return HeadView(head=head, at=_moments(database, log_id)(head.size)), key.text


def _checked(
    log: Log, proof: LogProof, leaf: bytes, is_of_body: bool, moment: Callable[[int], str]
) -> Checked:
    if not log.keys:
        return Checked(code="no_key")
    found = Checked(code="no_newest", key=log.keys[0].text, hash=leaf.hex(), is_of_body=is_of_body)
    note = log.outside.head()
    if note is None:
        return found
    try:
        newest = verify_tree_head(note, log.policy).head
    except Refused:
        return found
    found = replace(found, newest=HeadView(head=newest, at=moment(newest.size)))
    try:
        head = verify_tree_head(proof.head, log.policy).head
        verify_inclusion(proof.index, head.size, head.root, leaf, proof.hashes)
    except Refused as problem:
        return replace(found, code="not_genuine", rule=problem.rule)
    seen = HeadView(head=head, at=moment(head.size))
    code = _against(proof.index, leaf, head, newest, outside_nodes(log.outside.own, newest.size))
    return replace(found, code=code, index=proof.index, receipt=seen)


def _against(index: int, leaf: bytes, head: TreeHead, newest: TreeHead, nodes: TileNodes) -> str:
    """Compare with the newest head: a log that was rewritten does not continue what it signed."""
    if head.size > newest.size:
        return "ahead"
    try:
        proof = consistency_proof(head.size, newest.size, nodes)
        verify_consistency(head.size, newest.size, head.root, newest.root, proof)
        path = inclusion_proof(index, newest.size, nodes)
        verify_inclusion(index, newest.size, newest.root, leaf, path)
    except Refused as problem:
        return "no_newest" if problem.rule.startswith("tile.") else "forked"
    return "good"


def _brought(text: str) -> tuple[bytes | None, bool]:
    """Answer the leaf hash of what the visitor brought, and whether it was the entry itself."""
    text = text.strip("\r\n")
    bare = text.strip()
    if not bare:
        return None, False
    if _HEXADECIMAL.fullmatch(bare):
        return bytes.fromhex(bare), False
    data = text.encode("utf-8", "surrogateescape")
    return leaf_hash(data[: LONGEST + 1]), True


def _log(database: Database, heads: Path, keys: Path | None, origin: str) -> Log | None:
    with database.own_transaction(is_reading=True) as connection:
        named = [row["log_id"] for row in rulebook.agencies(connection)]
        log_id = next((log_id for log_id in named if origin_of(log_id) == origin), None)
        if log_id is None:
            return None
        known = known_keys(connection, keys, log_id)
    return Log(log_id=log_id, keys=tuple(known), outside=Outside(heads, log_id))


def _moments(database: Database, log_id: str) -> Callable[[int], str]:
    def moment(size: int) -> str:
        with database.own_transaction(is_reading=True) as connection:
            found = leaf_places.signed_head(connection, log_id, size)
        return found[1] if found else ""

    return moment
