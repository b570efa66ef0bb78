"""Columns of a terminal: Chinese letters take two."""

import unicodedata
from collections.abc import Iterable, Sequence


def aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """Write rows as lines whose columns stand below one another.

    :param rows: cells, as many in each row.
    """
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell + " " * (most - width(cell)) for cell, most in zip(row, widths, strict=True)]
        yield "  ".join(cells).rstrip()


def width(text: str) -> int:
    """Answer how many columns a text takes; letters of Chinese take two.

    :param text: the text.
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
