"""Asking witnesses to cosign the head (C2SP tlog-witness): several offices, none of them ours.

A witness states that the head is the largest one it has seen, and that it continues what it saw
before: two stories of one ledger would each need witnesses of their own.
"""

import http.client
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.domain.errors import SettingsError
from cleangov_plugin.ledger.merkle_proof import consistency_proof
from cleangov_plugin.ledger.note import Signature, open_note, sign_note, split_note
from cleangov_plugin.ledger.note_key import VerifierKey
from cleangov_plugin.ledger.policy import Policy
from cleangov_plugin.ledger.strict import Refused, in_base64, whole
from cleangov_plugin.ledger.tree_head import TreeHead, read_tree_head

from .stored_tiles import nodes_of

logger = logging.getLogger("cleangov")

#: Seconds that one witness may take; the log goes on without it.
_PATIENCE_S: Final = 5.0
#: A few lines are answered.
_LONGEST: Final = 64 * 1024
_SIZE: Final = "text/x.tlog.size"


@dataclass(frozen=True, slots=True)
class Asked:
    """What asking the witnesses came to.

    :param note: the head with every cosignature that was verified.
    :param names: witnesses that cosigned it.
    :param refused: why others did not, by name.
    """

    note: bytes
    names: frozenset[str]
    refused: dict[str, str]


class _Declined(Exception):
    """A witness that did not cosign.

    :param why: why, in a few words.
    :param size: the size it has seen, where it said so.
    """

    def __init__(self, why: str, size: int | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.size = size


def ask(connection: Connection, log_id: str, note: bytes, before: int, policy: Policy) -> Asked:
    """Ask every witness of a policy that has an address and has not cosigned yet.

    :param connection: a reading connection, for proofs.
    :param log_id: the ledger.
    :param note: the signed head, with the cosignatures it has.
    :param before: size of the head before, which witnesses have probably seen.
    :param policy: whom verifiers believe.
    :return: the head with what was added.
    :raises SettingsError: where an address of a witness cannot be one.
    """
    text, signatures = split_note(note)
    head = read_tree_head(text)
    names = {name for name, key in policy.witnesses.items() if _has(note, key)}
    refused: dict[str, str] = {}
    for name, address in policy.addresses.items():
        if name in names:
            continue
        url = _address(name, address)
        try:
            added = _cosignatures(connection, log_id, note, head, before, url)
            signatures = (*signatures, *_checked(text, added, policy.witnesses[name]))
            names.add(name)
        except _Declined as problem:
            refused[name] = problem.why
            logger.warning("witness %s: %s", name, problem.why)
    return Asked(sign_note(text, (), signatures=signatures), frozenset(names), refused)


def _has(note: bytes, key: VerifierKey) -> bool:
    try:
        open_note(note, [key])
    except Refused:
        return False
    return True


def _address(name: str, address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(
            "a witness is asked at an address that begins with https:// or http://.",
            where=f"witness {name}",
            remedy="Put the address of the witness at the end of its line in the policy.",
        )
    return f"{address.rstrip('/')}/add-checkpoint"


def _cosignatures(
    connection: Connection, log_id: str, note: bytes, head: TreeHead, before: int, url: str
) -> list[Signature]:
    """Ask once, and once more from the size that the witness says it has seen."""
    try:
        return _post(url, _request(connection, log_id, note, head, before))
    except _Declined as problem:
        if problem.size is None:
            raise
        if problem.size > head.size:
            raise _Declined(
                f"it has seen {problem.size} leaves, and this ledger has {head.size}:"
                " the database was put back, or there are two stories of it"
            ) from problem
        return _post(url, _request(connection, log_id, note, head, problem.size))


def _request(
    connection: Connection, log_id: str, note: bytes, head: TreeHead, before: int
) -> bytes:
    proof: Sequence[bytes] = ()
    if 0 < before < head.size:
        proof = consistency_proof(before, head.size, nodes_of(connection, log_id, head.size))
    lines = [f"old {before}", *map(in_base64, proof), "", ""]
    return "\n".join(lines).encode("ascii") + note


class _NoRedirect(HTTPRedirectHandler):
    """What a witness was asked is for it alone."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing."""


def _opener() -> OpenerDirector:
    return build_opener(_NoRedirect)


def _post(url: str, data: bytes) -> list[Signature]:
    request = Request(url, data=data, headers={"Content-Type": "text/plain"}, method="POST")  # noqa: S310  # checked by `_address`
    try:
        with _opener().open(request, timeout=_PATIENCE_S) as answer:
            return _signatures(answer.read(_LONGEST + 1))
    except HTTPError as problem:
        with problem:
            raise _declined(problem) from None
    except (URLError, OSError, http.client.HTTPException) as problem:
        raise _Declined(f"it cannot be reached ({type(problem).__name__})") from None


def _declined(problem: HTTPError) -> _Declined:
    """Read why a witness declined; a size it has seen lets us prove from there."""
    if problem.code != 409 or problem.headers.get_content_type() != _SIZE:
        return _Declined(f"it answered with status {problem.code}")
    try:
        told = problem.read(32).decode("ascii")
        return _Declined("it has seen another size", whole(told.removesuffix("\n"), "witness.size"))
    except (OSError, ValueError, Refused):
        return _Declined("it answered with status 409 and no size")


def _signatures(data: bytes) -> list[Signature]:
    """Read the lines of cosignatures: a note's lines without its text."""
    try:
        _, found = split_note(b"-\n\n" + data)
    except Refused as problem:
        raise _Declined(f"its answer is no cosignature ({problem.rule})") from None
    return list(found)


def _checked(text: bytes, added: Sequence[Signature], key: VerifierKey) -> list[Signature]:
    """Keep the cosignatures of this witness over this head; at least one."""
    own = [each for each in added if (each.name, each.key_id) == (key.name, key.id)]
    good = [each for each in own if key.suite.verify(key.name, key.public, text, each.data)]
    if not good:
        raise _Declined("its cosignature is not of its key over this head")
    return good[:1]
