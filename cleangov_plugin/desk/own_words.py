"""People's own words, as they came from a form."""

from typing import Final

_LONGEST: Final = 2_000


def cleaned(text: str) -> str | None:
    """Write somebody's words so that every database takes them.

    :param text: from a form; hostile.
    :return: at most 2,000 characters without control characters; None where nothing is left.
    """
    kept = "".join(c for c in text if c in "\n\t" or (c.isprintable() and c != "\x00"))
    return kept.strip()[:_LONGEST] or None
