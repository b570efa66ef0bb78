"""What was changed and what was there before, in a file that outlives the process."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from .verifying import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How far the scene is.

    :param deed: what was done; empty where everything is as it was.
    :param lines: each statement that was run, and how many rows it changed.
    :param before: for each table what was there: ``table``, ``key``, ``columns``, ``rows`` and
        whether the rows were ``deleted``.
    :param triggers: statements that make the triggers again that were dropped.
    :param undone: what was put back last.
    :param found: what verifying found since; None where nobody verified.
    """

    deed: str = ""
    lines: tuple[tuple[str, int], ...] = ()
    before: tuple[Mapping[str, Any], ...] = ()
    triggers: tuple[str, ...] = ()
    undone: str = ""
    found: Found | None = field(default=None)

    def write(self, path: Path) -> None:
        """Write it, whole or not at all.

        :param path: the file.
        """
        new = path.with_name(f"{path.name}.new")
        with new.open("w", encoding="utf-8") as file:
            json.dump(asdict(self), file, ensure_ascii=False, default=_hexadecimal)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)

    @classmethod
    def read(cls, path: Path) -> "Kept":
        """Read it; a file that is not there, or is none of ours, says that nothing was done.

        :param path: the file.
        """
        with suppress(OSError, ValueError, LookupError, TypeError):
            told = json.loads(path.read_text(encoding="utf-8"))
            found = told["found"]
            return cls(
                deed=str(told["deed"]),
                lines=tuple((str(sql), int(number)) for sql, number in told["lines"]),
                before=tuple(dict(each) for each in told["before"]),
                triggers=tuple(map(str, told["triggers"])),
                undone=str(told["undone"]),
                found=None if found is None else Found.of(found),
            )
        return cls()


def _hexadecimal(value: object) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"hex": value.hex()}
    raise TypeError(type(value).__name__)


def bound(value: Any) -> Any:
    """Answer a value of a row as the driver takes it.

    :param value: as it was read from the file.
    """
    return bytes.fromhex(value["hex"]) if isinstance(value, dict) else value
