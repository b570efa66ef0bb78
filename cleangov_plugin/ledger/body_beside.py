"""Columns that stand beside a body, and of which it says what they may be.

By marks lists are filtered; values are shown with a hit, and its finding is made of them; from the
last day on fields are erased, and what is missing is no alarm any more. A body says which rules
said what, of which kind it is, and so what is marked and of what values may be kept. The values
themselves it does not say.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from cleangov_plugin.domain.our_marks import OUR_MARKS
from cleangov_plugin.domain.terms import Mark, Result

#: The columns, in the order of `Beside`.
BESIDE: Final = ("marks", "fact_values", "retention_class", "retain_until")
#: Of every entry.
_CLASS: Final = "case"
#: No setting keeps a record for less than a year; a leap day and a zone may be between.
_SHORTEST_DAYS: Final = 364
_HIT: Final = (Mark.HIT | Mark.HIDDEN_HIT).value
_UNKNOWN: Final = (Mark.UNKNOWN | Mark.HIDDEN_UNKNOWN).value
_HITS: Final = frozenset({Result.HIT.value, Result.SUPPRESSED.value})
_UNKNOWNS: Final = frozenset(
    {Result.CANNOT_BE_CHECKED.value, Result.ERROR.value, Result.TIMEOUT.value}
)
_OUR_MARKS: Final = {kind: mark.value for kind, mark in OUR_MARKS.items()}


class Beside(NamedTuple):
    """The columns of entries: of one, or of many, column by column.

    :param marks: what the rules said, as one number.
    :param fact_values: JSON of values that hits and unknowns were made from.
    :param retention_class: why it is kept.
    :param retain_until: ISO day until which it is kept.
    """

    marks: Any
    fact_values: Any
    retention_class: Any
    retain_until: Any


def are_right(
    kinds: Sequence[str], written: Sequence[str], columns: Beside, read: Sequence[int]
) -> bool:
    """Answer whether the columns of many entries are what their bodies allow.

    :param kinds: kinds, as the bodies say.
    :param written: when each was written, fixed-width UTC text; hostile.
    :param columns: columns of all of them; hostile.
    :param read: places of those in which a rule may have said something: they are left out, but
        for how long they are kept.
    :return: False where one is something else, or was left out and is not empty.
    """
    if {*columns.retention_class} != {_CLASS}:
        return False
    days = {*zip([text[:10] for text in written], columns.retain_until, strict=True)}
    if not all(_is_kept(day, until) for day, until in days):
        return False
    marks, values = columns.marks, columns.fact_values
    if read:
        others = {*range(len(kinds))}.difference(read)
        kinds, marks, values = ([column[n] for n in others] for column in (kinds, marks, values))
    if values.count(None) != len(values):
        return False
    return all(_OUR_MARKS.get(kind, 0) == mark for kind, mark in {*zip(kinds, marks, strict=True)})


def differing(document: Mapping[str, Any], written: str, columns: Beside) -> list[str]:
    """Name the columns of one entry that are not what its body allows.

    :param document: what the body holds.
    :param written: when it was written; hostile.
    :param columns: its columns; hostile.
    :raises ValueError: or KeyError, TypeError, IndexError, where the body is none.
    """
    outcomes = [(str(each[0]), each[1], each[2], each[3]) for each in document["outcomes"]]
    found = []
    if not _are_marked(columns.marks, str(document["kind"]), {each[2] for each in outcomes}):
        found.append("marks")
    kept = {f"{rule}@{version}/{binding}" for rule, version, _, binding in outcomes}
    if not _are_kept(columns.fact_values, kept):
        found.append("fact_values")
    if columns.retention_class != _CLASS:
        found.append("retention_class")
    if not _is_kept(written[:10], columns.retain_until):
        found.append("retain_until")
    return found


def _are_marked(marks: Any, kind: str, results: set[str]) -> bool:
    """Answer whether marks say what was said; who may see it, the binding says, not the body."""
    if type(marks) is not int:
        return False
    is_right = bool(marks & _HIT) == bool(results & _HITS)
    is_right &= bool(marks & _UNKNOWN) == bool(results & _UNKNOWNS)
    return is_right and marks & ~(_HIT | _UNKNOWN) == _OUR_MARKS.get(kind, 0)


def _are_kept(values: Any, names: set[str]) -> bool:
    """Answer whether values are kept of nothing but what the body names."""
    if values is None:
        return True
    try:
        said = json.loads(values)
    except (ValueError, TypeError, RecursionError):
        return False
    return isinstance(said, dict) and bool(said) and said.keys() <= names


@lru_cache(maxsize=4_096)
def _is_kept(written: str, until: Any) -> bool:
    """Answer whether something is kept for a year at least, counted from the day it was written."""
    try:
        last = date.fromisoformat(until)
    except (ValueError, TypeError):
        return False
    try:
        return (last - date.fromisoformat(written)).days >= _SHORTEST_DAYS
    except ValueError:
        return True  # when it was written is what is wrong: others say so
