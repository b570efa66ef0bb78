"""What verifying may find in the tables of letters, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

#: By code: the sentence, zh and en.
LETTERS_SAID: Final[Mapping[str, tuple[str, str]]] = {
    "letter_changed": (
        "函件表与记录 {entry} 所记的函件“{letter}”不符：{names}。",
        "the letter {letter} is not in its table what entry {entry} says: {names}.",
    ),
    "letter_gone": (
        "记录 {entry} 所记的函件“{letter}”不见了。",
        "the letter {letter}, of which entry {entry} tells, is gone.",
    ),
    "letter_unsaid": (
        "函件“{letter}”在表中，但没有任何记录说明曾发出。",
        "the letter {letter} is in its table, and no entry says that it was sent.",
    ),
    "letter_act_changed": (
        "函件“{letter}”的办理（{kind}）与记录 {entry} 所记的不符。",
        "what was done about the letter {letter} ({kind}) is not what entry {entry} says.",
    ),
    "letter_act_gone": (
        "记录 {entry} 所记的函件“{letter}”的办理（{kind}）不见了。",
        "what entry {entry} says was done about the letter {letter} ({kind}) is gone.",
    ),
    "letter_act_unsaid": (
        "函件“{letter}”的办理（{kind}）在表中，但没有任何记录说明。",
        "an act about the letter {letter} ({kind}) is in its table, and no entry tells of it.",
    ),
}
