"""COL: what is found along an index is what stands in the table: whoever looks sees all rows."""

from collections.abc import Iterator, Sequence

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.store import tables
from cleangov_plugin.store.file_state import faults

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Seen
from .schema_check import shown


class ScanCheck:
    """Compares indexes with tables, where a ledger is verified from its first leaf on.

    :param connection: a reading connection.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_whole = False

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Take note of where it begins.

        :param slice_: leaves.
        """
        self._is_whole = self._is_whole or bool(slice_ and slice_[0].leaf == 0)
        return iter(())

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Name what an index says wrongly."""
        if self._is_whole:
            for what in faults(self._connection, (tables.entry, tables.leaf)):
                yield alarm("index_lies", what=shown(what[:200]))
