"""What a reader asked for, read from the address: hostile, and never a reason to fail."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Final, TypeVar

from cleangov_hooks import Stream
from cleangov_plugin.desk.letters.listing import LettersWish, Standing
from cleangov_plugin.desk.letters.templates import INQUIRY, TALK
from cleangov_plugin.desk.review.checkpoints import Wish
from cleangov_plugin.desk.review.findings import FindingWish
from cleangov_plugin.domain.terms import FindingState, Severity
from cleangov_plugin.store.review import Place
from cleangov_plugin.store.review_findings import FindingPlace
from cleangov_plugin.store.review_letters import LetterPlace

T = TypeVar("T")
_LONGEST: Final = 200
_LARGEST: Final = 2**63 - 1
#: Numbers of letters and their years fit 32 bits.
_LARGEST_SMALL: Final = 2**31 - 1
#: A fixed-width UTC instant has this many characters.
_INSTANT: Final = 27
_OUTCOMES: Final = ("hit", "unknown")


@dataclass(slots=True)
class Asked:
    """The parameters of an address, read one by one.

    :param given: the parameters.
    :param ignored: names of those that could not be read.
    """

    given: Mapping[str, str]
    ignored: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Read a text.

        :param name: name of the parameter.
        """
        return self._read(name, _text) or ""

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        """Read one of a few codes.

        :param name: name of the parameter.
        :param allowed: the codes.
        """
        return self._read(name, lambda text: text if text in allowed else None) or ""

    def day(self, name: str) -> date | None:
        """Read a civil day.

        :param name: name of the parameter.
        """
        return self._read(name, _day)

    def number(self, name: str) -> int | None:
        """Read a number from 1.

        :param name: name of the parameter.
        """
        return self._read(name, _number)

    def place(self, name: str) -> Place | None:
        """Read a place in a list of entries, as `place_text` wrote it.

        :param name: name of the parameter.
        """
        return self._read(name, _place)

    def finding_place(self, name: str) -> FindingPlace | None:
        """Read a place in a list of findings, as `finding_place_text` wrote it.

        :param name: name of the parameter.
        """
        return self._read(name, _finding_place)

    def letter_place(self, name: str) -> LetterPlace | None:
        """Read a place in the list of letters, as `letter_place_text` wrote it.

        :param name: name of the parameter.
        """
        return self._read(name, _letter_place)

    def _read(self, name: str, reader: Callable[[str], T | None]) -> T | None:
        text = self.given.get(name, "").strip()
        if not text:
            return None
        found = reader(text)
        if found is None:
            self.ignored.append(name)
        return found


def entry_wish(asked: Asked) -> Wish:
    """Read which checkpoints are wanted.

    :param asked: the parameters.
    """
    return Wish(
        agency=asked.text("agency"),
        stream=asked.one_of("stream", _codes(Stream)),
        kind=asked.text("kind"),
        case=asked.text("case"),
        unit=asked.text("unit"),
        rule=asked.text("rule"),
        outcome=asked.one_of("outcome", _OUTCOMES),
        since=asked.day("since"),
        until=asked.day("until"),
        before=asked.place("before"),
        after=asked.place("after"),
    )


def finding_wish(asked: Asked, states: tuple[FindingState, ...]) -> FindingWish:
    """Read which findings are wanted.

    :param asked: the parameters.
    :param states: states this list shows; the first where none is asked for.
    """
    state = asked.one_of("state", tuple(state.value for state in states))
    return FindingWish(
        state=FindingState(state) if state else states[0],
        agency=asked.text("agency"),
        rule=asked.text("rule"),
        unit=asked.text("unit"),
        stream=asked.one_of("stream", _codes(Stream)),
        severity=asked.one_of("severity", _codes(Severity)),
        since=asked.day("since"),
        until=asked.day("until"),
        after=asked.finding_place("after"),
    )


def letters_wish(asked: Asked) -> LettersWish:
    """Read which letters are wanted.

    :param asked: the parameters.
    """
    standing = asked.one_of("state", _codes(Standing))
    return LettersWish(
        kind=asked.one_of("kind", (TALK,)) or INQUIRY,
        standing=Standing(standing) if standing else None,
        case=asked.text("case"),
        unit=asked.text("unit"),
        since=asked.day("since"),
        until=asked.day("until"),
        after=asked.letter_place("after"),
    )


def place_text(place: Place | None) -> str:
    """Write a place in a list of entries for an address; empty where there is none.

    :param place: the place.
    """
    return f"{place.occurred_at}~{place.id}" if place else ""


def finding_place_text(place: FindingPlace | None) -> str:
    """Write a place in a list of findings for an address; empty where there is none.

    :param place: the place.
    """
    return f"{place.due_on}~{place.id}" if place else ""


def letter_place_text(place: LetterPlace | None) -> str:
    """Write a place in the list of letters for an address; empty where there is none.

    :param place: the place.
    """
    return f"{place.year}~{place.no}" if place else ""


def _codes(enum: type[Enum]) -> tuple[str, ...]:
    return tuple(str(member.value) for member in enum)


def _text(text: str) -> str | None:
    return text if len(text) <= _LONGEST and text.isprintable() else None


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        return None
    number = int(text)
    return number if 0 < number <= _LARGEST else None


def _place(text: str) -> Place | None:
    moment, _, id_ = text.partition("~")
    number = _number(id_)
    is_instant = len(moment) == _INSTANT and moment.isascii() and moment[:4].isdigit()
    is_instant = is_instant and moment.endswith("Z") and moment.isprintable()
    return Place(moment, number) if is_instant and number is not None else None


def _finding_place(text: str) -> FindingPlace | None:
    day, _, id_ = text.partition("~")
    number = _number(id_)
    if number is None or (day and _day(day) is None):
        return None
    return FindingPlace(day, number)


def _letter_place(text: str) -> LetterPlace | None:
    year, _, no = text.partition("~")
    found = _number(year), _number(no)
    if found[0] is None or found[1] is None or max(found[0], found[1]) > _LARGEST_SMALL:
        return None
    return LetterPlace(found[0], found[1])
