"""What every reader of event logs answers: rows in file order, each with its place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias

#: A text, or several under one name.
Cell: TypeAlias = str | tuple[str, ...]


class TypedTime(str):
    """A time that its file holds as one, written as ISO 8601: no format of the mapping is asked."""

    __slots__ = ()


@dataclass(slots=True)
class Row:
    """One event as the file has it: texts by name, nothing interpreted.

    :param values: what the event itself says.
    :param trace: what its case says, where the format keeps cases apart; else empty.
    :param is_first: whether it is the first event of its trace.
    :param number: line in a file of lines, row in a sheet, number of the trace in an XES file and
        of the release in an OCDS file, from 1.
    :param event: number of the event within its trace or release, from 1; else 0.
    """

    values: Mapping[str, Cell]
    trace: Mapping[str, Cell]
    is_first: bool
    number: int
    event: int = 0


@dataclass(frozen=True, slots=True)
class Unread:
    """A part of a file that could not be read, and was passed over by name.

    :param where: its place.
    :param what: what is wrong with it.
    """

    where: str
    what: str


class LogReader(Protocol):
    """A reader of one format."""

    def rows(self) -> Iterator[Row]:
        """Answer the rows in file order; one at a time is held in memory, or one case.

        :raises IntakeError: at the first fault, with its place; what came before it stands.
        """

    def where(self, row: Row, case: str | None = None) -> str:
        """Answer the place of a row, as messages name it.

        :param row: the row.
        :param case: its case, where it is known.
        """


def shown(value: object) -> str:
    """Write a hostile value short and harmless, for a message.

    :param value: what the file holds.
    """
    text = ascii(value) if not isinstance(value, str) or not value.isprintable() else f"'{value}'"
    return text if len(text) <= 60 else f"{text[:56]}…'"
