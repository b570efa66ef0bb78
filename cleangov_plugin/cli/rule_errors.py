"""Errors of rule files in Chinese: the language of whoever writes rules."""

import re
from functools import lru_cache
from typing import Final

from cleangov_plugin.domain.errors import CleanGovError

from .rule_error_words import CHINESE

_SENTENCES: Final = re.compile(r"(?<=[.?]) (?=[A-Z])")
#: Nothing of a message is looked into deeper than this: what was written may look like a message.
_DEEPEST: Final = 3
#: A place in an expression stands behind the sentence: what varies in this never reaches there.
_PLACED: Final = re.compile(r"(.+) \(character ([0-9,]+)\)\.", re.DOTALL)


def in_chinese(problem: CleanGovError) -> str:
    """Write what is wrong with a rule file in Chinese; what has no translation stays as it is.

    :param problem: what was refused.
    """
    parts = [_said(problem.what, 0), _said(problem.remedy, 0)]
    text = "".join(part for part in parts if part)
    return f"{problem.where}：{text}" if problem.where else text


def is_translated(sentence: str) -> bool:
    """Answer whether a sentence of an error has a translation.

    :param sentence: the sentence in English.
    """
    return any(pattern.fullmatch(sentence) for pattern, _ in _patterns())


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The sentences as patterns; the most telling first, so that it is tried before a vague one."""
    found = sorted(CHINESE.items(), key=lambda each: -len(each[0].replace("{}", "")))
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL), chinese)
        for english, chinese in found
    )


def _said(text: str, depth: int) -> str:
    if not text or depth > _DEEPEST:
        return text
    sentences = _SENTENCES.split(text)
    if len(sentences) > 1:
        return "".join(_said(part, depth) for part in sentences)
    placed = _PLACED.fullmatch(text)
    if placed is not None:
        return f"{_said(placed[1], depth + 1)}（第 {placed[2]} 字）。"
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return chinese.format(*(_said(part, depth + 1) for part in found.groups()))
    place, colon, rest = text.partition(": ")  # a place in the file before what is wrong there
    return f"{place}：{_said(rest, depth + 1)}" if colon else text
