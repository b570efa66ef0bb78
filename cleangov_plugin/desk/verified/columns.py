"""COL: columns say what the body says."""

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Final

from cleangov_plugin.store.sealed_entries import REPEATED

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Seen

#: Keys of a body, in the order of the columns that repeat them.
_KEYS: Final = ("log_id", "kind", "subject", "lane", "no", "at", "recorded")
of_body: Final = itemgetter(*_KEYS)


class Bodies:
    """Looks at each entry alone."""

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Compare each body with its columns.

        :param slice_: entries.
        """
        for seen in slice_:
            if isinstance(seen, Seen):
                row = seen.row
                if seen.body is None:
                    yield alarm("no_body", entry=row.row, leaf=seen.leaf)
                elif of_body(seen.body) != row.repeated:
                    pairs = zip(REPEATED, of_body(seen.body), row.repeated, strict=True)
                    wrong = ", ".join(
                        sorted(name for name, said, stands in pairs if said != stands)
                    )
                    yield alarm("columns", entry=row.row, leaf=seen.leaf, names=wrong)

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Nothing shows at the end alone."""
        return iter(())
