"""What readers of files of lines share: the place of a row is its line."""

from abc import ABC, abstractmethod
from collections.abc import Iterator

from .log_files import LogFile, bounded
from .log_rows import Row


class LineLog(ABC):
    """A file of lines, packed or not.

    :param file: the file.
    """

    def __init__(self, file: LogFile) -> None:
        self.file = file

    def rows(self) -> Iterator[Row]:
        """Answer the rows in file order.

        :raises IntakeError: at the first fault, with file and line.
        """
        return bounded(self._rows(), self._place)

    def where(self, row: Row, case: str | None = None) -> str:
        """Answer file and line of a row.

        :param row: the row.
        :param case: its case; a line says enough.
        """
        del case
        return f"{self.file.name}:{row.number}"

    @abstractmethod
    def _rows(self) -> Iterator[Row]: ...

    @abstractmethod
    def _place(self) -> str: ...
