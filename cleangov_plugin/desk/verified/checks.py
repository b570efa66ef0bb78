"""What a verifier looks at: entries and leaves in slices, each slice once, by every check."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, overload

from cleangov_plugin.domain.errors import CleanGovError
from cleangov_plugin.store.leaf_reader import Leaves
from cleangov_plugin.store.sealed_entries import EntryRow

from .alarms import Alarm, Unchecked
from .reading import said_by


class Seen(NamedTuple):
    """An entry as it was found.

    :param row: the row.
    :param hash: leaf hash, worked out from the body as it stands now.
    :param sealed: hash that was sealed for it; None where no leaf stands for it.
    :param leaf: place of its leaf; None where there is none.
    :param body: what its body says; None where it is none.
    """

    row: EntryRow
    hash: bytes
    sealed: bytes | None
    leaf: int | None
    body: Mapping[str, Any] | None


class Gone(NamedTuple):
    """A leaf whose entry is not there any more.

    :param leaf: place of the leaf.
    :param lane: lane of the entry; None where the leaf does not say.
    :param no: its number there.
    :param hash: hash that was sealed for it.
    """

    leaf: int
    lane: int | None
    no: int | None
    hash: bytes


class Meta(NamedTuple):
    """A leaf of the ledger's own: it stands for no entry.

    :param leaf: place of the leaf.
    :param document: what it says.
    """

    leaf: int
    document: Mapping[str, Any]


class Lane(NamedTuple):
    """What a run has of one lane.

    :param first: number of the first entry there.
    :param prev: what its body says was before it, hexadecimal.
    :param last: number of the last entry.
    :param end: hash of that one.
    :param began: when the first one was written.
    :param ended: when the last one was.
    """

    first: int
    prev: str
    last: int
    end: bytes
    began: str
    ended: str


@dataclass(slots=True, kw_only=True, eq=False)
class Run(Sequence[Seen]):
    """Sealed entries of which nothing is wrong so far, and what there is to know of all of them.

    Each equals what was sealed for it, and its columns equal what its body says. A check that
    finds nothing in what is known of all need not look at each entry; one that does finds it here,
    as ever: they are read again where they are not at hand.

    :param first: place of the first leaf; all others follow without a gap.
    :param hashes: hashes of the entries.
    :param lanes: what there is of each lane.
    :param is_followed: whether each lane has its numbers, and every entry names the one before it.
    :param is_forward: whether the times of writing go forward along each lane.
    :param written: the first and the last time of writing.
    :param is_coded: whether one has a code.
    :param days: by lane, first and last day of its codes, where all are right; None where not.
    :param cases: by number of the case, hashes of its entries; without one under None.
    :param doubtful: places here of entries whose disclosures are not all they had, or that tell of
        an erasure.
    :param answered: places here of entries that tell of what stands in other tables.
    :param hit: places here of entries that say that a rule hit.
    :param picked: those of all three.
    :param is_beside: whether what stands beside the bodies is what they allow; not so of copies.
    :param leaves: all of them as they are stored; None where they are not at hand.
    :param fetch: reads them again.
    """

    first: int
    hashes: Sequence[bytes]
    lanes: Mapping[int, Lane]
    is_followed: bool
    is_forward: bool
    written: tuple[str, str]
    is_coded: bool
    days: Mapping[int, tuple[int, int]] | None
    cases: Mapping[str | None, list[bytes]]
    doubtful: Sequence[int]
    answered: Sequence[int]
    hit: Sequence[int]
    picked: Mapping[int, Seen]
    is_beside: bool
    leaves: Leaves | None
    fetch: Callable[[int, int], Leaves | None] | None = None

    def __len__(self) -> int:
        return len(self.hashes)

    @overload
    def __getitem__(self, n: int) -> Seen: ...

    @overload
    def __getitem__(self, n: slice) -> Sequence[Seen]: ...

    def __getitem__(self, n: int | slice) -> Seen | Sequence[Seen]:
        if isinstance(n, slice):
            return [self[each] for each in range(*n.indices(len(self)))]
        n = range(len(self))[n]
        if n in self.picked:
            return self.picked[n]
        return seen_in(self._at_hand(), n)

    def _at_hand(self) -> Leaves:
        if self.leaves is None and self.fetch is not None:
            self.leaves = self.fetch(self.first, self.first + len(self))
        if self.leaves is None or self.leaves.hash != tuple(self.hashes):
            raise moved()
        return self.leaves


def seen_in(leaves: Leaves, n: int) -> Seen:
    """Answer one of many entries that equal what was sealed.

    :param leaves: leaves with their entries.
    :param n: which, counted from 0.
    :raises IndexError: where the leaf stands for no entry that is there.
    """
    row, hash_ = leaves.entry(n), leaves.hash[n]
    if row is None:
        raise IndexError(n)
    return Seen(row, hash_, hash_, leaves.idx[n], said_by(row.body, is_sealed=True))


def moved() -> CleanGovError:
    """Answer what is raised where what was read before is not there any more."""
    what = "the database does not stand still while it is read."
    return CleanGovError(what, remedy="Verify again.")


def ends_of(slice_: Sequence[Seen | Gone | Meta]) -> tuple[int | None, int | None]:
    """Answer the places of the first and the last leaf of a slice.

    :param slice_: some leaves, or what is in none.
    """
    if isinstance(slice_, Run):
        return slice_.first, slice_.first + len(slice_) - 1
    return (slice_[0].leaf, slice_[-1].leaf) if slice_ else (None, None)


class Check(Protocol):
    """One thing that is looked for. Asked for each slice, in the order of leaves, then once."""

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Look at the next leaves, and after them at what is in no leaf.

        :param slice_: some of them, in their order; often a `Run`.
        """
        ...

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Say what shows at the end alone."""
        ...
