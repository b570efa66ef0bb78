"""LEAF: every leaf has its entry, but for those that were declared lost with a database."""

from collections.abc import Iterator, Mapping, Sequence
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
        for said in ranges:
            told = {name: said.get(name, "–") for name in ("at", "by", "reason")}
            yield Unchecked(
                code="lost", values={"first": said["first"], "last": said["end"] - 1, **told}
            )


def _is_range(said: Mapping[str, Any]) -> bool:
    """Answer whether a declaration names leaves before itself."""
    first, end = said.get("first"), said.get("end")
    return isinstance(first, int) and isinstance(end, int) and 0 <= first < end <= said["leaf"]
