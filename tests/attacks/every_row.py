"""All rows of the catalogue, in the order of their numbers."""

from itertools import chain
from string import ascii_lowercase
from typing import TypeVar

from tests.attacks import (
    before_sealing,
    in_files,
    on_asked,
    on_fields,
    on_letters,
    on_rules,
    on_sealed,
    on_tables,
    on_trees,
)
from tests.attacks.catalogue import Row

Kind = TypeVar("Kind", bound=Row)


def _place(row: Row) -> tuple[int, str]:
    digits = row.number.rstrip(ascii_lowercase)
    return int(digits), row.number[len(digits) :]


ROWS: tuple[Row, ...] = tuple(
    sorted(
        chain(
            on_sealed.ROWS,
            on_trees.ROWS,
            before_sealing.ROWS,
            on_tables.ROWS,
            on_rules.ROWS,
            on_letters.ROWS,
            on_asked.ROWS,
            on_fields.ROWS,
            on_fields.MORE,
            in_files.ROWS,
            (in_files.HEAD_ROW,),
        ),
        key=_place,
    )
)


def of(kind: type[Kind]) -> list[Kind]:
    """Answer the rows of one kind."""
    return [row for row in ROWS if isinstance(row, kind)]
