"""Changes of a rule that no example can tell apart, and that a second person signed for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from cleangov_plugin.rules.document import Part
from cleangov_plugin.rules.model import Rule

#: Of a hundred changes of a rule, so many may be signed for.
MOST_SIGNED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A change that a second person looked at and found right to leave.

    :param mutant: id of the change, as ``cleangov rules test`` prints it.
    :param why: why no example can or need tell it apart.
    :param by: who signed: a post or a name, never the owner of the rule.
    :param on: the day of signing.
    """

    mutant: str
    why: str
    by: str
    on: date


def signatures_of(document: Mapping[str, object], rule: Rule) -> list[Signature]:
    """Read the signatures of a rule.

    :param document: the rule's document.
    :param rule: the rule compiled from it.
    :return: the signatures in order.
    :raises RuleError: where one is incomplete, stands twice or is the owner's own.
    """
    part = Part(document, rule.id)
    found: list[Signature] = []
    for item in part.listed("signed"):
        item.only("mutant", "why", "by", "on")
        signature = Signature(
            mutant=item.text("mutant"), why=item.text("why"), by=item.text("by"), on=_day(item)
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
