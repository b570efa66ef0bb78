"""Values that a log has and nobody can read: counted and named, where the mapping says so."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from cleangov_plugin.domain.errors import IntakeError

from .formats.log_rows import Row

T = TypeVar("T")

#: What becomes of a value that cannot be read: the file is refused, or it counts as unknown.
ODD: Final = ("refuse", "unknown")


@dataclass(slots=True)
class Odd:
    """The values of one name that could not be read.

    :param where: place of the first one.
    :param what: what is wrong with it.
    :param number: how many there are.
    """

    where: str
    what: str
    number: int = 0


class OddValues:
    """The values of a log that could not be read, by our own name.

    :param place: answers the place of a row.
    """

    def __init__(self, place: Callable[[Row], str]) -> None:
        self.found: dict[str, Odd] = {}
        self._place = place

    def tolerant(self, name: str, read: Callable[[Row], T | None]) -> Callable[[Row], T | None]:
        """Make a reader that answers None where there is a value that cannot be read.

        :param name: our own name of the value.
        :param read: the reader.
        """

        def tolerant(row: Row) -> T | None:
            try:
                return read(row)
            except IntakeError as problem:
                first = self.found.get(name)
                if first is None:
                    first = self.found[name] = Odd(self._place(row), problem.what)
                first.number += 1
                return None

        return tolerant
