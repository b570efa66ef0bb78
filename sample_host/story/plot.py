"""What a story is made of: a matter as it begins, and the deeds done in it, each with its hour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from cleangov_hooks import Stream
from sample_host.clock import ZONE
from sample_host.matter import PartyRow, Texts

#: Days without work besides weekends, as first and last day: National Day 2025, New Year and
#: Spring Festival 2026 (General Office notices of 2024 and 2025). The make-up days are not used.
_FREE: Final = (
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 1, 1), date(2026, 1, 3)),
    (date(2026, 2, 15), date(2026, 2, 23)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A note that somebody put into the file.

    :param author: id of the person.
    :param at: when, aware.
    :param text: what it says.
    """

    author: str
    at: datetime
    text: Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One step that was taken.

    :param step: name of the step.
    :param who: id of the person who took it.
    :param at: when, aware.
    :param typed: what was typed, by form field.
    :param english: translations of it, by form field; the host alone keeps them.
    """

    step: str
    who: str
    at: datetime
    typed: Mapping[str, str] = field(default_factory=dict)
    english: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tale:
    """A matter, and everything that was done in it.

    :param stream: its stream.
    :param no: its number.
    :param title: what it is about.
    :param place: where.
    :param party: whom it concerns.
    :param officer: id of the person who handles it.
    :param deeds: what was done, in order; the first opens it.
    :param remarks: notes in the file.
    """

    stream: Stream
    no: str
    title: Texts
    place: Texts
    party: PartyRow
    officer: str
    deeds: tuple[Deed, ...]
    remarks: tuple[Remark, ...] = ()


def both(zh: str, en: str) -> Texts:
    """Write the same text in both languages.

    :param zh: in Chinese.
    :param en: in English.
    """
    return Texts(zh=zh, en=en)


def moment(day: date, clock: str) -> datetime:
    """Answer an instant of the city.

    :param day: civil day.
    :param clock: ``"09:30"``.
    """
    return datetime.combine(day, time.fromisoformat(clock), ZONE)


def workday(start: date, count: int) -> date:
    """Answer the day that lies some working days after another.

    :param start: a day.
    :param count: working days after it; 0 is the day itself.
    """
    day = start
    while count > 0:
        day += timedelta(days=1)
        count -= _is_workday(day)
    return day


def hour_of(no: str, rank: int) -> str:
    """Answer a time of day within office hours, always the same for a matter's step.

    :param no: number of the matter.
    :param rank: which of its deeds.
    """
    minutes = (int(no[-4:].lstrip("-")) * 7 + rank * 41) % 420
    if minutes >= 180:  # the noon break
        minutes += 90
    return f"{9 + minutes // 60:02d}:{minutes % 60:02d}"


def _is_workday(day: date) -> bool:
    is_free = any(first <= day <= last for first, last in _FREE)
    return day.weekday() < 5 and not is_free
