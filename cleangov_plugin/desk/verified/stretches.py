"""Leaves in stretches, each looked at alone, by this process or by a second one beside it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from cleangov_plugin.store.leaf_reader import LeafReader, Leaves, stretch_end

from .checks import Run
from .looking import Looked, look_at
from .sorting import Sorter


class Slice(NamedTuple):
    """A few leaves.

    :param first: place of the first one.
    :param until: the place behind the last one.
    :param number: how many there are.
    :param looked: what is left of them; None where they have to be looked at in their turn.
    """

    first: int
    until: int
    number: int
    looked: Looked | None

    def bound(self, reader: LeafReader) -> "Slice":
        """Answer it such that its rows are read again where somebody asks for one.

        :param reader: reads them.
        """
        for part in self.looked.parts if self.looked else ():
            if isinstance(part, Run):
                part.fetch = reader.some
        return self


@dataclass(frozen=True, slots=True)
class Looking:
    """Looks at leaves.

    :param reader: reads them.
    :param sorter: sorts them.
    """

    reader: LeafReader
    sorter: Sorter

    def each(self, first: int, until: int) -> Iterator[tuple[Leaves, Looked | None]]:
        """Look at a stretch of leaves, a few at a time.

        :param first: the first place.
        :param until: the place behind the last one.
        """
        tiles = self.reader.tiles(first, until)
        for rows in self.reader.slices(first, until):
            yield rows, look_at(rows, tiles, self.sorter)

    def stretch(self, first: int, until: int) -> list[Slice]:
        """Look at a stretch of leaves, and keep what is left of them.

        :param first: the first place.
        :param until: the place behind the last one.
        """
        return [
            Slice(rows.idx[0], rows.idx[-1] + 1, len(rows.idx), looked and _without_rows(looked))
            for rows, looked in self.each(first, until)
        ]

    def all(self, first: int) -> Iterator[Leaves | Looked]:
        """Look at all leaves, a stretch after the other.

        :param first: the leaf to begin with.
        """
        is_full = True
        while is_full:
            until, number = stretch_end(first), 0
            for rows, looked in self.each(first, until):
                number += len(rows.idx)
                yield looked or rows
            is_full, first = number == until - first, until
        yield from self.reader.slices(first, None)  # behind a gap, they may be anywhere


def _without_rows(looked: Looked) -> Looked:
    parts = [
        replace(part, leaves=None, fetch=None) if isinstance(part, Run) else part
        for part in looked.parts
    ]
    return looked._replace(parts=parts)
