"""What a verifier looks at: entries and leaves in slices, each slice once, by every check."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, overload

from cleangov_plugin.store.sealed_entries import EntryRow, Leaves

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Run(Sequence[Seen]):
    """Sealed entries of which nothing is wrong so far, column by column.

    Each equals what was sealed for it, and its columns equal what its body says. A check that
    finds nothing in the columns need not look at each entry; one that does finds it here, as
    ever.

    :param leaves: leaves and entries as they are stored.
    :param prevs: hashes of the entries before them, as the bodies say; hexadecimal.
    :param hexes: hashes of the entries, hexadecimal.
    :param digests: what stands between the brackets of ``_sd`` in a body; None where it has none.
    """

    leaves: Leaves
    prevs: Sequence[str]
    hexes: Sequence[str]
    digests: Sequence[bytes | None]

    def __len__(self) -> int:
        return len(self.leaves.idx)

    @overload
    def __getitem__(self, n: int) -> Seen: ...

    @overload
    def __getitem__(self, n: slice) -> Sequence[Seen]: ...

    def __getitem__(self, n: int | slice) -> Seen | Sequence[Seen]:
        if isinstance(n, slice):
            return [self[each] for each in range(*n.indices(len(self)))]
        row = self.leaves.entry(range(len(self))[n])
        hash_ = self.leaves.hash[n]
        if row is None:
            raise IndexError(n)
        return Seen(row, hash_, hash_, self.leaves.idx[n], said_by(row.body, is_sealed=True))

    def places_of(self, kind: str) -> list[int]:
        """Answer where the entries of one kind stand here.

        :param kind: the kind.
        """
        kinds = self.leaves.kind
        return [n for n, each in enumerate(kinds) if each == kind] if kind in kinds else []


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
