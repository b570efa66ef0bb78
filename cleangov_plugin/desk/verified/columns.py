"""COL: columns say what the body says."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleangov_plugin.ledger.body_beside import differing
from cleangov_plugin.ledger.body_derived import DERIVED, derived_from
from cleangov_plugin.store.sealed_entries import REPEATED, EntryRow

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Run, Seen
from .reading import of_body


class Bodies:
    """Looks at each entry alone.

    :param is_copy: whether there is nothing beside the bodies: who copied them, copied no more.
    """

    def __init__(self, *, is_copy: bool = False) -> None:
        self._is_copy = is_copy

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Compare each body with its columns.

        :param slice_: entries.
        """
        if isinstance(slice_, Run) and (slice_.is_beside or self._is_copy):
            return  # the rest is what makes it one
        for seen in slice_:
            if isinstance(seen, Seen):
                row = seen.row
                if seen.body is None:
                    yield alarm("no_body", entry=row.row, leaf=seen.leaf)
                elif names := _differing(seen.body, row, is_copy=self._is_copy):
                    yield alarm("columns", entry=row.row, leaf=seen.leaf, names=", ".join(names))

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Nothing shows at the end alone."""
        return iter(())


def _differing(body: Mapping[str, Any], row: EntryRow, *, is_copy: bool) -> list[str]:
    """Name the columns that do not say what the body says."""
    pairs = zip(REPEATED, of_body(body), row.repeated, strict=True)
    names = [name for name, said, stands in pairs if said != stands]
    try:
        document = body if "attrs" in body else json.loads(row.body)
        made = derived_from(document)
        names += [] if is_copy else differing(document, row.ingested_at, row.beside)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError):
        return sorted([*names, "body"])
    pairs = zip(DERIVED, made, row.derived, strict=True)
    return sorted([*names, *(name for name, said, stands in pairs if said != stands)])
