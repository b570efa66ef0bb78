"""Small changes of a clock, each of which its examples must notice.

Changed are the term and its unit, what starts and stops it, what does not count, what makes it
longer, and who must have decided that.
"""

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, Final

from cleangov_plugin.rules.rule_answers import Words

from .model import Clock, Extension, Pause, Roll, Unit
from .reading import LONGEST, read_clock

#: A kind of event, a role and an attribute that no example has.
NEVER: Final = "sys.never"
NOBODY: Final = "nobody"


class ClockOperator(StrEnum):
    """What was changed."""

    LENGTH = "length"
    UNIT = "unit"
    ROLL = "roll"
    START = "start"
    STOP = "stop"
    PAUSE = "pause"
    EXTENSION = "extension"
    DECIDER = "decider"


_SAID: Final[Mapping[ClockOperator, tuple[str, str]]] = {
    ClockOperator.LENGTH: ("期限长短", "length of the term"),
    ClockOperator.UNIT: ("计算单位", "unit it is counted in"),
    ClockOperator.ROLL: ("末日顺延", "last day that moves"),
    ClockOperator.START: ("起算", "what starts it"),
    ClockOperator.STOP: ("终止", "what stops it"),
    ClockOperator.PAUSE: ("不计入的期间", "what does not count"),
    ClockOperator.EXTENSION: ("延长", "what makes it longer"),
    ClockOperator.DECIDER: ("由谁决定", "who decides"),
}

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMutant:
    """A clock with one small change.

    :param id: names the change in the words of the clock file.
    :param operator: what was changed.
    :param document: the changed clock.
    """

    id: str
    operator: ClockOperator
    document: Document

    def said(self) -> Words:
        """Answer what was changed, in words, by language."""
        zh, en = _SAID[self.operator]
        return {"zh": f"{zh}：{self.id}", "en": f"{en}: {self.id}"}


def clock_mutants(document: Mapping[str, Any]) -> Iterator[ClockMutant]:
    """Make the small changes of a clock, each with an id of its own.

    :param document: the clock's document.
    :raises RuleError: where it is no clock.
    """
    clock = read_clock(document)

    for make in (_of_term, _of_ends, _of_pauses, _of_extensions, _of_deciders):
        for operator, id_, act in make(clock):
            other = copy.deepcopy(dict(document))
            act(other)
            yield ClockMutant(id=id_, operator=operator, document=other)


_Change = tuple[ClockOperator, str, Callable[[Document], object]]


def _of_term(clock: Clock) -> Iterator[_Change]:
    for by in (-1, 1):
        length = clock.length + by
        if 1 <= length <= LONGEST:
            wide = {"length": length, "range": [1, LONGEST]}
            id_ = f"term.length: {clock.length} -> {length}"
            yield ClockOperator.LENGTH, id_, partial(_update_term, wide)
    if clock.unit is Unit.WORKING_HOURS:
        return
    units = (Unit.CIVIL_DAYS, Unit.WORKING_DAYS)
    unit = units[clock.unit is Unit.CIVIL_DAYS].value
    id_ = f"term.unit: {clock.unit} -> {unit}"
    yield ClockOperator.UNIT, id_, partial(_update_term, {"unit": unit})
    if clock.unit is Unit.CIVIL_DAYS:
        for roll in Roll:
            if roll is not clock.roll:
                id_ = f"roll: {clock.roll} -> {roll}"
                yield ClockOperator.ROLL, id_, _set("roll", roll.value)


def _of_ends(clock: Clock) -> Iterator[_Change]:
    """Change what starts a clock and what stops it: a kind left out, a kind too many."""
    within = [kind for pause in clock.pauses for kind in (*pause.begins, *pause.ends)]
    within += [each.on for each in clock.extensions]
    ends = (
        ("starts", ClockOperator.START, clock.starts),
        ("stops", ClockOperator.STOP, clock.stops),
    )
    for key, operator, kinds in ends:
        for kind in sorted(kinds):
            yield operator, f"{key}: without {kind}", _without(key, kind)
        for kind in sorted({*within} - clock.starts - clock.stops):
            yield operator, f"{key}: with {kind}", _with(key, kind)


