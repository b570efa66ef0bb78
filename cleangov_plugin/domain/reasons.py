"""The coded reasons of which an officer takes one: a closed list, named by the rule that hit."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A reason that a rule takes for an answer.

    :param code: stable code, the same over rules for the same reason.
    :param label: its text by language.
    :param needs_text: whether the officer's own words are required with it.
    :param needs_evidence: whether a document has to be named: its number, or name and digest.
    """

    code: str
    label: Mapping[str, str]
    needs_text: bool = False
    needs_evidence: bool = False
