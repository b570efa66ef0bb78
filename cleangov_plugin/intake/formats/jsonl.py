"""JSON lines: one event a line, an object whose members are read by path."""

from collections.abc import Iterator
from typing import Any, Final

from cleangov_plugin.domain.errors import IntakeError

from .json_values import look_up, read_json
from .line_logs import LineLog
from .log_files import LogFile, Stream
from .log_rows import Cell, Row

#: Longest line in bytes.
LONGEST: Final = 1 << 20
_CHUNK: Final = 1 << 16
_NOTHING: Final[dict[str, Cell]] = {}


class JsonlLog(LineLog):
    """A file of JSON lines, packed or not. Empty lines are passed over.

    :param file: the file.
    :param wanted: paths that the mapping reads, as ``officer/id``.
    """

    def __init__(self, file: LogFile, wanted: frozenset[str]) -> None:
        super().__init__(file)
        self._wanted = sorted(wanted)
        self._line = 1

    def objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Answer each line's object with the number of the line.

        :raises IntakeError: at the first line that is none.
        """
        with self.file.opened() as stream:
            for number, line in json_lines(stream, LONGEST):
                self._line = number + 1  # what the file refuses now lies in the next
                yield number, object_of(line, LONGEST, f"{self.file.name}:{number}")

    def _rows(self) -> Iterator[Row]:
        for line, found in self.objects():
            cells = ((key, look_up(found, key)) for key in self._wanted)
            values = {key: cell for key, cell in cells if cell is not None}
            yield Row(values, _NOTHING, True, line)

    def _place(self) -> str:
        return f"{self.file.name}:{self._line}"


def json_lines(stream: Stream, longest: int) -> Iterator[tuple[int, bytes | None]]:
    """Answer the lines that are not empty, each with its number.

    :param stream: the file.
    :param longest: most bytes of a line.
    :return: number and line; None stands for a line that is longer, of which nothing is kept.
    """
    lines = iter(lambda: stream.readline(longest + 1), b"")
    for number, line in enumerate(lines, start=1):
        if len(line) > longest and not line.endswith(b"\n"):
            yield number, None
            while line and not line.endswith(b"\n"):
                line = stream.readline(_CHUNK)  # noqa: PLW2901  # the rest of the same line
        elif line.strip():
            yield number, line


def object_of(line: bytes | None, longest: int, where: str) -> dict[str, Any]:
    """Read the object of a line.

    :param line: the line; None where it was too long.
    :param longest: most bytes of a line.
    :param where: its place.
    :return: the object.
    :raises IntakeError: where it is none.
    """
    if line is None:
        what = f"a line of more than {longest:,} bytes."
        raise IntakeError(what, where=where, remedy="Write one object a line.")
    try:
        found = read_json(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        remedy = "Save the file as UTF-8."
        raise IntakeError("this is not UTF-8.", where=where, remedy=remedy) from None
    except ValueError:
        what = "this line is no JSON, or holds a name twice."
        raise IntakeError(what, where=where, remedy="Write one object a line.") from None
    if not isinstance(found, dict):
        what = "this line is no JSON object."
        raise IntakeError(what, where=where, remedy="Write one object a line.")
    return found
