"""COL: columns say what the body says."""

from collections.abc import Iterator, Sequence

from cleangov_plugin.store.sealed_entries import REPEATED

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen
from .reading import of_body


class Bodies:
    """Looks at each entry alone."""

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Compare each body with its columns.

        :param slice_: entries.
        """
        if isinstance(slice_, Run):
            return  # that is what makes it one
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
