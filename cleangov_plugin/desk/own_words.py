"""People's own words, as they came from a form."""

from typing import Final

from cleangov_plugin.domain.errors import AnswerRefused

#: Most characters of somebody's words; the forms say so, too.
_LONGEST: Final = 2_000


def cleaned(text: str) -> str | None:
    """Write somebody's words so that every database takes them.

    :param text: from a form; hostile.
    :return: at most 2,000 characters without control characters; None where nothing is left.
    """
    return _plain(text)[:_LONGEST] or None


def whole(text: str) -> str | None:
    """Write somebody's words as `cleaned` does, and cut nothing off: an answer would say less.

    :param text: from a form; hostile.
    :return: the words; None where nothing is left.
    :raises AnswerRefused: where they are more than 2,000 characters.
    """
    kept = _plain(text)
    if len(kept) > _LONGEST:
        raise AnswerRefused("error.long")
    return kept or None


def _plain(text: str) -> str:
    return "".join(c for c in text if c in "\n\t" or (c.isprintable() and c != "\x00")).strip()
