"""COL: what is found along an index is what stands in the table: whoever looks sees all rows."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, Final

from cleangov_plugin.desk.shelf import Connection
from cleangov_plugin.store import tables
from cleangov_plugin.store.file_state import faults

from .alarms import Alarm, Unchecked, alarm
from .checks import Gone, Meta, Seen, ends_of
from .schema_check import shown

#: Seconds after which a statement that began meanwhile is interrupted, too.
_A_MOMENT: Final = 0.05
_TABLES: Final = (tables.entry, tables.leaf)


class ScanCheck:
    """Compares indexes with tables, where a ledger is verified from its first leaf on.

    :param connection: a reading connection.
    :param beside: another one to the same state, which may be asked meanwhile; None has none.
    """

    def __init__(self, connection: Connection, beside: Connection | None = None) -> None:
        self._connection = connection
        self._beside = beside
        self._is_whole = False
        self._asked: Future[list[str]] | None = None

    def look(self, slice_: Sequence[Seen | Gone | Meta]) -> Iterator[Alarm]:
        """Take note of where it begins.

        :param slice_: leaves.
        """
        if not self._is_whole and ends_of(slice_)[0] == 0:
            self._is_whole = True
            if self._beside is not None:
                asking = ThreadPoolExecutor(1)
                self._asked = asking.submit(faults, self._beside, _TABLES)
                asking.shutdown(wait=False)
        return iter(())

    def stop(self) -> None:
        """Stop what is still asked beside: nobody may close a connection that a thread uses."""
        if self._asked is None or self._beside is None:
            return
        driver: Any = self._beside.connection.driver_connection
        while not self._asked.done():
            driver.interrupt()
            wait([self._asked], timeout=_A_MOMENT)

    def end(self) -> Iterator[Alarm | Unchecked]:
        """Name what an index says wrongly."""
        if self._is_whole:
            asked = self._asked
            told = asked.result() if asked else faults(self._connection, _TABLES)
            for what in told:
                yield alarm("index_lies", what=shown(what[:200]))
