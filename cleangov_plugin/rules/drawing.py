"""What a rule asks to be drawn of a case in which it hit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What those who look at a hit are shown of the case: bars under a line.

    :param bars: field whose values are drawn.
    :param line: field each of them is measured by.
    :param kinds: kinds of earlier events that are drawn beside the one that hit.
    """

    bars: str
    line: str
    kinds: tuple[str, ...]
