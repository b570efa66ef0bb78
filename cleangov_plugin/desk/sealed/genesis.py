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

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Compare the first leaf with the key.

        :param slice_: leaves.
        """
        if self._key is None or not slice_:
            return
        first = slice_[0]
        leaf = first.leaf
        if leaf != 0:
            return
        told = first.document if isinstance(first, Meta) else {}
        if told.get("meta") != MetaKind.GENESIS or told.get("key") != self._key.text:
            yield alarm("no_genesis", leaf=0, key=self._key.text)

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Nothing shows at the end alone."""
        return iter(())