def _of_pauses(clock: Clock) -> Iterator[_Change]:
    for number, pause in enumerate(clock.pauses):
        operator = ClockOperator.PAUSE
        yield operator, f"pauses.{pause.id}: without", _gone("pauses", number)
        for key, kinds in (("from", pause.begins), ("until", pause.ends)):
            for kind in sorted(kinds):
                act = _inside("pauses", number, _without(key, kind))
                yield operator, f"pauses.{pause.id}.{key}: without {kind}", act


def _of_extensions(clock: Clock) -> Iterator[_Change]:
    operator = ClockOperator.EXTENSION
    for number, longer in enumerate(clock.extensions):
        name = f"extensions.{longer.id}"
        yield operator, f"{name}: without", _gone("extensions", number)
        for by in (-1, 1):
            length = longer.length + by
            if 1 <= length <= LONGEST:
                act = _inside("extensions", number, _set("length", length))
                yield operator, f"{name}.length: {longer.length} -> {length}", act
        more = longer.times + 1
        act = _inside("extensions", number, _set("times", more))
        yield operator, f"{name}.times: {longer.times} -> {more}", act
        if longer.given_in is not None:
            act = _inside("extensions", number, lambda part: part.pop("given_in"))
            yield operator, f"{name}.given_in: without", act
    if len(clock.extensions) > 1:
        yield operator, "extensions: other way round", lambda c: c["extensions"].reverse()


def _of_deciders(clock: Clock) -> Iterator[_Change]:
    """Change who must have decided: anybody, nobody, somebody more, another attribute."""
    steps: list[tuple[str, int, Pause | Extension]] = [
        *(("pauses", n, each) for n, each in enumerate(clock.pauses)),
        *(("extensions", n, each) for n, each in enumerate(clock.extensions)),
    ]
    roles = {r for *_, each in steps if each.decider is not None for r in each.decider.roles}
    for key, number, each in steps:
        if each.decider is None:
            continue
        name, operator = f"{key}.{each.id}.decided_by", ClockOperator.DECIDER
        act = _inside(key, number, lambda part: part.pop("decided_by"))
        yield operator, f"{name}: anybody", act
        for role in sorted(each.decider.roles):
            act = _inside(key, number, _role(_without("roles", role, NOBODY)))
            yield operator, f"{name}.roles: without {role}", act
        for role in sorted({*roles, NOBODY} - each.decider.roles):
            if role != NOBODY:
                act = _inside(key, number, _role(_with("roles", role)))
                yield operator, f"{name}.roles: with {role}", act
        act = _inside(key, number, _role(_set("attribute", NOBODY)))
        yield operator, f"{name}.attribute: another", act


def _update_term(more: Document, part: Document) -> None:
    part["term"].update(more)


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _without(key: str, gone: str, instead: str = NEVER) -> Callable[[Document], object]:
    def act(part: Document) -> None:
        part[key] = [each for each in _listed(part[key]) if each != gone] or [instead]

    return act


def _with(key: str, more: str) -> Callable[[Document], object]:
    def act(part: Document) -> None:
        part[key] = [*_listed(part[key]), more]

    return act


def _set(key: str, value: object) -> Callable[[Document], object]:
    return lambda part: part.update({key: value})


def _gone(key: str, number: int) -> Callable[[Document], object]:
    return lambda part: part[key].pop(number)


def _inside(
    key: str, number: int, act: Callable[[Document], object]
) -> Callable[[Document], object]:
    return lambda part: act(part[key][number])


def _role(act: Callable[[Document], object]) -> Callable[[Document], object]:
    return lambda part: act(part["decided_by"])
