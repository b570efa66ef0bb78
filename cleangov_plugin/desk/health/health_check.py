"""One thing that was looked at, and how it came out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class State(StrEnum):
    """How a check came out."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at.

    :param key: what was looked at; the screens have a sentence for each.
    :param state: how it came out.
    :param values: what the sentence needs.
    """

    key: str
    state: State
    values: Mapping[str, object] = field(default_factory=dict)
