"""Changes of a rule that no example can tell apart, and that a second person signed for."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Final, Protocol

from cleangov_plugin.rules.document import Part
from cleangov_plugin.rules.examples import Failure

#: Of a hundred changes of a rule, so many may be signed for.
MOST_SIGNED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A change that a second person looked at and found right to leave.

    :param mutant: id of the change, as ``cleangov rules test`` prints it.
    :param digest: of the change in the very text that was looked at, see `digest_of`.
    :param why: why no example can or need tell it apart.
    :param by: who signed: a post or a name, never the owner of the rule.
    :param on: the day of signing.
    """

    mutant: str
    digest: str
    why: str
    by: str
    on: date


class Owned(Protocol):
    """A rule or a clock: it has an id, and somebody answers for it."""

    @property
    def id(self) -> str:
        """Answer its id."""

    @property
    def owner(self) -> str:
        """Answer who answers for it."""


def digest_of(document: Mapping[str, object], mutant: str) -> str:
    """Name a change of a rule or clock as it stands; another text has other digests.

    :param document: the document; examples and signatures are left out of it.
    :param mutant: id of the change.
    :return: 16 hexadecimal digits of SHA-256.
    """
    text = {key: value for key, value in document.items() if key not in ("signed", "examples")}
    ordered = json.dumps([text, mutant], sort_keys=True, ensure_ascii=False, default=str)
    return sha256(ordered.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def unfit(
    document: Mapping[str, object], signatures: Mapping[str, Signature], needed: Collection[str]
) -> Iterator[Failure]:
    """Refuse signatures for nothing, and those for another text.

    :param document: the document.
    :param signatures: by id of the change.
    :param needed: ids of the changes they account for.
    """
    for name, signature in signatures.items():
        if name in needed:
            continue
        wanted, found = "a change that no example notices", "none such"
        if signature.digest != digest_of(document, name):
            wanted, found = f"digest {digest_of(document, name)}", signature.digest
        yield Failure(name=f"signed: {name}", expected=wanted, found=found)


def too_many(signed: int, mutants: int) -> Iterator[Failure]:
    """Refuse too many signatures.

    :param signed: how many changes are signed for.
    :param mutants: how many there are.
    """
    most = mutants * MOST_SIGNED // 100
    if signed > most:
        wanted = f"at most {most} of {mutants} changes signed for"
        yield Failure(name="signed", expected=wanted, found=str(signed))


def signatures_of(document: Mapping[str, object], rule: Owned) -> list[Signature]:
    """Read the signatures of a rule or clock.

    :param document: its document.
    :param rule: what was made from it.
    :return: the signatures in order.
    :raises RuleError: where one is incomplete, stands twice or is the owner's own.
    """
    part = Part(document, rule.id)
    found: list[Signature] = []
    for item in part.listed("signed"):
        item.only("mutant", "digest", "why", "by", "on")
        signature = Signature(
            mutant=item.text("mutant"),
            digest=item.text("digest", longest=64),
            why=item.text("why"),
            by=item.text("by"),
            on=_day(item),
        )
        if not signature.why.strip() or not signature.by.strip():
            raise item.wrong("why", "a signature says who signed and why.")
        if signature.by.strip().casefold() == rule.owner.strip().casefold():
            what = "the owner of a rule does not sign for it."
            raise item.wrong("by", what, "Let a second person sign.")
        if any(other.mutant == signature.mutant for other in found):
            raise item.wrong("mutant", "this change is signed for twice.", "Keep one.")
        found.append(signature)
    return found


def _day(item: Part) -> date:
    day = item.day("on")
    if day is None:
        raise item.wrong("on", "a signature has a day.", "Write 2026-03-10.")
    return day
