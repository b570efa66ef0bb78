"""What a clock is made of."""

from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum

from cleangov_plugin.domain.errors import RuleError
from cleangov_plugin.rules.model import Basis
from cleangov_plugin.rules.rule_answers import Words


class Unit(StrEnum):
    """In what a term is counted."""

    CIVIL_DAYS = "civil_days"
    WORKING_DAYS = "working_days"
    WORKING_HOURS = "working_hours"


class Roll(StrEnum):
    """Whether a last day moves that nobody works on.

    MOHURD Order 55 (2022) Art 45 moves a last day on a statutory holiday and does not mention a
    plain weekend, so which of the two is meant is written with each clock.
    """

    NONE = "none"
    HOLIDAYS = "holidays"
    DAYS_OFF = "days_off"


@dataclass(frozen=True, slots=True)
class Decider:
    """Who must have decided a step.

    :param attribute: the attribute of the event that names the role.
    :param roles: the roles that may.
    """

    attribute: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A span that does not count: a pause, an excluded step, a suspension.

    :param id: its name.
    :param begins: kinds of event it begins with.
    :param ends: kinds of event it ends with.
    :param label: how it is called.
    :param decider: who must have decided it; None where nobody needs to.
    """

    id: str
    begins: frozenset[str]
    ends: frozenset[str]
    label: Words
    decider: Decider | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """What makes a term longer; extensions are used up in the order written.

    :param id: its name.
    :param on: kind of event.
    :param length: how much longer at most, in the clock's unit.
    :param given_in: the attribute that may say less; None where it is always the whole.
    :param times: how often.
    :param decider: who must have decided it; None where nobody needs to.
    """

    id: str
    on: str
    length: int
    given_in: str | None = None
    times: int = 1
    decider: Decider | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A term, statutory or promised.

    :param id: ``"C01"``.
    :param version: counts up with every change.
    :param title: what it is called.
    :param why: what it is for.
    :param basis: what it stands on.
    :param starts: kinds of event it starts with; the day of the event is not counted.
    :param stops: kinds of event it ends with.
    :param length: the term, in `unit`.
    :param bounds: least and greatest length an authority may set.
    :param unit: in what it is counted.
    :param roll: what becomes of a last day off.
    :param hours: windows of a working day, for terms in working hours.
    :param pauses: spans that do not count.
    :param extensions: what makes it longer.
    :param owner: who looks after it.
    :param review_by: when it must be looked at again.
    """

    id: str
    version: int
    title: Words
    why: Words
    basis: tuple[Basis, ...]
    starts: frozenset[str]
    stops: frozenset[str]
    length: int
    bounds: tuple[int, int]
    unit: Unit
    roll: Roll = Roll.NONE
    hours: tuple[tuple[time, time], ...] = ()
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    owner: str = ""
    review_by: date | None = None

    @property
    def kinds(self) -> frozenset[str]:
        """Answer every kind of event that matters to it."""
        spans = [kind for pause in self.pauses for kind in (*pause.begins, *pause.ends)]
        return self.starts | self.stops | {*spans, *(each.on for each in self.extensions)}

    @property
    def steps(self) -> tuple[Pause | Extension, ...]:
        """Answer what may have to be decided."""
        return (*self.pauses, *self.extensions)

    def lasting(self, length: int) -> "Clock":
        """Answer the clock with the length an authority has set: a promised term.

        :param length: in the clock's unit.
        :raises RuleError: where it is outside the range declared.
        """
        low, high = self.bounds
        if not low <= length <= high:
            raise RuleError(f"{length} is outside the range declared.", where=f"{self.id}.term")
        return replace(self, length=length)
