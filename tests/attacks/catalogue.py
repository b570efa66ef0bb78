"""What is attacked, how, and what finds it: the rows of the table in the threat model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.attacks.scene import Scene

#: What an alarm must say: detector, and ``entry``, ``leaf``, ``code`` or values of it.
Finding = tuple[str, Mapping[str, Any]]
Both = ("sqlite", "postgresql")


def found(detector: str, **says: Any) -> Finding:
    """Say what must be found."""
    return detector, says


@dataclass(frozen=True, kw_only=True)
class Attack:
    """Something that is done to the sealed ledger, by raw SQL or in a file.

    :param number: its number in the catalogue, with a letter where there are several.
    :param title: what is done.
    :param by: what finds it; each is switched off in turn.
    :param do: does it, and answers what must be found.
    :param names: what the alarm names: an entry, a leaf, a lane's number, a head, a thing.
    :param on: databases on which it can be done.
    :param why_not: why it cannot be done on the other one.
    :param prepare: what is there before, which is no attack.
    """

    number: str
    title: str
    by: tuple[str, ...]
    do: Callable[[Scene], list[Finding]]
    names: str = "head"
    on: tuple[str, ...] = Both
    why_not: str = ""
    prepare: Callable[[Scene], None] = field(default=lambda _: None)


@dataclass(frozen=True, kw_only=True)
class Elsewhere:
    """An attack on something else than the sealed ledger, and the tests that make it.

    :param number: its number in the catalogue.
    :param title: what is done.
    :param by: what finds or refuses it.
    :param tests: the tests: ``path::name``.
    """

    number: str
    title: str
    by: tuple[str, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NotHere:
    """An attack on something that is not there.

    :param number: its number in the catalogue.
    :param title: what is done.
    :param reason: why it does not apply.
    """

    number: str
    title: str
    reason: str


Row = Attack | Elsewhere | NotHere
