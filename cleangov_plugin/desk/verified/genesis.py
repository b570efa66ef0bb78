"""SIG: the ledger itself names the key that signs: its first leaf, or one of a rotation."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any, Final

from cleangov_plugin.ledger.meta import MetaKind
from cleangov_plugin.ledger.note_key import VerifierKey, read_verifier_key
from cleangov_plugin.ledger.strict import Refused

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen, ends_of

#: Leaves that name a key; one that declares a loss names it, too, where the first leaf is lost.
_NAMING: Final = frozenset({MetaKind.GENESIS, MetaKind.KEY, MetaKind.INCARNATION})


class Genesis:
    """Looks for the leaf that names a key.

    :param key: the key of the log; None checks nothing.
    """

    def __init__(self, key: VerifierKey | None) -> None:
        self._key = key
        self._is_first_there = False
        #: Keys by the leaf that names them, in order.
        self.named: list[tuple[int, VerifierKey]] = []

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Take note of the keys that are named.

        :param slice_: leaves.
        """
        for seen in () if isinstance(slice_, Run) else slice_:
            if isinstance(seen, Meta) and seen.document["meta"] in _NAMING:
                with suppress(Refused, AttributeError, TypeError):  # no key: it names none
                    key = read_verifier_key(seen.document["key"])
                    self.named.append((seen.leaf, key))
                if seen.leaf == 0:
                    self._is_first_there = seen.document["meta"] == MetaKind.GENESIS
            elif isinstance(seen, Gone) and seen.leaf == 0:
                self._is_first_there = True  # whether it was declared lost is looked at elsewhere
        if not self._is_first_there and ends_of(slice_)[0] == 0:
            yield alarm("no_genesis", leaf=0, key=self._key.text if self._key else "–")

    def kept(self) -> list[list[int | str]]:
        """Answer the leaves that name keys, and the keys."""
        return [[leaf, key.text] for leaf, key in self.named]

    def resume(self, kept: list[list[Any]]) -> None:
        """Go on from there.

        :param kept: what `kept` answered.
        """
        self.named = [(int(leaf), read_verifier_key(text)) for leaf, text in kept]
        self._is_first_there = True

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Alarm where no leaf names the key."""
        told = self._key.text if self._key else ""
        is_named = any(key.text == told for _, key in self.named)
        if self._key is not None and self._is_first_there and not is_named:
            yield alarm("no_genesis", leaf=0, key=self._key.text)

    def signer_at(self, size: int) -> VerifierKey | None:
        """Answer the key that signs a head: the newest that its own leaves name.

        :param size: leaves under the head.
        """
        return next((key for leaf, key in reversed(self.named) if leaf < size), None)
