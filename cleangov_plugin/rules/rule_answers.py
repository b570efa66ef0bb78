"""The ways to answer a hit, as a rule names them."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cleangov_hooks import AnswerKind
from cleangov_plugin.domain.reasons import Reason

from .tree import Node

#: A text by language: ``{"zh": ..., "en": ...}``.
Words = Mapping[str, str]
#: What may follow on an answer: the step passes · its form, put right, is judged anew · a second
#: person is asked · the officer puts it right on the page · it is noted · somebody else takes the
#: case · the step passes for a danger and is reviewed · it passes, and something follows by a day.
THEN: Final = ("pass", "regate", "request", "page", "note", "recuse", "glass", "later")
#: What follows on answers of these kinds, and on no other.
KINDS: Final = {
    "recuse": AnswerKind.RECUSAL_DECLARED,
    "glass": AnswerKind.BREAK_GLASS,
    "later": AnswerKind.DEFERRED,
}
#: Answers with a term of their own, in working days; the longest.
MOST_DAYS: Final = {"glass": 10, "later": 30, "recuse": 10}
#: Answers that may ask for a coded reason: those on which somebody else relies.
REASONED: Final = frozenset({"pass", "request", "recuse", "glass", "later"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAnswer:
    """A way to answer a hit.

    :param code: stable code, the same over rules for the same act.
    :param kind: kind of answer.
    :param label: template of its text, by language.
    :param then: what follows, see `THEN`.
    :param needs_text: whether the officer's words are required.
    :param role: role of the second person, of the approver, or of whoever assigns the case.
    :param patch: expressions that give corrected values, by event field.
    :param reasons: the closed list of reasons, of which one is taken; empty where none is asked.
    :param days: working days until what follows is due; None where nothing does.
    :param awaits: kinds of event that fulfil what was put off.
    """

    code: str
    kind: AnswerKind
    label: Words
    then: str
    needs_text: bool = False
    role: str | None = None
    patch: Mapping[str, Node] = dataclasses.field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()
    days: int | None = None
    awaits: tuple[str, ...] = ()
