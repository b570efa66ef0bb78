"""What a verifier looks at: entries and leaves in slices, each slice once, by every check."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from cleangov_plugin.store.sealed_entries import EntryRow

from .alarms import Alarm, Unchecked


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


class Check(Protocol):
    """One thing that is looked for. Asked for each slice, in the order of leaves, then once."""

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Look at the next leaves, and after them at what is in no leaf.

        :param slice_: some of them, in their order.
        """
        ...

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Say what shows at the end alone."""
        ...
