"""From a cell of a file to a text, a code, a whole number, yes or no.

Each function here makes a small closure once for a mapping; nothing is looked up for an event.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from cleangov_plugin.domain.errors import IntakeError

from .formats.log_rows import Cell, Row, shown

Get: TypeAlias = Callable[[Row], Cell | None]

_LONGEST: Final = 20_000
_LONGEST_ID: Final = 200
_INTEGER: Final = re.compile(r"[+-]?\d{1,16}(\.0{1,6})?")
_BOOLEANS: Final = {
    **dict.fromkeys(("true", "yes", "y", "j", "ja", "1", "是"), True),
    **dict.fromkeys(("false", "no", "n", "nee", "0", "否"), False),
}


def text(get: Get, name: str, unknown: Iterable[str] = ()) -> Callable[[Row], str | None]:
    """Make the reader of one text.

    :param get: reads the cell.
    :param name: our own name of the value, for messages.
    :param unknown: values that stand for nothing known.
    :return: the reader; it answers None where there is nothing.
    """
    nothing = frozenset(unknown) | {""}

    def read(row: Row) -> str | None:
        cell = get(row)
        if cell is None or cell in nothing:
            return None
        if not isinstance(cell, str):
            raise IntakeError(
                f"{name}: the value stands {len(cell)} times.",
                remedy="Read another key, or give the attribute the type list.",
            )
        if len(cell) > _LONGEST:
            what = f"{name}: a text of {len(cell):,} characters; at most {_LONGEST:,} are read."
            raise IntakeError(what, remedy="Leave it out of the mapping.")
        return cell

    return read


def bare(get: Get, name: str, unknown: Iterable[str] = ()) -> Callable[[Row], str | None]:
    """Make the reader of one text without the blanks around it; blanks alone are nothing.

    :param get: reads the cell.
    :param name: our own name of the value, for messages.
    :param unknown: values that stand for nothing known.
    :return: the reader.
    """
    read_text = text(get, name, unknown)

    def read(row: Row) -> str | None:
        found = read_text(row)
        return found.strip() or None if found is not None else None

    return read


def identifier(get: Get, name: str, unknown: Iterable[str] = ()) -> Callable[[Row], str | None]:
    """Make the reader of a code or number by which something is known.

    :param get: reads the cell.
    :param name: our own name of the value.
    :param unknown: values that stand for nothing known.
    :return: the reader.
    """
    read_bare = bare(get, name, unknown)

    def read(row: Row) -> str | None:
        found = read_bare(row)
        if found is None:
            return None
        if len(found) > _LONGEST_ID - 20 or not found.isprintable():
            raise IntakeError(
                f"{name}: {shown(found)} is no code.",
                remedy=f"At most {_LONGEST_ID - 20} characters, without control characters.",
            )
        return found

    return read


def texts(
    get: Get, name: str, unknown: Iterable[str] = ()
) -> Callable[[Row], tuple[str, ...] | None]:
    """Make the reader of a list of texts.

    :param get: reads the cell.
    :param name: our own name of the value.
    :param unknown: values that stand for nothing known.
    :return: the reader.
    """
    nothing = frozenset(unknown) | {""}

    def read(row: Row) -> tuple[str, ...] | None:
        cell = get(row)
        found = (cell,) if isinstance(cell, str) else cell or ()
        if sum(map(len, found)) > _LONGEST:
            remedy = "Leave it out of the mapping."
            raise IntakeError(f"{name}: more than {_LONGEST:,} characters.", remedy=remedy)
        return tuple(item for item in found if item not in nothing) or None

    return read


def integer(get: Get, name: str, unknown: Iterable[str] = ()) -> Callable[[Row], int | None]:
    """Make the reader of a whole number; ``2.0`` is one.

    :param get: reads the cell.
    :param name: our own name of the value.
    :param unknown: values that stand for nothing known.
    :return: the reader.
    """
    read_bare = bare(get, name, unknown)

    def read(row: Row) -> int | None:
        found = read_bare(row)
        if found is None:
            return None
        if not _INTEGER.fullmatch(found):
            remedy = "Give the attribute another type, or name the value under 'unknown'."
            raise IntakeError(f"{name}: {shown(found)} is no whole number.", remedy=remedy)
        return int(found.partition(".")[0])

    return read


def boolean(get: Get, name: str, unknown: Iterable[str] = ()) -> Callable[[Row], bool | None]:
    """Make the reader of yes or no.

    :param get: reads the cell.
    :param name: our own name of the value.
    :param unknown: values that stand for nothing known.
    :return: the reader.
    """
    read_bare = bare(get, name, unknown)

    def read(row: Row) -> bool | None:
        found = read_bare(row)
        if found is None:
            return None
        answer = _BOOLEANS.get(found.lower())
        if answer is None:
            remedy = f"Known are {', '.join(_BOOLEANS)}."
            raise IntakeError(f"{name}: {shown(found)} is neither yes nor no.", remedy=remedy)
        return answer

    return read
