"""What a leaf says of rules: every edition of a rule, binding or clock, by digest, until when.

An edition is never changed and never deleted. What changes is that one comes, and that one is
taken out of force; each of these is a line of a leaf with the kind ``rules``:
``[what, id, number, digest, to]``, `what` being ``"rule"``, ``"binding"`` or ``"clock"``, and `to`
empty while it is in force. A year of a version of the calendar is such a line, too: `what` is
``"calendar"``, `id` the year, `number` the version, and `to` is always empty.
"""

from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple

from . import canonical
from .canonical import ProfileError
from .leaf import LONGEST

#: What a line of a year of the calendar begins with.
CALENDAR: Final = "calendar"
#: Bytes that the lines of one leaf take at the most; the rest is left to what stands around them.
_MOST_BYTES: Final = LONGEST - 1_024
_PARTS: Final = 5
#: Signs between two lines, and around each.
_AROUND: Final = 1


class RuleKey(NamedTuple):
    """Which edition.

    :param what: ``"rule"``, ``"binding"``, ``"clock"`` or ``"calendar"``.
    :param id: id of the rule, the binding or the clock; of a calendar the year.
    :param number: its edition, from 1; of a calendar its version.
    """

    what: str
    id: str
    number: int


class RuleLine(NamedTuple):
    """What is said of an edition.

    :param digest: SHA-256 of what never changes of it, hexadecimal.
    :param to: when it was taken out of force, fixed-width UTC text; empty while it is in force.
    """

    digest: str
    to: str


def digest_of_edition(row: Mapping[str, Any]) -> str:
    """Answer the digest of an edition: of every column but the ledger and the end of its force.

    :param row: its row, by name of column; hostile.
    :return: hexadecimal; empty where a value is none that these columns hold.
    """
    kept = {name: value for name, value in row.items() if name not in ("log_id", "to_at")}
    try:
        return sha256(canonical.encode(kept)).hexdigest()
    except ProfileError:
        return ""


def lines_for_leaves(lines: Mapping[RuleKey, RuleLine]) -> Iterator[list[list[Any]]]:
    """Part lines so that each part fits into a leaf.

    :param lines: what is said.
    """
    part: list[list[Any]] = []
    size = 0
    for key, line in sorted(lines.items()):
        written = [*key, *line]
        more = len(canonical.encode(written)) + _AROUND
        if part and size + more > _MOST_BYTES:
            yield part
            part, size = [], 0
        part.append(written)
        size += more
    if part:
        yield part


def read_lines(document: Mapping[str, Any]) -> dict[RuleKey, RuleLine]:
    """Read what a leaf says.

    :param document: the leaf; hostile. What is no line is left out, and so equals nothing.
    """
    lines = document.get("lines")
    found = {}
    for line in lines if isinstance(lines, list) else ():
        if isinstance(line, list) and len(line) == _PARTS and isinstance(line[2], int):
            what, id_, number, digest, to = line
            if all(isinstance(text, str) for text in (what, id_, digest, to)):
                found[RuleKey(what, id_, number)] = RuleLine(digest, to)
    return found


def fold(documents: Iterable[Mapping[str, Any]]) -> dict[RuleKey, RuleLine]:
    """Answer what all leaves together say: of an edition, the last word.

    :param documents: the leaves in their order; hostile.
    """
    found: dict[RuleKey, RuleLine] = {}
    for document in documents:
        found.update(read_lines(document))
    return found
