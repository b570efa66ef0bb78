"""LEAF: every leaf has its entry, but for those that were declared lost with a database."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cleangov_plugin.ledger.meta import MetaKind

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen


class Missing:
    """Looks for leaves without an entry."""

    def __init__(self) -> None:
        self._unnamed: list[int] = []
        self._declared: list[Mapping[str, Any]] = []

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Name leaves whose entry is gone.

        :param slice_: leaves.
        """
        for seen in () if isinstance(slice_, Run) else slice_:
            if isinstance(seen, Gone):
                if seen.lane is None:  # what declares it comes after it
                    self._unnamed.append(seen.leaf)
                else:
                    yield alarm("entry_gone", leaf=seen.leaf, lane=seen.lane, no=seen.no)
            elif isinstance(seen, Meta) and seen.document["meta"] == MetaKind.INCARNATION:
                self._declared.append({**seen.document, "leaf": seen.leaf})

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Name leaves without a place that nobody declared lost, and say what was declared."""
        ranges = [said for said in self._declared if _is_range(said)]
        for leaf in self._unnamed:
            if not any(said["first"] <= leaf < said["end"] for said in ranges):
                yield alarm("leaf_unnamed", leaf=leaf)
        for said in self._declared:
            told = {name: said.get(name, "–") for name in ("at", "by", "reason")}
            if _is_range(said):
                last = said["end"] - 1
                yield Unchecked(code="lost", values={"first": said["first"], "last": last, **told})
            tail = _tail(said)
            if tail:
                yield Unchecked(code="lost_tail", values={**tail, **told})
            held = _held(said)
            if held:
                yield Unchecked(code="lost_held", values={**held, **told})


def lanes_of(lanes: Iterable[Sequence[int]]) -> str:
    """Write lanes and numbers for a person.

    :param lanes: lane, first and last number, and how many.
    """
    return "; ".join(
        f"{lane}: {first}" if first == last else f"{lane}: {first}–{last}"
        for lane, first, last, *_ in lanes
    )


def _tail(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer what a declaration says of entries that were lost before they were sealed."""
    try:
        tail = said["tail"]
        return {"number": int(tail["entries"]), "lanes": lanes_of(tail["lanes"])}
    except (KeyError, TypeError, ValueError):
        return {}


def places_of(places: Iterable[Sequence[int]]) -> str:
    """Write places for a person.

    :param places: lane and number of each, in order.
    """
    found: list[list[int]] = []
    for lane, no in places:
        if found and found[-1][0] == lane and found[-1][2] == no - 1:
            found[-1][2] = no
        else:
            found.append([lane, no, no])
    return lanes_of(found)


def _held(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Answer at which lost places another entry stood when they were declared lost."""
    try:
        held = said["held"]
        return {"number": int(held["entries"]), "lanes": places_of(held["places"])}
    except (KeyError, TypeError, ValueError):
        return {}


def _is_range(said: Mapping[str, Any]) -> bool:
    """Answer whether a declaration names leaves before itself."""
    first, end = said.get("first"), said.get("end")
    return isinstance(first, int) and isinstance(end, int) and 0 <= first < end <= said["leaf"]
