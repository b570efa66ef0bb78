"""In which manner prompts are answered: how long they were before somebody, and in whose words.

It says something of a rule: what is clicked away in a second, or answered in the same words case
after case, asks too often or for nothing. It says nothing of a person, and nobody is named here.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median_low
from typing import Final

from .weights import MILLION, lower_bound

#: Milliseconds that a script lets pass until it tells that a panel was seen; see `prompts.js`.
SEEN_AFTER_MS: Final = 1_000
#: Milliseconds: in less than 1.5 s after it was seen nobody has read what tier 3 asks. That is
#: assumed, not measured.
HURRIED_MS: Final = SEEN_AFTER_MS + 1_500
#: Tier from which an answer can be hurried: below it one click is all that is asked.
_JUSTIFY: Final = 3
#: Share, in millionths, that a rule's lower bound must pass before it is named.
_TOO_MANY: Final = 3 * MILLION // 10
#: Answers below which no rule is named: a handful says nothing.
_ENOUGH: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One answer of an officer.

    :param rule_id: the rule that asked.
    :param tier: of the prompt.
    :param subject: the case.
    :param words: the officer's own words; empty where there are none.
    :param dwell_ms: milliseconds between the panel and the answer; None where neither host nor
        script told that it was shown, or a clock went back.
    :param has_script: whether a script told so: then it was in sight; else it was only rendered.
    """

    rule_id: str
    tier: int
    subject: str
    words: str = ""
    dwell_ms: int | None = None
    has_script: bool = False


@dataclass(slots=True)
class Manner:
    """In which manner a rule's prompts were answered.

    :param answers: how many were.
    :param seen: of how many a script told since when they were in sight.
    :param rendered: of how many it is known only since when they were on a page.
    :param dwell_ms: middle of the time until the answer, of both; None where it is of none.
    :param timed: answers at tier 3 and above of which the time is known.
    :param hurried: those of them that came too soon to have been read.
    :param worded: answers with words of the officer's own.
    :param copied: those of them whose words stood in an answer about another case before.
    """

    answers: int = 0
    seen: int = 0
    rendered: int = 0
    dwell_ms: int | None = None
    timed: int = 0
    hurried: int = 0
    worded: int = 0
    copied: int = 0
    _dwells: list[int] = field(default_factory=list, repr=False)

    @property
    def is_worn(self) -> bool:
        """Answer whether it is the rule that should be looked at: too many answers say nothing."""
        shares = ((self.hurried, self.timed), (self.copied, self.worded))
        return any(n >= _ENOUGH and lower_bound(bad, n) > _TOO_MANY for bad, n in shares)


def manners(answers: Iterable[Given]) -> dict[str, Manner]:
    """Count in which manner prompts were answered, by rule.

    :param answers: in order of time.
    :return: by id of the rule, in its order.
    """
    found: dict[str, Manner] = {}
    texts: dict[tuple[str, str], set[str]] = {}
    for each in answers:
        manner = found.setdefault(each.rule_id, Manner())
        manner.answers += 1
        _time(manner, each)
        text = _plain(each.words)
        if text:
            cases = texts.setdefault((each.rule_id, text), set())
            manner.worded += 1
            manner.copied += bool(cases - {each.subject})
            cases.add(each.subject)
    for manner in found.values():
        manner.dwell_ms = median_low(manner._dwells) if manner._dwells else None
    return dict(sorted(found.items()))


def _time(manner: Manner, given: Given) -> None:
    if given.dwell_ms is None:
        return
    manner._dwells.append(given.dwell_ms)
    manner.seen += given.has_script
    manner.rendered += not given.has_script
    if given.tier >= _JUSTIFY:
        manner.timed += 1
        manner.hurried += given.dwell_ms < HURRIED_MS


def _plain(words: str) -> str:
    """Write words without spaces, punctuation, width and case: none of it makes them one's own."""
    text = unicodedata.normalize("NFKC", words).casefold()
    return "".join(letter for letter in text if letter.isalnum())
