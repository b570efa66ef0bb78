"""SIG: the first leaf names the key that signs."""

from collections.abc import Iterator, Sequence

from cleangov_plugin.ledger.meta import MetaKind
from cleangov_plugin.ledger.note_key import VerifierKey

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Seen


class Genesis:
    """Looks at the first leaf.

    :param key: the key of the log; None checks nothing.
    """

    def __init__(self, key: VerifierKey | None) -> None:
        self._key = key
        self._is_lost = False

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Compare the first leaf with the key.

        :param slice_: leaves.
        """
        if self._key is None:
            return
        if slice_ and slice_[0].leaf == 0:
            first = slice_[0]
            self._is_lost = isinstance(first, Gone)  # what declares it names the key, too
            if not self._is_lost and not self._is_named(first, MetaKind.GENESIS):
                yield alarm("no_genesis", leaf=0, key=self._key.text)
        if self._is_lost and any(self._is_named(m, MetaKind.INCARNATION) for m in slice_):
            self._is_lost = False

    def _is_named(self, seen: Seen | Gone | Meta, kind: MetaKind) -> bool:
        told = seen.document if isinstance(seen, Meta) else {}
        return (
            told.get("meta") == kind and self._key is not None and told.get("key") == self._key.text
        )

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Alarm where the first leaf is lost and nothing else names the key."""
        if self._is_lost and self._key is not None:
            yield alarm("no_genesis", leaf=0, key=self._key.text)
